"""The job that keeps a copy of a source and pins it to the verdicts that show the source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from factcheck import clock
from factcheck.config import Settings
from factcheck.db import current_session, writing
from factcheck.decisions.models import DecisionSource, PinnedCopy
from factcheck.failures import Failure
from factcheck.fetch.refusals import FetchFailed, FetchTimedOut
from factcheck.reviews import snapshots
from factcheck.reviews.models import Citation, Snapshot, Source

_PASSING = {408, 425, 429}  # and what a server says of itself (5xx): worth another try


class NotNow(OSError):
    """The page could not be had, and may be had later: the job is tried again."""


def archive(payload: Mapping[str, Any], settings: Settings) -> None:
    """Keep a copy of the source with that public id, if it is still cited; raise NotNow, OSError.

    No transaction is open while the page is fetched.
    """
    session = current_session()
    source = session.scalar(sa.select(Source).where(Source.public_id == payload["source"]))
    if source is None or not _is_cited(session, source):
        return
    if payload.get("again") and not _is_due_again(source.id):
        return
    source_id, url = source.id, source.url
    is_wanted = snapshots.to_be_tried(session, source) is not None
    session.rollback()
    failure: Failure | None = None
    if is_wanted:
        failure = _take(source_id, url, settings)
    with writing() as session:
        pin(session, source_id, settings)
    if failure is not None and _may_pass(failure):
        raise NotNow(str(failure))


def _is_due_again(source_id: int) -> bool:
    """Ask for another copy of a source that a verdict shows, if it is a month since the last."""
    with writing() as session:
        shown = sa.select(DecisionSource.id).where(DecisionSource.source_id == source_id).limit(1)
        if session.scalar(shown) is None:
            return False
        source = session.get_one(Source, source_id)
        newest = source.snapshots[-1] if source.snapshots else None
        is_half_done = newest is not None and newest.tried_at is None
        return is_half_done or snapshots.look_again(session, source, now=clock.now())


def _take(source_id: int, url: str, settings: Settings) -> Failure | None:
    taken = snapshots.take(url, allow=settings.fetch_allow, now=clock.now())
    with writing() as session:
        snapshot = snapshots.to_be_tried(session, session.get_one(Source, source_id))
        if snapshot is not None:
            is_first_try = snapshot.tried_at is None
            snapshots.keep(snapshot, taken, settings.archive, now=clock.now())
            if is_first_try:
                snapshots.look_again_in_a_month(session, snapshot.source, now=clock.now())
    return taken if isinstance(taken, Failure) else None


def _may_pass(failure: Failure) -> bool:
    if isinstance(failure, FetchFailed):
        return failure.status == 0 or failure.status >= 500 or failure.status in _PASSING
    return isinstance(failure, FetchTimedOut)


def _is_cited(session: Session, source: Source) -> bool:
    ways = (Citation.source_id, DecisionSource.source_id)
    return any(session.scalar(sa.select(way).where(way == source.id).limit(1)) for way in ways)


def pin(session: Session, source_id: int, settings: Settings) -> None:
    """Pin the newest copy to every verdict that shows the source, and look for the quotations."""
    query = sa.select(DecisionSource).where(DecisionSource.source_id == source_id)
    every = session.scalars(query.options(joinedload(DecisionSource.pinned))).all()
    pin_newest(session, [shown for shown in every if shown.pinned is None])
    session.flush()
    for shown in every:
        session.refresh(shown, ["pinned"])
        if shown.pinned is not None and shown.pinned.quote is None:
            copy = shown.pinned.snapshot
            shown.pinned.quote = snapshots.quoted_in(settings.archive, copy, shown.quote)


def pin_newest(session: Session, shown: Sequence[DecisionSource]) -> None:
    """Pin the newest kept copy of its source to each; those without a copy stay without."""
    kept = sa.select(Snapshot.source_id, sa.func.max(Snapshot.id)).where(
        Snapshot.source_id.in_({one.source_id for one in shown}), Snapshot.sha256.is_not(None)
    )
    newest = {row[0]: row[1] for row in session.execute(kept.group_by(Snapshot.source_id))}
    session.add_all(
        PinnedCopy(decision_source_id=one.id, snapshot_id=newest[one.source_id])
        for one in shown
        if one.source_id in newest
    )
