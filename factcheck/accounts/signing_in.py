"""Signing in and out. Failed attempts are counted in the database, per account and per address.

The count is taken in the same transaction that checks the password, under the lock of the account's
row or of SQLite's writer, so that attempts in parallel cannot slip past the limit; if the database
does not answer, nobody gets in.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from factcheck.accounts.events import record
from factcheck.accounts.models import Person, SignInAttempt, SignInSession
from factcheck.accounts.rules import Role
from factcheck.accounts.secrets import (
    digest,
    hash_password,
    keyed_digest,
    needs_rehash,
    new_secret,
    password_matches,
)
from factcheck.failures import Invalid

WINDOW = timedelta(minutes=15)
MOST_PER_ACCOUNT = 10  # failed attempts in a window
MOST_PER_ADDRESS = 50
SESSION_LIFE = {
    Role.REVIEWER: timedelta(days=14),
    Role.EDITOR: timedelta(hours=12),
    Role.ADMIN: timedelta(hours=12),
}


class SignInRefused(Invalid):
    """Address and password do not belong together, or the account is disabled."""


class TooManyAttempts(Invalid):
    """So many attempts failed that the next must wait."""


def attempt_names(email: str, address: str, key: str) -> dict[str, int]:
    """Return the keyed names under which an attempt counts, with the most allowed of each."""
    return {
        keyed_digest(key, f"account:{email.strip().lower()}"): MOST_PER_ACCOUNT,
        keyed_digest(key, f"address:{address}"): MOST_PER_ADDRESS,
    }


def count_attempt(session: Session, names: dict[str, int], *, now: datetime) -> None:
    """Count an attempt before it is judged; raise TooManyAttempts where a limit is reached.

    The door commits this by itself, before the password is looked at.
    """
    session.execute(delete(SignInAttempt).where(SignInAttempt.at < now - WINDOW))
    counted = select(func.count()).select_from(SignInAttempt)
    for name, most in sorted(names.items()):
        _one_at_a_time(session, name)
        if (session.scalar(counted.where(SignInAttempt.counted_as == name)) or 0) >= most:
            minutes = int(WINDOW.total_seconds() // 60)
            raise TooManyAttempts(
                "password", f"Too many attempts. Wait {minutes} minutes and try again."
            )
    session.add_all(SignInAttempt(counted_as=name, at=now) for name in names)


def _one_at_a_time(session: Session, name: str) -> None:
    if session.get_bind().dialect.name == "postgresql":  # SQLite has one writer anyway
        session.execute(select(func.pg_advisory_xact_lock(int(name[:15], 16))))


def sign_in(
    session: Session, email: str, password: str, *, names: dict[str, int], now: datetime
) -> str:
    """Return the secret of a new session; raise SignInRefused.

    A success forgets what was counted under the account, and this attempt under the address; the
    failures of others from there stay.
    """
    person = session.scalar(select(Person).where(Person.email == email.strip().lower()))
    matches = password_matches(password, person.password_hash if person else None)
    if person is None or not matches or person.disabled_at:
        raise SignInRefused("password", "This address and password do not belong together.")
    if needs_rehash(person.password_hash or ""):
        person.password_hash = hash_password(password)
    account, address = names
    session.execute(delete(SignInAttempt).where(SignInAttempt.counted_as == account))
    session.execute(
        delete(SignInAttempt).where(SignInAttempt.counted_as == address, SignInAttempt.at == now)
    )
    record(session, "person.signed-in", person.public_id, actor=person, now=now)
    return open_session(session, person, now=now)


def open_session(session: Session, person: Person, *, now: datetime) -> str:
    """Start a session of `person` and return its secret, for the cookie."""
    secret = new_secret()
    session.add(
        SignInSession(
            digest=digest(secret), person_id=person.id, created_at=now, seen_at=now,
            expires_at=now + SESSION_LIFE[Role(person.role)],
        )
    )  # fmt: skip
    return secret


def sign_out(session: Session, secret: str, *, now: datetime) -> None:
    """End the session of that secret, if there is one."""
    found = session.scalar(select(SignInSession).where(SignInSession.digest == digest(secret)))
    if found is not None and found.ended_at is None:
        found.ended_at = now
