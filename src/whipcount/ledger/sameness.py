"""When two articles are one, and when one is a newer version of the other."""

import datetime as dt
import hashlib
import unicodedata

from whipcount.addresses import normal
from whipcount.article import Article, Fact
from whipcount.errors import ArticleError


def text_hash(text: str) -> str:
    """The hash of a text's words: the same whatever its spacing and Unicode form."""
    try:
        return hashlib.sha256(" ".join(unicodedata.normalize("NFC", text).split()).encode()).hexdigest()
    except UnicodeEncodeError:
        raise ArticleError("its text holds broken Unicode (a lone surrogate)") from None


def content_hash(article: Article) -> str:
    """What makes two articles one: text, address (its URL, else its outlet) and day.

    Of the URL counts what all addresses of a page have in common: with the address that a page gives
    as its own, one page is one article wherever it was found. The same report at another address is a copy, kept beside it. The day belongs to it so
    that an article that came without its date can be added again with it.
    """
    address = address_of(article) or article.url or article.outlet or ""
    day = article.published.isoformat() if article.published else ""
    return hashlib.sha256("\n".join((text_hash(article.text), address, day)).encode()).hexdigest()


def address_of(article: Article) -> str | None:
    """The address that a page keeps while its text changes; None where it has none of its own.

    The entries of a live blog share theirs and are no versions of one another.
    """
    if not article.url or Fact.LIVE_BLOG in article.facts:
        return None
    return normal(article.url)


def later(new: Article, old: Article, old_modified: dt.date | None) -> bool:
    """Whether of two versions of a page `new`, which came after `old`, is the newer.

    `old_modified` is the day of the latest change that the old one told of.

    The page's own word on its latest change decides; of one text, the version with a date is
    better; else the one that came last is the newer.
    """
    if new.modified and old_modified and new.modified.day != old_modified:
        return new.modified.day > old_modified
    if text_hash(new.text) == text_hash(old.text):
        return new.published is not None or old.published is None
    return True
