"""What on the page is not the article's text, and where it first appeared. Entry: `mark`."""

from dataclasses import replace

from whipcount.article import Article
from whipcount.outlet_table import outlet_named, outlet_of
from whipcount.page.asides import asides
from whipcount.page.debris import debris
from whipcount.page.facts import facts_of_text
from whipcount.page.key_points import key_points
from whipcount.page.outlets import original_outlet


def mark(article: Article) -> Article:
    """The article with its debris, asides, key points, facts and original outlet; text and offsets stay as they are."""
    outlet = outlet_of(article.url) or outlet_named(article.outlet)
    known = outlet.id if outlet else ""
    found = debris(article.text, article.title, known, article.authors)
    beside = asides(article, found, known)
    return replace(
        article,
        debris=tuple(span for span in found if not any(aside.holds(span) for aside in beside)),
        asides=beside,
        key_points=key_points(article.text, article.title, (*found, *beside)),
        original_outlet=original_outlet(article) or article.original_outlet,
        facts=article.facts | facts_of_text(article),
    )
