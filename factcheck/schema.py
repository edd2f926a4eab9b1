"""The database's schema: bringing it to the newest migration, or to any other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from factcheck.folders import data_folder

if TYPE_CHECKING:
    from alembic.config import Config

LOCK = 7_236_051_903  # the key of PostgreSQL's advisory lock: one migration at a time


def upgrade(engine: sa.Engine, revision: str = "head") -> None:
    """Bring the schema up to `revision`, all or nothing, one caller at a time."""
    _run(engine, "upgrade", revision)


def downgrade(engine: sa.Engine, revision: str) -> None:
    """Take the schema back to `revision` ("base" is an empty database)."""
    _run(engine, "downgrade", revision)


def current(engine: sa.Engine) -> str | None:
    """Return the migration that the database is at, or None for an empty database."""
    from alembic.migration import MigrationContext  # noqa: PLC0415 - dear to import

    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str:
    """Return the newest migration that this installation carries."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - dear to import

    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise FileNotFoundError("factcheck was installed without its migrations")
    return head


def _run(engine: sa.Engine, command: str, revision: str) -> None:
    from alembic import command as commands  # noqa: PLC0415 - dear to import

    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")  # batch moves rebuild tables
            connection.rollback()
        with connection.begin():
            if connection.dialect.name == "postgresql":
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
            getattr(commands, command)(_config(connection), revision)
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")
            connection.rollback()


def _config(connection: Any = None) -> Config:
    from alembic.config import Config  # noqa: PLC0415 - dear to import

    config = Config()
    config.set_main_option("script_location", str(data_folder("migrations")))
    config.attributes["connection"] = connection
    return config
