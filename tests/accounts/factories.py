"""People for tests."""

from __future__ import annotations

import itertools
from datetime import datetime

from sqlalchemy.orm import Session

from factcheck.accounts import actions
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
        session, email or f"{role}{number}@factcheck.example", role=role,
        name=name or f"{role.title()} {number}", actor=None, now=now, password=password,
    )  # fmt: skip
    session.flush()
    return person
