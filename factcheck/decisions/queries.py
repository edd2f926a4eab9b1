"""Reading decisions, the verdict that a claim has now, and earlier checks like a claim.

A round's reviews are asked of `reviews`; what is here exists only once a round is closed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload, selectinload

from factcheck.accounts.models import Person
from factcheck.articles.models import Revision
from factcheck.checks import models as checks
from factcheck.checks.queries import alike as elsewhere_alike
from factcheck.claims.models import Claim
from factcheck.claims.rules import State
from factcheck.decisions.models import Decision, DecisionSource, PinnedCopy
from factcheck.failures import Missing
from factcheck.methods import queries as methods
from factcheck.reviews.models import Citation, Review, Round, Snapshot, Source
from factcheck.text.match import Check, Checks, Match
from factcheck.text.nearness import NearnessOfFew, installed
from factcheck.word_candidates import candidates, sentence_at_end

INDEX_OF_CHECKS = "search_words_checks"  # see words.py
LEAST_ALIKE = 0.3  # of 1: below it two claims share a word or two, no more
LEAST_MEANT_ALIKE = 0.4  # the same where meaning counts too; docs/decisions/0034
DRIFTS_COUNTED = 1_000  # the newest finds among which the desk counts
_READ_BEFORE = 400  # code points before a claim, in which the sentence before it is looked for


_IN_FORCE = (
    sa.select(Decision.id)
    .where(Decision.claim_id == sa.bindparam("claim_id"), Decision.in_force)
    .order_by(Decision.id.desc())
    .limit(1)
)


class NoDecision(Missing):
    """The claim has not been decided yet."""


def drifted_sources(
    session: Session, *, before: int | None, limit: int
) -> list[tuple[Snapshot, list[Claim]]]:
    """Return pages that are not what they were, the newest find first, with the claims they bear.

    Only the newest look at a page counts, and only where a verdict in force shows it. `before` is
    the id of a snapshot.
    """
    query = sa.select(Snapshot).where(Snapshot.drift.is_not(None), *_bears_verdicts())
    if before is not None:
        query = query.where(Snapshot.id < before)
    query = query.order_by(Snapshot.id.desc()).limit(limit)
    found = session.scalars(query.options(joinedload(Snapshot.source))).all()
    claims = _claims_showing(session, {one.source_id for one in found})
    return [(one, claims[one.source_id]) for one in found]


def drifted() -> sa.Select[int]:
    """Return the query of the pages that `drifted_sources` lists, by the keys of their snapshots.

    It is asked of the newest finds alone, a bounded number.
    """
    newest = (
        sa.select(Snapshot.id).where(Snapshot.drift.is_not(None))
        .order_by(Snapshot.id.desc()).limit(DRIFTS_COUNTED)
    )  # fmt: skip
    return sa.select(Snapshot.id).where(Snapshot.id.in_(newest), *_bears_verdicts())


def _bears_verdicts() -> list[sa.ColumnElement[bool]]:
    """Whether a snapshot is the newest look at its page, and a verdict in force shows the page."""
    newer = aliased(Snapshot)
    shown = (
        sa.select(DecisionSource.id)
        .join(Decision, Decision.id == DecisionSource.decision_id)
        .where(DecisionSource.source_id == Snapshot.source_id, _is_newest())
    )
    return [
        shown.exists(),
        ~sa.exists().where(newer.source_id == Snapshot.source_id, newer.id > Snapshot.id,
                           newer.tried_at.is_not(None), ~newer.given.has()),
    ]  # fmt: skip


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


@dataclass(frozen=True, slots=True)
class CheckElsewhere:
    """A check that somebody else published and that is like a claim: how alike, what differs."""

    check: checks.EarlierCheck
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


def decisions_by_id(session: Session, decision_ids: Collection[int]) -> Sequence[Decision]:
    """Return the decisions with these keys, in one query; in none where there are none."""
    if not decision_ids:
        return []
    return session.scalars(sa.select(Decision).where(Decision.id.in_(decision_ids))).all()


def in_force_id(session: Session, claim: Claim) -> int | None:
    """Return the key of the claim's newest decision in force, None before there is any."""
    return session.scalar(_IN_FORCE, {"claim_id": claim.id})


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


def earlier_checks(
    session: Session, claim: Claim, *, top: int = 5
) -> list[EarlierCheck | CheckElsewhere]:
    """Return claims with a verdict, and checks of others, that are like `claim`.

    The most alike come first, in three queries: the sentence before, and what the two indexes of
    words find. Where the extra “embedding” is installed, meaning counts beside words for the few
    that words rank first. They are suggested: nothing is merged.
    """
    before = _words_before(session, claim)
    by_id = {one.claim.public_id: one for one in _decided_alike(session, claim, before)}
    elsewhere = {
        f"elsewhere {one.id}": one for one in elsewhere_alike(session, claim.restated, before)
    }
    compared = [Check(key, decision.claim.restated) for key, decision in by_id.items()]
    compared += [Check(key, one.text, one.title) for key, one in elsewhere.items()]
    model = installed()
    meaning = NearnessOfFew(model, compared) if model else None
    least = LEAST_MEANT_ALIKE if model else LEAST_ALIKE
    return [
        CheckElsewhere(elsewhere[match.id], match)
        if match.id in elsewhere
        else EarlierCheck(by_id[match.id].claim, by_id[match.id], match)
        for match in Checks(compared, meaning).like(claim.restated, before=before, top=top)
        if match.similarity >= least
    ]


def checked_elsewhere(session: Session, claim: Claim, *, top: int = 3) -> list[CheckElsewhere]:
    """Return checks of others that are like `claim`, the most alike first, in one query."""
    found = {str(one.id): one for one in elsewhere_alike(session, claim.restated, claim.prefix)}
    compared = Checks([Check(key, one.text, one.title) for key, one in found.items()])
    return [
        CheckElsewhere(found[match.id], match)
        for match in compared.like(claim.restated, before=claim.prefix, top=top)
        if match.similarity >= LEAST_ALIKE
    ]


def _words_before(session: Session, claim: Claim) -> str:
    """Return the sentence that stands before a claim, else the few words that are kept with it."""
    if not claim.start:
        return claim.prefix
    first = max(0, claim.start - _READ_BEFORE)
    read = sa.func.substr(Revision.text, first + 1, claim.start - first)
    text = session.scalar(sa.select(read).where(Revision.id == claim.revision_id)) or claim.prefix
    return sentence_at_end(text)


def _decided_alike(session: Session, claim: Claim, before: str) -> list[Decision]:
    """Return the newest verdicts of the claims that share words with one, the newest first."""
    among = candidates(session, INDEX_OF_CHECKS, claim.restated, before)
    if among is None:
        return []
    newer = aliased(Decision)
    query = (
        sa.select(Decision)
        .join(Decision.claim)
        .where(
            Claim.id.in_(among), Claim.state.in_((State.DECIDED, State.READY)),
            Claim.id != claim.id, Decision.in_force, Decision.rating.is_not(None),
            ~sa.exists().where(newer.supersedes_id == Decision.id),
        )
        .options(contains_eager(Decision.claim).joinedload(Claim.article))
        .order_by(Decision.id.desc())
    )  # fmt: skip
    return list(session.scalars(query))
