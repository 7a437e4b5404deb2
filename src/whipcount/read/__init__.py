"""From an article to what it says: `read(article)`, `read_all(articles)`; `name_all(articles)` for who is named."""

from whipcount.read.reader import name_all, read, read_all

__all__ = ["name_all", "read", "read_all"]
