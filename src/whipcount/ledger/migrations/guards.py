"""Tables that are only ever added to: the store itself refuses anything else."""

from alembic import op

REFUSAL = "the ledger is only ever added to"


def only_added(*tables: str) -> None:
    """Have triggers refuse UPDATE and DELETE; on PostgreSQL by the function of revision 0001."""
    dialect = op.get_bind().dialect.name
    for table in tables:
        if dialect == "sqlite":
            for act in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
                )
        elif dialect == "postgresql":
            op.execute(
                f"CREATE TRIGGER {table}_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION whipcount_refuse()"
            )
