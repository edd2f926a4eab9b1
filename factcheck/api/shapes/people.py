"""People as they are sent and answered."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from factcheck.accounts.models import Person
from factcheck.api.shapes.fields import Version
from factcheck.api.shapes.moments import moment
from factcheck.methods.calibration import Calibration

RoleKey = Literal["reviewer", "editor", "admin"]
AnyRoleKey = Literal["newcomer", "reviewer", "editor", "admin"]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Tag = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
Tags = Annotated[list[Tag], msgspec.Meta(max_length=50)]


class NewUser(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Somebody to invite."""

    email: Annotated[str, msgspec.Meta(min_length=3, max_length=254)]
    name: Name | UnsetType = UNSET
    role: RoleKey = "reviewer"


class UserShown(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Somebody who can sign in, as an admin sees them."""

    id: str
    email: str
    name: str
    role: AnyRoleKey
    created: str
    disabled: bool
    version: int


class InvitedUser(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Somebody who was invited; `invitation` is the link that works once, shown here alone."""

    id: str
    email: str
    name: str
    role: RoleKey
    invitation: str


class UserPage(msgspec.Struct, forbid_unknown_fields=True):
    """A page of people, in the order in which they came."""

    items: list[UserShown]
    next: str | None


class CalibrationShown(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """How many answers to gold claims were as known, with the range of the share (95 %)."""

    right: int
    answers: int
    low: float
    high: float


class MeShown(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Whose token it is, and what they said of themselves."""

    id: str
    email: str
    name: str
    role: RoleKey
    interests: list[str]
    languages: list[str]
    fields: list[str]
    single_keys: bool
    shows_name: bool
    language: str | None
    calibration: CalibrationShown | None
    version: int


class MeEdit(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What is to be different about oneself; what is left out stays."""

    version: Version | UnsetType = UNSET
    name: Name | UnsetType = UNSET
    interests: Tags | UnsetType = UNSET
    languages: Tags | UnsetType = UNSET
    fields: Tags | UnsetType = UNSET
    single_keys: bool | UnsetType = UNSET
    shows_name: bool | UnsetType = UNSET
    language: str | UnsetType | None = UNSET


def user_shown(person: Person) -> UserShown:
    """Return a person as an admin sees them."""
    return UserShown(
        id=person.public_id,
        email=person.email,
        name=person.name,
        role=person.role,  # type: ignore[arg-type]  # the table allows these alone
        created=moment(person.created_at),
        disabled=person.disabled_at is not None,
        version=person.version,
    )


def calibration_shown(figure: Calibration | None) -> CalibrationShown | None:
    """Return a figure of calibration, or None where there is none."""
    if figure is None:
        return None
    return CalibrationShown(
        right=figure.right, answers=figure.answers,
        low=round(figure.low, 3), high=round(figure.high, 3),
    )  # fmt: skip


def me_shown(person: Person, figure: Calibration | None) -> MeShown:
    """Return a person as they see themselves, with their own figure."""
    return MeShown(
        id=person.public_id,
        email=person.email,
        name=person.name,
        role=person.role,  # type: ignore[arg-type]
        interests=list(person.interests),
        languages=list(person.languages),
        fields=list(person.fields),
        single_keys=person.single_keys,
        shows_name=person.shows_name,
        language=person.language,
        calibration=calibration_shown(figure),
        version=person.version,
    )
