"""Splitting and merging claims of which reviews, rounds and decisions may be there.

What was decided of other words is not taken for a verdict on the new ones: the claim is opened for
a new round, and who is in the middle of one is asked to confirm.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from factcheck.accounts.models import Person
from factcheck.articles.queries import lock_article
from factcheck.claims import actions as claims
from factcheck.claims.models import Claim
from factcheck.claims.queries import lock_claims
from factcheck.claims.rules import State, Verb
from factcheck.reviews.actions import carry_over, mark_wording_changed

_SETTLED = (State.DECIDED, State.DISPUTED, State.READY)


def split_claim(
    session: Session, claim: Claim, spans: Sequence[tuple[int, int]], *, actor: Person | None,
    now: datetime,
) -> list[Claim]:  # fmt: skip
    """Cut a claim into one for each of `spans`; return them in that order.

    The first keeps id, address, reviews and history. If it was decided, its new round is open, and
    its verdict stands until then; of reviews in hand the authors are asked to confirm them. The
    others are as open for review as the first. Raises Invalid, WrongState.
    """
    lock_article(session, claim.article_id)
    lock_claims(session, [claim])
    _reopen(session, claim, "It was split into several.", actor=actor, now=now)
    parts = claims.split_claim(session, claim, spans, actor=actor, now=now)
    mark_wording_changed(session, claim, now)
    return parts


def merge_claims(
    session: Session, together: Sequence[Claim], *, span: tuple[int, int] | None = None,
    actor: Person | None, now: datetime,
) -> Claim:  # fmt: skip
    """Make one claim of several of an article, and return the one that stays.

    Reviews, rounds and decisions of the others stay with them and do not count here; who was
    writing goes over (`reviews.carrying`). Where the words of the claim that stays change, it is as
    in `split_claim`. Raises Invalid, WrongState.
    """
    before = _held(session, together)
    stays = claims.merge_claims(session, together, span=span, actor=actor, now=now)
    is_reworded = before[stays.id] != _words(stays)
    if is_reworded:
        _reopen(session, stays, "It was merged with another.", actor=actor, now=now)
    told: list[Person] = []
    for one in sorted(together, key=lambda one: one.id):
        if one.merged_into_id == stays.id:
            told += carry_over(session, one, stays, actor=actor, now=now)
    if is_reworded:
        mark_wording_changed(session, stays, now, told=told)
    return stays


def _held(session: Session, together: Sequence[Claim]) -> dict[int, tuple[int | None, int | None]]:
    """Hold the claims and return the words of each."""
    for article_id in sorted({one.article_id for one in together}):
        lock_article(session, article_id)
    lock_claims(session, together)
    return {one.id: _words(one) for one in together}


def _words(claim: Claim) -> tuple[int | None, int | None]:
    return claim.start, claim.end


def _reopen(
    session: Session, claim: Claim, why: str, *, actor: Person | None, now: datetime
) -> None:
    if claim.state in _SETTLED:
        claims.change_state(session, claim, Verb.REOPEN, actor=actor, now=now, why=why)
