"""What the user says of articles that don't say it themselves."""

import datetime as dt
from dataclasses import dataclass, replace

from whipcount.article import Article, Basis, Dating


@dataclass(frozen=True, slots=True)
class Given:
    """What is taken for all articles that lack it."""

    published: dt.date | None = None
    outlet: str | None = None
    url: str | None = None

    def fill(self, article: Article) -> Article:
        """The article with what it lacks."""
        dated = Dating(self.published, Basis.GIVEN) if self.published else None
        return replace(
            article,
            published=article.published or self.published,
            dated=article.dated or (None if article.published else dated),
            outlet=article.outlet or self.outlet,
            url=article.url or self.url,
        )
