"""What the ledger's values are called in words, for people."""

from whipcount.article import Sourcing, Stand

_SOURCING = {
    Sourcing.OWN_WORDS: ("own words", "to"),
    Sourcing.SPOKESPERSON: ("a spokesperson", "to"),
    Sourcing.NAMED_SOURCE: ("another person, named", "to"),
    Sourcing.UNNAMED_SOURCE: ("unnamed sources", "to"),
    Sourcing.OUTLET: ("another outlet's report", "by"),
    Sourcing.NARRATION: ("the article's own account", "after"),
}


def sourcing_words(sourcing: Sourcing, via: str | None) -> str:
    """How an article knows, in words: "own words, to the Larkfield Courier"."""
    words, link = _SOURCING[sourcing]
    return f"{words}, {link} {via}" if via else words


_STANDS = {
    Stand.EXPECTED: "expected for",
    Stand.WITHHOLDING: "withholding from",
    Stand.WITHDRAWN: "withdrawn from",
}


def stand_words(stand: Stand) -> str:
    """A position as it reads between the two names: "withholding from"."""
    return _STANDS.get(stand, stand.value)
