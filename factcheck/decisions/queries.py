"""Reading decisions, the verdict a claim has now, and earlier checks like a claim."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from factcheck.claims.models import Claim
from factcheck.decisions.models import Decision, DecisionSource
from factcheck.failures import Missing
from factcheck.reviews.models import Review, Round
from factcheck.text.match import Check, Checks, Match

CHECKS_COMPARED = 2_000  # the newest decided claims that a claim is held against


class NoDecision(Missing):
    """The claim has not been decided yet."""


@dataclass(frozen=True, slots=True)
class EarlierCheck:
    """A decided claim like another: how alike, and what differs."""

    claim: Claim
    decision: Decision
    match: Match


def current_decision(session: Session, claim: Claim) -> Decision:
    """Return the newest decision of a claim, with its round; raise NoDecision."""
    found = decisions_by_claim(session, [claim.id])[claim.id]
    if not found:
        raise NoDecision("This claim has not been decided yet.")
    return found[-1]


def decisions_by_claim(session: Session, claim_ids: Collection[int]) -> dict[int, list[Decision]]:
    """Return each claim's decisions, oldest first, with round and author, in one query."""
    grouped: dict[int, list[Decision]] = defaultdict(list)
    for decision in session.scalars(
        sa.select(Decision)
        .where(Decision.claim_id.in_(claim_ids))
        .options(joinedload(Decision.round), joinedload(Decision.decided_by))
        .order_by(Decision.claim_id, Decision.id)
    ):
        grouped[decision.claim_id].append(decision)
    return {claim_id: grouped[claim_id] for claim_id in claim_ids}


def sources_of(session: Session, decision: Decision) -> list[DecisionSource]:
    """Return the sources that readers are shown with a decision, in their order."""
    return sources_by_decision(session, [decision.id])[decision.id]


def sources_by_decision(
    session: Session, decision_ids: Collection[int]
) -> dict[int, list[DecisionSource]]:
    """Return each decision's sources in their order, in one query."""
    grouped: dict[int, list[DecisionSource]] = defaultdict(list)
    for shown in session.scalars(
        sa.select(DecisionSource)
        .where(DecisionSource.decision_id.in_(decision_ids))
        .options(joinedload(DecisionSource.source))
        .order_by(DecisionSource.decision_id, DecisionSource.position)
    ):
        grouped[shown.decision_id].append(shown)
    return {decision_id: grouped[decision_id] for decision_id in decision_ids}


def ratings_by_round(session: Session, round_ids: Collection[int]) -> dict[int, list[str]]:
    """Return the counted ratings of each closed round, in the order in which they came in."""
    grouped: dict[int, list[str]] = {round_id: [] for round_id in round_ids}
    rows = session.execute(
        sa.select(Review.round_id, Review.rating)
        .join(Round, Round.id == Review.round_id)
        .where(
            Review.round_id.in_(round_ids),
            Review.state == "submitted",
            Round.closed_at.is_not(None),
        )
        .order_by(Review.submitted_at, Review.id)
    )
    for round_id, rating in rows:
        grouped[round_id].append(str(rating))
    return grouped


def earlier_checks(session: Session, claim: Claim, *, top: int = 5) -> list[EarlierCheck]:
    """Return decided claims like `claim`, the most alike first, with what differs."""
    return matches(claim, _compared(session, claim), top=top)


def _compared(session: Session, claim: Claim) -> Sequence[tuple[Claim, Decision]]:
    newest = (
        sa.select(sa.func.max(Decision.id))
        .where(Decision.kind != "agreement")
        .group_by(Decision.claim_id)
    )
    rows = session.execute(
        sa.select(Claim, Decision)
        .join(Decision, Decision.claim_id == Claim.id)
        .where(
            Decision.id.in_(newest),
            Claim.id != claim.id,
            Claim.state == "ready",
            Claim.merged_into_id.is_(None),
        )
        .options(joinedload(Claim.article))
        .order_by(Decision.id.desc())
        .limit(CHECKS_COMPARED)
    )
    return [(other, decision) for other, decision in rows]


def matches(
    claim: Claim, compared: Sequence[tuple[Claim, Decision]], *, top: int
) -> list[EarlierCheck]:
    """Return those of `compared` that are like `claim`."""
    if not compared:
        return []
    by_id = {other.public_id: (other, decision) for other, decision in compared}
    checks = Checks([Check(key, other.restated) for key, (other, _) in by_id.items()])
    return [EarlierCheck(*by_id[match.id], match) for match in checks.like(claim.restated, top=top)]
