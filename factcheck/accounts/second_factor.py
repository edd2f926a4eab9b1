"""The second factor: switching it on and off, and taking its codes.

A code is counted before it is looked at (`count_code`, committed by itself), and taken by an update
that asks whether it was taken before: of two requests with one code, one gets in.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from factcheck.accounts import attempts, codes, queries
from factcheck.accounts.events import record
from factcheck.accounts.models import Person, RecoveryCode, SecondFactor
from factcheck.accounts.rules import AdminChangeKind
from factcheck.accounts.second_admin import is_agreed
from factcheck.accounts.secrets import BrokenSeal, digest, keyed_digest, sealed, unsealed
from factcheck.failures import Conflict, Forbidden, Invalid


class WrongCode(Invalid):
    """The code is none of now, or was taken already."""


class AlreadyOn(Conflict):
    """The person has a second factor already."""


class NotOn(Conflict):
    """The person has no second factor."""


class OwnFactor(Forbidden):
    """One's own second factor is switched off with its codes only."""


def begin(person: Person, *, key: str) -> tuple[str, str]:
    """Return a new secret for the person's app, and the same sealed, for `confirm`.

    Nothing is kept before it is confirmed: only who was shown the secret can do that.
    """
    secret = codes.new_app_secret()
    return secret, sealed(key, f"begun:{person.public_id}", secret)


def begun_secret(person: Person, begun: str, *, key: str) -> str:
    """Return the secret that `begin` sealed for the person, to be shown again; raise WrongCode."""
    try:
        return unsealed(key, f"begun:{person.public_id}", begun)
    except BrokenSeal:
        raise WrongCode("code", "This page is too old. Set the second factor up anew.") from None


def confirm(
    session: Session, person: Person, secret: str, typed: str, *, key: str, now: datetime
) -> list[str]:
    """Switch on with the secret begun, by a code of the app, and return the recovery codes.

    They are shown once. Raises WrongCode, AlreadyOn.
    """
    _hold(session, person)
    if queries.has_second_factor(session, person):
        raise AlreadyOn("Your second factor is on already.")
    step = codes.accepted_step(secret, codes.plain(typed), after=0, now=now)
    if step is None:
        raise _wrong()
    kept = sealed(key, _purpose(person), secret)
    session.add(
        SecondFactor(person_id=person.id, sealed_secret=kept, last_step=step, created_at=now)
    )
    record(session, "person.second-factor-on", person.public_id, actor=person, now=now)
    return _new_codes(session, person, now)


def _hold(session: Session, person: Person) -> None:
    """Let nobody else change the person's second factor until the transaction ends."""
    session.execute(select(Person.id).where(Person.id == person.id).with_for_update())


def _purpose(person: Person) -> str:
    return f"second-factor:{person.public_id}"


def _wrong() -> WrongCode:
    return WrongCode("code", "This code is not right, or was used already. Wait for the next one.")


def _new_codes(session: Session, person: Person, now: datetime) -> list[str]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    made = [codes.new_recovery_code() for _ in range(codes.RECOVERY_CODES)]
    session.add_all(
        RecoveryCode(digest=digest(codes.plain(code)), person_id=person.id, created_at=now)
        for code in made
    )
    return made


def count_code(session: Session, person: Person, *, key: str, now: datetime) -> tuple[int, ...]:
    """Count an attempt at a code of the person, and return its rows; raise TooManyAttempts.

    The door commits this by itself, and forgives the attempt where the code was right; wrong ones
    before it stay counted.
    """
    name = keyed_digest(key, f"code:{person.public_id}")
    return attempts.count(session, {name: attempts.PER_CODE}, kind="code", now=now)


def take(session: Session, person: Person, typed: str, *, key: str, now: datetime) -> None:
    """Take a code of the app or a recovery code, and never again; raise WrongCode, NotOn."""
    factor = session.scalar(
        select(SecondFactor)
        .where(SecondFactor.person_id == person.id)
        .execution_options(populate_existing=True)
    )
    if factor is None:
        raise _not_on()
    code = codes.plain(typed)
    if _take_recovery_code(session, person, code, now):
        record(session, "person.recovery-code-used", person.public_id, actor=person, now=now)
        return
    secret = _secret(factor, _purpose(person), key)
    step = codes.accepted_step(secret, code, after=factor.last_step, now=now)
    if step is None or not _take_step(session, factor, step):
        raise _wrong()


def _not_on() -> NotOn:
    return NotOn("The second factor was switched off meanwhile. Begin anew.")


def _secret(factor: SecondFactor, purpose: str, key: str) -> str:
    try:
        return unsealed(key, purpose, factor.sealed_secret)
    except BrokenSeal:
        raise WrongCode(
            "code",
            "The key of this service was changed, and your app is not known any more. Use a"
            " recovery code, or ask an admin to switch your second factor off.",
        ) from None


def _take_recovery_code(session: Session, person: Person, code: str, now: datetime) -> bool:
    taken = session.scalar(
        update(RecoveryCode)
        .where(
            RecoveryCode.person_id == person.id,
            RecoveryCode.digest == digest(code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now)
        .returning(RecoveryCode.id)
    )
    return taken is not None


def _take_step(session: Session, factor: SecondFactor, step: int) -> bool:
    taken = session.scalar(
        update(SecondFactor)
        .where(SecondFactor.id == factor.id, SecondFactor.last_step < step)
        .values(last_step=step)
        .returning(SecondFactor.id)
    )
    return taken is not None


def renew_codes(session: Session, person: Person, *, now: datetime) -> list[str]:
    """Return new recovery codes to show once; the ones before are useless from now on.

    Raises NotOn.
    """
    _hold(session, person)
    if not queries.has_second_factor(session, person):
        raise _not_on()
    record(session, "person.recovery-codes-made", person.public_id, actor=person, now=now)
    return _new_codes(session, person, now)


def switch_off(session: Session, person: Person, *, now: datetime) -> None:
    """Ask the person for no code any more; they have proven their password and a code."""
    _drop(session, person)
    record(session, "person.second-factor-off", person.public_id, actor=person, now=now)


def _drop(session: Session, person: Person) -> None:
    for table in (SecondFactor, RecoveryCode):
        session.execute(delete(table).where(table.person_id == person.id))


def reset(session: Session, person: Person, *, actor: Person | None, now: datetime) -> bool:
    """Switch somebody's second factor off for them, as when their phone is lost.

    Returns whether it is off; else it waits for a second admin. Raises NotOn, and OwnFactor for an
    admin's own.
    """
    if actor is not None and actor.id == person.id:
        raise OwnFactor("Switch your own second factor off on the page of your account.")
    if not queries.has_second_factor(session, person):
        raise NotOn("%(email)s has no second factor.", email=person.email)
    kind = AdminChangeKind.SECOND_FACTOR_OFF
    if not is_agreed(session, person, kind, actor=actor, now=now):
        return False
    _hold(session, person)
    _drop(session, person)
    record(session, "person.second-factor-reset", person.public_id, actor=actor, now=now)
    return True
