"""What concerns an admin takes two admins: one asks for it, and another one asks for it too.

Else a single one could make a helper who agrees to everything, or take an account over, and what
takes two (removing words for good) would take one. Where nobody else could agree it is done at
once. The operator at the command line is not held to this.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from factcheck.accounts import queries
from factcheck.accounts.events import record
from factcheck.accounts.models import AdminChange, Person
from factcheck.accounts.rules import AdminChangeKind, Role
from factcheck.failures import Conflict, Missing

WAITS_FOR = timedelta(days=7)


class NotInYet(Conflict):
    """Who is to be an admin has no password yet: whoever holds their link would be the admin."""


class ChangeMissing(Missing):
    """The change was made, dropped, or asked for too long ago."""


def is_agreed(
    session: Session, person: Person, kind: AdminChangeKind, role: str = "", *,
    actor: Person | None, now: datetime,
) -> bool:  # fmt: skip
    """Return whether `kind` may be done to `person` now; if not, it waits for a second admin.

    `role` is the one they are to get. The door commits in either case.
    """
    working = set(queries.working_admins(session))  # held, so that all of these come in turn
    session.refresh(person, ["role", "disabled_at", "password_hash"])
    waiting = _waiting_row(session, person, kind, role)
    takes_one = actor is None or actor.id == person.id or Role.ADMIN not in {person.role, role}
    if actor is None or takes_one or not working - {actor.id}:
        if waiting is not None:  # it was overtaken, and nobody's later press is a second voice
            _settle(session, waiting, "dropped", actor, now)
        return True
    if waiting is not None and waiting.asked_by_id != actor.id and _is_live(waiting, now):
        _check_may_follow(person, kind)
        _settle(session, waiting, "done", actor, now)
        return True
    _ask(session, waiting or AdminChange(person=person, kind=kind, role=role), actor, now)
    return False


def _check_may_follow(person: Person, kind: AdminChangeKind) -> None:
    """Refuse to make somebody an admin whose invitation is in the hands of who made it."""
    if kind is AdminChangeKind.ROLE and person.password_hash is None:
        raise NotInYet("%(name)s has not used their link yet. Agree after that.", name=person.name)


def _waiting_row(
    session: Session, person: Person, kind: AdminChangeKind, role: str
) -> AdminChange | None:
    return session.scalar(
        select(AdminChange)
        .where(
            AdminChange.person_id == person.id, AdminChange.kind == kind, AdminChange.role == role,
            AdminChange.settled_at.is_(None),
        )
        .options(joinedload(AdminChange.asked_by))
        .execution_options(populate_existing=True)
    )  # fmt: skip


def _is_live(change: AdminChange, now: datetime) -> bool:
    """Whether it still counts that it was asked for: not for ever, and not from who is out."""
    asker = change.asked_by
    is_admin = asker.role == Role.ADMIN and asker.disabled_at is None
    return is_admin and now - change.asked_at < WAITS_FOR


def _ask(session: Session, change: AdminChange, actor: Person, now: datetime) -> None:
    if change.id is not None and change.asked_by_id == actor.id and _is_live(change, now):
        return
    change.asked_by, change.asked_at = actor, now
    session.add(change)
    session.flush()
    record(session, "person.change-asked", change.person.public_id, actor=actor, now=now,
           change=change.kind, role=change.role)  # fmt: skip


def _settle(
    session: Session, change: AdminChange, outcome: str, actor: Person | None, now: datetime
) -> None:
    change.settled_at, change.settled_by, change.outcome = now, actor, outcome
    session.flush()
    record(session, f"person.change-{outcome}", change.person.public_id, actor=actor, now=now,
           change=change.kind, role=change.role, asked_by=change.asked_by.public_id)  # fmt: skip


def drop(session: Session, public_id: str, *, actor: Person, now: datetime) -> None:
    """Let a change that waits be; any admin may. Raises ChangeMissing."""
    for change in waiting(session, now=now):
        if change.public_id == public_id:
            _settle(session, change, "dropped", actor, now)
            return
    raise ChangeMissing("This change was made or dropped already, or was asked for too long ago.")


def waiting(session: Session, *, now: datetime) -> list[AdminChange]:
    """Return the changes that wait for a second admin, the oldest first, in one query."""
    found = session.scalars(
        select(AdminChange)
        .join(AdminChange.person)
        .where(AdminChange.settled_at.is_(None), AdminChange.asked_at > now - WAITS_FOR)
        .options(contains_eager(AdminChange.person), joinedload(AdminChange.asked_by))
        .order_by(AdminChange.id)
    )
    return [change for change in found if _is_live(change, now)]
