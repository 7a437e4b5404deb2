"""From an article to what it says: `read(article)`, `read_all(articles)`."""

from whipcount.read.reader import read, read_all

__all__ = ["read", "read_all"]
