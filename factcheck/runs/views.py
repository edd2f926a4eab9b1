"""The editors' pages of long runs: which there are, how far each is, and stopping one."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from factcheck import clock
from factcheck.accounts.browser_session import signed_in
from factcheck.db import current_session, writing
from factcheck.failures import Conflict
from factcheck.runs import actions, queries
from factcheck.web.access import Caller, access
from factcheck.web.paging import cursor, number_of
from factcheck.web.wording import worded

A_PAGE = 30
NAMED = 100  # bad rows on a page
bp = Blueprint("runs", __name__, url_prefix="/desk/runs")


@bp.get("")
@access(Caller.EDITOR)
def index() -> ResponseReturnValue:
    """List long runs, the newest first."""
    place = number_of(request.args.get("cursor"))
    found = queries.runs(current_session(), before=place, limit=A_PAGE + 1)
    shown = found[:A_PAGE]
    following = cursor(shown[-1].id) if len(found) > A_PAGE else None
    return render_template("runs/index.html", runs=shown, following=following)


@bp.get("/<public_id>")
@access(Caller.EDITOR)
def show(public_id: str) -> ResponseReturnValue:
    """Show how far a run is, what came of it, and which rows were bad."""
    return _page(public_id)


@bp.post("/<public_id>/stop")
@access(Caller.EDITOR)
def stop(public_id: str) -> ResponseReturnValue:
    """Have a run stop where it can."""
    try:
        with writing() as session:
            run = queries.run(session, public_id)
            actions.ask_to_stop(session, run, actor=signed_in(), now=clock.now())
    except Conflict as conflict:
        return _page(public_id, 409, problem=worded(conflict))
    return redirect(url_for("runs.show", public_id=public_id), 303)


def _page(public_id: str, status: int = 200, *, problem: str = "") -> ResponseReturnValue:
    session = current_session()
    run = queries.run(session, public_id)
    after = number_of(request.args.get("cursor")) or 0
    found = queries.troubles(session, run, after=after, limit=NAMED + 1)
    following = cursor(found[NAMED - 1].id) if len(found) > NAMED else None
    page = render_template("runs/run.html", run=run, troubles=found[:NAMED], following=following,
                           problem=problem, most=actions.MOST_TROUBLES)  # fmt: skip
    return page, status
