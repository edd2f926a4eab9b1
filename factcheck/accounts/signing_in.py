"""Signing in and out, with attempts counted in the database, per account and per network.

An attempt is counted, and that is committed, before its password is looked at: so attempts in
parallel cannot slip past a limit, and when the database does not answer nobody gets in. The slow
hash is reckoned between two transactions, never inside one, for it would hold up every writer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

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
MOST_FORGOTTEN = 1000  # rows older than the window that one attempt clears away
SESSION_LIFE = {
    Role.REVIEWER: timedelta(days=14),
    Role.EDITOR: timedelta(hours=12),
    Role.ADMIN: timedelta(hours=12),
}


class SignInRefused(Invalid):
    """Address and password do not belong together, or the account is disabled."""


class TooManyAttempts(Invalid):
    """So many attempts failed that the next must wait."""


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
    for name, most in sorted({account: MOST_PER_ACCOUNT, network: MOST_PER_ADDRESS}.items()):
        _one_at_a_time(session, name)
        _check_count(session, name, most, now=now)
    _forget_old(session, now=now)
    rows = [SignInAttempt(counted_as=name, at=now) for name in (account, network)]
    session.add_all(rows)
    session.flush()
    person = session.scalar(
        select(Person).where(Person.email == _printable(email), Person.disabled_at.is_(None))
    )
    return Attempt(
        counted_as=account,
        row_ids=tuple(row.id for row in rows),
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


def _one_at_a_time(session: Session, name: str) -> None:
    if session.get_bind().dialect.name == "postgresql":  # SQLite has one writer anyway
        session.execute(select(func.pg_advisory_xact_lock(int(name[:15], 16))))


def _check_count(session: Session, name: str, most: int, *, now: datetime) -> None:
    counted = select(func.count()).select_from(SignInAttempt).where(
        SignInAttempt.counted_as == name, SignInAttempt.at >= now - WINDOW
    )  # fmt: skip
    if (session.scalar(counted) or 0) >= most:
        minutes = int(WINDOW.total_seconds() // 60)
        raise TooManyAttempts(
            "password",
            "Too many attempts. Wait %(minutes)s minutes and try again.",
            minutes=minutes,
        )


def _forget_old(session: Session, *, now: datetime) -> None:
    old = (
        select(SignInAttempt.id)
        .where(SignInAttempt.at < now - WINDOW)
        .limit(MOST_FORGOTTEN)
        .with_for_update(skip_locked=True)  # whoever is quicker clears them
    )
    session.execute(delete(SignInAttempt).where(SignInAttempt.id.in_(old)))


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


def sign_in(session: Session, attempt: Attempt, password_hash: str, *, now: datetime) -> str:
    """Return the secret of a new session after `check_password`, and forgive the attempt.

    Raises SignInRefused where the account was disabled or its password changed in between.
    """
    person = session.get(
        Person, attempt.person_id, populate_existing=True, with_for_update=True
    )  # fmt: skip
    if person is None or person.disabled_at or person.password_hash != attempt.password_hash:
        raise _refused()
    person.password_hash = password_hash
    forgive(session, attempt)
    record(session, "person.signed-in", person.public_id, actor=person, now=now)
    return open_session(session, person, now=now)


def forgive(session: Session, attempt: Attempt) -> None:
    """Forget what was counted on the account, and this attempt of its network.

    Failures on other accounts from the same network stay.
    """
    account = SignInAttempt.counted_as == attempt.counted_as
    session.execute(delete(SignInAttempt).where(account | SignInAttempt.id.in_(attempt.row_ids)))


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
