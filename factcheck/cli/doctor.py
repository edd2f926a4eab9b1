"""`factcheck doctor`: what is wrong with an installation, and what to do."""

from __future__ import annotations

import hashlib
import os
import stat
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import click
import sqlalchemy as sa

from factcheck.app import create_app
from factcheck.cli.installation import connected, failing_in_words, settings
from factcheck.cli.sentences import say, worded
from factcheck.config import Settings
from factcheck.db import current_session, db
from factcheck.editions import queries as editions
from factcheck.editions import unsent
from factcheck.editions.integrity import changed_rows
from factcheck.readers.mirroring import CHECKPOINT
from factcheck.readers.object_store import ObjectStore, StoreFailed
from factcheck.reviews import archive
from factcheck.schema import current, newest


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong, in words."""

    sentence: str
    values: Mapping[str, str | int] = field(default_factory=dict)


@click.command()
@failing_in_words
def doctor() -> None:
    """Say in words what is wrong with this installation; exit code 1 if anything is."""
    chosen = settings()
    with connected(create_app(chosen)):
        found = [*_of_files(chosen), *_of_database(chosen), *_of_store(chosen)]
    for finding in found:
        click.echo(worded(finding))
    if found:
        sys.exit(1)
    say("Nothing is wrong.")


def _of_files(chosen: Settings) -> Iterator[Finding]:
    for name in ("secret-key", "log-key"):
        file = chosen.data / name
        if file.exists() and stat.S_IMODE(file.stat().st_mode) & 0o077:
            yield Finding("%(file)s can be read by others: chmod 600 %(file)s", {"file": str(file)})
    for folder in (chosen.data, _there(chosen.site)):
        if not os.access(folder, os.W_OK):
            yield Finding("%(folder)s cannot be written.", {"folder": str(folder)})
    try:
        archive.check_room(chosen.archive)
    except archive.ArchiveFull:
        yield Finding(
            "%(folder)s has less than 1 GiB of room left, so no copies of sources are made: make"
            " room, or see `factcheck copies report`.",
            {"folder": str(chosen.archive)},
        )
    if chosen.public_url.startswith("http://") and chosen.host not in {"127.0.0.1", "localhost"}:
        yield Finding("FACTCHECK_PUBLIC_URL is not https, so cookies are not Secure.")


def _there(folder: Path) -> Path:
    return folder if folder.exists() else _there(folder.parent)


def _of_database(chosen: Settings) -> Iterator[Finding]:
    try:
        at = current(db.engine)
    except sa.exc.OperationalError as error:
        yield Finding("The database does not answer: %(reason)s", {"reason": str(error.orig)})
        return
    if at != newest():
        yield _of_version(chosen, at)
        return
    waiting = editions.unwritten_editions(current_session())
    if waiting:
        yield Finding(
            "Editions that are not on the site yet: %(count)s. Start the service.",
            {"count": len(waiting)},
        )
    if editions.articles_published(current_session()) and not (chosen.site / "log").exists():
        folder = {"folder": str(chosen.site)}
        yield Finding(
            "The site is not in %(folder)s: run `factcheck site build %(folder)s`.", folder
        )
    elif not waiting:
        yield from _of_site(chosen)
    for row in changed_rows(current_session(), chosen.site):
        yield Finding(row.sentence, row.values)


def _of_store(chosen: Settings) -> Iterator[Finding]:
    """Say whether the object store answers, and what it is behind by."""
    if not chosen.store:
        return
    store = {"store": chosen.store}
    try:
        checkpoint = ObjectStore(chosen.store).get(CHECKPOINT)
    except StoreFailed as error:
        yield Finding("%(store)s does not answer: %(reason)s", store | {"reason": str(error)})
    else:
        file = chosen.site / CHECKPOINT
        is_behind = file.exists() and file.read_bytes() != checkpoint
        if is_behind and not unsent.owed(chosen.site):
            yield Finding("%(store)s is not what was sent: run `factcheck site push`.", store)
    if count := unsent.owed(chosen.site):
        yield Finding(
            "Files that are not in %(store)s yet: %(count)s. The service sends them;"
            " `factcheck site push` does it now.",
            store | {"count": count},
        )


def _of_version(chosen: Settings, at: str | None) -> Finding:
    versions = {"version": at or "-", "newest": newest()}
    if chosen.is_sqlite:
        return Finding(
            "The database is at version %(version)s, not %(newest)s: start the service.", versions
        )
    return Finding(
        "The database is at version %(version)s, not %(newest)s: run `factcheck db upgrade`.",
        versions,
    )


def _of_site(chosen: Settings) -> Iterator[Finding]:
    """Compare the newest edition of each article in the database with the one on the site."""
    for slug, sha256 in editions.standing_editions(current_session()):
        file = chosen.site / "articles" / slug / "edition.json"
        if not file.is_file() or hashlib.sha256(file.read_bytes()).hexdigest() != sha256:
            yield Finding(
                "%(file)s is not the newest edition: run `factcheck site build %(folder)s`.",
                {"file": str(file), "folder": str(chosen.site)},
            )
