"""Adding a policy of one's own, and retiring one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from factcheck.accounts.events import record
from factcheck.accounts.models import Person
from factcheck.db import new_public_id
from factcheck.failures import Conflict, Missing
from factcheck.methods.models import OwnPolicy
from factcheck.methods.queries import OWN, own_policies, shipped_policies
from factcheck.methods.rules import Wanted, checked_policy


class PolicyNameTaken(Conflict):
    """Another policy has that name."""


class PolicyMissing(Missing):
    """There is no policy of one's own with that key, or it was retired."""


def add_policy(session: Session, wanted: Wanted, *, actor: Person, now: datetime) -> OwnPolicy:
    """Add a policy and return it; raise Invalid for what cannot be one, PolicyNameTaken."""
    wanted = checked_policy(wanted)
    taken = PolicyNameTaken("There is a policy of that name already.")
    names = [one.name for one in shipped_policies()] + [one.name for one in own_policies(session)]
    if wanted.name.casefold() in map(str.casefold, names):
        raise taken
    added = OwnPolicy(
        key=f"{OWN}{new_public_id()}", name=wanted.name, description=wanted.description,
        steps=[list(step) for step in wanted.steps], least_sources=wanted.least_sources,
        archived_only=wanted.archived_only, added_by=actor, added_at=now,
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(added)
    except IntegrityError as error:
        raise taken from error
    record(session, "policy.added", added.key, actor=actor, now=now)
    return added


def retire_policy(session: Session, key: str, *, actor: Person, now: datetime) -> OwnPolicy:
    """Offer a policy no more; what is under it stays so. Raises PolicyMissing."""
    found = session.scalar(
        select(OwnPolicy)
        .where(OwnPolicy.key == key, OwnPolicy.retired_at.is_(None))
        .with_for_update()
    )
    if found is None:
        raise PolicyMissing("There is no such policy of this site, or it was retired already.")
    found.retired_at = now
    record(session, "policy.retired", key, actor=actor, now=now)
    return found
