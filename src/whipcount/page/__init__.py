"""From a page or a text to an `Article`. Entries: `page`, `plain` and `mark`."""

from whipcount.page.encoding import charset_of, decode
from whipcount.page.html import page
from whipcount.page.mark import mark
from whipcount.page.plain import plain

__all__ = ["charset_of", "decode", "mark", "page", "plain"]
