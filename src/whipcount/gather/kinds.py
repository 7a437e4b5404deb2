"""What kind of thing some bytes are, by their content first and by the file's ending where that leaves it open."""

import codecs
import json
import re
from enum import StrEnum


class Kind(StrEnum):
    """How to read an item."""

    PAGE = "page"
    TEXT = "text"
    JSON = "json"
    LINES = "lines"
    """JSON Lines."""
    BINARY = "binary"
    EMPTY = "empty"


HEAD = 1 << 18
"""How many bytes are looked at to learn the kind."""

_BOMS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SIGNATURES = (
    (b"WARC/1.", "a web archive, which `whipcount add` takes as a file named .warc, .warc.gz or .warc.zst"),
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG", "a picture"),
    (b"GIF8", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"SQLite format 3\x00", "a database"),
    (b"\x7fELF", "a program"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"(\xb5/\xfd", "a Zstandard archive"),
)
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MOST_CONTROLS = 0.01
"""Text has hardly any control characters; among random bytes one in ten is one."""

_OPENS_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_TAG = re.compile(
    r"<(?:!--|/?(?:html|head|body|title|meta|link|script|style|div|p|a|span|h[1-6]|ul|ol|li|br|img|article|main|section|table)\b[^<>]{0,500}>)",
    re.IGNORECASE,
)
_FEW_TAGS = 3
_OPENS_JSON = re.compile(r"\s*(?:\{\s*(?:\"|\})|\[\s*(?:\{|\]))")
_LINES_ENDINGS = {".jsonl", ".ndjson"}
_JSON_ENDINGS = {".json", *_LINES_ENDINGS}


def kind_of(head: bytes, ending: str) -> Kind:
    """The kind of an item that begins with these bytes; `ending` is its file's, such as `.txt`."""
    if not head.strip():
        return Kind.EMPTY
    if is_binary(head):
        return Kind.BINARY
    text = _glance(head)
    if not text.strip():
        return Kind.EMPTY
    if _is_page(text, ending):
        return Kind.PAGE
    if ending in _JSON_ENDINGS or _OPENS_JSON.match(text):
        return Kind.LINES if _is_lines(text, ending) else Kind.JSON
    return Kind.TEXT


def _is_lines(text: str, ending: str) -> bool:
    """Whether each line is a record: a document may be a list, or be spread over lines."""
    first, _, rest = text.lstrip().partition("\n")
    first = first.strip()
    if first.startswith("[") or first == "{" or not (rest.strip() or ending in _LINES_ENDINGS):
        return False
    try:
        return isinstance(json.loads(first), dict)
    except ValueError:
        # Broken, or longer than what is seen of it; a document's first line is hardly so long.
        return ending in _LINES_ENDINGS
    except RecursionError:
        return False


def _is_page(text: str, ending: str) -> bool:
    if _OPENS_PAGE.match(text):
        return True
    tags = len(_TAG.findall(text))
    if ending in {".html", ".htm", ".xhtml"}:
        return tags > 0
    return text.lstrip().startswith("<") and tags >= _FEW_TAGS


def is_binary(head: bytes) -> bool:
    """Whether these bytes are no text in any encoding."""
    if any(head.startswith(sign) for sign, _ in _SIGNATURES):
        return True
    if head.startswith(_BOMS):
        return False
    return b"\x00" in head or len(_CONTROLS.findall(head)) > _MOST_CONTROLS * len(head)


def what_binary(head: bytes) -> str:
    """What binary content is, in words."""
    return next((words for sign, words in _SIGNATURES if head.startswith(sign)), "binary data")


def _glance(head: bytes) -> str:
    for bom, encoding in zip(_BOMS, ("utf-32", "utf-32", "utf-16", "utf-16"), strict=True):
        if head.startswith(bom):
            return head.decode(encoding, "ignore")
    return head.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace")
