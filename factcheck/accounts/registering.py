"""Registering without an invitation: confirming the address, then waiting to be let in.

Whether an address is known is told nobody but its owner, in a mail. A registration becomes an
account by the link in the mail together with the password that was chosen, so neither who reads the
mail of another nor who types the address of another gets in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck.accounts import attempts, queries
from factcheck.accounts.actions import check_name_is_free, checked_email
from factcheck.accounts.events import record
from factcheck.accounts.lookalikes import check_scripts
from factcheck.accounts.models import Person, Registration
from factcheck.accounts.rules import Role, checked_name
from factcheck.accounts.secrets import (
    checked_password,
    digest,
    hash_password,
    keyed_digest,
    new_secret,
    password_matches,
)
from factcheck.accounts.signing_in import network_of
from factcheck.failures import Conflict, Invalid

Row = TypeVar("Row")
LIFE = timedelta(days=2)  # of a link that confirms an address
MOST_FORGOTTEN = 1000


class NotWaiting(Conflict):
    """The person was let in or turned away already."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody who registers gave, checked; the password as its hash."""

    name: str
    email: str
    password_hash: str


def checked(name: str, email: str, password: str) -> Wish:
    """Return what was typed, if it can be used, whoever has the address; raise Invalid."""
    name, email = checked_name(name), checked_email(email)
    check_scripts(name)
    return Wish(name, email, hash_password(checked_password(password, email)))


def count(session: Session, email: str, address: str, *, key: str, now: datetime) -> None:
    """Count a registration of `email` from the network `address`; the door commits it by itself.

    Raises TooManyAttempts.
    """
    network = keyed_digest(key, f"register-from:{network_of(address)}")
    mail = keyed_digest(key, f"register:{email.strip().lower()}")
    limits = {
        network: attempts.REGISTERED_PER_NETWORK,
        mail: attempts.REGISTERED_PER_ADDRESS,
    }
    attempts.count(session, limits, kind="register", now=now)


def register(session: Session, wish: Wish, *, now: datetime) -> str | None:
    """Keep a registration and return the secret of its link; None where the address is known.

    Raises Invalid for a name that looks like somebody's.
    """
    check_name_is_free(session, wish.name)
    _forget_old(session, now=now)
    if session.scalar(sa.select(Person.id).where(Person.email == wish.email)) is not None:
        return None
    secret = new_secret()
    session.add(
        Registration(
            digest=digest(secret), email=wish.email, name=wish.name,
            password_hash=wish.password_hash, created_at=now, expires_at=now + LIFE,
        )
    )  # fmt: skip
    return secret


def _forget_old(session: Session, *, now: datetime) -> None:
    old = sa.select(Registration.id).where(Registration.expires_at <= now).limit(MOST_FORGOTTEN)
    session.execute(sa.delete(Registration).where(Registration.id.in_(old)))


def live_registration(session: Session, secret: str, *, now: datetime) -> Registration:
    """Return the registration behind a link's secret; raise LinkUsed."""
    found = session.scalar(sa.select(Registration).where(Registration.digest == digest(secret)))
    if found is None or found.expires_at <= now:
        raise queries.LinkUsed("This link was used already, or is too old. Register again.")
    return found


def unconfirmed(session: Session, *, now: datetime, limit: int = 50) -> list[Registration]:
    """Return the newest registrations whose address is not confirmed, for the admin."""
    query = sa.select(Registration).where(Registration.expires_at > now)
    return list(session.scalars(query.order_by(Registration.id.desc()).limit(limit)))


def new_link(session: Session, registration_id: int, *, actor: Person, now: datetime) -> str:
    """Return the secret of a new link for a registration, in the place of the one before.

    Raises LinkUsed.
    """
    found = session.get(Registration, registration_id, with_for_update=True)
    if found is None or found.expires_at <= now:
        raise queries.LinkUsed("This registration is over.")
    secret = new_secret()
    found.digest, found.expires_at = digest(secret), now + LIFE
    record(session, "registration.link", str(found.id), actor=actor, now=now)
    return secret


def check_is_theirs(registration: Registration, password: str) -> None:
    """Raise Invalid unless that is the password of the registration. It takes its time."""
    if not password_matches(password, registration.password_hash):
        raise Invalid("password", "This is not the password that was chosen with this link.")


def confirm(session: Session, secret: str, *, now: datetime) -> Person:
    """Make the account of a registration, as a newcomer who waits to be let in.

    The door has checked the password. Raises LinkUsed, Invalid for a name that is taken by now.
    """
    found = live_registration(session, secret, now=now)
    check_name_is_free(session, found.name)
    known = session.scalar(sa.select(Person.id).where(Person.email == found.email))
    if known is not None:
        raise queries.LinkUsed("This link was used already, or is too old. Register again.")
    person = Person(
        email=found.email, name=found.name, role=Role.NEWCOMER.value,
        password_hash=found.password_hash, created_at=now,
    )  # fmt: skip
    session.add(person)
    session.execute(sa.delete(Registration).where(Registration.email == found.email))
    session.flush()
    record(session, "person.registered", person.public_id, actor=person, now=now)
    return person


def newcomers(session: Session, *, limit: int = 200) -> list[Person]:
    """Return who waits to be let in, those who wait longest first."""
    return list(session.scalars(_waiting(sa.select(Person)).order_by(Person.id).limit(limit)))


def newcomer_count() -> sa.ScalarSelect[int]:
    """Return the part of a query that counts who waits to be let in."""
    return _waiting(sa.select(sa.func.count(Person.id))).scalar_subquery()


def _waiting(query: sa.Select[Row]) -> sa.Select[Row]:
    # Written out, so that the index of newcomers serves it.
    return query.where(sa.text("people.role = 'newcomer'"), Person.disabled_at.is_(None))


def held_newcomer(session: Session, public_id: str) -> Person:
    """Return somebody who waits to be let in, held until the transaction ends; raise NotWaiting."""
    person = queries.person_by_public_id(session, public_id)
    session.refresh(person, with_for_update=True)
    if person.role != Role.NEWCOMER or person.disabled_at is not None:
        raise NotWaiting("This person was let in or turned away already.")
    return person
