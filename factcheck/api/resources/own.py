"""What is one's own: tokens and sessions, to look at and to end; how one is told of things."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from factcheck.accounts import actions, queries
from factcheck.api.calls import READS, REVIEWS, Answer, Asked, call
from factcheck.api.cursors import PageQuery, page_of_all
from factcheck.api.problems import unprocessable
from factcheck.api.shapes.own import (
    NoticeChoices,
    SessionPage,
    TokenPage,
    session_shown,
    token_shown,
)
from factcheck.failures import Missing
from factcheck.notices import actions as notices
from factcheck.notices.queries import choices_of
from factcheck.notices.rules import Kind, Way, kinds_for


@call("GET", "/me/tokens", READS, query=PageQuery, answer=TokenPage)
def list_tokens(session: Session, asked: Asked[PageQuery]) -> TokenPage:
    """List one's own tokens that work."""
    found = sorted(queries.tokens_of(session, asked.person), key=lambda one: one.id)
    items, following = page_of_all(found, asked.given, lambda one: (one.id,))
    return TokenPage([token_shown(one) for one in items], following)


@call("POST", "/me/tokens/{id}/end", REVIEWS, status=204)
def end_token(session: Session, asked: Asked[Any]) -> Answer:
    """Make one of one's own tokens useless, at once: also the one that asks."""
    for token in queries.tokens_of(session, asked.person):
        if token.public_id == asked.id:
            actions.end_token(session, token, actor=asked.person, now=asked.now)
            return Answer(status=204)
    raise Missing("You have no such token, or it was ended already.")


@call("GET", "/me/sessions", READS, query=PageQuery, answer=SessionPage)
def list_sessions(session: Session, asked: Asked[PageQuery]) -> SessionPage:
    """List the browsers in which one is signed in."""
    everything = queries.sessions_of(session, asked.person, now=asked.now)
    found = sorted(everything, key=lambda one: one.id)
    items, following = page_of_all(found, asked.given, lambda one: (one.id,))
    return SessionPage([session_shown(one) for one in items], following)


@call("POST", "/me/sessions/{id}/end", REVIEWS, status=204)
def end_session(session: Session, asked: Asked[Any]) -> Answer:
    """Sign oneself out in one browser."""
    actions.end_session(session, asked.person, asked.id, now=asked.now)
    return Answer(status=204)


@call("GET", "/me/notice-choices", READS, answer=NoticeChoices)
def read_notice_choices(session: Session, asked: Asked[Any]) -> NoticeChoices:
    """Read how one is told of each kind of thing."""
    chosen = choices_of(session, asked.person)
    return NoticeChoices({kind.value: chosen[kind].value for kind in kinds_for(asked.person.role)})


@call("POST", "/me/notice-choices", REVIEWS, body=NoticeChoices, answer=NoticeChoices)
def choose_notices(session: Session, asked: Asked[NoticeChoices]) -> NoticeChoices:
    """Choose how to be told of each kind of thing."""
    open_to_me = {kind.value for kind in kinds_for(asked.person.role)}
    for key in asked.given.ways:
        if key not in open_to_me:
            raise unprocessable(f"ways.{key}"[:100], _("There is no such kind of notice for you."))
    wanted = {Kind(key): Way(way) for key, way in asked.given.ways.items()}
    notices.choose(session, asked.person, wanted, actor=asked.person, now=asked.now)
    return read_notice_choices(session, asked)
