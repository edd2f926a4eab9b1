"""The table of calls: what each is for, who may make it, what it takes and what it answers.

Each view enters itself with `@call(…)`. The routes, the checks before a view runs, the OpenAPI
document and the page that shows it are all made from this one table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

from factcheck.accounts.models import Person
from factcheck.accounts.rules import Role, Scope

Given = TypeVar("Given")
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Needs:
    """The role that a caller's person needs, and the scope that their token needs."""

    role: Role
    scope: Scope


ANYONE: Needs | None = None
READS = Needs(Role.REVIEWER, Scope.READ)
REVIEWS = Needs(Role.REVIEWER, Scope.REVIEW)
OVERSEES = Needs(Role.EDITOR, Scope.READ)
EDITS = Needs(Role.EDITOR, Scope.EDIT)
ADMINISTERS = Needs(Role.ADMIN, Scope.ADMIN)


class Work(StrEnum):
    """How a call touches the database."""

    READ = "read"
    WRITE = "write"  # in one transaction with the answer that is kept for a repeat
    ALONE = "alone"  # the view commits by itself, since files are written after the commit


@dataclass(frozen=True, slots=True)
class Asked(Generic[Given]):
    """What a view is told: the body or query, the id in the path, who asks, when.

    `person` is who the token belongs to; only calls for anyone may not look at it.
    """

    given: Given
    id: str
    person: Person
    now: datetime
    if_match: str | None = None
    prepared: Any = None


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with a status other than the usual one, with headers, or with bytes as they are.

    `file` is sent piece by piece, as one of the call's `media`.
    """

    value: msgspec.Struct | None = None
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    file: Path | None = None
    media: str = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One row of the table."""

    method: str
    path: str  # as OpenAPI writes it, below /api/v1
    group: str
    needs: Needs | None
    view: Callable[..., Any]
    work: Work
    body: type[msgspec.Struct] | None = None
    query: type[msgspec.Struct] | None = None
    answer: type[msgspec.Struct] | None = None
    media: tuple[str, ...] = ()  # of a file that it answers with instead
    status: int = 200
    also: Mapping[int, str] = field(default_factory=dict)  # other good statuses, and when
    prepare: Callable[..., Any] | None = None
    versioned: bool = False  # needs If-Match or `version`
    largest_mib: int = 2  # of a body

    @property
    def name(self) -> str:
        """The call's name, unique: its view's."""
        return str(self.view.__name__)

    @property
    def rule(self) -> str:
        """The path as the router writes it."""
        return self.path.replace("{", "<").replace("}", ">")

    @property
    def summary(self) -> str:
        """What the call does, in a line."""
        return (self.view.__doc__ or "").partition("\n")[0].rstrip(".")

    @property
    def description(self) -> str:
        """What else is to be known of it."""
        rest = (self.view.__doc__ or "").partition("\n")[2]
        return re.sub(r"\s+", " ", rest).strip()


CALLS: list[Call] = []


def call(method: str, path: str, needs: Needs | None, **details: Any) -> Callable[[View], View]:
    """Enter a view into the table; `details` are the fields of Call."""

    def enter(view: View) -> View:
        group = view.__module__.rpartition(".")[2]
        work = details.pop("work", Work.READ if method == "GET" else Work.WRITE)
        CALLS.append(
            Call(
                method=method, path=path, needs=needs, view=view, group=group, work=work, **details
            )
        )
        return view

    return enter
