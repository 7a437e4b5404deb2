"""The addresses of pages, with what the reader asked for kept in them."""

from collections.abc import Iterable, Mapping
from urllib.parse import quote, urlencode

from fastapi import Request

from whipcount.ledger.evidence import Evidence

_KEPT = ("as_of", "as_known_on", "rules")
"""What goes with a reader from page to page."""


class Links:
    """The addresses that a page may link to."""

    def __init__(self, request: Request) -> None:
        self._path = request.url.path
        self._given = [(key, value) for key, value in request.query_params.multi_items() if value]
        self._suffix = _address("", [(key, value) for key, value in self._given if key in _KEPT])

    def here(self, **changes: str | int | None) -> str:
        """The same page with other parameters; those that are None or empty are left out."""
        return self.of(self._path, **changes)

    def of(self, path: str, **changes: str | int | None) -> str:
        """Another page that is asked for just what this one was."""
        given = [(key, value) for key, value in self._given if key not in changes]
        given += [(key, str(value)) for key, value in changes.items() if value not in {None, ""}]
        return _address(path, given)

    def to(self, path: str, **parameters: str | int | None) -> str:
        """Another page as of the same day and by the same rules."""
        given = [(key, value) for key, value in self._given if key in _KEPT]
        given += [(key, str(value)) for key, value in parameters.items() if value not in {None, ""}]
        return _address(path, given)

    def given(self, *keys: str) -> list[tuple[str, str]]:
        """The parameters that this page was asked for, all but these."""
        return [pair for pair in self._given if pair[0] not in keys]

    def endorser(self, identity: str) -> str:
        """Somebody's history."""
        return f"/endorser/{quote(identity, safe='')}{self._suffix}"

    def sentence(self, evidence: Evidence) -> str:
        """The place in the article where a piece of evidence stands."""
        return f"{self.article(evidence.article.id)}#{evidence.id.rpartition('.')[2]}"

    def article(self, article: str) -> str:
        """An article."""
        return f"/article/{quote(article, safe='')}"

    def story(self, story: str, compare: str | None = None) -> str:
        """A story."""
        return _address(f"/story/{quote(story, safe='')}", [("with", compare)] if compare else [])


def _address(path: str, given: Iterable[tuple[str, str]] | Mapping[str, str]) -> str:
    query = urlencode(given if isinstance(given, Mapping) else list(given))
    return f"{path}?{query}" if query else path
