"""An export of rows, as a run: a job writes the file, says how far it is, and may be stopped.

The file is named like its run once it is whole; until then, and for who stops, there is none. Who
is killed over it begins anew: the rows may have changed.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from factcheck import clock
from factcheck.accounts.models import Person
from factcheck.articles import queries as articles
from factcheck.articles.models import Article
from factcheck.config import Settings
from factcheck.db import current_session, writing
from factcheck.exchange import formats, rows
from factcheck.exchange.rows import COLUMNS, What
from factcheck.failures import Failure, Missing
from factcheck.outbox import enqueue
from factcheck.runs import actions as runs
from factcheck.runs import files
from factcheck.runs.actions import Stopped
from factcheck.runs.models import Run
from factcheck.runs.queries import held_run
from factcheck.runs.queries import run as run_at

JOB = "export-rows"
KEPT = timedelta(seconds=files.KEPT_S)
_LOOK_AGAIN = timedelta(minutes=5)  # whether who writes a file is alive


class FileGone(Missing):
    """The file of an export is not there: not whole, older than a day, or gone with a purge."""


def ask(
    session: Session, what: What, form: str, *, article: Article | None, actor: Person,
    now: datetime,
) -> Run:  # fmt: skip
    """Have a job write rows into a file, of an article alone or of all; return its run."""
    title = f"{what}.{form}" if article is None else f"{what}.{form}, {article.slug}"
    asked = {"what": str(what), "form": form, "article": article.public_id if article else None}
    run = runs.begin(session, files.KIND, title, asked=asked, actor=actor, now=now)
    enqueue(session, JOB, {"run": run.public_id}, now=now)
    return run


def go_on(payload: Mapping[str, Any], settings: Settings) -> None:
    """Write the file of a run, unless it ended or somebody else is about it: the job.

    Files that were kept for a day are deleted before.
    """
    files.drop_old(settings)
    session, public_id = current_session(), str(payload["run"])
    with _half(settings, public_id) as half:
        if half is None:
            with writing() as changing:
                now = clock.now()
                enqueue(changing, JOB, dict(payload), now=now, due=now + _LOOK_AGAIN)
            return
        session.rollback()  # who wrote it before may have ended meanwhile
        if run_at(session, public_id).ended_at is None:
            half.truncate(0)
            _make(half, public_id, settings)


@contextmanager
def _half(settings: Settings, public_id: str) -> Iterator[BinaryIO | None]:
    """Give a block the file to write into, None where somebody else writes it; gone afterwards."""
    folder = files.folder_of(settings)
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f".{public_id}"
    with path.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
            return
        try:
            yield file
        finally:
            path.unlink(missing_ok=True)


def _make(half: BinaryIO, public_id: str, settings: Settings) -> None:
    try:
        for done, written in _write(half, public_id):
            with writing() as session:
                run = run_at(session, public_id)
                runs.check_goes_on(run)
                runs.report(run, done=done, counts={"rows": written}, now=clock.now())
        half.flush()
        os.fsync(half.fileno())
        _finish(Path(half.name), public_id, settings)
    except Failure as failure:
        state = "stopped" if isinstance(failure, Stopped) else "failed"
        with writing() as session:
            runs.end(run_at(session, public_id), state, counts={}, now=clock.now(),
                     failure=None if state == "stopped" else failure)  # fmt: skip


def _write(half: BinaryIO, public_id: str) -> Iterator[tuple[int, int]]:
    """Write the rows part by part; yield how many were gone through, and how many written."""
    session = current_session()
    asked = run_at(session, public_id).asked
    what, form = What(asked["what"]), str(asked["form"])
    of = articles.article(session, asked["article"]) if asked["article"] else None
    total = rows.count(session, what, of)
    with writing() as changing:
        run = run_at(changing, public_id)
        runs.start_over(changing, run)
        run.total = total
    half.write(formats.head(form, COLUMNS[what]))
    done = written = 0
    yield done, written
    for part in rows.parts(session, what, secrets.token_bytes(16), of):
        half.write(formats.body(form, COLUMNS[what], part.rows))
        done, written = done + part.seen, written + len(part.rows)
        yield done, written


def _finish(half: Path, public_id: str, settings: Settings) -> None:
    """Give the file its name, unless it was stopped: by a purge too, which removes files first."""
    with writing() as session:
        run = held_run(session, public_id)
        runs.check_goes_on(run)
        run.total = max(run.total, run.done)
        half.replace(files.file_of(settings, run))
        now = clock.now()
        runs.end(run, "done", counts=dict(run.counts), now=now)
        enqueue(session, JOB, {"run": public_id}, now=now, due=now + KEPT)  # which deletes it


def to_fetch(session: Session, settings: Settings, *, now: datetime) -> list[Run]:
    """Return the exports whose files can be fetched, the newest first."""
    found = sa.select(Run).where(
        Run.kind == files.KIND, Run.state == "done", Run.ended_at > now - KEPT
    )
    newest = session.scalars(
        found.order_by(Run.id.desc()).limit(100).options(joinedload(Run.person))
    )
    return [one for one in newest if files.file_of(settings, one).exists()]


def fetched(
    session: Session, public_id: str, settings: Settings, *, now: datetime
) -> tuple[Run, Path]:
    """Return an export and where its file is; raise FileGone, RunMissing."""
    run = run_at(session, public_id)
    path = files.file_of(settings, run)
    is_kept = run.state == "done" and run.ended_at is not None and run.ended_at > now - KEPT
    if run.kind != files.KIND or not is_kept or not path.exists():
        raise FileGone("The file of this export is not there: it is kept for a day at most.")
    return run, path


def name_of(run: Run) -> str:
    """Return what a file is called where it is saved."""
    return f"factcheck-{run.asked['what']}-{run.created_at:%Y-%m-%d}.{run.asked['form']}"
