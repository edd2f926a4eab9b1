"""The verbs that decide: submitting a review, which may close its round, approving, adjudicating.

Whoever submits holds the claim's row, so that the reviews of a round are counted one after the
other and a round is closed once. Splitting and merging stand in `cutting.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain

import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck.accounts.events import record
from factcheck.accounts.models import Person
from factcheck.claims.actions import change_state
from factcheck.claims.models import Claim
from factcheck.claims.queries import lock_claims
from factcheck.claims.rules import State, Verb
from factcheck.decisions import agreement, corrections, queries
from factcheck.decisions.evidence import pin_best
from factcheck.decisions.models import Decision, DecisionSource
from factcheck.decisions.rules import VerdictWords, choices, verdict_problems
from factcheck.failures import Conflict, Forbidden, Invalid
from factcheck.methods import queries as methods
from factcheck.methods.rules import Agreed, Open, Scale, decide
from factcheck.reviews import queries as reviewing
from factcheck.reviews import snapshots
from factcheck.reviews.actions import hand_in
from factcheck.reviews.draws import judged
from factcheck.reviews.known_sources import keep_sources
from factcheck.reviews.models import Citation, Review, Round, Source
from factcheck.reviews.panels import wake
from factcheck.reviews.rounds import add_seats, free
from factcheck.reviews.rules import (
    LONGEST_REASON,
    Answer,
    Cited,
    as_kept,
    check,
    check_text,
)

_UNNAMED = (
    sa.select(Source, Citation.title)
    .join(Citation, Citation.source_id == Source.id)
    .join(Review, Review.id == Citation.review_id)
    .where(
        Review.round_id == sa.bindparam("round_id"),
        Review.state == "submitted",
        Source.title.is_(None),
        Citation.title.is_not(None),
    )
    .order_by(Source.id, Citation.id)
)


class RoundClosed(Conflict):
    """The round is closed: what was answered in it stays."""


class ReviewedIt(Forbidden):
    """Nobody approves or adjudicates a round that they reviewed themselves."""


class NotDecided(Conflict):
    """The claim's reviews have not come to an end, so there is nothing to tell readers yet."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What a verdict rests on: the newest round, the verb, what it allows (`rules.choices`).

    `before` are the claim's decisions in force, oldest first.
    """

    round: Round
    verb: Verb
    options: tuple[str, ...]
    before: tuple[Decision, ...]

    @property
    def is_dispute(self) -> bool:
        """Whether the reviews of the round did not agree, so that reasons are needed."""
        return self.round.outcome == "disputed"


def submit_review(
    session: Session, claim: Claim, person: Person, answer: Answer, *, now: datetime,
    version: int | None = None,
) -> Review:  # fmt: skip
    """Take a reviewer's answer for good, and close the round if it decides or disputes the claim.

    What arrives after the round has closed is kept as *late*: shown, not counted. Raises Invalid,
    NoSeat, NotInReview, NotDrawn, OwnProposal, DeclaredInterest, AlreadySubmitted, StaleDraft.
    """
    review = hand_in(session, claim, person, answer, now=now, version=version)
    if review.state == "submitted":
        _close_if_settled(session, claim, review.round, now=now)
    return review


def _close_if_settled(session: Session, claim: Claim, round_: Round, *, now: datetime) -> None:
    if round_.is_gold:
        return
    ratings, policy = judged(session, round_)
    outcome = decide(ratings, policy, methods.scale(round_.scale_key))
    if isinstance(outcome, Open):
        if outcome.seats > policy.seats and policy.by_lot:
            wake(session, [round_], now=now)
        elif outcome.seats > policy.seats:  # those of its first step are there since it opened
            add_seats(session, round_, outcome.seats)
        return
    # What is read comes first, so that all of it is written in one flush at the end.
    before, unnamed = queries.in_force_id(session, claim), _without_title(session, round_)
    if not isinstance(outcome, Agreed):
        change_state(session, claim, Verb.DISAGREE, actor=None, now=now)
        round_.closed_at, round_.outcome = now, "disputed"
    else:
        change_state(session, claim, Verb.AGREE, actor=None, now=now)
        round_.closed_at, round_.outcome = now, "decided"
        session.add(
            Decision(
                claim_id=claim.id, round_id=round_.id, kind="agreement", rating=outcome.rating,
                group=outcome.group, options=list(outcome.options), as_of=claim.article.published,
                decided_at=now, supersedes_id=before,
            )
        )  # fmt: skip
    for source, title in unnamed:
        source.title = source.title or title
    agreement.ask(session, claim.article, now=now)
    session.flush()
    record(session, f"round.{round_.outcome}", round_.public_id, actor=None, now=now)


def _without_title(session: Session, round_: Round) -> list[tuple[Source, str | None]]:
    """Return sources that lack a title, with each that a review of the round gave them."""
    return [(row[0], row[1]) for row in session.execute(_UNNAMED, {"round_id": round_.id})]


def withdraw_review(
    session: Session, review: Review, *, reason: str, actor: Person, now: datetime
) -> None:
    """Take one's own submitted review back while its round is open; the seat is free again.

    Raises RoundClosed afterwards, Forbidden for somebody else's, Invalid without a reason.
    """
    lock_claims(session, [review.round.claim])
    session.refresh(review)
    session.refresh(review.round)
    if review.person_id != actor.id:
        raise Forbidden("This review is somebody else's.")
    if review.round.closed_at is not None:
        raise RoundClosed("The round is closed, so what was answered in it stays.")
    if review.state != "submitted":
        raise RoundClosed("Only a review that was submitted can be withdrawn.")
    review.withdrawn_because = check_text("reason", reason, LONGEST_REASON)
    review.state = "withdrawn"
    seat = reviewing.own_seat(session, review.round.claim, actor)
    if seat is not None and seat.round_id == review.round_id:
        free(session, seat)
        wake(session, [review.round], now=now)
    record(session, "review.withdrawn", review.public_id, actor=actor, now=now,
           moved=("submitted", "withdrawn"), why=review.withdrawn_because)  # fmt: skip


def decide_claim(
    session: Session, claim: Claim, words: VerdictWords, *, actor: Person, now: datetime
) -> Decision:
    """Make a claim ready: approve what reviews agree on, settle or leave open, or supersede.

    Of a sensitive claim the first editor's words are kept, not in force, and the claim stays as it
    is until another editor gives the same. Raises NotDecided, ReviewedIt, Invalid.
    """
    lock_claims(session, [claim])
    basis = basis_of(session, claim)
    if reviewing.has_reviewed(session, basis.round, actor):
        raise ReviewedIt("You reviewed this claim, so another editor tells readers of it.")
    scale = methods.scale(basis.round.scale_key)
    cited = words.sources
    if cited is None:
        cited = cited_in(session, basis.round)
    words = VerdictWords(words.rating, words.summary.strip(), cited,
                         words.as_of or claim.article.published,
                         (words.since_then or "").strip() or None,
                         (words.reasons or "").strip() or None)  # fmt: skip
    check(problems_of(session, words, basis, scale))
    signed = not claim.sensitive or _is_second(session, claim, basis.round, words, actor)
    decision = _write(session, claim, basis, words, actor=actor, now=now, in_force=signed)
    if signed:
        change_state(session, claim, basis.verb, actor=actor, now=now, why=words.reasons)
        corrections.mark(session, [claim])
    return decision


def problems_of(
    session: Session, words: VerdictWords, basis: Basis, scale: Scale
) -> Iterator[Invalid]:
    """Yield all that keeps a verdict from being given."""
    policy, sources = methods.policy(basis.round.policy_key), words.sources or ()
    return verdict_problems(
        words, scale, basis.options, policy, needs_reasons=basis.is_dispute,
        archived=snapshots.archived(session, sources, None) if policy.archived_only else (),
    )  # fmt: skip


def basis_of(session: Session, claim: Claim) -> Basis:
    """Return what a verdict on the claim would rest on; raise NotDecided."""
    closed = [
        one
        for one in reviewing.rounds_of(session, claim)
        if one.closed_at is not None and not one.is_gold
    ]
    if not closed or claim.state not in {State.DECIDED, State.DISPUTED, State.READY}:
        raise NotDecided("The reviews of this claim have not come to an end.")
    round_ = closed[-1]
    before = queries.decisions_by_claim(session, [claim.id])[claim.id]
    verb = Verb.ADJUDICATE if claim.state == State.DISPUTED else Verb.APPROVE
    agreed = next((one for one in before if _is_agreement_of(one, round_)), None)
    options = choices(agreed.options if agreed else None, methods.scale(round_.scale_key))
    return Basis(round_, verb, options, tuple(before))


def _is_agreement_of(decision: Decision, round_: Round) -> bool:
    return decision.kind == "agreement" and decision.round_id == round_.id


def _is_second(
    session: Session, claim: Claim, round_: Round, words: VerdictWords, actor: Person
) -> bool:
    """Whether another editor has signed these very words, and nothing came between."""
    first = queries.waiting_signature(session, claim, round_)
    if first is None or first.decided_by_id == actor.id:
        return False
    return words_of(first, queries.sources_of(session, first)) == _as_stored(words)


def words_of(decision: Decision, sources: Sequence[DecisionSource]) -> VerdictWords:
    """Return what an editor decided, as it was given."""
    return VerdictWords(
        decision.rating or "", decision.summary or "", tuple(cited_as(one) for one in sources),
        decision.as_of, decision.since_then, decision.reasons,
    )  # fmt: skip


def _as_stored(words: VerdictWords) -> VerdictWords:
    return replace(words, sources=tuple(as_kept(one) for one in words.sources or ()))


def _write(
    session: Session, claim: Claim, basis: Basis, words: VerdictWords, *, actor: Person,
    now: datetime, in_force: bool,
) -> Decision:  # fmt: skip
    decision = Decision(
        claim_id=claim.id, round_id=basis.round.id,
        kind="adjudication" if basis.is_dispute else "approval", rating=words.rating,
        group=methods.scale(basis.round.scale_key).finding(words.rating).group,
        options=list(basis.options), summary=words.summary, reasons=words.reasons,
        as_of=words.as_of, since_then=words.since_then, decided_by_id=actor.id, decided_at=now,
        in_force=in_force,
        supersedes_id=basis.before[-1].id if basis.before and in_force else None,
    )  # fmt: skip
    session.add(decision)
    session.flush()
    cited = [as_kept(one) for one in words.sources or ()]
    known = keep_sources(session, [one.url for one in cited], now=now)
    snapshots.ask(session, known.values(), now=now, pin=True)
    shown = [
        DecisionSource(
            decision_id=decision.id, source_id=known[one.url].id, position=position,
            stance=one.stance, title=one.title, quote=one.quote, archive_url=one.archive_url,
        )
        for position, one in enumerate(cited, 1)
    ]  # fmt: skip
    session.add_all(shown)
    session.flush()
    pin_best(session, shown)
    record(session, "decision.made" if in_force else "decision.signed", decision.public_id,
           actor=actor, now=now, rating=words.rating)  # fmt: skip
    return decision


def cited_in(session: Session, round_: Round) -> tuple[Cited, ...]:
    """Return what the counted reviews of a closed round cite, each source once, as they came in."""
    reviews = reviewing.counted_reviews(session, round_)
    citations = reviewing.citations_by_review(session, [one.id for one in reviews])
    shown: dict[int, Cited] = {}
    for one in chain.from_iterable(citations[review.id] for review in reviews):
        shown.setdefault(one.source_id, cited_as(one))
    return tuple(shown.values())


def cited_as(shown: Citation | DecisionSource) -> Cited:
    """Return a stored citation as it would be given again."""
    return Cited(shown.source.url, shown.stance, shown.quote, shown.title, shown.archive_url)


def reopen_claim(
    session: Session, claim: Claim, reason: str, *, actor: Person, now: datetime
) -> None:
    """Open a decided, disputed or ready claim for a new round; raise Invalid, WrongState.

    The old round, its reviews and its decisions stay; the new round opens with its first seat.
    """
    try:
        why = check_text("reason", reason, LONGEST_REASON)
    except Invalid:
        if reason.strip():
            raise
        raise Invalid("reason", "Say why it is to be reviewed again.") from None
    change_state(session, claim, Verb.REOPEN, actor=actor, now=now, why=why)
