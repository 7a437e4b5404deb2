"""A signature for each article, by which copies of one report find together."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; articles that are there already keep their stories and have none."""
    op.add_column("articles", sa.Column("signature", sa.LargeBinary))


def downgrade() -> None:
    """Drop the signatures."""
    op.drop_column("articles", "signature")
