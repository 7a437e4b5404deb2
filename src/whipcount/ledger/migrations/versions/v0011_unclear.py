"""Which evidence was read too unclearly to count before a reader has decided on it."""

import datetime as dt

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_EVENTS = sa.table(
    "events",
    sa.column("number", sa.BigInteger),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("by", sa.Text),
    sa.column("action", sa.String),
    sa.column("subject", sa.String),
    sa.column("data", sa.JSON),
    sa.column("undoes", sa.BigInteger),
)
_VERDICTS = ("accept", "reject", "correct")


def upgrade() -> None:
    """Add the mark; what is there already was clear enough."""
    op.add_column("evidence", sa.Column("unclear", sa.Boolean, nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Drop it; an earlier version would count what waits for a decision, so that is rejected."""
    bind = op.get_bind()
    marked = sa.table("evidence", sa.column("id"), sa.column("unclear", sa.Boolean))
    unclear = set(bind.scalars(sa.select(marked.c.id).where(marked.c.unclear)))
    if unclear:
        undone: set[int] = set()
        decided: set[str] = set()
        for event in bind.execute(sa.select(_EVENTS).order_by(_EVENTS.c.number.desc())):
            # Only a later event undoes, so whether this one counts is known by now.
            if event.number in undone:
                continue
            if event.undoes is not None:
                undone.add(event.undoes)
            elif event.action in _VERDICTS:
                decided.add(event.subject)
        said = {
            "at": dt.datetime.now(dt.UTC),
            "by": "whipcount",
            "action": "reject",
            "data": {"reason": "unclear, and nobody had decided on it"},
        }
        if waiting := sorted(unclear - decided):
            bind.execute(sa.insert(_EVENTS), [{**said, "subject": one} for one in waiting])
    op.drop_column("evidence", "unclear")
