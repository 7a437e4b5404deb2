"""`serve`: the site."""

import datetime as dt
import logging
import socket
import sys
from urllib.parse import urlsplit

import click
import uvicorn
from fastapi import FastAPI

from whipcount.cli.group import complain
from whipcount.cli.options import db_option, open_ledger
from whipcount.errors import SettingsError, WebhookError, WhipcountError
from whipcount.publish.signing import Key, key_path
from whipcount.publish.webhooks import Delivering
from whipcount.settings import Settings
from whipcount.web.accounts import Accounts
from whipcount.web.app import WebOptions, create_app
from whipcount.web.live import Live


@click.command()
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="The address to listen at; 0.0.0.0: all."
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="The port; 0: any that is free.",
)
@click.option(
    "--public-url",
    metavar="URL",
    help="Under which readers know the site. Default: WHIPCOUNT_WEB_PUBLIC_URL, else as they ask for it.",
)
@db_option
def serve(*, host: str, port: int, public_url: str | None, db: str | None) -> None:
    """Serve the site on the ledger: the count, holdouts, reviews and the API.

    One process. It prints its address, then a line for each request, with the path and never the query.
    Reading is public unless WHIPCOUNT_WEB_PRIVATE=yes; `whipcount user add` makes accounts for reviewers.

    \b
    Examples:
      whipcount serve
      whipcount serve --port 8080 --public-url https://count.example.org
    """  # noqa: D301
    options = _options(Settings.load(), public_url)
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    for noisy in ("httpx", "httpcore", "authlib"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    with open_ledger(db, create=True) as ledger, _listen(host, port) as listening:
        if options.private and not Accounts(ledger.engine).users():
            complain("reading needs an account and there is none yet; `whipcount user add` makes one")
        app = create_app(ledger, options)
        config = server_config(app, proxies=Settings.load().web_proxies)
        shown = f"[{host}]" if ":" in host else host
        click.echo(f"Whipcount is at http://{shown}:{listening.getsockname()[1]}")
        sys.stdout.flush()
        _Server(config, app.state.live).run(sockets=[listening])


class _Server(uvicorn.Server):
    """Lets streams end by themselves, so that nobody waits for them."""

    def __init__(self, config: uvicorn.Config, live: Live) -> None:
        super().__init__(config)
        self._live = live

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams first."""
        self._live.end_streams()
        await super().shutdown(sockets)


def server_config(app: FastAPI, *, proxies: str) -> uvicorn.Config:
    """How the site is served: without the server's own log, whose lines have the query in them."""
    logging.getLogger("uvicorn.access").setLevel(logging.CRITICAL)
    return uvicorn.Config(
        app,
        log_config=None,
        server_header=False,
        forwarded_allow_ips=proxies,
        # Longer than reverse proxies keep a connection, so that none is closed as they use it again.
        timeout_keep_alive=75,
        # Streams to readers end when the site does.
        timeout_graceful_shutdown=5,
    )


def _options(settings: Settings, public_url: str | None) -> WebOptions:
    url = (settings.web_public_url if public_url is None else public_url).rstrip("/")
    if url and (
        urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname or urlsplit(url).path
    ):
        raise SettingsError(f"the public URL is like https://count.example.org, without a path; not {url!r}")
    if settings.oidc_issuer and not settings.oidc_client:
        raise SettingsError("WHIPCOUNT_OIDC_ISSUER needs WHIPCOUNT_OIDC_CLIENT as well")
    return WebOptions(
        private=settings.web_private,
        public_url=url,
        review_below=settings.review_below,
        rosters=settings.rosters,
        rate=round(settings.web_rate),
        ready=settings.web_ready,
        session_days=settings.web_session_days,
        oidc_issuer=settings.oidc_issuer,
        oidc_client=settings.oidc_client,
        oidc_secret=settings.oidc_secret,
        changes_kept=dt.timedelta(days=settings.changes_kept),
        most_streams=round(settings.streams),
        key=_key(settings),
        delivering=Delivering(allow_private=settings.webhooks_private),
    )


def _key(settings: Settings) -> Key | None:
    try:
        return Key.load(key_path(settings), make=True)
    except WebhookError as error:
        complain(f"webhooks are told of nothing: {error}")
        return None


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise WhipcountError(f"can't listen at {host}:{port}: {error.strerror or error}") from None
