"""Signing in and out: the password, then a code where there is a second factor, then a session.

The slow hash of a password is reckoned between two transactions, never inside one, for it would
hold up every writer. Between password and code there is no session, only a half-done sign-in.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from sqlalchemy import select
from sqlalchemy.orm import Session

from factcheck.accounts import attempts, queries
from factcheck.accounts.events import record
from factcheck.accounts.models import Person, SignInSession
from factcheck.accounts.rules import Role
from factcheck.accounts.secrets import (
    digest,
    hash_password,
    keyed_digest,
    needs_rehash,
    new_secret,
    password_matches,
)
from factcheck.failures import Invalid, Missing

HALF_DONE_LIFE = timedelta(minutes=10)
SESSION_LIFE = {
    Role.NEWCOMER: timedelta(days=14),
    Role.REVIEWER: timedelta(days=14),
    Role.EDITOR: timedelta(hours=12),
    Role.ADMIN: timedelta(hours=12),
}


class SignInRefused(Invalid):
    """Address and password do not belong together, or the account is disabled."""


class HalfDoneOver(Missing):
    """The half-done sign-in is too old, or the account was changed since."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt that was counted, and what was known then of the account it tries.

    Of an address that nobody has, or whose owner may not sign in, there is neither id nor hash.
    """

    counted_as: str  # the account's keyed name
    row_ids: tuple[int, ...]
    person_id: int | None
    password_hash: str | None


def count_attempt(
    session: Session, email: str, address: str, *, key: str, now: datetime
) -> Attempt:
    """Count an attempt on the account of `email` from the network `address`, and return it.

    The door commits this by itself. Raises TooManyAttempts where a limit is reached.
    """
    account = keyed_digest(key, f"account:{email.strip().lower()}")
    network = keyed_digest(key, f"address:{network_of(address)}")
    limits = {account: attempts.PER_ACCOUNT, network: attempts.PER_ADDRESS}
    row_ids = attempts.count(session, limits, kind="password", now=now)
    person = session.scalar(
        select(Person).where(Person.email == _printable(email), Person.disabled_at.is_(None))
    )
    return Attempt(
        counted_as=account,
        row_ids=row_ids,
        person_id=person.id if person else None,
        password_hash=person.password_hash if person else None,
    )


def network_of(address: str) -> str:
    """Return what attempts from `address` count under: itself, or the /64 that IPv6 deals out."""
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    return str(ip_network((found, 64), strict=False)) if found.version == 6 else str(found)


def _printable(email: str) -> str:
    """Return the address as it is stored, or nobody's: PostgreSQL takes no NUL."""
    return email.strip().lower() if email.isprintable() else ""


def check_password(attempt: Attempt, password: str) -> str:
    """Return the hash to keep from now on, anew where its cost has changed; raise SignInRefused.

    Takes the same time whether there is such an account or not, and touches no database.
    """
    if not password_matches(password, attempt.password_hash) or attempt.password_hash is None:
        raise _refused()
    if needs_rehash(attempt.password_hash):
        return hash_password(password)
    return attempt.password_hash


def _refused() -> SignInRefused:
    return SignInRefused("password", "This address and password do not belong together.")


def proven(session: Session, attempt: Attempt, password_hash: str) -> Person:
    """Return whose password it was after `check_password`, and forgive the attempt.

    Raises SignInRefused where the account was disabled or its password changed in between.
    """
    person = session.get(
        Person, attempt.person_id, populate_existing=True, with_for_update=True
    )  # fmt: skip
    if person is None or person.disabled_at or person.password_hash != attempt.password_hash:
        raise _refused()
    person.password_hash = password_hash
    forgive(session, attempt)
    return person


def forgive(session: Session, attempt: Attempt) -> None:
    """Forget what was counted on the account, and this attempt of its network.

    Failures on other accounts from the same network stay.
    """
    attempts.forgive(session, attempt.row_ids, name=attempt.counted_as)


@dataclass(frozen=True, slots=True)
class Entry:
    """What the browser of somebody with the right password is given to keep.

    That is the secret of their session, or, where a code is asked for, of their half-done sign-in.
    """

    secret: str
    is_complete: bool


def enter(session: Session, person: Person, *, key: str, now: datetime) -> Entry:
    """Let in who has proven their password, or half in where they have a second factor."""
    if queries.has_second_factor(session, person):
        until = str(int((now + HALF_DONE_LIFE).timestamp()))
        return Entry(_half_done(person, until, key), is_complete=False)
    return Entry(sign_in(session, person, now=now), is_complete=True)


def _half_done(person: Person, until: str, key: str) -> str:
    """Return what a half-done sign-in goes by: the person and its end, signed.

    The password's hash is signed with them, so that a new password ends it.
    """
    words = f"{person.public_id}.{until}"
    return f"{words}.{keyed_digest(key, f'half-done:{words}:{person.password_hash}')}"


def half_done_person(session: Session, secret: str, *, key: str, now: datetime) -> Person:
    """Return who signs in by the half-done sign-in of that secret, and hold them.

    Raises HalfDoneOver.
    """
    public_id, _, rest = secret.partition(".")
    until = rest.partition(".")[0]
    person = session.scalar(
        select(Person)
        .where(Person.public_id == public_id, Person.disabled_at.is_(None))
        .execution_options(populate_existing=True)
        .with_for_update()
    )
    is_ours = person and hmac.compare_digest(secret, _half_done(person, until, key))
    if person is None or not is_ours or int(until) <= now.timestamp():
        raise HalfDoneOver("This sign-in took too long, or the password was changed. Begin anew.")
    return person


def sign_in(session: Session, person: Person, *, now: datetime) -> str:
    """Return the secret of a new session of somebody who has proven all that was asked."""
    record(session, "person.signed-in", person.public_id, actor=person, now=now)
    return open_session(session, person, now=now)


def open_session(session: Session, person: Person, *, now: datetime) -> str:
    """Start a session of `person` and return its secret, for the cookie."""
    secret = new_secret()
    session.add(
        SignInSession(
            digest=digest(secret), person_id=person.id, created_at=now, seen_at=now,
            confirmed_at=now, expires_at=now + SESSION_LIFE[Role(person.role)],
        )
    )  # fmt: skip
    return secret


def sign_out(session: Session, secret: str, *, now: datetime) -> None:
    """End the session of that secret, if there is one."""
    found = session.scalar(select(SignInSession).where(SignInSession.digest == digest(secret)))
    if found is not None and found.ended_at is None:
        found.ended_at = now
