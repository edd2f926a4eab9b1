"""Which copies of sources somebody may read: that one is cited tells of what others do."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck.accounts.models import Person
from factcheck.accounts.rules import Role
from factcheck.methods import queries as methods
from factcheck.reviews import archive, snapshots
from factcheck.reviews.given_copies import FileType, file_type
from factcheck.reviews.models import (
    Citation,
    GivenCopy,
    PooledSource,
    Review,
    Round,
    Seat,
    Snapshot,
)
from factcheck.reviews.queries import SourceMissing


def known_copy(session: Session, sha256: str, viewer: Person) -> Snapshot:
    """Return the copy with that digest; raise SourceMissing unless `viewer` may know of it.

    Editors may; others where they gave it, cite its source themselves, have it in a pool, or a
    closed round cites it: that a source is cited at all tells of what others found. A copy that
    somebody else gave shows with their review.
    """
    query = sa.select(Snapshot).outerjoin(Snapshot.given).where(Snapshot.sha256 == sha256)
    if not viewer.is_at_least(Role.EDITOR):
        known = sa.or_(_is_cited_for(viewer), _is_pooled_for(viewer))
        fetched = sa.and_(GivenCopy.id.is_(None), known)
        query = query.where(
            sa.or_(fetched, GivenCopy.person_id == viewer.id, snapshots.given_openly())
        )
    found = session.scalar(query.order_by(Snapshot.id).limit(1))
    if found is None:
        raise SourceMissing("There is no such copy.")
    return found


def bytes_of(folder: Path, digest: str | None) -> bytes:
    """Return what lies in the archive under a digest; raise SourceMissing where nothing does."""
    data = archive.read(folder, digest) if digest else None
    if data is None:
        raise SourceMissing("This copy is not in the archive any more.")
    return data


def file_behind(folder: Path, snapshot: Snapshot) -> tuple[bytes, FileType]:
    """Return the PDF or the image behind a copy, and what it is; raise SourceMissing for none."""
    data = bytes_of(folder, snapshot.page_sha256)
    kind = file_type(data)
    if kind is None:
        raise SourceMissing("There is no file behind this copy.")
    return data, kind


def _is_cited_for(viewer: Person) -> sa.ColumnElement[bool]:
    """Whether a snapshot's source is cited in `viewer`'s own reviews, or in a closed round."""
    return (
        sa.select(Citation.id)
        .join(Review, Review.id == Citation.review_id)
        .join(Round, Round.id == Review.round_id)
        .where(
            Citation.source_id == Snapshot.source_id,
            sa.or_(
                Review.person_id == viewer.id,
                sa.and_(Round.unsealed(), Review.state != "draft"),
            ),
        )
        .exists()
    )


def _is_pooled_for(viewer: Person) -> sa.ColumnElement[bool]:
    """Whether a snapshot's source is in a pool that is open to `viewer`.

    An editor put it there, or it is cited in an open round that they have a seat in, not by lot.
    """
    seated = sa.select(Seat.round_id).where(Seat.person_id == viewer.id)
    cited = (
        sa.select(Citation.id)
        .join(Review, Review.id == Citation.review_id)
        .join(Round, Round.id == Review.round_id)
        .where(
            Citation.source_id == Snapshot.source_id,
            Round.id.in_(seated),
            Round.is_gold.is_(False),
            Round.policy_key.not_in(methods.keys_by_lot()),
        )
    )
    put = sa.select(PooledSource.id).where(PooledSource.source_id == Snapshot.source_id)
    return sa.or_(cited.exists(), put.exists())
