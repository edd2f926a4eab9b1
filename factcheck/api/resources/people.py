"""Oneself, and for admins everybody."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET
from sqlalchemy.orm import Session

from factcheck.accounts import actions, queries
from factcheck.api.calls import ADMINISTERS, READS, REVIEWS, Asked, call
from factcheck.api.cursors import PageQuery, key_of, page
from factcheck.api.resources.articles import given_changes
from factcheck.api.shapes.people import (
    InvitedUser,
    MeEdit,
    MeShown,
    NewUser,
    UserPage,
    me_shown,
    user_shown,
)
from factcheck.api.versions import require_current
from factcheck.desk import admitting
from factcheck.reviews.gold import own_figure

_OWN = ("name", "languages", "fields", "interests", "single_keys", "shows_name", "language")


@call("GET", "/me", READS, answer=MeShown)
def read_me(session: Session, asked: Asked[Any]) -> MeShown:
    """Say whose token it is."""
    return me_shown(asked.person, own_figure(session, asked.person, now=asked.now))


@call("PATCH", "/me", REVIEWS, body=MeEdit, answer=MeShown, versioned=True)
def edit_me(session: Session, asked: Asked[MeEdit]) -> MeShown:
    """Change one's name, interests, languages, fields of knowledge, keys."""
    person = asked.person
    session.refresh(person, with_for_update=True)
    figure = own_figure(session, person, now=asked.now)
    require_current(asked, me_shown(person, figure))
    now_is = {name: getattr(person, name) for name in _OWN}
    wanted = now_is | given_changes(asked.given)
    if wanted != now_is:
        profile = actions.Profile(**wanted)
        actions.edit_person(session, person, profile, actor=person, now=asked.now)
    return me_shown(person, figure)


@call("GET", "/users", ADMINISTERS, query=PageQuery, answer=UserPage)
def list_users(session: Session, asked: Asked[PageQuery]) -> UserPage:
    """List the people, in the order in which they came."""
    after = key_of(asked.given.cursor, int)
    found = queries.people(session, after_id=after[0] if after else 0, limit=asked.given.limit + 1)
    items, following = page(found, asked.given.limit, lambda person: [person.id])
    return UserPage([user_shown(person) for person in items], following)


@call("POST", "/users", ADMINISTERS, body=NewUser, answer=InvitedUser, status=201)
def invite_user(session: Session, asked: Asked[NewUser]) -> InvitedUser:
    """Invite somebody; the answer holds the link by which they set their password, once.

    Who is to be an admin is an editor until a second admin agrees, where there is one.
    """
    given = asked.given
    person, link = admitting.invited(
        session, given.email, name="" if given.name is UNSET else given.name,
        role=given.role, actor=asked.person, now=asked.now,
    )  # fmt: skip
    return InvitedUser(
        id=person.public_id,
        email=person.email,
        name=person.name,
        role=person.role,  # type: ignore[arg-type]  # one of those that are given
        invitation=link,
    )
