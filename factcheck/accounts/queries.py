"""Who is who: people by address, id, session, token; lists for the admin."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, joinedload

from factcheck.accounts.events import Event
from factcheck.accounts.lookalikes import skeletons
from factcheck.accounts.models import (
    OneTimeLink,
    Person,
    RecoveryCode,
    SecondFactor,
    SignInSession,
    Token,
)
from factcheck.accounts.rules import Role, Scope
from factcheck.accounts.secrets import digest
from factcheck.failures import Forbidden, Missing

# A session ends after so long without use. Editors and admins can do more harm from an
# unattended screen, so theirs is shorter (OWASP ASVS 5.0, 7.3.1).
IDLE_LIMIT = {
    Role.NEWCOMER: timedelta(hours=12),
    Role.REVIEWER: timedelta(hours=12),
    Role.EDITOR: timedelta(hours=4),
    Role.ADMIN: timedelta(hours=4),
}
IS_WORKING_ADMIN = (
    Person.role == Role.ADMIN.value,
    Person.password_hash.is_not(None),
    Person.disabled_at.is_(None),
)
_SESSION = (
    select(SignInSession)
    .where(SignInSession.digest == bindparam("digest"))
    .options(joinedload(SignInSession.person))
)


class PersonMissing(Missing):
    """Nobody is known under that address or id."""


class SessionEnded(Missing):
    """The session is unknown, ended, expired or unused for too long."""


class BadToken(Forbidden):
    """The token is unknown, ended or expired, or its person is disabled."""


class LinkUsed(Missing):
    """The one-time link is unknown, used already, or too old."""


def person_by_email(session: Session, email: str) -> Person:
    """Return the person with that address, whatever its case; raise PersonMissing."""
    known = select(Person).where(Person.email == email.strip().lower())
    person = session.scalar(known) if email.isprintable() else None
    if person is None:
        raise PersonMissing("Nobody is known as %(email)s.", email=email)
    return person


def person_by_public_id(session: Session, public_id: str) -> Person:
    """Return the person with that id; raise PersonMissing."""
    person = session.scalar(select(Person).where(Person.public_id == public_id))
    if person is None:
        raise PersonMissing("There is no such person.")
    return person


def is_like_another_name(session: Session, name: str, *, but: Person | None = None) -> bool:
    """Return whether a name looks like that of somebody else; every name is read for it."""
    wanted = skeletons(name)
    return any(
        skeletons(known) & wanted
        for person_id, known in session.execute(select(Person.id, Person.name))
        if but is None or person_id != but.id
    )


def people(session: Session, *, after_id: int = 0, limit: int = 200) -> list[Person]:
    """Return people in the order in which they came, from after `after_id`."""
    query = select(Person).where(Person.id > after_id).order_by(Person.id).limit(limit)
    return list(session.scalars(query))


def nobody_can_sign_in(session: Session) -> bool:
    """Return whether no admin can sign in yet, so that the set-up link is needed."""
    query = select(Person.id).where(*IS_WORKING_ADMIN)
    return session.scalar(query.limit(1)) is None


def working_admins(session: Session) -> list[int]:
    """Return the ids of the admins who can sign in, and hold them so until the transaction ends."""
    query = select(Person.id).where(*IS_WORKING_ADMIN).order_by(Person.id).with_for_update()
    return list(session.scalars(query))


def live_session(session: Session, secret: str, *, now: datetime) -> SignInSession:
    """Return the session behind a cookie's secret, with its person; raise SessionEnded."""
    found = session.scalar(_SESSION, {"digest": digest(secret)})
    if found is None or not _is_live(found, now):
        raise SessionEnded("Please sign in again.")
    return found


def _is_live(found: SignInSession, now: datetime) -> bool:
    if found.ended_at or found.person.disabled_at or found.expires_at <= now:
        return False
    return now - found.seen_at < IDLE_LIMIT[Role(found.person.role)]


def sessions_of(session: Session, person: Person, *, now: datetime) -> list[SignInSession]:
    """Return the person's sessions that are not over, the one used last first."""
    found = session.scalars(
        select(SignInSession)
        .where(SignInSession.person_id == person.id, SignInSession.ended_at.is_(None))
        .options(joinedload(SignInSession.person))
        .order_by(SignInSession.seen_at.desc(), SignInSession.id.desc())
    )
    return [one for one in found if _is_live(one, now)]


def token_person(session: Session, secret: str, *, now: datetime) -> tuple[Person, Scope]:
    """Return whose token it is and what it may be used for; raise BadToken."""
    token = session.scalar(
        select(Token).where(Token.digest == digest(secret)).options(joinedload(Token.person))
    )
    if token is None or token.ended_at or (token.expires_at and token.expires_at <= now):
        raise BadToken("The token is not known, or no longer valid.")
    if token.person.disabled_at:
        raise BadToken("The token's account is disabled.")
    return token.person, Scope(token.scope)


def tokens_of(session: Session, person: Person) -> list[Token]:
    """Return the person's tokens that were not ended, newest first."""
    return list(
        session.scalars(
            select(Token)
            .where(Token.person_id == person.id, Token.ended_at.is_(None))
            .order_by(Token.id.desc())
        )
    )


def live_link(session: Session, secret: str, kind: str, *, now: datetime) -> OneTimeLink:
    """Return the link behind `secret`, if it can be used now; raise LinkUsed."""
    link = session.scalar(
        select(OneTimeLink)
        .where(OneTimeLink.digest == digest(secret), OneTimeLink.kind == kind)
        .options(joinedload(OneTimeLink.person))
    )
    if link is None or link.used_at or link.expires_at <= now:
        raise LinkUsed("This link was used already, or is too old. Ask for a new one.")
    if link.person is None and not nobody_can_sign_in(session):
        raise LinkUsed("The service is set up already. Ask an admin to invite you.")
    if link.person is not None and link.person.disabled_at:
        raise LinkUsed("This account is disabled. Ask an admin.")
    return link


def has_second_factor(session: Session, person: Person) -> bool:
    """Return whether the person is asked for a code when they sign in."""
    return person.id in with_second_factor(session, [person])


def with_second_factor(session: Session, people: Iterable[Person]) -> set[int]:
    """Return the ids of those of `people` who are asked for a code when they sign in."""
    return set(
        session.scalars(
            select(SecondFactor.person_id).where(
                SecondFactor.person_id.in_([person.id for person in people])
            )
        )
    )


def recovery_codes_left(session: Session, person: Person) -> int:
    """Return how many of the person's recovery codes are not used yet."""
    unused = select(func.count()).select_from(RecoveryCode).where(
        RecoveryCode.person_id == person.id, RecoveryCode.used_at.is_(None)
    )  # fmt: skip
    return session.scalar(unused) or 0


def events(session: Session, *, before_id: int | None = None, limit: int = 100) -> list[Event]:
    """Return the audit log, newest first, with its actors."""
    query = select(Event).options(joinedload(Event.actor)).order_by(Event.id.desc()).limit(limit)
    if before_id is not None:
        query = query.where(Event.id < before_id)
    return list(session.scalars(query))
