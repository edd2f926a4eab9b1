"""What an operator watches: a few figures, from counters and short indexes, in five queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck.accounts.models import Person
from factcheck.accounts.rules import Role
from factcheck.claims.models import StateTotal
from factcheck.claims.rules import State
from factcheck.editions.models import Edition
from factcheck.inbox.queries import open_letters
from factcheck.notices.models import Follower
from factcheck.outbox import OutboxJob


@dataclass(frozen=True, slots=True)
class Figures:
    """How it stands now. Jobs that are due later, such as a daily mail, do not wait yet."""

    jobs_waiting: int
    jobs_failed: int
    oldest_job_s: float
    claims: Mapping[str, int]  # by state
    people: Mapping[str, int]  # who may sign in, by role
    editions: int
    corrections: int
    unwritten: int  # editions whose pages are not all on disk
    followers: int
    letters: int  # without an answer


def figures(session: Session, *, now: datetime) -> Figures:
    """Return the figures."""
    waiting, failed, oldest = _jobs(session, now)
    editions, corrections, unwritten = session.execute(
        sa.select(
            sa.func.coalesce(sa.func.max(Edition.place) + 1, 0),
            sa.func.coalesce(sa.func.max(Edition.correction_place) + 1, 0),
            _count(Edition.id, Edition.written_at.is_(None)),
        )
    ).one()
    followers, letters = session.execute(
        sa.select(
            _count(Follower.id, Follower.confirmed_at.is_not(None)),
            open_letters(),
        )
    ).one()
    return Figures(
        waiting, failed, (now - oldest).total_seconds() if oldest else 0.0,
        _by(session, list(State), sa.select(StateTotal.state, sa.func.sum(StateTotal.claims))
            .where(StateTotal.state.in_(list(State))).group_by(StateTotal.state)),
        _by(session, list(Role), sa.select(Person.role, sa.func.count())
            .where(Person.disabled_at.is_(None)).group_by(Person.role)),
        editions or 0, corrections or 0, unwritten or 0, followers or 0, letters or 0,
    )  # fmt: skip


def _count(key: sa.SQLColumnExpression[int], which: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count(key)).where(which).scalar_subquery()


def _jobs(session: Session, now: datetime) -> tuple[int, int, datetime | None]:
    """Return how many jobs wait, how many were given up, and since when the oldest waits.

    A job waits since it was due, or, once it was tried in vain, since it was asked for.
    """
    is_failed = OutboxJob.failed_at.is_not(None)
    waits = sa.and_(~is_failed, sa.or_(OutboxJob.due_at <= now, OutboxJob.attempts > 0))
    since = sa.case((OutboxJob.attempts > 0, OutboxJob.created_at), else_=OutboxJob.due_at)
    row = session.execute(
        sa.select(
            sa.func.count(sa.case((waits, 1))),
            sa.func.count(sa.case((is_failed, 1))),
            sa.func.min(sa.case((waits, since))),
        ).where(OutboxJob.done_at.is_(None))
    ).one()
    return row[0], row[1], row[2]


def _by(
    session: Session, keys: list[State] | list[Role], query: sa.Select[str, int]
) -> dict[str, int]:
    found = {str(key): 0 for key in keys}
    return found | {row[0]: int(row[1]) for row in session.execute(query)}
