"""The verbs of people and their accounts. None of them commits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from factcheck.accounts import queries
from factcheck.accounts.events import record
from factcheck.accounts.lookalikes import check_scripts
from factcheck.accounts.models import OneTimeLink, Person, SignInSession, Token
from factcheck.accounts.rules import (
    HIGHEST_SCOPE,
    AdminChangeKind,
    Role,
    Scope,
    checked_language,
    checked_languages,
    checked_name,
    checked_role,
    checked_words,
)
from factcheck.accounts.second_admin import is_agreed
from factcheck.accounts.secrets import checked_password, digest, hash_password, new_secret
from factcheck.failures import Conflict, Forbidden, Invalid

LINK_LIFE = {
    "set-up": timedelta(days=7),
    "invite": timedelta(days=7),
    "reset": timedelta(hours=24),
}
TOKEN_PREFIX = "fc_"  # noqa: S105 - what a token begins with, so that leaks can be searched for


class EmailTaken(Conflict):
    """Somebody has that address already."""


class OwnPassword(Forbidden):
    """One's own password is changed by who knows it."""


class LastAdmin(Conflict):
    """There would be no admin left."""


def add_person(
    session: Session, email: str, *, role: str, name: str, actor: Person | None, now: datetime,
    password: str | None = None,
) -> Person:  # fmt: skip
    """Add somebody and return them; without a password they need a link to sign in.

    Raises Invalid for an address, name or password that cannot be used, EmailTaken.
    """
    email = checked_email(email)
    person = Person(
        email=email,
        name=checked_name(name or email.partition("@")[0]),
        role=checked_role(role).value,
        password_hash=hash_password(checked_password(password, email)) if password else None,
        created_at=now,
    )
    try:
        with session.begin_nested():
            session.add(person)
    except IntegrityError as error:
        raise EmailTaken("%(email)s has an account already.", email=email) from error
    record(session, "person.added", person.public_id, actor=actor, now=now, role=person.role)
    return person


def checked_email(email: str) -> str:
    """Return the address in lower case; raise Invalid("email", …) if it is none."""
    try:
        found = validate_email(email, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise Invalid("email", "This is not an e-mail address: %(why)s", why=str(error)) from error
    return found.normalized.lower()


def check_name_is_free(session: Session, name: str, *, but: Person | None = None) -> None:
    """Raise Invalid for a name that looks like that of somebody else."""
    if queries.is_like_another_name(session, name, but=but):
        raise Invalid("name", "This name looks like somebody else’s here. Take another.")


def first_link(session: Session, *, now: datetime) -> str:
    """Return the secret of a new set-up link, by which the first admin makes their account.

    It works for as long as no admin can sign in.
    """
    return _new_link(session, "set-up", None, actor=None, now=now)


def invite(
    session: Session, email: str, *, name: str, role: str, actor: Person | None, now: datetime
) -> tuple[Person, str]:
    """Add somebody, and return them with the secret of the link by which they set a password.

    Who is to be an admin is an editor until a second admin agrees, where there is one.
    """
    wanted = checked_role(role)
    is_to_wait = wanted is Role.ADMIN and actor is not None
    first = Role.EDITOR if is_to_wait else wanted
    person = add_person(session, email, role=first, name=name, actor=actor, now=now)
    if is_to_wait:
        change_role(session, person, wanted, actor=actor, now=now)
    return person, _new_link(session, "invite", person, actor=actor, now=now)


def reset_link(
    session: Session, person: Person, *, actor: Person | None, now: datetime
) -> str | None:
    """Return the secret of a link by which `person` sets a new password.

    None where that waits for a second admin. Raises OwnPassword to who asks for their own: whoever
    found their session or token would have their account.
    """
    if actor is not None and actor.id == person.id:
        raise OwnPassword("Change your own password on the page of your account.")
    if not is_agreed(session, person, AdminChangeKind.RESET_LINK, actor=actor, now=now):
        return None
    record(session, "person.reset-link", person.public_id, actor=actor, now=now)
    return _new_link(session, "reset", person, actor=actor, now=now)


def _new_link(
    session: Session, kind: str, person: Person | None, *, actor: Person | None, now: datetime
) -> str:
    secret = new_secret()
    session.add(
        OneTimeLink(
            digest=digest(secret), kind=kind, person_id=person.id if person else None,
            created_by_id=actor.id if actor else None, created_at=now,
            expires_at=now + LINK_LIFE[kind],
        )
    )  # fmt: skip
    return secret


def redeem(
    session: Session, secret: str, kind: str, *, password: str, now: datetime,
    name: str = "", email: str = "",
) -> Person:  # fmt: skip
    """Use a link once: set the password (for set-up, make the admin), and return the person.

    Every session and every other link that the person had ends. Raises LinkUsed, Invalid.
    """
    _one_redeemer(session, kind)
    link = queries.live_link(session, secret, kind, now=now)
    if link.person is None:
        person = add_person(
            session, email, role=Role.ADMIN, name=name, actor=None, now=now, password=password
        )
    else:
        person = link.person
        person.password_hash = hash_password(checked_password(password, person.email))
        if name:
            person.name = checked_name(name)
    _use(session, link, now)
    end_sessions(session, person, actor=person, now=now)
    record(session, f"person.{kind}-link-used", person.public_id, actor=person, now=now)
    return person


def _one_redeemer(session: Session, kind: str) -> None:
    """Hold the links of a kind: two of them used at once would make two first admins."""
    unused = select(OneTimeLink.id).where(OneTimeLink.kind == kind, OneTimeLink.used_at.is_(None))
    session.execute(unused.order_by(OneTimeLink.id).with_for_update()).all()


def _use(session: Session, link: OneTimeLink, now: datetime) -> None:
    """Use up the link, and with it the others of its person, or of the set-up."""
    if link.person is not None:
        _use_up_links(session, link.person, now)
        return
    unused = (OneTimeLink.kind == "set-up", OneTimeLink.used_at.is_(None))
    session.execute(update(OneTimeLink).where(*unused).values(used_at=now))


def _use_up_links(session: Session, person: Person, now: datetime) -> None:
    unused = (OneTimeLink.person_id == person.id, OneTimeLink.used_at.is_(None))
    session.execute(update(OneTimeLink).where(*unused).values(used_at=now))


def change_password(session: Session, person: Person, password: str, *, now: datetime) -> None:
    """Set a new password and end every session of the person."""
    person.password_hash = hash_password(checked_password(password, person.email))
    end_sessions(session, person, actor=person, now=now)
    record(session, "person.password-changed", person.public_id, actor=person, now=now)


def end_sessions(session: Session, person: Person, *, actor: Person | None, now: datetime) -> None:
    """End every session of `person`: the next request from there has to sign in."""
    session.execute(
        update(SignInSession)
        .where(SignInSession.person_id == person.id, SignInSession.ended_at.is_(None))
        .values(ended_at=now)
    )
    record(session, "person.sessions-ended", person.public_id, actor=actor, now=now)


def end_session(session: Session, person: Person, key: str, *, now: datetime) -> None:
    """End one of the person's sessions, by its key as text; raise SessionEnded if it is over."""
    for found in queries.sessions_of(session, person, now=now):
        if str(found.id) == key:
            found.ended_at = now
            return
    raise queries.SessionEnded("This session is over already.")


@dataclass(frozen=True, slots=True)
class Profile:
    """What people say of themselves: names of languages (BCP 47), fields of knowledge, interests.

    `interests` are article slugs in which they declare an interest: they do not review those.
    `language`: the key of that of their pages and mails; None leaves it to the browser.
    `shows_name`: readers are shown their name beside what they found, from the next edition on.
    """

    name: str
    languages: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()
    single_keys: bool = True
    shows_name: bool = False
    language: str | None = None


def edit_person(
    session: Session, person: Person, profile: Profile, *, actor: Person, now: datetime
) -> None:
    """Change what a person says of themselves; raise Invalid for a value that cannot be used."""
    name = checked_name(profile.name)
    if name != person.name:
        check_scripts(name)
        check_name_is_free(session, name, but=person)
    person.name = name
    person.languages = checked_languages(profile.languages)
    person.fields = checked_words("fields", profile.fields)
    person.interests = checked_words("interests", profile.interests)
    person.single_keys = profile.single_keys
    person.shows_name = profile.shows_name
    person.language = checked_language(profile.language)
    person.version += 1
    record(session, "person.edited", person.public_id, actor=actor, now=now)


def change_role(
    session: Session, person: Person, role: str, *, actor: Person | None, now: datetime
) -> bool:
    """Give `person` another role and end their sessions; raise LastAdmin for the only admin.

    Returns whether they have it; else it waits for a second admin.
    """
    new = checked_role(role)
    if new.value == person.role:
        return True
    if not new.includes(Role.ADMIN):
        _another_admin_than(session, person)
    if not is_agreed(session, person, AdminChangeKind.ROLE, new, actor=actor, now=now):
        return False
    before, person.role = person.role, new.value
    person.version += 1
    if new is Role.ADMIN:  # who made a link while one admin was enough for it may hold it now
        _use_up_links(session, person, now)
    end_sessions(session, person, actor=actor, now=now)
    record(session, "person.role", person.public_id, actor=actor, now=now,
           moved=(before, person.role))  # fmt: skip
    return True


def disable(
    session: Session, person: Person, *, actor: Person | None, now: datetime, why: str | None = None
) -> bool:
    """Keep `person` from signing in or using tokens; `reviews` frees their seats besides.

    Returns whether they are kept out; else it waits for a second admin. Raises LastAdmin.
    """
    if person.disabled_at:
        return True
    _another_admin_than(session, person)
    if not is_agreed(session, person, AdminChangeKind.DISABLE, actor=actor, now=now):
        return False
    person.disabled_at = now
    person.version += 1
    end_sessions(session, person, actor=actor, now=now)
    record(session, "person.disabled", person.public_id, actor=actor, now=now, why=why)
    return True


def enable(session: Session, person: Person, *, actor: Person | None, now: datetime) -> bool:
    """Let a disabled person sign in again.

    Returns whether they may; else it waits for a second admin.
    """
    if not person.disabled_at:
        return True
    if not is_agreed(session, person, AdminChangeKind.ENABLE, actor=actor, now=now):
        return False
    person.disabled_at = None
    person.version += 1
    record(session, "person.enabled", person.public_id, actor=actor, now=now)
    return True


def _another_admin_than(session: Session, person: Person) -> None:
    admins = queries.working_admins(session)
    if admins == [person.id]:
        raise LastAdmin("This is the only admin. Make somebody else an admin first.")


def create_token(
    session: Session, person: Person, *, name: str, scope: str, expires_days: int | None,
    actor: Person | None, now: datetime,
) -> tuple[Token, str]:  # fmt: skip
    """Make an API token for `person`, and return it with its secret, which is not kept.

    Raises Invalid for a scope that the person's role does not cover.
    """
    secret = TOKEN_PREFIX + new_secret()
    token = Token(
        digest=digest(secret), prefix=secret[:10], person_id=person.id,
        name=checked_name(name or "token")[:100], scope=_checked_scope(scope, person).value,
        created_at=now, expires_at=_expiry(expires_days, now),
    )  # fmt: skip
    session.add(token)
    session.flush()
    record(session, "token.created", token.public_id, actor=actor, now=now, scope=token.scope)
    return token, secret


def _checked_scope(scope: str, person: Person) -> Scope:
    try:
        wanted = Scope(scope)
    except ValueError:
        raise Invalid("scope", "A scope is one of %(scopes)s.", scopes=", ".join(Scope)) from None
    if not HIGHEST_SCOPE[Role(person.role)].includes(wanted):
        raise Invalid(
            "scope",
            "A %(role)s cannot have a token of scope %(wanted)s.",
            role=person.role,
            wanted=wanted,
        )
    return wanted


def _expiry(days: int | None, now: datetime) -> datetime | None:
    if days is None:
        return None
    if not 1 <= days <= 3650:
        raise Invalid("expires", "A token lasts 1 to 3650 days.")
    return now + timedelta(days=days)


def end_token(session: Session, token: Token, *, actor: Person | None, now: datetime) -> None:
    """Make a token useless from now on."""
    token.ended_at = token.ended_at or now
    record(session, "token.ended", token.public_id, actor=actor, now=now)
