"""The database's schema: bringing it to the newest migration, or to any other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from factcheck.db import make_durable
from factcheck.folders import data_folder

if TYPE_CHECKING:
    from alembic.config import Config


class BrokenReference(Exception):
    """A migration would leave rows that refer to nothing; it was rolled back."""


LOCK = 7_236_051_903  # the key of PostgreSQL's advisory lock: one migration at a time


def upgrade(engine: sa.Engine, revision: str = "head") -> None:
    """Bring the schema up to `revision`, all or nothing, one caller at a time."""
    _run(engine, "upgrade", revision)


def downgrade(engine: sa.Engine, revision: str) -> None:
    """Take the schema back to `revision` ("base" is an empty database)."""
    _run(engine, "downgrade", revision)


def current(engine: sa.Engine) -> str | None:
    """Return the migration that the database is at, or None for an empty database."""
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        at: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        return at


def newest() -> str:
    """Return the newest migration that this installation carries.

    By the names of the files, which are numbered: asking Alembic would cost every start its import.
    """
    names = sorted(file.stem for file in (data_folder("migrations") / "versions").glob("[0-9]*.py"))
    if not names:
        raise FileNotFoundError("factcheck was installed without its migrations")
    return names[-1]


def _run(engine: sa.Engine, command: str, revision: str) -> None:
    from alembic import command as commands  # noqa: PLC0415 - dear to import

    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            _set_foreign_keys(connection, "OFF")  # batch moves rebuild tables
        with connection.begin():
            if connection.dialect.name == "postgresql":
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
            getattr(commands, command)(_config(connection), revision)
            if connection.dialect.name == "sqlite":
                _check_foreign_keys(connection)
        if connection.dialect.name == "sqlite":
            _set_foreign_keys(connection, "ON")
    make_durable(engine)


def _set_foreign_keys(connection: sa.Connection, to: str) -> None:
    """Have foreign keys held or not: by the driver, since inside a transaction it does nothing."""
    driver: Any = connection.connection.driver_connection
    driver.execute(f"PRAGMA foreign_keys={to}")


def _check_foreign_keys(connection: sa.Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise BrokenReference(
            f"the migration leaves a row of {broken[0]} without what it refers to"
        )


def _config(connection: Any = None) -> Config:
    from alembic.config import Config  # noqa: PLC0415 - dear to import

    config = Config()
    config.set_main_option("script_location", str(data_folder("migrations")))
    config.attributes["connection"] = connection
    return config
