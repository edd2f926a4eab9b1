"""Attempts to guess a secret, counted in the database, so that guessing is slow.

An attempt is counted, and that is committed, before what was typed is looked at: so attempts in
parallel cannot slip past a limit, and when the database does not answer nobody gets in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from factcheck.accounts.models import SignInAttempt
from factcheck.failures import Invalid

MOST_FORGOTTEN = 1000  # rows older than their window that one attempt clears away
A_DAY = timedelta(days=1)


class TooManyAttempts(Invalid):
    """So many attempts failed that the next must wait."""


@dataclass(frozen=True, slots=True)
class Limit:
    """How many failed attempts there may be in a window of time."""

    most: int
    window: timedelta


A_MINUTE = timedelta(minutes=1)  # by which the clocks of two machines may differ
PASSWORD_WINDOW = timedelta(minutes=15)
PER_ACCOUNT = (Limit(10, PASSWORD_WINDOW),)
PER_ADDRESS = (Limit(50, PASSWORD_WINDOW),)
PER_CODE = (Limit(5, timedelta(minutes=5)), Limit(50, A_DAY))
REGISTERED_PER_NETWORK = (Limit(10, timedelta(hours=1)),)
REGISTERED_PER_ADDRESS = (Limit(3, A_DAY),)  # of mail: nobody is flooded with confirmations
# How long an attempt of each kind is counted.
KEPT = {"password": PASSWORD_WINDOW, "code": A_DAY, "register": A_DAY}


def count(
    session: Session, limits: Mapping[str, tuple[Limit, ...]], *, kind: str, now: datetime
) -> tuple[int, ...]:
    """Count an attempt under each of the names of `limits`, and return the ids of its rows.

    `kind` is a key of KEPT, and the field that a refusal is about. The door commits this by
    itself. Raises TooManyAttempts where a limit is reached.
    """
    for name in sorted(limits):
        _one_at_a_time(session, name)
        for limit in limits[name]:
            _check_count(session, name, limit, field=kind, now=now)
    _forget_old(session, now=now)
    rows = [SignInAttempt(counted_as=name, kind=kind, at=now) for name in limits]
    session.add_all(rows)
    session.flush()
    return tuple(row.id for row in rows)


def _one_at_a_time(session: Session, name: str) -> None:
    if session.get_bind().dialect.name == "postgresql":  # SQLite has one writer anyway
        session.execute(select(func.pg_advisory_xact_lock(int(name[:15], 16))))


def _check_count(
    session: Session, name: str, limit: Limit, *, field: str, now: datetime
) -> None:  # fmt: skip
    counted = select(func.count()).select_from(SignInAttempt).where(
        SignInAttempt.counted_as == name,
        SignInAttempt.at >= now - limit.window,
        SignInAttempt.at <= now + A_MINUTE,  # what a clock wrote that was wrong bars nobody
    )  # fmt: skip
    if (session.scalar(counted) or 0) < limit.most:
        return
    if limit.window >= A_DAY:
        raise TooManyAttempts(field, "Too many attempts in a day. Try again tomorrow.")
    raise TooManyAttempts(
        field,
        "Too many attempts. Wait %(minutes)s minutes and try again.",
        minutes=int(limit.window.total_seconds() // 60),
    )


def _forget_old(session: Session, *, now: datetime) -> None:
    over = [
        sa.and_(SignInAttempt.kind == kind, SignInAttempt.at < now - kept)
        for kind, kept in KEPT.items()
    ]
    old = (
        select(SignInAttempt.id)
        .where(sa.or_(*over))
        .limit(MOST_FORGOTTEN)
        .with_for_update(skip_locked=True)  # whoever is quicker clears them
    )
    session.execute(delete(SignInAttempt).where(SignInAttempt.id.in_(old)))


def forgive(session: Session, row_ids: tuple[int, ...], *, name: str = "") -> None:
    """Forget an attempt that was right, and with it all that was counted under `name`."""
    named = SignInAttempt.counted_as == name
    session.execute(delete(SignInAttempt).where(named | SignInAttempt.id.in_(row_ids)))
