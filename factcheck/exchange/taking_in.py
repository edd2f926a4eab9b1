"""Taking a whole installation over from an archive, into one that is empty: all of it or nothing.

The archive is read twice: first every file is held against the signed list, then rows go in, in one
transaction, with their keys as they were, so that everything is in the order that it had.
"""

from __future__ import annotations

import hashlib
import json
import re
import tarfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from factcheck import schema
from factcheck.checks.actions import index_all
from factcheck.claims.actions import counters
from factcheck.claims.models import SHARDS
from factcheck.config import Settings
from factcheck.db import writing
from factcheck.decisions import words
from factcheck.editions import integrity, log, manifests, queries, search
from factcheck.exchange import tables
from factcheck.exchange.instance import FORMAT, KEYS
from factcheck.failures import Conflict, Invalid
from factcheck.reviews import archive

Told = Callable[[int], None]
MOST_LINE = 256 * 1024 * 1024  # bytes of one row
MOST_COPY = 1024 * 1024 * 1024  # bytes of a copy of a source
MOST_SMALL = 64 * 1024 * 1024  # bytes of what is read at once
_NAME = re.compile(r"instance\.json|tables/[a-z_]+\.jsonl|archive/[0-9a-f]{64}|keys/[a-z-]+")
_CHUNK = 1024 * 1024
LAST = "manifest.json"


class NotEmpty(Conflict):
    """Something is in the installation that was to take another one over."""


@dataclass(frozen=True, slots=True)
class About:
    """What an archive says of itself, once it was checked: from where it is, and its keys."""

    public_url: str
    timezone: str
    log_size: int
    log_root: str
    with_secrets: bool
    keys: dict[str, str]
    size: int  # rows and files


def check(path: Path, public: bytes | None) -> About:
    """Hold every file of an archive against its signed list, and return what it is.

    `public` is the log's key; without one, that of the archive's own keys is believed. Raises
    Invalid for what is damaged, was changed, or is of another kind or version.
    """
    digests: dict[str, str] = {}
    small: dict[str, bytes] = {}
    with _in_words():
        for name, file in _members(path):
            data = file.read() if not name.startswith(("tables/", "archive/")) else None
            if name == LAST:
                break
            digests[name] = _digest(file) if data is None else hashlib.sha256(data).hexdigest()
            if data is not None:
                small[name] = data
        else:
            raise _broken()
    keys = {
        name: small[f"keys/{name}"].decode("ascii", "replace")
        for name in KEYS
        if f"keys/{name}" in small
    }
    if public is None:
        public = _public_of(keys)
    assert data is not None  # noqa: S101 - the manifest was read
    try:
        listed = manifests.checked(data, public)
    except log.BadProof:
        raise Invalid(
            "file", "The archive was signed with another log key, or changed since. Give this"
            " installation the log key of the one that it comes from.",
        ) from None  # fmt: skip
    if listed != digests:
        raise _broken()
    return _about(small.get("instance.json", b""), keys)


def _public_of(keys: dict[str, str]) -> bytes:
    try:
        return log.public_key(bytes.fromhex(keys["log-key"]))
    except (KeyError, ValueError):
        raise Invalid(
            "file", "The archive has no keys in it. Put the log key of the installation that it"
            " comes from in its place first.",
        ) from None  # fmt: skip


def _about(data: bytes, keys: dict[str, str]) -> About:
    try:
        said = json.loads(data)
        made_by, version = said["format"], said["schema"]
        about = About(
            str(said["public_url"]), str(said["timezone"]), int(said["log_size"]),
            str(said["log_root"]), bool(said["with_secrets"]), keys,
            int(said["size"]),
        )  # fmt: skip
    except (ValueError, TypeError, KeyError, RecursionError):
        raise _broken() from None
    if made_by != FORMAT:
        raise Invalid("file", "This is no archive of a whole installation.")
    if version != schema.newest():
        raise Invalid(
            "file", "The archive is of the version %(theirs)s and this installation of %(ours)s:"
            " bring both to the same release first.",
            theirs=str(version)[:100], ours=schema.newest(),
        )  # fmt: skip
    return about


@contextmanager
def _in_words() -> Iterator[None]:
    """Say of whatever a reader of archives stumbles over that the archive is broken."""
    try:
        yield
    except (tarfile.TarError, EOFError, zlib.error, OSError, ValueError, UnicodeError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise _broken() from None


def _broken() -> Invalid:
    return Invalid("file", "This is not a whole archive, or it was damaged.")


def _members(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Yield the files of an archive in their order; nothing is ever unpacked by its name."""
    seen: set[str] = set()
    with tarfile.open(path, "r:gz") as archived:
        for entry in archived:
            name = entry.name
            is_known = name == LAST or _NAME.fullmatch(name)
            file = archived.extractfile(entry) if is_known and entry.isreg() else None
            limit = MOST_COPY if name.startswith("archive/") else MOST_SMALL
            is_long = entry.size > limit and not name.startswith("tables/")
            if file is None or name in seen or is_long:
                raise tarfile.TarError
            seen.add(name)
            yield name, file


def _digest(file: IO[bytes]) -> str:
    made = hashlib.sha256()
    while part := file.read(_CHUNK):
        made.update(part)
    return made.hexdigest()


def check_empty(session: Session, settings: Settings) -> None:
    """Raise NotEmpty where anything is kept here already."""
    for table in tables.tables(with_secrets=True):
        first = sa.select(sa.literal(1)).select_from(table).limit(1)
        if table.name != "notice_cursor" and session.scalar(first):
            raise NotEmpty(
                "This installation is not empty: the table %(table)s has rows.", table=table.name
            )
    if (settings.site / "articles").exists():
        raise NotEmpty("The folder of the public site holds articles already.")


def take_in(
    path: Path, about: About, settings: Settings, *, told: Told = lambda _number: None
) -> None:
    """Take in what an archive holds that was checked; raise NotEmpty, Invalid.

    Nothing is left of it where that fails. The public site is to be built afterwards.
    """
    kept: list[Path] = []
    try:
        with _in_words(), _fitting(), writing() as session:
            if session.get_bind().dialect.name == "postgresql":
                session.execute(sa.text("LOCK TABLE people IN ACCESS EXCLUSIVE MODE"))
            check_empty(session, settings)
            _fill(session, path, about, settings, kept, told)
            _make_the_rest(session)
            _check_log(session, about, settings)
    except BaseException:
        for place in kept:
            place.unlink(missing_ok=True)
        raise


@contextmanager
def _fitting() -> Iterator[None]:
    """Say of rows that the database refuses that they are no installation's."""
    try:
        yield
    except DBAPIError as error:
        if not isinstance(error, sa.exc.IntegrityError | sa.exc.DataError):
            raise
        raise Invalid("file", "Rows of the archive do not fit together.") from error


def _fill(
    session: Session, path: Path, about: About, settings: Settings, kept: list[Path], told: Told
) -> None:  # fmt: skip
    wanted = {one.name: one for one in tables.tables(with_secrets=about.with_secrets)}
    session.execute(sa.text("DELETE FROM notice_cursor"))
    if session.get_bind().dialect.name == "sqlite":
        session.execute(sa.text("PRAGMA defer_foreign_keys = ON"))
    for name, file in _members(path):
        if name == LAST:
            break
        kind, _, rest = name.partition("/")
        if kind == "tables":
            table = wanted.pop(rest.removesuffix(".jsonl"), None)
            if table is None:
                raise _broken()
            _fill_table(session, table, file, told)
        elif kind == "archive":
            _keep(settings.archive, rest, file.read(), kept)
            told(1)
    if wanted:
        raise _broken()
    _go_on_counting(session)


def _keep(folder: Path, digest: str, data: bytes, kept: list[Path]) -> None:
    place = archive.place_of(folder, digest)
    if not place.exists():
        kept.append(place)
    if archive.keep(folder, data) != digest:
        kept.append(archive.place_of(folder, hashlib.sha256(data).hexdigest()))
        raise _broken()


def _fill_table(session: Session, table: sa.Table, file: IO[bytes], told: Told) -> None:
    """Insert the rows of a table, some at a time.

    PostgreSQL looks at references at the end of a statement: rows that refer to others of the same
    table go in by one, from a table of the moment.
    """
    into = table
    is_staged = session.get_bind().dialect.name == "postgresql" and tables.refers_to_itself(table)
    if is_staged:
        session.execute(sa.text(f"CREATE TEMP TABLE staged (LIKE {table.name}) ON COMMIT DROP"))
        into = table.to_metadata(sa.MetaData(), name="staged")
    for part in _parts(table, file):
        if table.name == "day_totals":
            part = _on_shards(part, SHARDS[session.get_bind().dialect.name])  # noqa: PLW2901
        for alike in _with_the_same_columns(table, part):
            session.execute(sa.insert(into), alike)
        told(len(part))
    if is_staged:
        session.execute(sa.text(f"INSERT INTO {table.name} SELECT * FROM staged"))  # noqa: S608
        session.execute(sa.text("DROP TABLE staged"))


def _parts(table: sa.Table, file: IO[bytes]) -> Iterator[list[tables.Row]]:
    """Yield rows some at a time; those of totals by day all at once, since they are added up."""
    part: list[tables.Row] = []
    while line := file.readline(MOST_LINE):
        part.append(tables.row_of(table, line))
        if len(part) == tables.A_PART and table.name != "day_totals":
            yield part
            part = []
    if part:
        yield part


def _on_shards(rows: list[tables.Row], shards: int) -> list[tables.Row]:
    """Return totals spread over as many shards as this database has."""
    came: Counter[tuple[Any, ...]] = Counter()
    went: Counter[tuple[Any, ...]] = Counter()
    for row in rows:
        key = (row["what"], row["day"], row["took"], row["shard"] % shards)
        came[key] += row["came"]
        went[key] += row["went"]
    names = ("what", "day", "took", "shard")
    return [
        dict(zip(names, key, strict=True)) | {"came": came[key], "went": went[key]}
        for key in sorted(came)
    ]


def _with_the_same_columns(table: sa.Table, part: list[tables.Row]) -> Iterator[list[tables.Row]]:
    """Yield rows grouped by which columns they have: nothing, in a JSON column, is left out.

    Else it would be the JSON value null, which no row had.
    """
    documents = [one.name for one in table.columns if isinstance(one.type, sa.JSON)]
    grouped: dict[tuple[str, ...], list[tables.Row]] = {}
    for row in part:
        empty = tuple(name for name in documents if row[name] is None)
        kept = {name: value for name, value in row.items() if name not in empty}
        grouped.setdefault(empty, []).append(kept)
    yield from grouped.values()


def _go_on_counting(session: Session) -> None:
    """Have PostgreSQL give keys to new rows behind those that came."""
    if session.get_bind().dialect.name != "postgresql":
        return
    for table in tables.tables(with_secrets=True):
        if "id" in table.columns and len(table.primary_key) == 1:
            statement = (
                "SELECT setval(pg_get_serial_sequence(:name, 'id'), max(id))"  # noqa: S608
                f" FROM {table.name} HAVING max(id) IS NOT NULL"
                " AND pg_get_serial_sequence(:name, 'id') IS NOT NULL"
            )
            session.execute(sa.text(statement), {"name": table.name})


def _make_the_rest(session: Session) -> None:
    """Make what is made from other rows: counters, and the indexes of what is searched."""
    session.flush()
    counters.recount(session)
    search.catch_up(session)
    words.catch_up(session)
    index_all(session)


def _check_log(session: Session, about: About, settings: Settings) -> None:
    size = queries.log_size(session)
    if (size, queries.log_root(session, size).hex()) != (about.log_size, about.log_root):
        raise Invalid("file", "The archive’s log is not the one that it tells of.")
    for changed in integrity.changed_rows(session, settings.data / "none"):
        raise Invalid("file", changed.sentence, **changed.values)
