"""The job that keeps a copy of a source and pins it to the verdicts that show the source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck import clock
from factcheck.config import Settings
from factcheck.db import current_session, writing
from factcheck.decisions.models import DecisionSource, PinnedCopy
from factcheck.failures import Failure
from factcheck.fetch.refusals import FetchFailed, FetchTimedOut
from factcheck.methods.queries import keys_by_lot
from factcheck.reviews import snapshots
from factcheck.reviews.archive import ArchiveFull, check_room
from factcheck.reviews.copying import Stored, quoted_in, store, take, take_from_archives
from factcheck.reviews.models import (
    Citation,
    PooledSource,
    Review,
    Round,
    Snapshot,
    Source,
)
from factcheck.reviews.rules import is_archive_of

MOST_ARCHIVES = 3  # addresses that are tried for one page
_PASSING = {408, 425, 429}  # and what a server says of itself (5xx): worth another try


class NotNow(OSError):
    """The page could not be had, and may be had later: the job is tried again."""


def archive(payload: Mapping[str, Any], settings: Settings) -> None:
    """Keep a copy of the source with that public id, if it is still cited; raise NotNow, OSError.

    `again`: look whether a page that a verdict shows is as it was. No transaction is open while
    the page is fetched, files are written, or quotations are looked for.
    """
    session = current_session()
    source = session.scalar(sa.select(Source).where(Source.public_id == payload["source"]))
    is_again = bool(payload.get("again"))
    if source is None or not _is_cited(session, source, in_a_verdict=is_again):
        return
    source_id, url = source.id, source.url
    if is_again:
        with writing() as session:
            snapshots.ask_again(session, session.get_one(Source, source_id), now=clock.now())
    is_wanted = snapshots.to_be_tried(session, source_id) is not None
    session.rollback()
    found = _taken(source_id, url, settings) if is_wanted else None
    with writing() as session:
        snapshot = snapshots.to_be_tried(session, source_id)
        if snapshot is not None and found is not None:
            snapshots.settle(session, snapshot, found, now=clock.now())
        pin(session, source_id)
    look_for_quotes(source_id, settings)
    if isinstance(found, Failure) and _may_pass(found):
        raise NotNow(str(found))


def _taken(source_id: int, url: str, settings: Settings) -> Stored | Failure:
    """Return the page at an address, else what a web archive keeps of one that is gone."""
    allow = settings.fetch_allow
    try:
        check_room(settings.archive)
        taken = take(url, allow=allow, now=clock.now())
        if isinstance(taken, Failure):
            archives = _archives_of(source_id, taken)
            taken = take_from_archives(url, archives, allow=allow, now=clock.now()) or taken
        return taken if isinstance(taken, Failure) else store(taken, settings.archive)
    except ArchiveFull as full:
        return full


def _archives_of(source_id: int, failure: Failure) -> list[str]:
    """Return where web archives keep a page that is gone, as far as people gave that with it."""
    session = current_session()
    snapshot = snapshots.to_be_tried(session, source_id)
    if snapshot is None or not snapshots.wants_archives(snapshot, failure):
        session.rollback()
        return []
    queries = [
        sa.select(table.archive_url)
        .where(table.source_id == source_id, table.archive_url.is_not(None))
        .order_by(table.id.desc())
        .limit(50)
        for table in (DecisionSource, Citation)
    ]
    # A pool is closed while a round drawn by lot is open: a copy would tell what somebody cites.
    is_told = sa.or_(Round.closed_at.is_not(None), Round.policy_key.not_in(keys_by_lot()))
    queries[1] = (
        queries[1].join(Review, Review.id == Citation.review_id).join(Review.round).where(is_told)
    )
    given = [session.scalars(query).all() for query in queries]
    url = snapshot.source.url
    session.rollback()
    addresses = dict.fromkeys(str(one) for several in given for one in several)
    return [one for one in addresses if is_archive_of(one, url)][:MOST_ARCHIVES]


def _may_pass(failure: Failure) -> bool:
    if isinstance(failure, FetchFailed):
        return failure.status == 0 or failure.status >= 500 or failure.status in _PASSING
    return isinstance(failure, FetchTimedOut | ArchiveFull)


def _is_cited(session: Session, source: Source, *, in_a_verdict: bool) -> bool:
    verdict = sa.select(DecisionSource.id).where(DecisionSource.source_id == source.id)
    review = sa.select(Citation.id).where(Citation.source_id == source.id)
    pool = sa.select(PooledSource.id).where(PooledSource.source_id == source.id)
    ways = [verdict] if in_a_verdict else [verdict, review, pool]
    return any(session.scalar(way.limit(1)) is not None for way in ways)


def pin(session: Session, source_id: int) -> None:
    """Pin the best copy of a source to every verdict that shows it and has none."""
    query = sa.select(DecisionSource).where(DecisionSource.source_id == source_id)
    pin_best(session, session.scalars(query.where(~DecisionSource.pinned.has())).all())


def look_for_quotes(source_id: int, settings: Settings) -> None:
    """Note how the words that verdicts quote from a source stand in the copies pinned to them."""
    session = current_session()
    rows = session.execute(
        sa.select(PinnedCopy.id, Snapshot.sha256, DecisionSource.quote)
        .join(PinnedCopy.shown)
        .join(PinnedCopy.snapshot)
        .where(
            DecisionSource.source_id == source_id,
            DecisionSource.quote.is_not(None),
            PinnedCopy.quote.is_(None),
        )
    ).all()
    session.rollback()
    stand = {row[0]: quoted_in(settings.archive, row[1], row[2]) for row in rows}
    found = {pinned_id: place for pinned_id, place in stand.items() if place[0] is not None}
    if found:
        with writing() as session:
            for pinned_id, (how, page) in found.items():
                pinned = session.get_one(PinnedCopy, pinned_id)
                pinned.quote, pinned.quote_page = how, page


def pin_best(session: Session, shown: Sequence[DecisionSource]) -> None:
    """Pin the best kept copy of its source to each; those without a copy stay without."""
    best = snapshots.best_by_source(session, {one.source_id for one in shown})
    session.add_all(
        PinnedCopy(decision_source_id=one.id, snapshot_id=best[one.source_id])
        for one in shown
        if one.source_id in best
    )
