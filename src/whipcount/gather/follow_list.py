"""FEEDS.toml: which sources to follow."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from whipcount.errors import SettingsError
from whipcount.gather.feed_entries import FeedKind, address

_FIELDS: dict[str, type | tuple[type, ...]] = {"url": str, "kind": str, "outlet": str, "every": (int, float)}
_MOST_MINUTES = 60 * 24 * 30


@dataclass(frozen=True, slots=True)
class Listed:
    """A source as the user lists it."""

    url: str
    kind: FeedKind | None = None
    """Guessed from what it sends where None."""
    outlet: str | None = None
    """For articles that name no outlet themselves."""
    every: float | None = None
    """Minutes between visits; as the source goes where None."""


def follow_list(path: Path) -> list[Listed]:
    """The sources of a FEEDS.toml in its order; raises `SettingsError` with what is wrong in it."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"can't read {path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is no TOML: {error}") from None
    if unknown := sorted(data.keys() - {"feeds"}):
        raise SettingsError(f"{path}: unknown {unknown[0]!r}; sources stand under [[feeds]]")
    feeds = data.get("feeds")
    if not isinstance(feeds, list) or not feeds:
        raise SettingsError(f"{path} lists no sources; each is a [[feeds]] with its url")
    found: dict[str, Listed] = {}
    for number, item in enumerate(feeds, 1):
        where = f"{path}: feed {number}"
        one = _listed(item, where)
        if one.url in found:
            raise SettingsError(f"{where} has the same url as an earlier one: {one.url}")
        found[one.url] = one
    return list(found.values())


def _listed(item: Any, where: str) -> Listed:
    if not isinstance(item, dict):
        raise SettingsError(f"{where} is no table; write [[feeds]]")
    for name, value in item.items():
        if name not in _FIELDS:
            raise SettingsError(f"{where} has an unknown {name!r}; there are {', '.join(_FIELDS)}")
        if not isinstance(value, _FIELDS[name]) or isinstance(value, bool):
            raise SettingsError(f"{where}: {name} can't be {value!r}")
    url = address(item.get("url"), "")
    if url is None:
        raise SettingsError(f"{where} needs a url of http or https")
    kind = item.get("kind")
    if kind is not None and kind not in set(FeedKind):
        raise SettingsError(f"{where}: kind must be one of {', '.join(FeedKind)}, not {kind!r}")
    every = item.get("every")
    if every is not None and not 0 < every <= _MOST_MINUTES:
        raise SettingsError(f"{where}: every must be minutes from 1 to {_MOST_MINUTES}, not {every!r}")
    return Listed(url, FeedKind(kind) if kind else None, item.get("outlet") or None, every)
