"""What admins and editors do to accounts, as it is sent and answered."""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from factcheck.accounts.events import Event
from factcheck.accounts.models import AdminChange, Person, Registration
from factcheck.api.shapes.fields import Reason, Version
from factcheck.api.shapes.moments import moment
from factcheck.api.shapes.people import AnyRoleKey, RoleKey
from factcheck.decisions.models import Decision


class UserEdit(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What is to be different about an account; what is left out stays."""

    version: Version | UnsetType = UNSET
    role: RoleKey | UnsetType = UNSET
    disabled: bool | UnsetType = UNSET


class AdminChangeShown(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A change of an account that waits for a second admin, since it concerns an admin.

    Another admin agrees by the same call; `role` is the one to be given, else empty.
    """

    id: str
    user: str
    kind: Literal["role", "disable", "enable", "reset-link", "second-factor-off"]
    role: Literal["", "reviewer", "editor", "admin"]
    asked_by: str
    asked: str


class AdminChangePage(msgspec.Struct, forbid_unknown_fields=True):
    """A page of changes that wait for a second admin, the oldest first."""

    items: list[AdminChangeShown]
    next: str | None


class EntryLinkShown(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A link that works once, shown here alone; null where it waits for a second admin."""

    link: str | None


class RegistrationShown(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Somebody who registered and has not confirmed their address."""

    id: str
    email: str
    name: str
    created: str


class RegistrationPage(msgspec.Struct, forbid_unknown_fields=True):
    """A page of those who have not confirmed their address, in the order in which they came."""

    items: list[RegistrationShown]
    next: str | None


class NewcomerShown(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Somebody who waits to be let in, and of how many practice claims they did how many."""

    id: str
    name: str
    created: str
    practised: int
    practice: int


class NewcomerPage(msgspec.Struct, forbid_unknown_fields=True):
    """A page of those who wait to be let in, who waits longest first."""

    items: list[NewcomerShown]
    next: str | None


class TurnedAway(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Why somebody is not let in; they are mailed it."""

    reason: Reason


class WorkerShown(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Somebody who works here, as editors see them."""

    id: str
    name: str
    role: AnyRoleKey
    disabled: bool


class AloneShown(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A verdict that stands on one person alone: of which claim, and what it says."""

    claim: str
    restated: str
    rating: str | None
    decided: str


class AlonePage(msgspec.Struct, forbid_unknown_fields=True):
    """A page of verdicts that stand on one person alone, the oldest first, 200 at most."""

    items: list[AloneShown]
    next: str | None


class EventShown(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A line of the audit log: who did what to which thing; `by` is null for the service itself."""

    id: int
    at: str
    by: str | None
    kind: str
    subject: str
    subject_id: str
    from_state: str | None
    to_state: str | None
    why: str | None


class EventPage(msgspec.Struct, forbid_unknown_fields=True):
    """A page of the audit log, the newest first."""

    items: list[EventShown]
    next: str | None


def change_shown(change: AdminChange) -> AdminChangeShown:
    """Return a change that waits as it is answered."""
    return AdminChangeShown(
        id=change.public_id,
        user=change.person.public_id,
        kind=change.kind,  # type: ignore[arg-type]  # the table allows these alone
        role=change.role,  # type: ignore[arg-type]
        asked_by=change.asked_by.name,
        asked=moment(change.asked_at),
    )


def registration_shown(found: Registration) -> RegistrationShown:
    """Return a registration as it is answered."""
    return RegistrationShown(
        id=str(found.id), email=found.email, name=found.name, created=moment(found.created_at)
    )


def newcomer_shown(person: Person, practised: tuple[int, int]) -> NewcomerShown:
    """Return somebody who waits; `practised` is of how many cases they did how many."""
    done, every = practised
    return NewcomerShown(
        id=person.public_id, name=person.name, created=moment(person.created_at),
        practised=done, practice=every,
    )  # fmt: skip


def worker_shown(person: Person) -> WorkerShown:
    """Return somebody as editors see them."""
    return WorkerShown(
        id=person.public_id,
        name=person.name,
        role=person.role,  # type: ignore[arg-type]  # the table allows these alone
        disabled=person.disabled_at is not None,
    )


def alone_shown(decision: Decision) -> AloneShown:
    """Return a verdict that stands on one person alone."""
    return AloneShown(
        claim=decision.claim.public_id, restated=decision.claim.restated, rating=decision.rating,
        decided=moment(decision.decided_at),
    )  # fmt: skip


def event_shown(event: Event) -> EventShown:
    """Return a line of the audit log."""
    return EventShown(
        id=event.id, at=moment(event.at), by=event.actor.name if event.actor else None,
        kind=event.kind, subject=event.subject, subject_id=event.subject_id,
        from_state=event.from_state, to_state=event.to_state, why=event.why,
    )  # fmt: skip
