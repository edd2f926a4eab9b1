"""What the review page of a claim holds, for one person at one moment.

Which of its shapes the page takes (to write, to ask for a seat, to read) never depends on what
others hold or wrote while the round is open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from factcheck.accounts.models import Person
from factcheck.claims.models import Claim
from factcheck.claims.queries import scale_of
from factcheck.claims.rules import State
from factcheck.decisions.queries import (
    CheckElsewhere,
    EarlierCheck,
    Shown,
    chain_of,
    earlier_checks,
)
from factcheck.decisions.views.passage import Passage, claim_with_passage
from factcheck.failures import Forbidden
from factcheck.methods import queries as methods
from factcheck.methods.rules import Scale
from factcheck.reviews import draws, queries
from factcheck.reviews.models import Citation, Review
from factcheck.reviews.pool import Pooled, pool_of
from factcheck.reviews.queries import OwnRound
from factcheck.reviews.rounds import check_may_review, policy_in_force
from factcheck.reviews.seats import knows_answer, not_drawn
from factcheck.reviews.threads import Thread, thread_of
from factcheck.web.wording import worded


class Mode(StrEnum):
    """What the person can do on the page."""

    WRITE = "write"
    ASK = "ask"  # for a seat
    BARRED = "barred"  # their own proposal, an interest, or not drawn
    SENT = "sent"  # their review of the open round is in, or withdrawn
    READ = "read"  # the round is closed: all reviews are open
    CLOSED = "closed"  # not open for review, and never was


@dataclass(frozen=True, slots=True)
class Page:
    """All that the review page shows."""

    claim: Claim
    passage: Passage
    mode: Mode
    barred: str
    scale: Scale
    here: OwnRound | None
    rounds_before: int  # that are closed, while one is open
    reviews: Sequence[Review]
    citations: dict[int, list[Citation]]
    thread: Thread
    pool: Sequence[Pooled] = ()  # links near the claim, and where it is open all else
    earlier: Sequence[EarlierCheck | CheckElsewhere] = ()
    told: Shown | None = None
    panels: Sequence[dict[str, Any]] = ()  # the draws that the person may see
    no_panel: str = ""  # to editors: why seats of a panel stand empty
    may_put: bool = False  # an editor who does not write may put sources into the pool
    merged: Sequence[OwnRound] = ()  # of claims merged into this one: what the person may read
    asked_to_read: bool = False  # the closed rounds

    @property
    def leads_on(self) -> bool:
        """Whether the claim was merged into another, and there is nothing to do or read here."""
        is_behind = self.here is not None and self.here.round.closed_at is not None
        is_for_this = self.asked_to_read if self.mode is Mode.READ else is_behind
        return self.claim.merged_into_id is not None and not is_for_this

    @staticmethod
    def scale_of(one: OwnRound) -> Scale:
        """Return the scale that a round keeps to."""
        return methods.scale(one.round.scale_key)

    @property
    def own(self) -> Review | None:
        """The person's own review of the newest round."""
        return self.here.review if self.here else None


def page_of(
    session: Session, public_id: str, person: Person, *, to_read: bool = False,
    talk_before: int | None = None,
) -> Page:  # fmt: skip
    """Return the page of a claim for `person`; raise ClaimMissing.

    `to_read` asks for the closed rounds of a claim that is open again, `talk_before` for remarks
    before the newest. Six queries at most.
    """
    claim, passage = claim_with_passage(session, public_id)
    around = queries.rounds_around(session, claim, person)
    rounds = [
        one for one in around if one.round.claim_id == claim.id and not one.round.is_retired_gold
    ]
    merged = [one for one in around if one.round.claim_id != claim.id and _may_be_read(one)]
    closed = [one for one in rounds if one.round.closed_at is not None]
    here = _here(claim, rounds)
    barred, is_by_lot = _barred(claim, person), _is_by_lot(claim, rounds)
    mode = Mode.READ if to_read and closed else _mode(claim, here, barred)
    if mode is Mode.ASK and (refused := _no_seat_for(here, is_by_lot)):
        mode, barred = Mode.BARRED, worded(refused)
    scale = methods.scale(here.round.scale_key) if here else scale_of(claim)
    reviews = _reviews(session, claim, person, mode, here)
    own_before = [one.review for one in merged if one.review]
    citations = queries.citations_by_review(session, [one.id for one in (*reviews, *own_before)])
    thread = thread_of(session, claim, person, rounds, before=talk_before)
    thread = _part_of(thread, claim, mode)
    may_put = person.is_at_least("editor") and mode not in {Mode.WRITE, Mode.READ}
    told = pool = earlier = None
    if mode is Mode.READ:
        told = next(
            (one for one in reversed(chain_of(session, claim)) if one.decision.in_force), None
        )
    else:
        is_open = mode is Mode.WRITE and not is_by_lot
        pool = pool_of(session, claim, passage.span, person, with_sources=is_open or may_put)
        earlier = earlier_checks(session, claim)
    return Page(
        claim, passage, mode, barred, scale, here,
        len(closed) if claim.state == State.ACCEPTED else 0,
        reviews, citations, thread, pool or (), earlier or (), told,
        draws.records(session, claim, person) if _was_by_lot(rounds) else (),
        _no_panel(session, claim, person) if is_by_lot else "", may_put, merged, to_read,
    )  # fmt: skip


def _no_seat_for(here: OwnRound | None, is_by_lot: bool) -> Forbidden | None:  # noqa: FBT001
    """Return why who stands so cannot ask for a seat; of a gold round, only editors do."""
    if here and here.round.is_gold and here.submitted is not None:
        return knows_answer()
    return not_drawn() if is_by_lot else None


def _reviews(
    session: Session, claim: Claim, person: Person, mode: Mode, here: OwnRound | None
) -> list[Review]:
    """Return what is shown of reviews: the person's own while a round is sealed, then all."""
    if mode is Mode.READ:
        return queries.reviews_of(session, claim, person)
    return [here.review] if here and here.review else []


def _part_of(thread: Thread, claim: Claim, mode: Mode) -> Thread:
    """Return the talk; of an open claim, what was said before lies with the rounds before."""
    return thread.part(sealed=mode is not Mode.READ) if claim.state == State.ACCEPTED else thread


def _may_be_read(one: OwnRound) -> bool:
    """Whether a round of another claim is closed, or holds words of the person's own."""
    is_open = one.round.closed_at is not None and not one.round.is_gold
    return is_open or one.review is not None


def _was_by_lot(rounds: list[OwnRound]) -> bool:
    return any(methods.policy(one.round.policy_key).by_lot for one in rounds)


def _no_panel(session: Session, claim: Claim, person: Person) -> str:
    if claim.state != State.ACCEPTED or not person.is_at_least("editor"):
        return ""
    waiting = draws.waiting_for(session, claim)
    return worded(waiting) if waiting else ""


def _here(claim: Claim, rounds: list[OwnRound]) -> OwnRound | None:
    """Return the round that the page is about: the newest, but no closed one of an open claim.

    Nor an open one in which the person has no part: that it began tells of others at work.
    """
    if not rounds:
        return None
    newest = rounds[-1]
    if claim.state != State.ACCEPTED:
        return newest
    takes_part = newest.seat or newest.review or newest.submitted is not None
    return newest if newest.round.closed_at is None and takes_part else None


def _mode(claim: Claim, here: OwnRound | None, barred: str) -> Mode:
    if claim.state != State.ACCEPTED:
        return _mode_behind(here)
    if here and here.review and here.review.state != "draft":
        return Mode.SENT
    if barred:
        return Mode.BARRED
    return Mode.WRITE if here and (here.seat or here.review) else Mode.ASK


def _mode_behind(here: OwnRound | None) -> Mode:
    """Return the mode for a claim that is not open: late drafts can still be sent."""
    if here is None:
        return Mode.CLOSED
    has_draft = here.review is not None and here.review.state == "draft"
    if has_draft or (here.seat is not None and here.review is None):
        return Mode.WRITE
    return Mode.READ if here.round.closed_at is not None else Mode.CLOSED


def _is_by_lot(claim: Claim, rounds: list[OwnRound]) -> bool:
    newest = rounds[-1].round if rounds else None
    is_open = newest is not None and newest.closed_at is None
    return policy_in_force(claim, newest if is_open else None).by_lot


def _barred(claim: Claim, person: Person) -> str:
    try:
        check_may_review(claim, person)
    except Forbidden as refusal:
        return worded(refusal)
    return ""
