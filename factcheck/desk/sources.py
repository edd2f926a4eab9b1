"""Pages that verdicts rest on and that are no longer what they were."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from factcheck.db import current_session
from factcheck.decisions.queries import drifted_sources
from factcheck.web.access import Caller, access
from factcheck.web.paging import cursor, number_of

A_PAGE = 30
bp = Blueprint("sources", __name__)


@bp.get("/desk/sources")
@access(Caller.EDITOR)
def index() -> ResponseReturnValue:
    """List them, what was found last first, with the claims that they bear."""
    place = number_of(request.args.get("cursor"))
    found = drifted_sources(current_session(), before=place, limit=A_PAGE + 1)
    shown = found[:A_PAGE]
    following = cursor(shown[-1][0].id) if len(found) > A_PAGE else None
    return render_template("desk/sources.html", found=shown, following=following)
