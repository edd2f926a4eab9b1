"""Putting a claim under topic tags, and asking somebody to review it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from factcheck.accounts.events import record
from factcheck.accounts.models import Person
from factcheck.accounts.rules import Role
from factcheck.claims.actions.states import check_version, hold
from factcheck.claims.facets import Facet, set_values, values_of
from factcheck.claims.models import Claim
from factcheck.claims.rules import State, WrongState
from factcheck.claims.tags import checked_tags
from factcheck.failures import Invalid

MAY_BE_ASSIGNED = (State.PROPOSED, State.ACCEPTED)


def tag_claim(
    session: Session, claim: Claim, tags: Iterable[str], *, version: int | None = None,
    actor: Person | None, now: datetime,
) -> bool:  # fmt: skip
    """Put a claim under these tags and no others; return whether that is something else.

    Raises Invalid for a tag that cannot be one, StaleVersion.
    """
    wanted = checked_tags(tags)
    hold(session, claim)
    check_version(claim, version)
    return _set(session, claim, Facet.TAG, wanted, "tagged", actor=actor, now=now)


def assign_claim(
    session: Session, claim: Claim, person: Person | None, *, version: int | None = None,
    actor: Person | None, now: datetime,
) -> bool:  # fmt: skip
    """Ask `person` (None: nobody any more) to review a claim; return whether that is new.

    It is a wish and no more: the queue deals them the claim before others if it may deal it to
    them at all. Raises Invalid for somebody who cannot review, WrongState where there is nothing
    to review any more, StaleVersion.
    """
    if person is not None and (person.disabled_at or not person.is_at_least(Role.REVIEWER)):
        raise Invalid("person", "%(name)s cannot review claims.", name=person.name)
    hold(session, claim)
    check_version(claim, version)
    if person is not None and claim.state not in MAY_BE_ASSIGNED:
        raise WrongState("A claim that is %(state)s waits for no review.", state=claim.state)
    if person is not None and claim.proposed_by_id == person.id:
        raise Invalid("person", "%(name)s proposed this claim.", name=person.name)
    wanted = (person.public_id,) if person else ()
    return _set(session, claim, Facet.PERSON, wanted, "assigned", actor=actor, now=now)


def _set(
    session: Session, claim: Claim, kind: Facet, wanted: tuple[str, ...], done: str, *,
    actor: Person | None, now: datetime,
) -> bool:  # fmt: skip
    before = values_of(session, claim, kind)
    if before == list(wanted):
        return False
    set_values(session, claim, kind, wanted)
    claim.version += 1
    record(session, f"claim.{done}", claim.public_id, actor=actor, now=now,
           before=before, after=list(wanted))  # fmt: skip
    return True
