"""Stories found by an index of keys, versions of pages, and where their words stand.

The signatures of 0002 move into the index, which is made anew of the articles: they were of
another kind, and only of articles with evidence.
"""

import sqlalchemy as sa
from alembic import op

from whipcount.addresses import normal
from whipcount.article import Article, Span
from whipcount.ledger.migrations.guards import only_added
from whipcount.stories import body, sketch

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

GUARDED = ("story_joins", "addresses", "supersessions", "anchors")
_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_BATCH = 200


def upgrade() -> None:
    """Make the tables, guard what is evidence, and index the articles that are there."""
    op.drop_column("articles", "signature")
    op.create_table(
        "story_texts",
        sa.Column("number", _NUMBER, primary_key=True, autoincrement=True),
        sa.Column("article_id", sa.String(40), sa.ForeignKey("articles.id"), nullable=False, unique=True),
        sa.Column("signature", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "story_keys",
        sa.Column("key", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column(
            "text", _NUMBER, sa.ForeignKey("story_texts.number"), primary_key=True, autoincrement=False
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "story_joins",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("into", sa.String(40), nullable=False, index=True),
        sa.Column("article_id", sa.String(40), sa.ForeignKey("articles.id"), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "addresses",
        sa.Column("id", sa.String(40), sa.ForeignKey("articles.id"), primary_key=True),
        sa.Column("address", sa.Text, nullable=False, index=True),
        sa.Column("modified", sa.Date),
    )
    op.create_table(
        "supersessions",
        sa.Column("id", sa.String(40), sa.ForeignKey("articles.id"), primary_key=True),
        sa.Column("newer_id", sa.String(40), sa.ForeignKey("articles.id"), nullable=False, index=True),
        sa.Column("changed_on", sa.Date, nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "anchors",
        sa.Column("id", sa.String(96), primary_key=True),
        sa.Column("evidence_id", sa.String(48), sa.ForeignKey("evidence.id"), nullable=False),
        sa.Column("article_id", sa.String(40), sa.ForeignKey("articles.id"), nullable=False, index=True),
        sa.Column("held", sa.String(10), nullable=False),
        sa.Column("start_at", sa.Integer),
        sa.Column("end_at", sa.Integer),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(start_at IS NULL) = (held = 'gone')", name="span"),
    )
    _index_articles(op.get_bind())
    only_added(*GUARDED)


def _index_articles(connection: sa.Connection) -> None:
    plain = [sa.column(name, sa.Text) for name in ("id", "text", "title", "url")]
    articles = sa.table("articles", *plain, sa.column("debris", sa.JSON))
    texts = sa.table("story_texts", sa.column("number"), sa.column("article_id"), sa.column("signature"))
    keys = sa.table("story_keys", sa.column("key"), sa.column("text"))
    addresses = sa.table("addresses", sa.column("id"), sa.column("address"))
    last, number = "", 0
    while rows := connection.execute(
        sa.select(articles).where(articles.c.id > last).order_by(articles.c.id).limit(_BATCH)
    ).all():
        for row in rows:
            if row.url:
                connection.execute(addresses.insert().values(id=row.id, address=normal(row.url)))
            debris = tuple(Span(*pair) for pair in row.debris)
            made = sketch(body(Article(row.id, row.text, title=row.title, debris=debris)))
            if made.keys:
                number += 1
                connection.execute(
                    texts.insert().values(number=number, article_id=row.id, signature=made.signature)
                )
                connection.execute(keys.insert(), [{"key": key, "text": number} for key in set(made.keys)])
        last = rows[-1].id
    if number and connection.dialect.name == "postgresql":
        connection.execute(
            sa.text("SELECT setval(pg_get_serial_sequence('story_texts', 'number'), :number)"),
            {"number": number},
        )


def downgrade() -> None:
    """Drop the tables; stories stay as the articles have them."""
    for table in ("anchors", "supersessions", "addresses", "story_joins", "story_keys", "story_texts"):
        op.drop_table(table)
    op.add_column("articles", sa.Column("signature", sa.LargeBinary))
