"""Runs of jobs that go on in turns, each a job of its own: between two they say how far it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from factcheck.runs import actions
from factcheck.runs.queries import held_or_none, run_or_none


def goes_on(
    session: Session, public_id: str, *, done: int, is_over: bool, now: datetime,
    counts: Mapping[str, int] | None = None,
) -> bool:  # fmt: skip
    """Note how far a run is after a turn, and return whether there is to be another one.

    A run that is over ends as done, one that somebody asked to stop as stopped; so does one that
    was given up meanwhile. A job that has no run (`public_id` is "") goes on until it is over.
    """
    run = held_or_none(session, public_id) if public_id else None
    if run is None:
        return not is_over
    if run.ended_at is not None:
        return False
    counted = dict(counts or {})
    if is_over or run.stop_asked_at is not None:
        run.done = done
        actions.end(run, "done" if is_over else "stopped", counts=counted, now=now)
        return False
    actions.report(run, done=done, counts=counted, now=now)
    run.total = max(run.total, done)
    return True


def is_stopped(session: Session, public_id: str) -> bool:
    """Whether a run was stopped, or is to stop."""
    run = run_or_none(session, public_id) if public_id else None
    return run is not None and run.stop_asked_at is not None
