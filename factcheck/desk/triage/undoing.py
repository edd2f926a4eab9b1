"""Undoing a step of triage, and doing it again, by the verbs that the step itself was made of.

Nothing is rolled back: each claim is taken where it stood by the lifecycle and by edits, with their
events, so whoever reads the log sees a step and its undoing. It is all or nothing, but for claims
that were accepted together, each of which stands by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck.accounts.events import with_details
from factcheck.accounts.models import Person
from factcheck.articles.queries import lock_article
from factcheck.claims.actions.edits import WORDING
from factcheck.claims.actions.putting_back import STATE, bring_back, put_back, stands_of
from factcheck.claims.models import Claim
from factcheck.claims.queries import claims_by_public_id, lock_claims
from factcheck.claims.rules import State, verbs_between
from factcheck.desk.triage.steps import Did, TriageStep, check_words_may_turn, step_of
from factcheck.failures import Conflict, Failure
from factcheck.reviews.actions import carry_over, mark_wording_changed
from factcheck.reviews.models import Round
from factcheck.reviews.rounds import check_policy_is_free


class ChangedSince(Conflict):
    """A claim of the step does not stand any more as the step left it."""


class SeatTaken(Conflict):
    """A round was opened for the claim, so what reviewers rely on stays."""


@dataclass(frozen=True, slots=True)
class Turned:
    """A step that was undone, or done again, and those of its claims that were left as they are."""

    step: TriageStep
    claims: list[Claim]
    left: list[Claim]


@dataclass(frozen=True, slots=True)
class _Turn:
    """One claim on its way: how it should stand, of what differs."""

    claim: Claim
    to: Mapping[str, Any]

    @property
    def is_ending(self) -> bool:
        return bool(self.to.get(STATE, [""])[0] == State.DISMISSED)


def undo(session: Session, public_id: str, *, actor: Person, now: datetime) -> Turned:
    """Put every claim of a step of one's own back as it stood before.

    Raises Missing, ChangedSince where somebody changed one of them since, SeatTaken, WrongState
    where reviewers have decided, and changes nothing then. Of claims that were accepted together
    those are left as they are, and named.
    """
    return _turn(session, public_id, is_undoing=True, actor=actor, now=now)


def redo(session: Session, public_id: str, *, actor: Person, now: datetime) -> Turned:
    """Do a step that was undone once more; as `undo`."""
    return _turn(session, public_id, is_undoing=False, actor=actor, now=now)


def _turn(
    session: Session, public_id: str, *, is_undoing: bool, actor: Person, now: datetime
) -> Turned:
    step = step_of(session, public_id, actor)
    lock_article(session, step.article_id)
    session.refresh(step, ["undone_at", "claims"], with_for_update=True)
    if is_undoing and step.undone_at is not None:
        raise Conflict("This was undone already.")
    if not is_undoing and step.undone_at is None:
        raise Conflict("This was done again already.")
    claims = claims_by_public_id(session, [item["claim"] for item in step.claims])
    lock_claims(session, claims.values())
    turns, left = _turns(session, step, claims)
    if not turns:
        raise ChangedSince("All of these were changed since, or have a reviewer. They stay.")
    with with_details(session, **{"undoes" if is_undoing else "redoes": step.public_id}):
        _carry_out(session, turns, actor=actor, now=now)
    gone = {claim.public_id for claim in left}
    step.claims = [item for item in step.claims if item["claim"] not in gone]
    step.undone_at = now if is_undoing else None
    session.flush()
    return Turned(step, [one.claim for one in turns], left)


def _turns(
    session: Session, step: TriageStep, claims: Mapping[str, Claim]
) -> tuple[list[_Turn], list[Claim]]:
    """Return what is to be done, and the claims that are left out of it."""
    stands, turns, left = stands_of(session, claims.values()), [], []
    for item in step.claims:
        claim, there, to = claims[item["claim"]], item[step.from_side], item[step.to_side]
        try:
            if any(stands[claim.public_id][key] != value for key, value in there.items()):
                raise ChangedSince(
                    "“%(claim)s” was changed since. So that nothing is lost, it stays as it is.",
                    claim=claim.restated[:80],
                )
            check_words_may_turn(step, claim, to)
            _check_rounds(session, claim, to)
        except Failure:
            if step.did != Did.ACCEPTED_ALL:
                raise
            left.append(claim)
        else:
            turns.append(_Turn(claim, to))
    return turns, left


def _check_rounds(session: Session, claim: Claim, to: Mapping[str, Any]) -> None:
    """Raise SeatTaken, RoundOpened, WrongState where reviewers stand against a turn."""
    wanted = State(to.get(STATE, [claim.state])[0])
    verbs_between(State(claim.state), wanted)
    is_leaving = claim.state == State.ACCEPTED and wanted in {State.PROPOSED, State.DISMISSED}
    is_merging = STATE in to and to[STATE][3] is not None  # then who is at work goes along
    if is_leaving and not is_merging and _has_round(session, claim):
        raise SeatTaken(
            "“%(claim)s” was given to a reviewer since, so it stays open for review.",
            claim=claim.restated[:80],
        )
    if "policy" in to:
        check_policy_is_free(session, claim)


def _has_round(session: Session, claim: Claim) -> bool:
    query = sa.select(Round.id).where(Round.claim_id == claim.id).limit(1)
    return session.scalar(query) is not None


def _carry_out(session: Session, turns: Iterable[_Turn], *, actor: Person, now: datetime) -> None:
    """Turn claims: first what ends, then words, then what comes to life again.

    In that order no two of them hold the same words at any time.
    """
    told: list[Person] = []
    ordered = sorted(turns, key=lambda one: not one.is_ending)
    for one in ordered:
        if one.is_ending:
            bring_back(session, one.claim, one.to[STATE], actor=actor, now=now)
            told += _carry_drafts(session, one.claim, actor=actor, now=now)
    session.flush()
    reworded = [
        one.claim for one in ordered
        if put_back(session, one.claim, one.to, actor=actor, now=now) & WORDING
    ]  # fmt: skip
    session.flush()
    for one in ordered:
        if STATE in one.to and not one.is_ending:
            bring_back(session, one.claim, one.to[STATE], actor=actor, now=now)
    for claim in reworded:
        mark_wording_changed(session, claim, now, told=told)


def _carry_drafts(session: Session, gone: Claim, *, actor: Person, now: datetime) -> list[Person]:
    """Take who is at work on a claim that is merged away now to the one that stays."""
    if gone.merged_into is None:
        return []
    return carry_over(session, gone, gone.merged_into, actor=actor, now=now)
