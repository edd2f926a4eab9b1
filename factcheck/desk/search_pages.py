"""The page on which editors search claims, the reasons of reviews, and sources."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from factcheck.claims import labels
from factcheck.db import current_session
from factcheck.desk.finding import MOST_COUNTED
from factcheck.desk.searching import Wanted, search, wanted_by
from factcheck.failures import Invalid
from factcheck.web.access import Caller, access
from factcheck.web.wording import worded

A_GROUP, A_PAGE = 5, 20  # of each kind where all are shown, and of one kind
bp = Blueprint("searching", __name__)


@bp.get("/desk/search")
@access(Caller.EDITOR)
def show() -> ResponseReturnValue:
    """Show what holds the words, by kind; of one kind, page by page."""
    asked, problem = request.args.to_dict(), ""
    try:
        wanted = wanted_by(asked)
    except Invalid as invalid:
        wanted, problem = Wanted(asked.get("q", "")[:200]), worded(invalid)
    size = A_GROUP if wanted.kind is None else A_PAGE
    last = MOST_COUNTED // A_PAGE
    number = 1 if wanted.kind is None else min(last, max(1, request.args.get("page", 1, type=int)))
    groups = [] if problem else search(
        current_session(), wanted, offset=size * (number - 1), limit=size
    )  # fmt: skip
    html = render_template(
        "desk/search.html", wanted=wanted, groups=groups, number=number, size=size,
        problem=problem, labels=labels,
    )  # fmt: skip
    return html, 422 if problem else 200
