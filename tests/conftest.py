"""What every test may ask for: settings, an app on a database of its own, a session, a client.

Each test that touches the database runs twice, on SQLite and on a real PostgreSQL that the suite
starts itself from a wheel, unless it is run with `--database sqlite`. A migrated database is made
once a worker and copied for each test, so that code under test may commit as it does in life.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from factcheck import schema
from factcheck.app import create_app
from factcheck.config import Settings
from factcheck.db import engine_options, prepare_engine, writing
from tests import quickly

# No deadlines: a busy machine is no defect. `make soak` looks twenty times as long.
hypothesis.settings.register_profile("default", deadline=None, print_blob=True)
hypothesis.settings.register_profile(
    "soak", deadline=None, print_blob=True, max_examples=2000, stateful_step_count=100
)
hypothesis.settings.load_profile(os.environ.get("FACTCHECK_TEST_PROFILE", "default"))

quickly.prepare()

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SHARED = Path(__file__).resolve().parents[2] / "shared"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database", choices=["both", "sqlite", "postgresql"], default="both",
        help="the database that tests run on",
    )  # fmt: skip


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("database")
        kinds = ["sqlite", "postgresql"] if chosen == "both" else [chosen]
        only = metafunc.definition.get_closest_marker("one_database")
        metafunc.parametrize("database", kinds[:1] if only else kinds, scope="session")


@pytest.fixture
def now() -> datetime:
    """A moment that does not pass."""
    return NOW


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared data beside the checkout; tests that need it are skipped without it."""
    if not SHARED.is_dir():
        pytest.skip("no ../shared beside this checkout")
    return SHARED


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    file = tmp_path_factory.mktemp("template") / "factcheck.sqlite3"
    url = f"sqlite:///{file}"
    engine = sa.create_engine(url, **engine_options(url))
    prepare_engine(engine)
    schema.upgrade(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return file


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a real PostgreSQL with a migrated database `template`; no name at its end."""
    from tests.postgres import running_server

    return running_server(tmp_path_factory)


@pytest.fixture
def database_url(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh, migrated database of the kind asked for."""
    if database == "sqlite":
        file = tmp_path / "factcheck.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), file)
        yield f"sqlite:///{file}"
        return
    from tests.postgres import emptied_database

    with emptied_database(request.getfixturevalue("postgres")) as url:
        yield url


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """The settings of an installation in a folder of its own."""
    return Settings(
        data=tmp_path,
        database_url=database_url,
        public_url="http://localhost",
        site=tmp_path / "site",
        secret_key="k" * 64,
        log_key=b"\x07" * 32,
    )


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The service, with nobody in it yet."""
    app = create_app(settings)
    app.testing = True
    yield app
    _close(app)


def _close(app: Flask) -> None:
    with app.app_context():
        from factcheck.db import db

        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def app_with(settings: Settings) -> Iterator[Callable[..., Flask]]:
    """Return how to make the service on the same database with other settings."""
    made = []

    def make(**changes: object) -> Flask:
        made.append(create_app(replace(settings, **changes)))
        return made[-1]

    yield make
    for app in made:
        _close(app)


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session in a writing transaction of the app's database, inside an app context.

    What a test adds is seen by requests only after `session.commit()`.
    """
    with app.app_context(), writing() as session:
        yield session
