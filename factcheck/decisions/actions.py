"""The verbs that decide: submitting a review, which may close its round, approving, adjudicating.

Whoever submits holds the claim's row, so that the reviews of a round are counted one after the
other and a round is closed once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck.accounts.events import record
from factcheck.accounts.models import Person
from factcheck.claims.actions import change_state
from factcheck.claims.models import Claim
from factcheck.claims.queries import lock_claims
from factcheck.claims.rules import State, Verb, WrongState
from factcheck.decisions import queries
from factcheck.decisions.models import Decision, DecisionSource
from factcheck.decisions.rules import VerdictWords, check_words
from factcheck.failures import Conflict, Forbidden, Invalid
from factcheck.methods import queries as methods
from factcheck.methods.rules import Agreed, Disputed, Open, decide
from factcheck.reviews import queries as reviewing
from factcheck.reviews import seats
from factcheck.reviews.actions import keep_sources, raise_if_submitted, save_draft, write
from factcheck.reviews.models import Citation, Review, Round, Seat
from factcheck.reviews.rules import Answer, Cited, canonical_url, check_answer


class RoundClosed(Conflict):
    """The round is closed: what was answered in it stays."""


class ReviewedIt(Forbidden):
    """Nobody approves or adjudicates a round that they reviewed themselves."""


class NotDecided(Conflict):
    """The claim is not decided, disputed or ready, so there is nothing to tell readers yet."""


@dataclass(frozen=True, slots=True)
class _Basis:
    """What a verdict rests on: the newest round, how it ended, and the ratings allowed."""

    round: Round
    verb: Verb
    options: tuple[str, ...]
    supersedes: Decision | None


def submit_review(
    session: Session, claim: Claim, person: Person, answer: Answer, *, now: datetime
) -> Review:
    """Take a reviewer's answer for good, and close the round if it decides or disputes the claim.

    What arrives after the round has closed is kept as *late*. Raises what `save_draft` does.
    """
    lock_claims(session, [claim])
    late = _late_draft(session, claim, person)
    if late is not None:
        return _keep_late(session, late, answer, now=now)
    review = save_draft(session, claim, person, answer, now=now)
    check_answer(answer, methods.scale(review.round.scale_key))
    _seal(session, review, "submitted", now=now)
    seat = session.scalar(
        sa.select(Seat).where(Seat.round_id == review.round_id, Seat.person_id == person.id)
    )
    if seat is not None:
        seat.expires_at = None
    _close_if_settled(session, claim, review.round, now=now)
    return review


def _late_draft(session: Session, claim: Claim, person: Person) -> Review | None:
    """Return the person's draft of a round that closed while they held a seat in it."""
    if claim.state == State.ACCEPTED:
        return None
    try:
        own = reviewing.own_review(session, claim, person)
    except reviewing.ReviewMissing:
        return None
    raise_if_submitted(session, claim, person, RoundClosed("The round is closed."))
    return own if own.state == "draft" and own.round.closed_at else None


def _keep_late(session: Session, review: Review, answer: Answer, *, now: datetime) -> Review:
    check_answer(answer, methods.scale(review.round.scale_key))
    write(session, review, answer, now=now)
    _seal(session, review, "late", now=now)
    return review


def _seal(session: Session, review: Review, state: str, *, now: datetime) -> None:
    review.state, review.submitted_at, review.wording_changed = state, now, False
    session.flush()
    record(session, f"review.{state}", review.public_id, actor=review.person, now=now)


def _close_if_settled(session: Session, claim: Claim, found: Round, *, now: datetime) -> None:
    ratings = [str(one.rating) for one in reviewing.counted_reviews(session, found)]
    policy, scale = methods.policy(found.policy_key), methods.scale(found.scale_key)
    outcome = decide(ratings, policy, scale)
    if isinstance(outcome, Open):
        seats.add_seats(session, found, outcome.seats)
        return
    found.closed_at = now
    found.outcome = "disputed" if isinstance(outcome, Disputed) else "decided"
    if isinstance(outcome, Agreed):
        _add(
            session, claim, found, kind="agreement", rating=outcome.rating, group=outcome.group,
            options=list(outcome.options), as_of=claim.article.published, decided_at=now,
        )  # fmt: skip
    verb = Verb.DISAGREE if isinstance(outcome, Disputed) else Verb.AGREE
    change_state(session, claim, verb, actor=None, now=now)


def _add(session: Session, claim: Claim, found: Round, **what: object) -> Decision:
    decision = Decision(claim_id=claim.id, round_id=found.id, **what)
    session.add(decision)
    session.flush()
    return decision


def withdraw_review(
    session: Session, review: Review, *, reason: str, actor: Person, now: datetime
) -> None:
    """Take one's own submitted review back while its round is open; the seat is free again.

    Raises RoundClosed afterwards, Forbidden for somebody else's, Invalid without a reason.
    """
    lock_claims(session, [review.round.claim])
    session.refresh(review)
    if review.person_id != actor.id:
        raise Forbidden("This review is somebody else's.")
    if review.round.closed_at is not None or review.state != "submitted":
        raise RoundClosed("Only a submitted review of an open round can be withdrawn.")
    if not reason.strip():
        raise Invalid("reason", "Say why.")
    review.state, review.withdrawn_because = "withdrawn", reason
    seat = session.scalar(
        sa.select(Seat).where(Seat.round_id == review.round_id, Seat.person_id == actor.id)
    )
    if seat is not None:
        seats.free(seat)
    record(session, "review.withdrawn", review.public_id, actor=actor, now=now, why=reason)


def decide_claim(
    session: Session, claim: Claim, words: VerdictWords, *, actor: Person, now: datetime
) -> Decision:
    """Make a claim ready: approve what the reviews agree on, settle a dispute, or supersede.

    Raises NotDecided, ReviewedIt, Invalid for words that cannot be given (a dispute and a later
    decision need reasons).
    """
    lock_claims(session, [claim])
    basis = _basis(session, claim)
    if reviewing.reviewed_in(session, basis.round, actor):
        raise ReviewedIt("You reviewed this claim, so another editor tells readers of it.")
    scale = methods.scale(basis.round.scale_key)
    check_words(words, scale, basis.options)
    if basis.verb is Verb.ADJUDICATE and not words.reasons.strip():
        raise Invalid("reasons", "Say why you settle it this way.")
    decision = _add(
        session, claim, basis.round,
        kind="adjudication" if basis.verb is Verb.ADJUDICATE else "approval",
        rating=words.rating, group=scale.rating(words.rating).group, options=list(basis.options),
        summary=words.summary.strip(), reasons=words.reasons.strip() or None,
        as_of=words.as_of or claim.article.published, since_then=words.since_then.strip() or None,
        decided_by_id=actor.id, decided_at=now,
        supersedes_id=basis.supersedes.id if basis.supersedes else None,
    )  # fmt: skip
    _show_sources(session, decision, words, now=now)
    change_state(session, claim, basis.verb, actor=actor, now=now, why=words.reasons or None)
    return decision


def _basis(session: Session, claim: Claim) -> _Basis:
    """Return what a verdict on the claim would rest on; raise NotDecided."""
    rounds = [one for one in reviewing.rounds_of(session, claim) if one.closed_at]
    before = queries.decisions_by_claim(session, [claim.id])[claim.id]
    newest = before[-1] if before else None
    if not rounds or claim.state not in {State.DECIDED, State.DISPUTED, State.READY}:
        raise NotDecided("The reviews of this claim have not settled it yet.")
    found = rounds[-1]
    scale = methods.scale(found.scale_key)
    every = tuple(rating.key for rating in scale.ratings)
    if claim.state == State.DISPUTED:
        return _Basis(found, Verb.ADJUDICATE, every, newest)
    of_round = [one for one in before if one.round_id == found.id and one.options]
    options = tuple(of_round[-1].options) if of_round else every
    return _Basis(found, Verb.APPROVE, options, newest)


def _show_sources(
    session: Session, decision: Decision, words: VerdictWords, *, now: datetime
) -> None:
    cited = words.sources if words.sources is not None else _cited_in(session, decision)
    known = keep_sources(session, cited, now=now)
    session.add_all(
        DecisionSource(
            decision_id=decision.id, source_id=known[canonical_url(one.url)].id,
            position=position, stance=one.stance, title=one.title or None,
            quote=one.quote or None, archive_url=one.archive_url or None,
        )
        for position, one in enumerate(cited, 1)
    )  # fmt: skip
    session.flush()


def _cited_in(session: Session, decision: Decision) -> tuple[Cited, ...]:
    """Return what the counted reviews of the decision's round cite, each source once."""
    found = session.get_one(Round, decision.round_id)
    reviews = reviewing.counted_reviews(session, found)
    citations = reviewing.citations_by_review(session, [one.id for one in reviews])
    shown: dict[int, Cited] = {}
    for review in reviews:
        for one in citations[review.id]:
            shown.setdefault(one.source_id, cited_as(one))
    return tuple(shown.values())


def cited_as(shown: Citation | DecisionSource) -> Cited:
    """Return a stored citation as it would be given again."""
    return Cited(
        shown.source.url, shown.stance, shown.quote or "", shown.title or "",
        shown.archive_url or "",
    )  # fmt: skip


def reopen_claim(
    session: Session, claim: Claim, reason: str, *, actor: Person, now: datetime
) -> None:
    """Open a decided, disputed or ready claim for a new round; raise Invalid without a reason.

    The old round, its reviews and its decision stay; the new round opens with its first seat.
    """
    if not reason.strip():
        raise Invalid("reason", "Say why it is to be reviewed again.")
    try:
        change_state(session, claim, Verb.REOPEN, actor=actor, now=now, why=reason)
    except WrongState:
        raise NotDecided("Only a claim whose round is closed can be reopened.") from None
