"""Work that waits: whether it is done."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck.api.calls import READS, Asked, call
from factcheck.api.shapes.moments import moment
from factcheck.failures import Missing
from factcheck.outbox import OutboxJob


class JobMissing(Missing):
    """No job has that id."""


class JobShown(msgspec.Struct, forbid_unknown_fields=True):
    """A piece of work that waits, runs again after a failure, or is over."""

    id: str
    kind: str
    state: Literal["waiting", "done", "failed"]
    attempts: int
    created: str
    done: str | None


@call("GET", "/jobs/{id}", READS, answer=JobShown)
def read_job(session: Session, asked: Asked[Any]) -> JobShown:
    """Read how a job stands."""
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
