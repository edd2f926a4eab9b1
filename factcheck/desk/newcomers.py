"""Everybody who works here, for editors: how active, what in hand; and who waits to be let in."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from factcheck import clock
from factcheck.accounts import registering
from factcheck.accounts.browser_session import signed_in
from factcheck.accounts.models import Person
from factcheck.db import current_session, writing
from factcheck.decisions.agreement import figures_of
from factcheck.desk import admitting
from factcheck.desk.reviewers import MOST_ASKED, given, with_load
from factcheck.failures import Conflict, Invalid
from factcheck.methods.agreement import FEWEST
from factcheck.methods.queries import cases
from factcheck.reviews.gold import figures
from factcheck.reviews.queries import practice_counts
from factcheck.web.access import Caller, access
from factcheck.web.paging import cursor, number_of
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
            admitting.let_in(session, public_id, actor=signed_in(), now=clock.now())
    except Conflict as failure:
        return _page(409, problem=worded(failure), about=public_id)
    return redirect(url_for("newcomers.index"))


@bp.post("/<public_id>/turn-away")
@access(Caller.EDITOR)
def turn_away(public_id: str) -> ResponseReturnValue:
    """Refuse somebody who waits, with a reason that they are mailed."""
    reason = request.form.get("reason", "")
    try:
        with writing() as session:
            admitting.turn_away(session, public_id, reason, actor=signed_in(), now=clock.now())
    except (Conflict, Invalid) as failure:
        status = 409 if isinstance(failure, Conflict) else 422
        return _page(status, problem=worded(failure), about=public_id)
    return redirect(url_for("newcomers.index"))
