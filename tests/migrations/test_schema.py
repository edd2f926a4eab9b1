"""The migrated schema is the models' schema, on both databases, and every step goes back."""

from __future__ import annotations

import warnings

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from factcheck import schema
from factcheck.all_models import metadata
from factcheck.db import engine_options, prepare_engine


@pytest.fixture
def engine(database_url: str):
    engine = sa.create_engine(database_url, **engine_options(database_url))
    prepare_engine(engine)
    yield engine
    engine.dispose()


def is_ours(_thing, name, *_):
    """Whether it is a table of the models; the index of words is made by hand (0010)."""
    ours = ("search_words", "ix_search_words", "check_words", "ix_check_words")
    return not str(name).startswith(ours)


def test_the_models_are_what_the_migrations_make(engine):
    with engine.connect() as connection, warnings.catch_warnings():
        warnings.simplefilter("ignore", sa.exc.SAWarning)  # expression indexes are not compared
        opts = {"compare_type": True, "include_object": is_ours}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, metadata) == []


def test_an_upgraded_database_is_at_the_newest_migration(engine):
    assert schema.current(engine) == schema.newest()


def test_every_migration_goes_back_to_an_empty_database(engine):
    schema.downgrade(engine, "base")

    assert set(sa.inspect(engine).get_table_names()) <= {"alembic_version"}

    schema.upgrade(engine)
    assert set(metadata.tables) <= set(sa.inspect(engine).get_table_names())


def test_the_newest_migration_by_its_file_is_the_head_that_alembic_finds():
    found = ScriptDirectory.from_config(schema._config())
    assert schema.newest() == found.get_current_head()
