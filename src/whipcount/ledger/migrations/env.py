"""Alembic's way in: runs the migrations on the connection that `engine.migrate` hands over."""

from alembic import context

from whipcount.ledger import account_models, archives, source_models, stream_models  # noqa: F401 - add their tables to Base
from whipcount.ledger.engine import VERSION_TABLE
from whipcount.ledger.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    version_table=VERSION_TABLE,
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
