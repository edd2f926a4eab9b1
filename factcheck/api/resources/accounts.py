"""Accounts: roles, links, newcomers, and the audit log.

What guards one's own account (password, second factor, secrets of tokens) no program reaches.
"""

from __future__ import annotations

from typing import Any

from msgspec import UNSET
from sqlalchemy.orm import Session

from factcheck.accounts import actions, queries, registering, second_admin, second_factor
from factcheck.accounts.models import Person
from factcheck.api.calls import ADMINISTERS, EDITS, OVERSEES, Answer, Asked, call
from factcheck.api.cursors import PageQuery, key_of, page, page_of_all
from factcheck.api.shapes.accounts import (
    AdminChangePage,
    AlonePage,
    EntryLinkShown,
    EventPage,
    NewcomerPage,
    RegistrationPage,
    TurnedAway,
    UserEdit,
    WorkerShown,
    alone_shown,
    change_shown,
    event_shown,
    newcomer_shown,
    registration_shown,
    worker_shown,
)
from factcheck.api.shapes.people import UserShown, user_shown
from factcheck.api.versions import require_current
from factcheck.decisions.written import decided_alone
from factcheck.desk import admitting
from factcheck.failures import Missing
from factcheck.methods.queries import cases
from factcheck.reviews.actions import disable_person
from factcheck.reviews.queries import practice_counts

WAITS = {202: "it concerns an admin, and waits for a second one to ask for the same"}


@call("GET", "/users/{id}", ADMINISTERS, answer=UserShown)
def read_user(session: Session, asked: Asked[Any]) -> UserShown:
    """Read one person."""
    return user_shown(queries.person_by_public_id(session, asked.id))


@call("PATCH", "/users/{id}", ADMINISTERS, body=UserEdit, answer=UserShown, versioned=True,
      also=WAITS)  # fmt: skip
def edit_user(session: Session, asked: Asked[UserEdit]) -> Answer:
    """Give somebody another role, keep them out, or let them in again; their sessions end.

    What concerns an admin is done once a second admin asks for the same, where there is one: see
    `GET /changes`. The only admin can be neither disabled nor given another role.
    """
    person = _held(session, asked)
    require_current(asked, user_shown(person))
    given, actor, now = asked.given, asked.person, asked.now
    done = True
    if given.role is not UNSET:
        done = actions.change_role(session, person, given.role, actor=actor, now=now)
    if given.disabled is not UNSET:
        change = disable_person if given.disabled else actions.enable
        done = change(session, person, actor=actor, now=now) and done
    return Answer(user_shown(person), 200 if done else 202)


def _held(session: Session, asked: Asked[Any]) -> Person:
    queries.working_admins(session)  # first, as all who change an account do
    person = queries.person_by_public_id(session, asked.id)
    session.refresh(person, with_for_update=True)
    return person


@call("POST", "/users/{id}/reset-link", ADMINISTERS, answer=EntryLinkShown, status=201, also=WAITS)
def make_reset_link(session: Session, asked: Asked[Any]) -> Answer:
    """Make a link by which somebody sets a new password; they are mailed it where mail is sent."""
    person = _held(session, asked)
    link = admitting.reset(session, person, actor=asked.person, now=asked.now)
    return Answer(EntryLinkShown(link=link), 201 if link else 202)


@call("POST", "/users/{id}/sign-out", ADMINISTERS, answer=UserShown)
def sign_user_out(session: Session, asked: Asked[Any]) -> UserShown:
    """End every session of somebody, as when their computer is lost; their tokens stay."""
    person = _held(session, asked)
    actions.end_sessions(session, person, actor=asked.person, now=asked.now)
    return user_shown(person)


@call("POST", "/users/{id}/second-factor-off", ADMINISTERS, answer=UserShown, also=WAITS)
def switch_factor_off(session: Session, asked: Asked[Any]) -> Answer:
    """Switch somebody's second factor off, as when their phone is lost."""
    person = _held(session, asked)
    done = second_factor.reset(session, person, actor=asked.person, now=asked.now)
    return Answer(user_shown(person), 200 if done else 202)


@call("GET", "/users/{id}/decided-alone", ADMINISTERS, query=PageQuery, answer=AlonePage)
def list_decided_alone(session: Session, asked: Asked[PageQuery]) -> AlonePage:
    """List the verdicts that stand on one person alone: to be reopened, should they be doubtful."""
    person = queries.person_by_public_id(session, asked.id)
    found = decided_alone(session, person)
    items, following = page_of_all(found, asked.given, lambda one: (one.id,))
    return AlonePage([alone_shown(one) for one in items], following)


@call("GET", "/changes", ADMINISTERS, query=PageQuery, answer=AdminChangePage)
def list_changes(session: Session, asked: Asked[PageQuery]) -> AdminChangePage:
    """List what waits for a second admin; after a week it is forgotten."""
    found = second_admin.waiting(session, now=asked.now)
    items, following = page_of_all(found, asked.given, lambda one: (one.id,))
    return AdminChangePage([change_shown(one) for one in items], following)


@call("POST", "/changes/{id}/drop", ADMINISTERS, status=204)
def drop_change(session: Session, asked: Asked[Any]) -> Answer:
    """Let a change that waits for a second admin be."""
    second_admin.drop(session, asked.id, actor=asked.person, now=asked.now)
    return Answer(status=204)


@call("GET", "/registrations", ADMINISTERS, query=PageQuery, answer=RegistrationPage)
def list_registrations(session: Session, asked: Asked[PageQuery]) -> RegistrationPage:
    """List the registrations whose address is not confirmed, the newest 50 at most."""
    found = reversed(registering.unconfirmed(session, now=asked.now))
    items, following = page_of_all(found, asked.given, lambda one: (one.id,))
    return RegistrationPage([registration_shown(one) for one in items], following)


@call("POST", "/registrations/{id}/link", ADMINISTERS, answer=EntryLinkShown, status=201)
def make_registration_link(session: Session, asked: Asked[Any]) -> EntryLinkShown:
    """Make a new link that confirms an address, as where no mail is sent."""
    if not asked.id.isdecimal() or not 0 < int(asked.id) < 2**31:
        raise Missing("This registration is over.")
    _, link = admitting.registered(session, int(asked.id), actor=asked.person, now=asked.now)
    return EntryLinkShown(link=link)


@call("GET", "/newcomers", OVERSEES, query=PageQuery, answer=NewcomerPage)
def list_newcomers(session: Session, asked: Asked[PageQuery]) -> NewcomerPage:
    """List who waits to be let in, 200 at most."""
    found = registering.newcomers(session)
    items, following = page_of_all(found, asked.given, lambda one: (one.id,))
    done, every = practice_counts(session, [one.id for one in items]), len(cases())
    return NewcomerPage([newcomer_shown(one, (done[one.id], every)) for one in items], following)


@call("POST", "/users/{id}/let-in", EDITS, answer=WorkerShown)
def let_in(session: Session, asked: Asked[Any]) -> WorkerShown:
    """Make a newcomer who has done the practice a reviewer; they are told by mail."""
    return worker_shown(admitting.let_in(session, asked.id, actor=asked.person, now=asked.now))


@call("POST", "/users/{id}/turn-away", EDITS, body=TurnedAway, answer=WorkerShown)
def turn_away(session: Session, asked: Asked[TurnedAway]) -> WorkerShown:
    """Refuse a newcomer, with a reason that they are mailed."""
    reason = asked.given.reason
    person = admitting.turn_away(session, asked.id, reason, actor=asked.person, now=asked.now)
    return worker_shown(person)


@call("GET", "/events", ADMINISTERS, query=PageQuery, answer=EventPage)
def list_events(session: Session, asked: Asked[PageQuery]) -> EventPage:
    """Read the audit log, the newest first."""
    before = key_of(asked.given.cursor, int)
    found = queries.events(
        session, before_id=before[0] if before else None, limit=asked.given.limit + 1
    )
    items, following = page(found, asked.given.limit, lambda one: (one.id,))
    return EventPage([event_shown(one) for one in items], following)
