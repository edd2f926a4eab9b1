"""Work that waits: whether it is done."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck.api.calls import EDITS, READS, Asked, call
from factcheck.api.shapes.moments import moment
from factcheck.failures import Missing
from factcheck.outbox import OutboxJob
from factcheck.runs import actions
from factcheck.runs.models import Run
from factcheck.runs.queries import run as run_at
from factcheck.runs.queries import run_or_none, troubles
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


@call("GET", "/jobs/{id}", READS, answer=JobShown)
def read_job(session: Session, asked: Asked[Any]) -> JobShown:
    """Read how a job stands; a long run, such as an import, says how far it is."""
    if run := run_or_none(session, asked.id):
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


@call("POST", "/jobs/{id}/stop", EDITS, answer=JobShown)
def stop_job(session: Session, asked: Asked[Any]) -> JobShown:
    """Have a long run stop at the next place where it can; refused (409) where that is too late."""
    found = run_at(session, asked.id)
    actions.ask_to_stop(session, found, actor=asked.person, now=asked.now)
    return job_of_run(session, found)


def job_of_run(session: Session, run: Run) -> JobShown:
    """Return a long run as a job."""
    return JobShown(
        id=run.public_id,
        kind=run.kind,
        state=run.state,  # type: ignore[arg-type]  # the table allows these alone
        attempts=0 if run.state == "waiting" else 1,
        created=moment(run.created_at),
        done=moment(run.ended_at) if run.ended_at else None,
        progress=Progress(run.title, run.done, run.total, dict(run.counts)),
        failure=worded(run) if run.failure else None,
        troubles=[
            BadRow(one.line, one.field, worded(one))
            for one in troubles(session, run, after=0, limit=NAMED)
        ],
    )
