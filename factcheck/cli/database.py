"""Migrations, and backups of everything in one file."""

from __future__ import annotations

import fcntl
import io
import json
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import click
import sqlalchemy as sa
from pysqlite3 import dbapi2 as sqlite

from factcheck import clock, schema
from factcheck.app import create_app
from factcheck.claims.actions import counters
from factcheck.claims.queries import wrong_counters
from factcheck.cli.installation import connected, failing_in_words, settings
from factcheck.cli.sentences import note, refuse, say
from factcheck.config import Settings
from factcheck.db import db as database
from factcheck.db import writing
from factcheck.editions.canonical import sha256
from factcheck.reviews import archive as sources

KEYS = ("secret-key", "log-key")
DATABASE = "factcheck.sqlite3"
MANIFEST = "manifest.json"
SOURCES = "archive/"
RUNNING = "running.lock"


@click.group()
def db() -> None:
    """Bring the database's schema to another version."""


@db.command()
@click.argument("revision", default="head")
@failing_in_words
def upgrade(revision: str) -> None:
    """Migrate up to REVISION (the newest)."""
    with connected(create_app(settings())):
        schema.upgrade(database.engine, revision)
        say("The database is at %(version)s.", version=schema.current(database.engine))


@db.command()
@click.argument("revision")
@failing_in_words
def downgrade(revision: str) -> None:
    """Migrate down to REVISION ("base" is an empty database)."""
    with connected(create_app(settings())):
        schema.downgrade(database.engine, revision)
        say("The database is at %(version)s.", version=schema.current(database.engine))


@db.command()
@failing_in_words
def current() -> None:
    """Print the version that the database is at."""
    with connected(create_app(settings())):
        click.echo(schema.current(database.engine))


@db.command()
@failing_in_words
def recount() -> None:
    """Count every claim anew, and mend the counters of the desk where they say something else."""
    with connected(create_app(settings())), writing() as session:
        wrong = wrong_counters(session)
        if wrong:
            counters.recount(session)
    for table, rows in wrong.items():
        say(
            "Counters of %(table)s that were wrong and are mended: %(rows)s.",
            table=table,
            rows=rows,
        )
    say("The counters are right.")


def migrate_after_backup(chosen: Settings) -> None:
    """Bring a SQLite database to the newest version; one that holds something is copied first."""
    before = schema.current(database.engine)
    if before is None:
        note("%(folder)s held no database: a new one is made there.", folder=chosen.data)
    else:
        file = chosen.data / f"before-{schema.newest()}.sqlite3"
        copy_sqlite(chosen, file)
        say(
            "The database of version %(version)s was copied to %(file)s and migrated.",
            version=before, file=file,
        )  # fmt: skip
    schema.upgrade(database.engine)


def copy_sqlite(chosen: Settings, target: Path) -> None:
    """Copy the SQLite database, consistent while others write to it."""
    source = sa.make_url(chosen.database_url).database
    if source is None:
        refuse("a database in memory cannot be copied.")
    with closing(sqlite.connect(source)) as live, closing(sqlite.connect(target)) as copy:
        live.backup(copy)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@failing_in_words
def backup(file: Path) -> None:
    """Write everything that is kept, keys included, into FILE; consistent while it is running."""
    chosen = settings()
    if not chosen.is_sqlite:
        refuse("back PostgreSQL up with pg_dump, and keep FACTCHECK_LOG_KEY with it.")
    with tempfile.TemporaryDirectory(dir=chosen.data) as folder:
        copy = Path(folder) / DATABASE
        copy_sqlite(chosen, copy)
        parts = {DATABASE: copy.read_bytes()} | _keys(chosen)
    parts[MANIFEST] = json.dumps({name: sha256(data) for name, data in parts.items()}).encode()
    _write_backup(file, parts, chosen.archive)
    say("%(file)s: database, keys and copies of sources.", file=file)
    say("The public site is made from them: `factcheck site build`.")


def _write_backup(file: Path, parts: dict[str, bytes], sources: Path) -> None:
    """Write the parts into `file` all at once: a full disk leaves what was there before.

    Behind them, one after the other, what is kept of sources: the name of each is its digest.
    """
    aside = file.with_name(f".{file.name}.aside")
    try:
        aside.touch(mode=0o600)
        with tarfile.open(aside, "w:gz") as archive:
            for name, data in parts.items():
                _add(archive, name, data)
            for kept in sorted(sources.glob("??/[0-9a-f]*")):
                _add(archive, f"{SOURCES}{kept.name}", kept.read_bytes())
        aside.replace(file)
    finally:
        aside.unlink(missing_ok=True)


def _keys(chosen: Settings) -> dict[str, bytes]:
    return {
        name: (chosen.data / name).read_bytes() for name in KEYS if (chosen.data / name).exists()
    }


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(data), 0o600
    entry.mtime = int(clock.now().timestamp())
    archive.addfile(entry, io.BytesIO(data))


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@failing_in_words
def restore(file: Path) -> None:
    """Replace what is kept by what FILE holds, after checking all of it."""
    chosen = settings()
    if not chosen.is_sqlite:
        refuse("restore PostgreSQL with pg_restore.")
    parts = _verified(file)
    with running(chosen, exclusive=True):
        for data in filter(None, _sources_in(file)):
            sources.keep(chosen.archive, data)
        aside = _replace(chosen, parts)
    say("Restored. What was there before lies in %(folder)s.", folder=aside)
    say("Make the public site from it with `factcheck site build`, or by starting the service.")


@contextmanager
def running(chosen: Settings, *, exclusive: bool = False) -> Iterator[None]:
    """Mark the data folder as in use for the block; refuse when a restore cannot have it alone."""
    with (chosen.data / RUNNING).open("w") as lock:
        try:
            fcntl.flock(lock, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            refuse("the service is running on this data folder, or being restored: stop it first.")
        yield


def _replace(chosen: Settings, parts: dict[str, bytes]) -> Path:
    """Put the parts in the place of what is there; return the folder that keeps the latter."""
    with tempfile.TemporaryDirectory(dir=chosen.data) as folder:
        for name, data in parts.items():
            (Path(folder) / name).touch(mode=0o600)
            (Path(folder) / name).write_bytes(data)
        aside = chosen.data / f"replaced-{clock.now():%Y%m%dT%H%M%S}"
        aside.mkdir()
        for name in (*KEYS, DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm"):
            if (chosen.data / name).exists():
                shutil.move(chosen.data / name, aside / name)
        for name in parts:
            (Path(folder) / name).replace(chosen.data / name)
    return aside


def _verified(file: Path) -> dict[str, bytes]:
    """Return the parts of a backup; end the command if one is missing or damaged."""
    try:
        with tarfile.open(file, "r:gz") as archive:
            parts = {}
            for name in (DATABASE, *KEYS, MANIFEST):
                if name in archive.getnames():
                    member = archive.extractfile(name)
                    parts[name] = member.read() if member else b""
        expected = json.loads(parts.pop(MANIFEST))
    except (tarfile.TarError, KeyError, ValueError, EOFError):
        refuse("%(file)s is not a whole backup of factcheck.", file=file)
    is_whole = {name: sha256(data) for name, data in parts.items()} == expected
    if not is_whole or any(data is None for data in _sources_in(file)):
        refuse("%(file)s was changed or damaged since it was written.", file=file)
    return parts


def _sources_in(file: Path) -> Iterator[bytes | None]:
    """Yield what a backup keeps of sources, one after the other; None for one that is damaged."""
    with tarfile.open(file, "r:gz") as archive:
        for entry in archive:
            if entry.name.startswith(SOURCES) and (member := archive.extractfile(entry)):
                data = member.read()
                yield data if sha256(data) == entry.name.removeprefix(SOURCES) else None
