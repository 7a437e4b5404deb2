"""Addresses that open a page on given words (URL Fragment Text Directives, W3C draft). Entry: `text_fragment`."""

from urllib.parse import quote

_EDGE = 8
"""Words at each end that name a long stretch."""


def text_fragment(url: str, exact: str) -> str:
    """The address that opens the page on these words; the address as it is where there are none."""
    if not exact.split():
        return url
    base, _, anchor = url.partition("#")
    return f"{base}#{anchor.partition(':~:')[0]}:~:text={text_directive(exact)}"


def text_directive(exact: str) -> str:
    """The words of a fragment: all of them, or the first and the last of what is long or has several paragraphs."""
    lines = [words for line in exact.splitlines() if (words := line.split())] or [[]]
    # What is named in one piece must stand within one paragraph of the page.
    if len(lines) == 1 and len(lines[0]) <= 2 * _EDGE:
        return _encoded(lines[0])
    return f"{_encoded(lines[0][:_EDGE])},{_encoded(lines[-1][-_EDGE:])}"


def _encoded(words: list[str]) -> str:
    # The directive's own signs, "-", "," and "&", must not stand for themselves; quote() leaves "-" alone.
    return quote(" ".join(words), safe="").replace("-", "%2D")
