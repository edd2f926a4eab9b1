"""Who is signed in: Flask-Login over sessions that live in the database and can be ended there."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from flask import Flask, current_app, request, session
from flask.sessions import SecureCookieSessionInterface
from flask_login import LoginManager, current_user, login_user, logout_user
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from factcheck import clock
from factcheck.accounts import attempts, queries, second_factor, signing_in
from factcheck.accounts.models import Person, SignInSession
from factcheck.accounts.secrets import digest
from factcheck.db import current_session, writing
from factcheck.web.speaking import speak

HALF_DONE = "half-done"  # where the cookie keeps a sign-in that lacks its code
TOUCHED_EVERY = timedelta(minutes=1)  # how exactly the last use of a session is known
login = LoginManager()
login.session_protection = None  # the session is checked in the database instead
_log = logging.getLogger(__name__)


class Cookies(SecureCookieSessionInterface):
    """Signed cookies without an age: the database says when what they name is over.

    Of a cookie that was signed before the clock went back, the age would be refused.
    """

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return what signs cookies, and reads them whatever their age."""
        found = super().get_signing_serializer(app)
        if found is not None:
            whatever_age = partial(_loads, found.loads)
            found.loads = whatever_age  # type: ignore[method-assign]
        return found


def _loads(loads: Callable[[str], Any], value: str, **_age: Any) -> Any:
    return loads(value)


def init_app(app: Flask) -> None:
    """Let the service know who is signed in, and when a session was last used."""
    app.session_interface = Cookies()
    login.init_app(app, add_context_processor=False)  # it would ask the database for every page
    app.before_request(note_use)


@login.user_loader  # type: ignore[untyped-decorator]
def person_of(secret: str) -> Person | None:
    """Return the person behind a cookie's secret, or None when the session is over."""
    try:
        found = queries.live_session(current_session(), secret, now=clock.now())
    except queries.SessionEnded:
        return None
    found.person.session_secret, found.person.session_seen_at = secret, found.seen_at
    found.person.session_confirmed_at = found.confirmed_at
    return found.person


def signed_in() -> Person:
    """Return who is signed in: the row itself, and not Flask-Login's stand-in for it."""
    person: Person = current_user._get_current_object()  # noqa: SLF001 - its way to the row
    return person


def note_use() -> None:
    """Write down that the session is used, at most once a minute, in a transaction of its own.

    Where that cannot be written, as with a full disk, pages can be read all the same.
    """
    if request.endpoint == "static" or not current_user.is_authenticated:
        return
    speak(current_user.language)
    now = clock.now()
    if current_user.session_seen_at >= now - TOUCHED_EVERY:
        return
    mine = SignInSession.digest == digest(current_user.get_id())
    try:
        with writing() as changing:
            changing.execute(update(SignInSession).where(mine).values(seen_at=now))
    except OperationalError as error:
        _log.warning("the use of a session was not noted: %s", error.orig)


def service_key() -> str:
    """Return the key that signs and seals what this service alone may read or make."""
    key: str = current_app.config["SECRET_KEY"]
    return key


def prove(email: str, password: str, *, now: datetime) -> tuple[signing_in.Attempt, str]:
    """Return the counted attempt of who knows the account's password, and the hash to keep.

    Raises TooManyAttempts, SignInRefused. Nothing is held while the hash is reckoned.
    """
    address, key = request.remote_addr or "", service_key()
    with writing() as counting:
        attempt = signing_in.count_attempt(counting, email, address, key=key, now=now)
    return attempt, signing_in.check_password(attempt, password)


def prove_code(person: Person, code: str, *, now: datetime) -> None:
    """Count an attempt at a code of `person`, then take the code and forgive the attempt.

    Both are durable before anything follows from them: whatever fails later, the code is used.
    Raises TooManyAttempts, WrongCode, NotOn.
    """
    key = service_key()
    with writing() as counting:
        row_ids = second_factor.count_code(counting, person, key=key, now=now)
    with writing() as taking:
        second_factor.take(taking, person, code, key=key, now=now)
        attempts.forgive(taking, row_ids)


def enter(entry: signing_in.Entry, *, now: datetime) -> bool:
    """Keep in the cookie what lets somebody in; return whether they are, or a code is to come."""
    if entry.is_complete:
        found = queries.live_session(current_session(), entry.secret, now=now)
        remember(found.person, entry.secret)
    else:
        session.clear()
        session[HALF_DONE] = entry.secret
    return entry.is_complete


def half_done() -> str:
    """Return the secret of the half-done sign-in in this browser, or nothing."""
    return str(session.get(HALF_DONE, ""))


def remember(person: Person, secret: str) -> None:
    """Put a new session's secret into the cookie, and nothing else of what was in it."""
    session.clear()
    session.permanent = True
    person.session_secret = secret
    login_user(person)


def forget() -> str:
    """Empty the cookie and return the secret that was in it."""
    secret: str = current_user.get_id() if current_user.is_authenticated else ""
    logout_user()
    session.clear()
    return secret
