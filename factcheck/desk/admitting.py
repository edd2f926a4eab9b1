"""Letting people in: invitations, resets, registrations, newcomers; and the mail that says so.

A link is mailed where there is a way to, and returned to be shown to who made it.
"""

from __future__ import annotations

from datetime import datetime

from flask import current_app, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from factcheck import clock, outbox
from factcheck.accounts import actions, registering
from factcheck.accounts.models import Person, Registration
from factcheck.notices.mailing import language_for
from factcheck.reviews.actions import let_in as make_reviewer
from factcheck.reviews.rules import LONGEST_REASON, check_text
from factcheck.web.speaking import speaking


def invited(
    session: Session, email: str, *, name: str, role: str, actor: Person, now: datetime
) -> tuple[Person, str]:
    """Invite somebody, and return them with the link by which they set a password."""
    person, secret = actions.invite(session, email, name=name, role=role, actor=actor, now=now)
    link = _link("accounts.invite", secret)
    with speaking(language_for(session, person)):
        subject = _("You are invited to check facts")
        _mail(session, person, subject, subject, link)
    return person, link


def reset(session: Session, person: Person, *, actor: Person, now: datetime) -> str | None:
    """Return the link by which somebody sets a new password.

    None where that waits for a second admin.
    """
    secret = actions.reset_link(session, person, actor=actor, now=now)
    if secret is None:
        return None
    link = _link("accounts.reset", secret)
    with speaking(language_for(session, person)):
        subject = _("Choose a new password")
        _mail(session, person, subject, subject, link)
    return link


def registered(
    session: Session, registration_id: int, *, actor: Person, now: datetime
) -> tuple[Registration, str]:
    """Return a registration with a new link that confirms its address, as where no mail is sent."""
    secret = registering.new_link(session, registration_id, actor=actor, now=now)
    found = registering.live_registration(session, secret, now=now)
    return found, _link("accounts.confirm_address", secret)


def _link(endpoint: str, secret: str) -> str:
    base: str = current_app.extensions["factcheck"].public_url
    return base + url_for(endpoint, secret=secret)


def let_in(session: Session, public_id: str, *, actor: Person, now: datetime) -> Person:
    """Make a newcomer a reviewer, and tell them. Raises NotPractised."""
    person = registering.held_newcomer(session, public_id)
    make_reviewer(session, person, actor=actor, now=now)
    with speaking(language_for(session, person)):
        subject, text = _("You were let in"), _("You can review now. Sign in again.")
        _mail(session, person, subject, text, _way_in())
    return person


def turn_away(
    session: Session, public_id: str, reason: str, *, actor: Person, now: datetime
) -> Person:
    """Refuse a newcomer, with a reason that they are mailed. Raises Invalid("reason", …)."""
    why = check_text("reason", reason, LONGEST_REASON)
    person = registering.held_newcomer(session, public_id)
    actions.disable(session, person, actor=actor, now=now, why=why)
    with speaking(language_for(session, person)):
        _mail(session, person, _("You were not let in"), why, _way_in())
    return person


def _way_in() -> str:
    base: str = current_app.extensions["factcheck"].public_url
    return base + url_for("accounts.sign_in")


def _mail(session: Session, person: Person, subject: str, text: str, link: str) -> None:
    """Have somebody mailed a text with a link below it, where there is a way to send mail."""
    if current_app.extensions["factcheck"].smtp_url:
        letter = {"to": person.email, "subject": subject, "text": f"{text}\n\n{link}\n"}
        outbox.enqueue(session, "mail", letter, now=clock.now())
