"""Everybody who works here, for editors: how active, what in hand; and who waits to be let in."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from factcheck import clock
from factcheck.accounts import actions, registering
from factcheck.accounts.browser_session import signed_in
from factcheck.accounts.models import Person
from factcheck.db import current_session, writing
from factcheck.decisions.agreement import figures_of
from factcheck.desk.people import mail
from factcheck.desk.reviewers import MOST_ASKED, given, with_load
from factcheck.failures import Conflict, Invalid
from factcheck.methods.agreement import FEWEST
from factcheck.methods.queries import cases
from factcheck.notices.mailing import language_for
from factcheck.reviews.actions import let_in as make_reviewer
from factcheck.reviews.gold import figures
from factcheck.reviews.queries import practice_counts
from factcheck.reviews.rules import LONGEST_REASON, check_text
from factcheck.web.access import Caller, access
from factcheck.web.paging import cursor, number_of
from factcheck.web.speaking import speaking
from factcheck.web.wording import worded

PEOPLE_A_PAGE = 200

bp = Blueprint("newcomers", __name__, url_prefix="/desk/people")


@bp.get("")
@access(Caller.EDITOR)
def index() -> ResponseReturnValue:
    """List who waits to be let in, and everybody, each with a way to what they wrote."""
    return _page()


def _page(status: int = 200, *, problem: str = "", about: str = "") -> ResponseReturnValue:
    """Return the page; `problem` is a sentence about the newcomer with the id `about`."""
    session, after = current_session(), number_of(request.args.get("cursor"))
    now = clock.now()
    some = sa.select(Person).where(Person.id > (after or 0)).order_by(Person.id)
    found = with_load(session, signed_in(), some.limit(PEOPLE_A_PAGE + 1), now=now)
    loads = dict(found)
    shown = list(loads)[:PEOPLE_A_PAGE]
    waiting = registering.newcomers(session) if after is None else []
    page = render_template(
        "desk/people.html", people=shown, waiting=waiting, case_count=len(cases()),
        practised=practice_counts(session, [one.id for one in waiting]),
        following=cursor(shown[-1].id) if len(found) > PEOPLE_A_PAGE else None,
        loads=loads, given=given(session, now=now), most=MOST_ASKED, fewest=FEWEST,
        agreement=figures_of(session, None) if after is None else None,
        calibrated=figures(session, [one.id for one in shown]),
        problem=problem, about=about, reason=request.form.get("reason", ""),
    )  # fmt: skip
    return page, status


@bp.post("/<public_id>/let-in")
@access(Caller.EDITOR)
def let_in(public_id: str) -> ResponseReturnValue:
    """Make somebody who waits a reviewer, and tell them."""
    try:
        with writing() as session:
            person = registering.held_newcomer(session, public_id)
            make_reviewer(session, person, actor=signed_in(), now=clock.now())
            with speaking(language_for(session, person)):
                words = _("You were let in"), _("You can review now. Sign in again.")
                _mail(session, person, *words)
    except Conflict as failure:
        return _page(409, problem=worded(failure), about=public_id)
    return redirect(url_for("newcomers.index"))


@bp.post("/<public_id>/turn-away")
@access(Caller.EDITOR)
def turn_away(public_id: str) -> ResponseReturnValue:
    """Refuse somebody who waits, with a reason that they are mailed."""
    try:
        with writing() as session:
            why = check_text("reason", request.form.get("reason", ""), LONGEST_REASON)
            person = registering.held_newcomer(session, public_id)
            actions.disable(session, person, actor=signed_in(), now=clock.now(), why=why)
            with speaking(language_for(session, person)):
                _mail(session, person, _("You were not let in"), why)
    except (Conflict, Invalid) as failure:
        status = 409 if isinstance(failure, Conflict) else 422
        return _page(status, problem=worded(failure), about=public_id)
    return redirect(url_for("newcomers.index"))


def _mail(session: Session, person: Person, subject: str, text: str) -> None:
    base: str = current_app.extensions["factcheck"].public_url
    mail(session, person, subject, text, base + url_for("accounts.sign_in"))
