"""People for tests."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import datetime

import pyotp
from sqlalchemy.orm import Session

from factcheck.accounts import actions, codes, second_factor
from factcheck.accounts.models import Person
from tests.conftest import NOW

PASSWORD = "correct horse battery"
_numbers = itertools.count(1)


def make_person(
    session: Session, role: str = "reviewer", *, name: str | None = None,
    email: str | None = None, password: str | None = None, now: datetime = NOW,
) -> Person:  # fmt: skip
    """Return somebody new with that role; without a password they cannot sign in by the page."""
    number = next(_numbers)
    person = actions.add_person(
        session, email or f"{role}{number}@factcheck.example",
        role="reviewer" if role == "newcomer" else role,
        name=name or f"{role.title()} {number}", actor=None, now=now, password=password,
    )  # fmt: skip
    person.role = role  # a newcomer's is never given
    session.flush()
    return person


@dataclass(frozen=True)
class Factor:
    """What somebody with a second factor has: the secret in their app, and the recovery codes."""

    secret: str
    recovery_codes: list[str]


def with_second_factor(
    session: Session, person: Person, *, key: str, now: datetime = NOW
) -> Factor:
    """Switch the second factor of `person` on."""
    secret, _ = second_factor.begin(person, key=key)
    typed = pyotp.HOTP(secret).at(codes.step_of(now))
    made = second_factor.confirm(session, person, secret, typed, key=key, now=now)
    return Factor(secret, made)
