"""Reading decisions, the verdict that a claim has now, and earlier checks like a claim.

A round's reviews are asked of `reviews`; what is here exists only once a round is closed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload, selectinload

from factcheck.accounts.models import Person
from factcheck.claims.models import Claim
from factcheck.claims.rules import State
from factcheck.decisions.models import Decision, DecisionSource, PinnedCopy
from factcheck.failures import Missing
from factcheck.methods import queries as methods
from factcheck.reviews.models import Citation, Review, Round, Snapshot, Source
from factcheck.text.match import Check, Checks, Match

LEAST_ALIKE = 0.3  # of 1: below it two claims share a word or two, no more
CHECKS_COMPARED = 2_000  # the newest claims with a verdict that a claim is held against


class NoDecision(Missing):
    """The claim has not been decided yet."""


def drifted_sources(
    session: Session, *, before: int | None, limit: int
) -> list[tuple[Snapshot, list[Claim]]]:
    """Return pages that are not what they were, the newest find first, with the claims they bear.

    Only the newest look at a page counts, and only where a verdict in force shows it. `before` is
    the id of a snapshot.
    """
    newer = aliased(Snapshot)
    shown = (
        sa.select(DecisionSource.id)
        .join(Decision, Decision.id == DecisionSource.decision_id)
        .where(DecisionSource.source_id == Snapshot.source_id, _is_newest())
    )
    query = sa.select(Snapshot).where(
        Snapshot.drift.is_not(None),
        shown.exists(),
        ~sa.exists().where(newer.source_id == Snapshot.source_id, newer.id > Snapshot.id,
                           newer.tried_at.is_not(None), ~newer.given.has()),
    )  # fmt: skip
    if before is not None:
        query = query.where(Snapshot.id < before)
    query = query.order_by(Snapshot.id.desc()).limit(limit)
    found = session.scalars(query.options(joinedload(Snapshot.source))).all()
    claims = _claims_showing(session, {one.source_id for one in found})
    return [(one, claims[one.source_id]) for one in found]


def _is_newest() -> sa.ColumnElement[bool]:
    """Whether a decision is in force and no later one of its claim is."""
    later = aliased(Decision)
    superseded = sa.exists().where(
        later.claim_id == Decision.claim_id, later.in_force, later.id > Decision.id
    )
    return sa.and_(Decision.in_force, ~superseded)


def _claims_showing(session: Session, source_ids: set[int]) -> dict[int, list[Claim]]:
    """Return, by source, the claims whose newest verdict in force shows it."""
    rows = session.execute(
        sa.select(DecisionSource.source_id, Claim)
        .join(Decision, Decision.id == DecisionSource.decision_id)
        .join(Claim, Claim.id == Decision.claim_id)
        .where(
            DecisionSource.source_id.in_(source_ids), _is_newest()
        )
        .options(joinedload(Claim.article))
    )  # fmt: skip
    found: dict[int, list[Claim]] = defaultdict(list)
    for source_id, claim in rows:
        found[source_id].append(claim)
    for claims in found.values():
        claims.sort(key=lambda claim: claim.id)
    return found


@dataclass(frozen=True, slots=True)
class EarlierCheck:
    """A claim with a verdict that is like another: how alike, and what differs."""

    claim: Claim
    decision: Decision
    match: Match


def current_decision(session: Session, claim: Claim) -> Decision:
    """Return the newest decision in force of a claim; raise NoDecision.

    A claim that was reopened keeps it until the new round decides.
    """
    found = decisions_by_claim(session, [claim.id])[claim.id]
    if not found:
        raise NoDecision("This claim has not been decided yet.")
    return found[-1]


def decisions_by_claim(session: Session, claim_ids: Collection[int]) -> dict[int, list[Decision]]:
    """Return each claim's decisions in force, oldest first, with round and author; in one query."""
    grouped: dict[int, list[Decision]] = defaultdict(list)
    for decision in session.scalars(
        sa.select(Decision)
        .where(Decision.claim_id.in_(claim_ids), Decision.in_force)
        .options(joinedload(Decision.round), joinedload(Decision.decided_by))
        .order_by(Decision.claim_id, Decision.id)
    ):
        grouped[decision.claim_id].append(decision)
    return {claim_id: grouped[claim_id] for claim_id in claim_ids}


def waiting_signature(session: Session, claim: Claim, round_: Round) -> Decision | None:
    """Return the newest words that one editor signed and a second has to; None where none wait."""
    newest = session.scalar(
        sa.select(Decision)
        .where(Decision.claim_id == claim.id, Decision.round_id == round_.id)
        .options(joinedload(Decision.decided_by))
        .order_by(Decision.id.desc())
        .limit(1)
    )
    return newest if newest is not None and not newest.in_force else None


def sources_of(session: Session, decision: Decision) -> list[DecisionSource]:
    """Return the sources that readers are shown with a decision, in their order."""
    return sources_by_decision(session, [decision.id])[decision.id]


def sources_to_decide(session: Session, claim: Claim) -> list[Source]:
    """Return the sources that reviews of a claim's closed rounds cite, or that its verdicts show.

    With their copies, in the order in which they became known.
    """
    reviewed = (
        sa.select(Citation.source_id)
        .join(Review, Review.id == Citation.review_id)
        .join(Round, Round.id == Review.round_id)
        .where(
            Round.claim_id == claim.id, Round.unsealed(), Review.state != "draft"
        )
    )  # fmt: skip
    told = sa.select(DecisionSource.source_id).join(
        Decision, Decision.id == DecisionSource.decision_id
    ).where(Decision.claim_id == claim.id)  # fmt: skip
    query = (
        sa.select(Source)
        .where(sa.or_(Source.id.in_(reviewed), Source.id.in_(told)))
        .options(selectinload(Source.snapshots))
        .order_by(Source.id)
    )
    return list(session.scalars(query))


def sources_by_decision(
    session: Session, decision_ids: Collection[int]
) -> dict[int, list[DecisionSource]]:
    """Return each decision's sources in their order, in one query."""
    grouped: dict[int, list[DecisionSource]] = defaultdict(list)
    for shown in session.scalars(
        sa.select(DecisionSource)
        .where(DecisionSource.decision_id.in_(decision_ids))
        .options(
            joinedload(DecisionSource.source),
            joinedload(DecisionSource.pinned).joinedload(PinnedCopy.snapshot),
        )
        .order_by(DecisionSource.decision_id, DecisionSource.position)
    ):
        grouped[shown.decision_id].append(shown)
    return {decision_id: grouped[decision_id] for decision_id in decision_ids}


@dataclass(frozen=True, slots=True)
class Shown:
    """A decision with the sources that readers are shown, in their order."""

    decision: Decision
    sources: tuple[DecisionSource, ...]


def chain_of(session: Session, claim: Claim) -> list[Shown]:
    """Return all that was decided of a claim, oldest first, with sources; in one query.

    With what one editor has signed and a second one has not: see `Decision.in_force`.
    """
    rows = session.execute(
        sa.select(Decision, DecisionSource)
        .outerjoin(DecisionSource, DecisionSource.decision_id == Decision.id)
        .where(Decision.claim_id == claim.id)
        .options(joinedload(Decision.decided_by), joinedload(DecisionSource.source))
        .order_by(Decision.id, DecisionSource.position)
    )
    grouped: dict[Decision, list[DecisionSource]] = {}
    for decision, source in rows:
        grouped.setdefault(decision, []).extend([source] if source else [])
    return [Shown(decision, tuple(sources)) for decision, sources in grouped.items()]


def ratings_by_round(session: Session, round_ids: Collection[int]) -> dict[int, list[str]]:
    """Return the counted ratings of each closed round, as they came in; [] for an open one."""
    grouped: dict[int, list[str]] = {round_id: [] for round_id in round_ids}
    rows = session.execute(
        sa.select(Review.round_id, Review.rating)
        .join(Review.round)
        .where(
            Review.round_id.in_(round_ids),
            Review.state == "submitted",
            Round.unsealed(),
        )
        .order_by(Review.submitted_at, Review.id)
    )
    for round_id, rating in rows:
        grouped[round_id].append(str(rating))
    return grouped


def names_by_round(session: Session, rounds: Collection[Round]) -> dict[int, list[str | None]]:
    """Return, in the order of `ratings_by_round`, the names of who wants to be named; else None.

    Of a panel drawn by lot nobody is named: its members stand under pseudonyms elsewhere.
    """
    grouped: dict[int, list[str | None]] = {one.id: [] for one in rounds}
    open_to_names = [one.id for one in rounds if not methods.policy(one.policy_key).by_lot]
    rows = session.execute(
        sa.select(Review.round_id, Person.name, Person.shows_name)
        .join(Review.round)
        .join(Person, Person.id == Review.person_id)
        .where(
            Review.round_id.in_(open_to_names),
            Review.state == "submitted",
            Round.unsealed(),
        )
        .order_by(Review.submitted_at, Review.id)
    )
    for round_id, name, shows_name in rows:
        grouped[round_id].append(name if shows_name else None)
    return grouped


def earlier_checks(session: Session, claim: Claim, *, top: int = 5) -> list[EarlierCheck]:
    """Return claims with a verdict that are like `claim`, the most alike first; in one query."""
    newer = sa.orm.aliased(Decision)
    is_newest = ~sa.exists().where(newer.supersedes_id == Decision.id)
    decided = session.scalars(
        sa.select(Decision)
        .join(Decision.claim)
        .where(
            Claim.state.in_((State.DECIDED, State.READY)),
            Claim.id != claim.id,
            Decision.in_force,
            Decision.rating.is_not(None),
            is_newest,
        )
        .options(contains_eager(Decision.claim).joinedload(Claim.article))
        .order_by(Decision.id.desc())
        .limit(CHECKS_COMPARED)
    )
    by_id = {decision.claim.public_id: decision for decision in decided}
    checks = Checks(Check(key, decision.claim.restated) for key, decision in by_id.items())
    before = claim.prefix
    return [
        EarlierCheck(by_id[match.id].claim, by_id[match.id], match)
        for match in checks.like(claim.restated, before=before, top=top)
        if match.similarity >= LEAST_ALIKE
    ]
