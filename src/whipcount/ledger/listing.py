"""Long listings of the ledger, some rows at a time: each page is asked for by the key of the last row before it.

Entry: `Listings(ledger.engine)`.
"""

import datetime as dt

from sqlalchemy import and_, or_, select

from whipcount.ledger import copies
from whipcount.ledger.evidence import ArticleRef
from whipcount.ledger.models import ArticleRow, IdentityRow
from whipcount.ledger.opened import Opened
from whipcount.people import Identity, normal_name


class Listings(Opened):
    """Reading only; shares a ledger's database."""

    def articles(
        self, limit: int, after: tuple[dt.datetime, str] | None = None, *, outlet: str | None = None,
        words: str = "", since: dt.date | None = None, until: dt.date | None = None,
        known_by: dt.datetime | None = None,
    ) -> list[tuple[dt.datetime, ArticleRef]]:  # fmt: skip
        """Articles with the moment they were added, what came last first; `after` is that of the last one before."""
        row = ArticleRow
        columns = (row.id, row.title, row.outlet, row.original_outlet, row.published, row.url, row.story)
        query = select(row.added_at, *columns).order_by(row.added_at.desc(), row.id.desc()).limit(limit)
        if after is not None:
            at, article_id = after
            query = query.where(or_(row.added_at < at, and_(row.added_at == at, row.id < article_id)))
        if outlet is not None:
            query = query.where(row.outlet == outlet)
        for word in words.split():
            query = query.where(row.title.icontains(word, autoescape=True))
        if since is not None:
            query = query.where(row.published >= since)
        if until is not None:
            query = query.where(row.published <= until)
        if known_by is not None:
            query = query.where(row.added_at <= known_by)
        with self._reading() as connection:
            return [
                (found.added_at, ArticleRef(*found[1:-1], copies.root(connection, found.story)))
                for found in connection.execute(query)
            ]

    def identities(
        self, limit: int, after: tuple[str, str] | None = None, *, words: str = ""
    ) -> list[tuple[str, Identity]]:
        """Identities with the normal form of their names, in its order; `after` is that and the id of the last one before."""
        row = IdentityRow
        query = select(row.normal_name, row.id, row.name, row.provisional)
        query = query.order_by(row.normal_name, row.id).limit(limit)
        if after is not None:
            name, identity = after
            query = query.where(or_(row.normal_name > name, and_(row.normal_name == name, row.id > identity)))
        for word in normal_name(words).split():
            query = query.where(row.normal_name.contains(word, autoescape=True))
        with self._reading() as connection:
            return [(found[0], Identity(*found[1:])) for found in connection.execute(query)]
