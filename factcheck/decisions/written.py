"""What one person wrote, the newest first, and what they decided alone.

What others are shown of somebody is of closed rounds, so nothing of an open one is in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased, contains_eager, joinedload

from factcheck.accounts.models import Person
from factcheck.claims.models import Claim
from factcheck.claims.rules import State
from factcheck.decisions.models import Decision
from factcheck.methods.queries import policies
from factcheck.reviews.models import Citation, Comment, Review, Round
from factcheck.reviews.threads import visible_to

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Past:
    """A review that somebody gave, and what its round came to: None while it is open."""

    review: Review
    decision: Decision | None


def past_reviews(
    session: Session, person: Person, *, before: int | None, limit: int
) -> list[Past]:  # fmt: skip
    """Return what `person` answered, in open rounds too: for their own eyes. In two queries."""
    query = _reviews(person).where(Review.state != "draft")
    return _with_decisions(session, _newest(session, query, Review.id, before, limit))


def closed_reviews(
    session: Session, person: Person, *, before: int | None, limit: int
) -> list[Past]:  # fmt: skip
    """Return what `person` answered in rounds that are closed. In two queries."""
    query = _reviews(person).where(Review.state != "draft", Round.unsealed())
    return _with_decisions(session, _newest(session, query, Review.id, before, limit))


def drafts(session: Session, person: Person, *, limit: int) -> list[Review]:
    """Return the drafts of `person` that can still be sent: for their own eyes."""
    query = _reviews(person).where(Review.state == "draft", Claim.state != State.DISMISSED)
    return _newest(session, query, Review.id, None, limit)


def _reviews(person: Person) -> sa.Select[Review]:
    claim = contains_eager(Review.round).contains_eager(Round.claim)
    return (
        sa.select(Review)
        .join(Review.round)
        .join(Round.claim)
        .where(Review.person_id == person.id)
        .options(claim.joinedload(Claim.article))
    )


def _newest(
    session: Session, query: sa.Select[Row], key: InstrumentedAttribute[int], before: int | None,
    limit: int,
) -> list[Row]:  # fmt: skip
    if before is not None:
        query = query.where(key < before)
    return list(session.scalars(query.order_by(key.desc()).limit(limit)))


def _with_decisions(session: Session, reviews: Sequence[Review]) -> list[Past]:
    rounds = {one.round_id for one in reviews}
    query = sa.select(Decision).where(Decision.round_id.in_(rounds), Decision.in_force)
    newest = {one.round_id: one for one in session.scalars(query.order_by(Decision.id))}
    return [Past(one, newest.get(one.round_id)) for one in reviews]


def remarks(
    session: Session, person: Person, viewer: Person, *, before: int | None, limit: int
) -> list[Comment]:
    """Return what `person` said in talks, as far as `viewer` may see it."""
    query = (
        sa.select(Comment)
        .where(Comment.author_id == person.id, visible_to(viewer))
        .options(joinedload(Comment.claim).joinedload(Claim.article))
    )
    return _newest(session, query, Comment.id, before, limit)


@dataclass(frozen=True, slots=True)
class Cited:
    """A source as somebody cited it, and the claim for which they did."""

    citation: Citation
    claim: Claim


def citations(session: Session, person: Person, *, before: int | None, limit: int) -> list[Cited]:
    """Return the sources that `person` cited in rounds that are closed."""
    query = (
        sa.select(Citation, Claim)
        .join(Review, Review.id == Citation.review_id)
        .join(Round, Round.id == Review.round_id)
        .join(Claim, Claim.id == Round.claim_id)
        .where(Review.person_id == person.id, Review.state != "draft", Round.unsealed())
        .options(joinedload(Citation.source), joinedload(Claim.article))
        .order_by(Citation.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(Citation.id < before)
    return [Cited(*row) for row in session.execute(query)]


def verdicts(session: Session, person: Person, *, before: int | None, limit: int) -> list[Decision]:
    """Return what `person` told readers of claims, or signed, as an editor."""
    query = (
        sa.select(Decision)
        .where(Decision.decided_by_id == person.id)
        .options(joinedload(Decision.round), joinedload(Decision.claim).joinedload(Claim.article))
    )
    return _newest(session, query, Decision.id, before, limit)


def decided_alone(session: Session, person: Person, *, limit: int = 200) -> list[Decision]:
    """Return the verdicts that stand on `person` alone and can be reviewed again, oldest first.

    Those of rounds with one seat, which they filled; and what they told readers without a second
    editor's signature.
    """
    later, first = aliased(Decision), aliased(Decision)
    superseded = sa.exists().where(
        later.claim_id == Decision.claim_id, later.in_force, later.id > Decision.id
    )
    co_signed = sa.exists().where(
        first.round_id == Decision.round_id, ~first.in_force, first.decided_by_id != person.id
    )
    single = [one.key for one in policies() if one.most_seats == 1]
    answered = sa.exists().where(
        Review.round_id == Decision.round_id, Review.person_id == person.id,
        Review.state == "submitted",
    )  # fmt: skip
    return list(
        session.scalars(
            sa.select(Decision)
            .join(Decision.claim)
            .join(Decision.round)
            .where(
                Decision.in_force,
                ~superseded,
                Claim.state.in_((State.DECIDED, State.DISPUTED, State.READY)),
                sa.or_(
                    sa.and_(Decision.decided_by_id == person.id, ~co_signed),
                    sa.and_(Round.policy_key.in_(single), answered),
                ),
            )
            .options(
                contains_eager(Decision.claim).joinedload(Claim.article),
                contains_eager(Decision.round),
            )
            .order_by(Decision.id)
            .limit(limit)
        )
    )
