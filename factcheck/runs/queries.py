"""Reading long runs."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from factcheck.failures import Missing
from factcheck.runs.models import Run, RunTrouble


class RunMissing(Missing):
    """No run has that id."""


def run_or_none(session: Session, public_id: str) -> Run | None:
    """Return the run with that id, or None."""
    chosen = sa.select(Run).where(Run.public_id == public_id)
    return session.scalar(chosen.options(joinedload(Run.person)))


def run(session: Session, public_id: str) -> Run:
    """Return the run with that id; raise RunMissing."""
    return _there(run_or_none(session, public_id))


def _there(found: Run | None) -> Run:
    if found is None:
        raise RunMissing("There is no such run.")
    return found


def held_or_none(session: Session, public_id: str) -> Run | None:
    """Return the run with that id, held until the transaction ends, or None."""
    return session.scalar(sa.select(Run).where(Run.public_id == public_id).with_for_update())


def held_run(session: Session, public_id: str) -> Run:
    """Return the run with that id, held until the transaction ends; raise RunMissing."""
    return _there(held_or_none(session, public_id))


def under_way(session: Session, kind: str) -> list[Run]:
    """Return the runs of a kind that have not ended."""
    chosen = sa.select(Run).where(Run.kind == kind, Run.ended_at.is_(None))
    return list(session.scalars(chosen.order_by(Run.id)))


def runs(session: Session, *, before: int | None, limit: int) -> list[Run]:
    """Return runs, the newest first, from a place on."""
    chosen = sa.select(Run).options(joinedload(Run.person)).order_by(Run.id.desc()).limit(limit)
    return list(session.scalars(chosen if before is None else chosen.where(Run.id < before)))


def troubles(session: Session, run: Run, *, after: int, limit: int) -> list[RunTrouble]:
    """Return what was wrong with rows of a run, in their order, from a place on."""
    chosen = sa.select(RunTrouble).where(RunTrouble.run_id == run.id, RunTrouble.id > after)
    return list(session.scalars(chosen.order_by(RunTrouble.id).limit(limit)))
