"""The database handle, the naming convention and the column types; it knows no room.

Two databases are served by one code path. What surprises: on SQLite a transaction that will write
must say so at its start (`writing`), since one that reads first and writes later fails at once
when another wrote in between, whatever the busy timeout. Threads of one process queue for that
turn in order of arrival, so that nobody starves, and wait for the disk together, after their turn
(`durable.py`).
"""

from __future__ import annotations

import base64
import logging
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cache
from typing import Annotated, Any

import flask_sqlalchemy.session
import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from pysqlite3 import dbapi2 as sqlite
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column, registry

from factcheck.durable import Log

BUSY_TIMEOUT_S = 10.0  # how long another process may hold the write lock of a SQLite file
DELETED_IS_GONE = "secure_delete=ON"  # zeros over it, or purged words stay in the file's free pages
RESTED_S = 5.0  # how long a connection to PostgreSQL is taken to be alive after its last use
_USED_AT = "factcheck_used_at"
WRITING = "factcheck_writing"  # the execution option that makes SQLite take its lock at the start

_log = logging.getLogger(__name__)


class Moment(sa.TypeDecorator[datetime]):
    """An aware datetime in UTC; SQLite, which has no zones, stores it without one."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Refuse naive moments, and turn others into UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        moment = value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else moment.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        """Give every stored moment its zone back."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


Json = sa.JSON().with_variant(JSONB(), "postgresql")
BigKey = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def new_public_id() -> str:
    """Return 16 random characters of lower-case base32 (80 bits): an id for the outside."""
    return base64.b32encode(secrets.token_bytes(10)).decode("ascii").lower()


Key = Annotated[int, mapped_column(BigKey, primary_key=True)]
PublicId = Annotated[str, mapped_column(sa.String(16), unique=True, default=new_public_id)]


class Base(DeclarativeBase):
    """What every table is declared on."""

    registry = registry(
        metadata=sa.MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={
            datetime: Moment(),
            date: sa.Date(),
            dict[str, Any]: Json,
            list[Any]: Json,
            list[str]: Json,
        },
    )


def table_of(model: type[Base]) -> sa.Table:
    """Return the table behind a model, for statements that need no objects."""
    table = model.__table__
    assert isinstance(table, sa.Table)  # noqa: S101 - no model of ours is a join
    return table


class OneDatabase(flask_sqlalchemy.session.Session):
    """A session of the only database that there is, which need not be looked for each time."""

    def __init__(self, db: SQLAlchemy, **options: Any) -> None:
        super().__init__(db, **options)
        self._engine = db.engine

    def get_bind(self, *_about: Any, **_more: Any) -> sa.Engine:
        """Return the engine, whatever is asked of it."""
        return self._engine


db = SQLAlchemy(model_class=Base, disable_autonaming=True, session_options={"class_": OneDatabase})


def engine_options(url: str) -> dict[str, Any]:
    """Return what `create_engine` needs for the database at `url`: driver, time limits, pool."""
    if sa.make_url(url).get_backend_name() == "sqlite":
        return {"module": sqlite, "connect_args": {"timeout": BUSY_TIMEOUT_S}}
    return {"pool_size": 16, "max_overflow": 16}


def prepare_engine(engine: sa.Engine) -> None:
    """Make connections of a SQLite `engine` strict on foreign keys, and ours to begin.

    A commit leaves its pages in the log, whole or not at all; `make_durable` has them kept. On
    PostgreSQL, have connections that rested tried before they are used.
    """
    if engine.dialect.name != "sqlite":
        _try_rested(engine)
        return

    @sa.event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself
        pragmas = "journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", DELETED_IS_GONE
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get(WRITING)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _try_rested(engine: sa.Engine) -> None:
    """Try a connection that nobody used for some seconds, since its server may have gone away.

    Not at each use: a submission takes two, and each trial is a way to the server and back.
    """

    @sa.event.listens_for(engine, "checkin")
    def note(_connection: Any, record: Any) -> None:
        record.info[_USED_AT] = time.monotonic()

    @sa.event.listens_for(engine, "checkout")
    def look(connection: Any, record: Any, _proxy: Any) -> None:
        if time.monotonic() - record.info.get(_USED_AT, 0.0) < RESTED_S:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise sa.exc.InvalidatePoolError from error


class Turns:
    """A lock that is handed on in the order in which it was asked for."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[tuple[threading.Lock, int]] = deque()
        self._holder: int | None = None  # the thread whose turn it is

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Wait for one's turn, keep it for the block, and hand it to who waits longest."""
        self._acquire()
        try:
            yield
        finally:
            self._release()

    def _acquire(self) -> None:
        me = threading.get_ident()
        with self._guard:
            if self._holder is None:
                self._holder = me
                return
            if self._holder == me:
                raise RuntimeError("this thread is writing already: it would wait for itself")
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append((turn, me))
        turn.acquire()

    def _release(self) -> None:
        with self._guard:
            if self._waiting:
                turn, self._holder = self._waiting.popleft()
                turn.release()
            else:
                self._holder = None


_turns = Turns()
_log_of = cache(Log)  # by the database's file


def make_durable(engine: sa.Engine) -> None:
    """Return once what this thread committed outside of `writing` is on the disk.

    PostgreSQL sees to that by itself at each commit.
    """
    if engine.dialect.name == "sqlite":
        _log_of(str(engine.url.database)).sync()


def empty_write_ahead_log() -> bool:
    """Have SQLite carry its newest pages over into the database, and the file beside it emptied.

    Returns whether that was done: False while somebody reads what was there before.
    """
    return _by_driver("PRAGMA wal_checkpoint(TRUNCATE)", is_done=lambda row: not row[0])


def write_anew() -> bool:
    """Have SQLite write its file anew, with nothing in it that was deleted; writers wait meanwhile.

    Takes as much room again, twice, and a second for each 90 MB. Returns whether that was done:
    False while another process writes, or without that room.
    """
    with _turns.taken():
        return _by_driver("VACUUM")


def _by_driver(statement: str, is_done: Callable[[Any], bool] = lambda _row: True) -> bool:
    """Run a statement of SQLite outside of any transaction; True for another database."""
    db.session.rollback()
    if db.engine.dialect.name != "sqlite":
        return True
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        driver: Any = connection.connection.driver_connection
        try:
            return is_done(driver.execute(statement).fetchone())
        except sqlite.OperationalError as error:
            _log.warning("%s: %s", statement, error)
            return False


def current_session() -> Session:
    """Return the session of the running request, command or job, for reading."""
    return db.session()


@contextmanager
def writing() -> Iterator[Session]:
    """Give a block the session in a transaction that may write, and commit it at the end.

    Only doors (pages, API, commands, jobs) call it. What was read before is read anew inside, under
    the lock; an exception rolls all of it back. When the block has ended the change is durable.
    """
    session = current_session()
    session.rollback()
    if session.get_bind().dialect.name != "sqlite":
        yield from _committed(session)
        return
    log = _log_of(str(session.get_bind().engine.url.database))
    log.check()
    with _turns.taken():
        session.connection(execution_options={WRITING: True})
        yield from _committed(session)
    log.sync()


def _committed(session: Session) -> Iterator[Session]:
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
