"""Every setting: its default, its help line and the environment variable that sets it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from whipcount.errors import SettingsError


def _setting(
    default: str | float | bool,
    env: str,
    text: str,
    least: float = 0,
    most: float = 1e9,
    secret: bool = False,
) -> Any:
    metadata = {"env": env, "help": text, "least": least, "most": most}
    return field(default=default, repr=not secret, metadata=metadata)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user can set; `Settings.load()` reads the environment."""

    db: str = _setting(
        "sqlite:///whipcount.db",
        "WHIPCOUNT_DB",
        "The ledger: an SQLAlchemy URL, or the path of an SQLite file.",
    )
    review_below: float = _setting(
        0.5,
        "WHIPCOUNT_REVIEW_BELOW",
        "A standing with a confidence under this (0 to 1) is marked for review.",
        most=1,
    )
    rosters: str = _setting(
        "rosters",
        "WHIPCOUNT_ROSTERS",
        "The folder of rosters that `whipcount roster` knows by name.",
    )
    lock_wait: float = _setting(
        30.0,
        "WHIPCOUNT_LOCK_WAIT",
        "Seconds to wait for another process that is writing to the ledger.",
        most=3600,
    )
    follow_soonest: float = _setting(
        5.0,
        "WHIPCOUNT_FOLLOW_SOONEST",
        "The fewest minutes between visits to a followed source.",
        most=1440,
    )
    follow_latest: float = _setting(
        360.0,
        "WHIPCOUNT_FOLLOW_LATEST",
        "The most minutes between visits to a followed source that answers and asks for no longer.",
        most=10080,
    )
    follow_hosts: float = _setting(
        8.0,
        "WHIPCOUNT_FOLLOW_HOSTS",
        "How many hosts `whipcount follow` asks at once, each for one thing at a time.",
        least=1,
        most=64,
    )
    follow_back: float = _setting(
        7.0,
        "WHIPCOUNT_FOLLOW_BACK",
        "How many days back the entries of a sitemap are taken.",
        most=36500,
    )
    reviewer: str = _setting(
        "",
        "WHIPCOUNT_REVIEWER",
        "Who decides, in `whipcount review`; the name you are logged in with where it is empty.",
    )
    second_share: float = _setting(
        0.1,
        "WHIPCOUNT_SECOND_SHARE",
        "The share (0 to 1) of what one reader has decided that a second reader is asked about.",
        most=1,
    )
    calibrate_from: float = _setting(
        200.0,
        "WHIPCOUNT_CALIBRATE_FROM",
        "From so many reviewed readings on, the confidence shown is corrected by what readers found.",
        least=20,
    )

    cache_dir: str = _setting(
        "~/.cache/whipcount",
        "WHIPCOUNT_CACHE_DIR",
        "The folder for pages fetched from the web; `none` keeps none.",
    )
    user_agent: str = _setting(
        "whipcount",
        "WHIPCOUNT_USER_AGENT",
        "The name that web servers are told; put in it a way to reach you.",
    )
    fetch_delay: float = _setting(
        1.0,
        "WHIPCOUNT_FETCH_DELAY",
        "Seconds between two requests to one web server; more where its robots.txt asks for more.",
        most=3600,
    )
    fetch_seconds: float = _setting(
        60.0,
        "WHIPCOUNT_FETCH_SECONDS",
        "Seconds that one page may take, with all redirects and tries.",
        least=1,
        most=3600,
    )
    fetch_megabytes: float = _setting(
        10.0,
        "WHIPCOUNT_FETCH_MEGABYTES",
        "The largest page that is fetched, unpacked.",
        least=0.1,
        most=1000,
    )

    web_private: bool = _setting(
        default=False,
        env="WHIPCOUNT_WEB_PRIVATE",
        text="Whether reading the site needs an account as well (`yes` or `no`).",
    )
    web_public_url: str = _setting(
        "",
        "WHIPCOUNT_WEB_PUBLIC_URL",
        "The address under which readers know the site; with https, cookies are only sent that way.",
    )
    web_proxies: str = _setting(
        "127.0.0.1",
        "WHIPCOUNT_WEB_PROXIES",
        "Addresses of reverse proxies whose word on the reader's address is believed, with commas between.",
    )
    web_rate: float = _setting(
        600.0,
        "WHIPCOUNT_WEB_RATE",
        "Requests a minute that the site answers one client; 0: any number.",
        most=1e6,
    )
    web_ready: float = _setting(
        5.0,
        "WHIPCOUNT_WEB_READY",
        "Seconds for which a page is given again to readers who have not logged in; 0: each is made anew.",
        most=3600,
    )
    web_session_days: float = _setting(
        14.0,
        "WHIPCOUNT_WEB_SESSION_DAYS",
        "How many days somebody stays logged in.",
        least=0.01,
        most=365,
    )
    changes_kept: float = _setting(
        30.0,
        "WHIPCOUNT_CHANGES_KEPT",
        "How many days back the API tells of changes; who asks for older ones begins anew.",
        least=0.01,
        most=36500,
    )
    streams: float = _setting(
        200.0,
        "WHIPCOUNT_STREAMS",
        "Streams of changes that may be open at once.",
        most=10000,
    )
    key_file: str = _setting(
        "~/.config/whipcount/key",
        "WHIPCOUNT_KEY_FILE",
        "The file with the key that the secrets of webhooks are made of; lose it and they are lost.",
    )
    webhooks_private: bool = _setting(
        default=False,
        env="WHIPCOUNT_WEBHOOKS_PRIVATE",
        text="Whether webhooks may lead to this machine and into private networks, and by plain http (`yes` or `no`).",
    )
    oidc_issuer: str = _setting(
        "",
        "WHIPCOUNT_OIDC_ISSUER",
        "The address of the OpenID provider by which accounts may log in.",
    )
    oidc_client: str = _setting(
        "",
        "WHIPCOUNT_OIDC_CLIENT",
        "The name under which the OpenID provider knows this site.",
    )
    oidc_secret: str = _setting(
        "",
        "WHIPCOUNT_OIDC_SECRET",
        "The secret that goes with it.",
        secret=True,
    )

    @classmethod
    def load(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """The settings that the environment gives, defaults for the rest."""
        environ = os.environ if environ is None else environ
        given: dict[str, Any] = {}
        for setting in fields(cls):
            text = environ.get(setting.metadata["env"], "")
            if text:
                given[setting.name] = _value(text, setting.type, setting.metadata)
        return cls(**given)


def _value(text: str, kind: Any, metadata: Mapping[str, Any]) -> str | float | bool:
    if kind is bool:
        if text.lower() not in {"yes", "no"}:
            raise SettingsError(f"{metadata['env']} must be yes or no, not {text!r}")
        return text.lower() == "yes"
    return text if kind is str else _number(text, metadata)


def _number(text: str, metadata: Mapping[str, Any]) -> float:
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not metadata["least"] <= number <= metadata["most"]:
        raise SettingsError(
            f"{metadata['env']} must be a number from {metadata['least']:g} to {metadata['most']:g}, not {text!r}"
        )
    return number
