"""What on the page is not the article's text, and where it first appeared. Entry: `mark`."""

from dataclasses import replace

from whipcount.article import Article
from whipcount.page.debris import debris
from whipcount.page.key_points import key_points
from whipcount.page.outlets import original_outlet


def mark(article: Article) -> Article:
    """The article with its debris, key points and original outlet; text and offsets stay as they are."""
    found = debris(article.text, article.title)
    return replace(
        article,
        debris=found,
        key_points=key_points(article.text, article.title, found),
        original_outlet=original_outlet(article) or article.original_outlet,
    )
