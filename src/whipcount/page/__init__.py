"""From a page or a text to an `Article`. Entries: `page`, `pages`, `plain` and `mark`."""

from whipcount.outlet_table import Outlet, outlet_of
from whipcount.page.dates import stamp
from whipcount.page.encoding import charset_of, decode
from whipcount.page.html import page, pages
from whipcount.page.mark import mark
from whipcount.page.plain import plain
from whipcount.page.recurring import Recurring, Repetition, recurring, without_repeats

__all__ = [
    "Outlet",
    "Recurring",
    "Repetition",
    "charset_of",
    "decode",
    "mark",
    "outlet_of",
    "page",
    "pages",
    "plain",
    "recurring",
    "stamp",
    "without_repeats",
]
