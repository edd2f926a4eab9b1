"""What readers sent, with an answer to each."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from factcheck import clock
from factcheck.accounts.browser_session import signed_in
from factcheck.db import current_session, writing
from factcheck.failures import Invalid
from factcheck.inbox import actions, queries
from factcheck.web.access import Caller, access
from factcheck.web.paging import cursor, number_of
from factcheck.web.wording import worded

A_PAGE = 30
bp = Blueprint("inbox", __name__)


@bp.get("/desk/inbox")
@access(Caller.EDITOR)
def index() -> ResponseReturnValue:
    """List the letters that wait, the oldest first; or those answered, the newest first."""
    return _page()


@bp.post("/desk/inbox/<public_id>")
@access(Caller.EDITOR)
def answer(public_id: str) -> ResponseReturnValue:
    """Answer a letter."""
    state, text = request.form.get("state", ""), request.form.get("answer", "")
    actor = signed_in()
    try:
        with writing() as session:
            letter = queries.letter(session, public_id)
            actions.answer(session, letter, state, text, actor=actor, now=clock.now())
    except Invalid as failure:
        return _page(public_id, worded(failure)), 422
    return redirect(url_for("inbox.index"), 303)


def _page(refused: str | None = None, failure: str | None = None) -> str:
    is_open = request.args.get("show") != "answered"
    place = number_of(request.args.get("cursor"))
    found = queries.letters(current_session(), is_open=is_open, before=place, limit=A_PAGE + 1)
    shown = found[:A_PAGE]
    return render_template(
        "desk/inbox.html", letters=shown, is_open=is_open, refused=refused, failure=failure,
        following=cursor(shown[-1].id) if len(found) > A_PAGE else None,
    )  # fmt: skip
