"""Work that waits: whether it is done."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck.accounts.rules import Role
from factcheck.api.calls import EDITS, OVERSEES, READS, Asked, call
from factcheck.api.cursors import PageQuery, key_of, page
from factcheck.api.shapes.moments import moment
from factcheck.failures import Missing
from factcheck.outbox import OutboxJob
from factcheck.runs.actions import ask_to_stop
from factcheck.runs.models import Run
from factcheck.runs.queries import run as run_of
from factcheck.runs.queries import run_or_none, runs, troubles
from factcheck.web.wording import worded

NAMED = 100  # bad rows in an answer


class JobMissing(Missing):
    """No job has that id."""


class Progress(msgspec.Struct, forbid_unknown_fields=True):
    """How far a long run is: `done` of `total`, and what came of it so far."""

    title: str
    done: int
    total: int
    counts: dict[str, int]


class BadRow(msgspec.Struct, forbid_unknown_fields=True):
    """What is wrong with a row of a file: its line, counted from 1, and the field."""

    line: int
    field: str
    sentence: str


class JobShown(msgspec.Struct, forbid_unknown_fields=True):
    """A piece of work that waits, runs again after a failure, or is over.

    `failure` says why a long run failed; `troubles` are the first 100 rows that were bad in it, of
    as many as its counts say.
    """

    id: str
    kind: str
    state: Literal["waiting", "running", "done", "failed", "stopped"]
    attempts: int
    created: str
    done: str | None
    progress: Progress | None = None
    failure: str | None = None
    troubles: list[BadRow] = []


class JobPage(msgspec.Struct, forbid_unknown_fields=True):
    """A page of long runs, the newest first."""

    items: list[JobShown]
    next: str | None


@call("GET", "/jobs", OVERSEES, query=PageQuery, answer=JobPage)
def list_jobs(session: Session, asked: Asked[PageQuery]) -> JobPage:
    """List long runs, such as imports, the newest first; `GET /jobs/{id}` names rows that are bad.

    Small jobs are not among them.
    """
    after = key_of(asked.given.cursor, int)
    found = runs(session, before=after[0] if after else None, limit=asked.given.limit + 1)
    items, following = page(found, asked.given.limit, lambda one: [one.id])
    return JobPage([_of_run(one, []) for one in items], following)


@call("POST", "/jobs/{id}/stop", EDITS, answer=JobShown)
def stop_job(session: Session, asked: Asked[Any]) -> JobShown:
    """Have a long run stop at the next place where it can; refused (409) where it is too late."""
    found = run_of(session, asked.id)
    ask_to_stop(session, found, actor=asked.person, now=asked.now)
    return job_of_run(session, found)


@call("GET", "/jobs/{id}", READS, answer=JobShown)
def read_job(session: Session, asked: Asked[Any]) -> JobShown:
    """Read how a job stands; a long run, such as an import, tells editors how far it is."""
    run = run_or_none(session, asked.id)
    if run is not None and asked.person.is_at_least(Role.EDITOR):
        return job_of_run(session, run)
    job = session.scalar(sa.select(OutboxJob).where(OutboxJob.public_id == asked.id))
    if job is None:
        raise JobMissing("There is no such job.")
    state = "done" if job.done_at else "failed" if job.failed_at else "waiting"
    return JobShown(
        id=job.public_id,
        kind=job.kind,
        state=state,  # type: ignore[arg-type]  # one of the three
        attempts=job.attempts,
        created=moment(job.created_at),
        done=moment(job.done_at) if job.done_at else None,
    )


def job_of_run(session: Session, run: Run) -> JobShown:
    """Return a long run as a job, with the first rows that were bad."""
    found = troubles(session, run, after=0, limit=NAMED)
    return _of_run(run, [BadRow(one.line, one.field, worded(one)) for one in found])


def _of_run(run: Run, bad: list[BadRow]) -> JobShown:
    return JobShown(
        id=run.public_id,
        kind=run.kind,
        state=run.state,  # type: ignore[arg-type]  # the table allows these alone
        attempts=0 if run.state == "waiting" else 1,
        created=moment(run.created_at),
        done=moment(run.ended_at) if run.ended_at else None,
        progress=Progress(run.title, run.done, run.total, dict(run.counts)),
        failure=worded(run) if run.failure else None,
        troubles=bad,
    )
