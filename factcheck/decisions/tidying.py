"""Copies that nothing uses any more: how many there are, and removing them.

A copy is used while its source is cited, in a pool or in a verdict; one that a verdict rests on is
never touched, nor is anything a month young: a draft may be at it. Rows go first and files after
them, so that what is stopped half-way leaves files that the next run finds.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck.accounts.events import record
from factcheck.decisions.models import DecisionSource, PinnedCopy
from factcheck.reviews.models import Citation, GivenCopy, PooledSource, Snapshot

KEPT_UNUSED = timedelta(days=30)
YOUNG_FILE = timedelta(days=1)  # a file is written before the row that names it


@dataclass(frozen=True, slots=True)
class Room:
    """How many files lie in the archive and how many bytes they take, all and those not used."""

    files: int
    bytes: int
    unused_files: int
    unused_bytes: int


def room_taken(session: Session, folder: Path, *, now: datetime) -> Room:
    """Return what the archive takes, and what `tidy` would remove."""
    used = _digests(session, ~_is_unused(now))
    files = [(file, file.stat()) for file in _files(folder)]
    unused = [at.st_size for file, at in files if file.name not in used and _is_old(at, now)]
    return Room(len(files), sum(at.st_size for _, at in files), len(unused), sum(unused))


def forget(session: Session, *, now: datetime) -> int:
    """Delete the rows of copies that nothing uses, and return of how many."""
    ids = session.scalars(sa.select(Snapshot.id).where(_is_unused(now))).all()
    for first in range(0, len(ids), 500):
        some = ids[first : first + 500]
        session.execute(sa.delete(GivenCopy).where(GivenCopy.snapshot_id.in_(some)))
        session.execute(sa.delete(Snapshot).where(Snapshot.id.in_(some)))
    if ids:
        record(session, "archive.tidied", str(len(ids)), actor=None, now=now, copies=len(ids))
    return len(ids)


def remove_files(session: Session, folder: Path, *, now: datetime) -> int:
    """Remove the files that no row names, and return how many bytes they took."""
    named, removed = _digests(session, sa.true()), 0
    for file in _files(folder):
        if file.name not in named and _is_old(at := file.stat(), now):
            file.unlink()
            removed += at.st_size
    return removed


def _is_unused(now: datetime) -> sa.ColumnElement[bool]:
    uses = (
        sa.exists().where(Citation.source_id == Snapshot.source_id),
        sa.exists().where(DecisionSource.source_id == Snapshot.source_id),
        sa.exists().where(PooledSource.source_id == Snapshot.source_id),
        sa.exists().where(PinnedCopy.snapshot_id == Snapshot.id),
    )
    return sa.and_(Snapshot.asked_at < now - KEPT_UNUSED, *(~use for use in uses))


def _digests(session: Session, which: sa.ColumnElement[bool]) -> set[str]:
    """Return the names of the files of some snapshots: three each, 100 bytes of memory a name."""
    columns = (Snapshot.sha256, Snapshot.page_sha256, Snapshot.warc_sha256)
    rows = session.execute(sa.select(*columns).where(which, Snapshot.sha256.is_not(None)))
    return {digest for row in rows for digest in row}


def _files(folder: Path) -> Iterator[Path]:
    yield from folder.glob("??/[0-9a-f]*")


def _is_old(at: os.stat_result, now: datetime) -> bool:
    return at.st_mtime < (now - YOUNG_FILE).timestamp()
