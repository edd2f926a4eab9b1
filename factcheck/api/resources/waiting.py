"""What waits for an editor, a list a kind: the numbers of `GET /desk`, one by one.

Letters have their own calls, and claims that wait for a summary are in `GET /claims`.
"""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from factcheck.api.calls import OVERSEES, Asked, call
from factcheck.api.cursors import PageQuery, key_of, page
from factcheck.api.problems import unprocessable
from factcheck.api.shapes.talk import CommentPage, comment_shown
from factcheck.api.shapes.waiting import (
    DeadlinePage,
    DriftedPage,
    LapsedPage,
    ToCorrectPage,
    deadline_shown,
    drifted_shown,
    lapsed_shown,
    to_correct_shown,
)
from factcheck.decisions.queries import drifted_sources
from factcheck.desk.trends import deadlines
from factcheck.desk.waiting import to_correct
from factcheck.reviews.lapsed import lapsed
from factcheck.reviews.threads import questions
from factcheck.site_days import day_of
from factcheck.web.paging import moment_and_key


@call("GET", "/desk/questions", OVERSEES, query=PageQuery, answer=CommentPage)
def list_questions(session: Session, asked: Asked[PageQuery]) -> CommentPage:
    """List the questions of reviewers that no editor has answered, the oldest first."""
    after, limit = key_of(asked.given.cursor, int), asked.given.limit
    found = questions(session, asked.person, after_id=after[0] if after else 0, limit=limit + 1)
    items, following = page(found, limit, lambda one: [one.id])
    return CommentPage([comment_shown(one, asked.person) for one in items], following)


@call("GET", "/desk/corrections", OVERSEES, query=PageQuery, answer=ToCorrectPage)
def list_corrections(session: Session, asked: Asked[PageQuery]) -> ToCorrectPage:
    """List claims of which readers are told what no longer stands; a new edition corrects it."""
    after, limit = key_of(asked.given.cursor, int), asked.given.limit
    found = to_correct(session, after=after[0] if after else 0, limit=limit + 1)
    items, following = page(found, limit, lambda one: [one[0].id])
    return ToCorrectPage([to_correct_shown(*one) for one in items], following)


@call("GET", "/desk/leases", OVERSEES, query=PageQuery, answer=LapsedPage)
def list_lapsed(session: Session, asked: Asked[PageQuery]) -> LapsedPage:
    """List claims whose lease ran out in the last seven days and that nobody took since.

    None of a round in which you have a part.
    """
    limit = asked.given.limit
    after = moment_and_key(key_of(asked.given.cursor, str, int))
    found = lapsed(session, asked.person, now=asked.now, after=after, limit=limit + 1)
    items, following = page(found, limit, lambda one: [one.at.isoformat(), one.seat_id])
    return LapsedPage([lapsed_shown(one) for one in items], following)


@call("GET", "/desk/deadlines", OVERSEES, query=PageQuery, answer=DeadlinePage)
def list_deadlines(session: Session, asked: Asked[PageQuery]) -> DeadlinePage:
    """List the articles with a deadline and claims to review, each with its forecast."""
    limit, today = asked.given.limit, day_of(session, asked.now)
    after = _day_and_key(key_of(asked.given.cursor, str, int))
    found = deadlines(session, today, after=after, limit=limit + 1)
    items, following = page(found, limit, lambda one: [str(one.article.deadline), one.article.id])
    return DeadlinePage([deadline_shown(one) for one in items], following)


@call("GET", "/desk/sources", OVERSEES, query=PageQuery, answer=DriftedPage)
def list_drifted(session: Session, asked: Asked[PageQuery]) -> DriftedPage:
    """List pages that verdicts rest on and that are gone, moved or changed, the newest first."""
    after = key_of(asked.given.cursor, int)
    found = drifted_sources(
        session, before=after[0] if after else None, limit=asked.given.limit + 1
    )
    items, following = page(found, asked.given.limit, lambda one: [one[0].id])
    return DriftedPage([drifted_shown(*one) for one in items], following)


def _day_and_key(key: tuple[str, int] | None) -> tuple[date, int] | None:
    if key is None:
        return None
    try:
        return date.fromisoformat(key[0]), key[1]
    except ValueError:
        raise unprocessable("cursor", _("This is no cursor of this list.")) from None
