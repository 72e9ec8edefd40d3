"""How Alembic reaches the database: through the product, with the guards that SQLite needs.

SQLite cannot change a table in place: batch mode copies it and drops the old one. With foreign keys on, that
drop would delete every child row (ON DELETE CASCADE). So they are off while a migration runs, and checked
before they are turned on again.
"""

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from portfolio.base.db import Base, db


def run() -> None:
    """Run the migrations on the product's database."""
    with db.engine.connect() as connection:
        _foreign_keys(connection, "OFF")
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()
        _ensure_no_orphans(connection)
        _foreign_keys(connection, "ON")


def _foreign_keys(connection: Connection, state: str) -> None:
    """Has no effect inside a transaction, hence the driver's own connection."""
    if connection.dialect.name == "sqlite":
        connection.rollback()
        driver = connection.connection.dbapi_connection
        assert driver is not None
        driver.execute(f"PRAGMA foreign_keys={state}")


def _ensure_no_orphans(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if orphans:
            raise RuntimeError(f"the migration left rows without their parents: {orphans[:5]}")


run()
