"""Who is signed in: Flask-Login over sessions that live in the database and can be ended there."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, session
from flask_login import LoginManager, current_user, login_user, logout_user
from sqlalchemy import update

from factcheck import clock
from factcheck.accounts import queries
from factcheck.accounts.models import Person, SignInSession
from factcheck.accounts.secrets import digest
from factcheck.db import current_session, writing

TOUCHED_EVERY = timedelta(minutes=1)  # how exactly the last use of a session is known
login = LoginManager()
login.session_protection = None  # the session is checked in the database instead


def init_app(app: Flask) -> None:
    """Let the service know who is signed in, and when a session was last used."""
    login.init_app(app)
    app.before_request(note_use)


@login.user_loader  # type: ignore[untyped-decorator]
def person_of(secret: str) -> Person | None:
    """Return the person behind a cookie's secret, or None when the session is over."""
    try:
        found = queries.live_session(current_session(), secret, now=clock.now())
    except queries.SessionEnded:
        return None
    found.person.session_secret = secret
    return found.person


def note_use() -> None:
    """Write down that the session is used, at most once a minute, in a transaction of its own."""
    if not current_user.is_authenticated:
        return
    now = clock.now()
    secret = digest(current_user.get_id())
    stale = SignInSession.seen_at < now - TOUCHED_EVERY
    mine = SignInSession.digest == secret
    if current_session().query(SignInSession.id).filter(mine, stale).first() is None:
        return
    with writing() as changing:
        changing.execute(update(SignInSession).where(mine).values(seen_at=now))


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
