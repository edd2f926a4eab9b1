"""Splitting a claim into several, and merging several into one, as rows.

What becomes of reviews is not known here: where there may be some, `decisions/cutting.py` calls
these.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from factcheck.accounts.events import record
from factcheck.accounts.models import Person
from factcheck.articles.models import Revision
from factcheck.articles.queries import lock_article
from factcheck.claims.actions.counters import move_counts
from factcheck.claims.actions.edits import NotInText, add_claim, check_free, rewrite
from factcheck.claims.actions.states import check_version, move
from factcheck.claims.models import Claim
from factcheck.claims.queries import lock_claims
from factcheck.claims.rules import (
    Dismissal,
    State,
    Verb,
    WrongState,
    spans_of_split,
    trimmed_span,
)
from factcheck.failures import Invalid
from factcheck.site_days import day_of

_MAY_BE_SPLIT = (State.PROPOSED, State.ACCEPTED)
_STAYS_BEFORE = (State.READY, State.DECIDED, State.DISPUTED, State.ACCEPTED, State.PROPOSED)
"""Of claims that are merged, the one nearest to readers stays. A state says nothing of reviews."""


def split_claim(
    session: Session,
    claim: Claim,
    spans: Sequence[tuple[int, int]],
    *,
    version: int | None = None,
    actor: Person | None,
    now: datetime,
) -> list[Claim]:
    """Cut a claim into one for each of `spans`, which lie inside it; return them in that order.

    The first keeps the claim's id and history. Raises Invalid for spans, StaleVersion, WrongState.
    """
    lock_article(session, claim.article_id)
    lock_claims(session, [claim])
    check_version(claim, version)
    _check_may(claim, _MAY_BE_SPLIT)
    revision = session.get_one(Revision, claim.revision_id)
    parts = spans_of_split(revision.text, (claim.start or 0, claim.end or 0), spans)
    for start, end in parts:
        check_free(session, claim.article_id, start, end, but=claim)
    (start, end), *others = parts
    rewrite(claim, revision, start, end)
    claim.version += 1
    claims = [claim]
    for start, end in others:
        part = _part_of(session, claim, now=now)
        rewrite(part, revision, start, end)
        add_claim(session, part, actor=actor, now=now)
        claims.append(part)
    record(session, "claim.split", claim.public_id, actor=actor, now=now,
           into=[part.public_id for part in claims])  # fmt: skip
    return claims


def merge_claims(
    session: Session,
    claims: Sequence[Claim],
    *,
    span: tuple[int, int] | None = None,
    actor: Person | None,
    now: datetime,
) -> Claim:
    """Make one claim of several of an article, and return the one that stays.

    The one nearest to readers stays, of several the first in the text, over all of their words or
    over `span`; the others are dismissed as the same as it, and their addresses lead to it. It is
    sensitive if one of them was. Raises Invalid, WrongState.
    """
    together = _distinct(claims)
    lock_article(session, together[0].article_id)
    lock_claims(session, together)
    for claim in together:
        _check_may(claim, _STAYS_BEFORE)
    together.sort(key=_place)
    stays, *others = together
    if others[0].state == State.READY:
        raise WrongState("Readers are told of several of these. Open all but one for review again.")
    revision = session.get_one(Revision, stays.revision_id)
    start, end = span or _around(together)
    start, end = trimmed_span(revision.text, start, end)
    for other in others:
        moves = move(session, other, Verb.DISMISS, actor=actor, now=now,
                     dismissal=Dismissal.SAME_AS, same_as=stays)  # fmt: skip
        move_counts(session, moves, now=now)
        other.merged_into = stays
    session.flush()
    check_free(session, stays.article_id, start, end, but=stays)
    if (start, end) != (stays.start, stays.end):
        rewrite(stays, revision, start, end)
    stays.sensitive = any(claim.sensitive for claim in together)
    stays.version += 1
    record(session, "claim.merged", stays.public_id, actor=actor, now=now,
           others=[other.public_id for other in others])  # fmt: skip
    return stays


def _distinct(claims: Sequence[Claim]) -> list[Claim]:
    together = list({claim.id: claim for claim in claims}.values())
    if len(together) < 2:
        raise Invalid("claims", "Give two or more claims to merge.")
    if len({claim.article_id for claim in together}) > 1:
        raise Invalid("claims", "Claims of different articles cannot be merged.")
    return together


def _place(claim: Claim) -> tuple[int, int, int, int]:
    return _STAYS_BEFORE.index(State(claim.state)), claim.start or 0, claim.end or 0, claim.id


def _around(claims: Sequence[Claim]) -> tuple[int, int]:
    return min(claim.start or 0 for claim in claims), max(claim.end or 0 for claim in claims)


def _check_may(claim: Claim, states: Collection[State]) -> None:
    """Raise WrongState for a claim in none of the states, NotInText for one without words."""
    if claim.state not in states:
        raise WrongState("A claim that is %(state)s cannot be split or merged.", state=claim.state)
    if claim.start is None:
        raise NotInText("These words are gone from the text, so they cannot be split or merged.")


def _part_of(session: Session, claim: Claim, *, now: datetime) -> Claim:
    """Return a new claim that is handled as `claim` is, without words yet."""
    return Claim(
        article_id=claim.article_id,
        claimant=claim.claimant,
        priority=claim.priority,
        policy_key=claim.policy_key,
        sensitive=claim.sensitive,
        state=claim.state,
        state_since_at=now,
        since_on=day_of(session, now),
        article_withdrawn=claim.article_withdrawn,
        proposed_by_id=claim.proposed_by_id,
        created_at=now,
    )
