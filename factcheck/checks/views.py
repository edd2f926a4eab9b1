"""Pages of earlier checks: search, for who reviews; import and removal, for editors."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from factcheck import clock
from factcheck.accounts.browser_session import signed_in
from factcheck.checks import actions, importing, queries
from factcheck.checks.rules import COLUMNS
from factcheck.config import Settings
from factcheck.db import current_session, writing
from factcheck.web.access import Caller, access
from factcheck.web.paging import cursor, number_of

A_PAGE = 30
_SIGN = re.compile(r"[^\w.:-]")  # that is in no name of an encoding
LARGEST = 1024 * 1024 * 1024  # bytes of a file that is sent
bp = Blueprint("checks", __name__, url_prefix="/desk/checks")


@bp.get("")
@access(Caller.REVIEWER)
def index() -> ResponseReturnValue:
    """List earlier checks of others: those with some words, else those that came last."""
    return _page()


@bp.post("/import")
@access(Caller.EDITOR)
def bring() -> ResponseReturnValue:
    """Take a file, and lead on to the run that reads it."""
    settings: Settings = current_app.extensions["factcheck"]
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _page(422, problem=True)
    asked = {
        "keep_good": request.form.get("bad") == "keep-good",
        "encoding": _SIGN.sub("", request.form.get("encoding", ""))[:40],
    }
    path = importing.aside(settings, sent.stream)
    with writing() as session:
        run = importing.ask(session, sent.filename, path, asked, actor=signed_in(),
                            now=clock.now())  # fmt: skip
        public_id = run.public_id
    return redirect(url_for("runs.show", public_id=public_id), 303)


@bp.url_value_preprocessor
def take_long_files(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let editors send a long file; this runs before anything reads the body."""
    is_here = endpoint == "checks.bring" and current_user.is_authenticated
    if is_here and current_user.is_at_least("editor"):
        request.max_content_length = LARGEST


@bp.post("/<public_id>/remove")
@access(Caller.EDITOR)
def remove(public_id: str) -> ResponseReturnValue:
    """Take an earlier check away."""
    with writing() as session:
        found = queries.check(session, public_id)
        actions.remove(session, found, actor=signed_in(), now=clock.now())
    return redirect(url_for("checks.index", q=request.form.get("q") or None), 303)


def _page(status: int = 200, *, problem: bool = False) -> ResponseReturnValue:
    session, typed = current_session(), request.args.get("q", "").strip()
    place = number_of(request.args.get("cursor"))
    if typed:
        found = queries.found(session, typed, offset=place or 0, limit=A_PAGE + 1)
        next_place = (place or 0) + A_PAGE
    else:
        found = queries.newest(session, before=place, limit=A_PAGE + 1)
        next_place = found[min(len(found), A_PAGE) - 1].id if found else 0
    following = cursor(next_place) if len(found) > A_PAGE else None
    page = render_template("checks/index.html", checks=found[:A_PAGE], typed=typed, problem=problem,
                           following=following, columns=COLUMNS)  # fmt: skip
    return page, status
