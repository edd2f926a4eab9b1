"""Pages that verdicts rest on and are no longer what they were; what editors note of a source."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from factcheck import clock
from factcheck.accounts.browser_session import signed_in
from factcheck.db import current_session, writing
from factcheck.decisions.queries import drifted_sources
from factcheck.failures import Conflict, Invalid
from factcheck.reviews import noting
from factcheck.web.access import Caller, access
from factcheck.web.paging import cursor, number_of
from factcheck.web.wording import worded

A_PAGE = 30
bp = Blueprint("sources", __name__)


@bp.get("/desk/sources")
@access(Caller.EDITOR)
def index() -> ResponseReturnValue:
    """List them, what was found last first, with the claims that they bear.

    An address leads to the page of its source.
    """
    url, problem = request.args.get("url", ""), ""
    if url:
        try:
            source = noting.source_at(current_session(), url)
            return redirect(url_for("sources.note", public_id=source.public_id))
        except Invalid as invalid:
            problem = worded(invalid)
    place = number_of(request.args.get("cursor"))
    found = drifted_sources(current_session(), before=place, limit=A_PAGE + 1)
    shown = found[:A_PAGE]
    following = cursor(shown[-1][0].id) if len(found) > A_PAGE else None
    return render_template(
        "desk/sources.html", found=shown, following=following, url=url, problem=problem
    ), 422 if problem else 200


@bp.get("/desk/sources/<public_id>")
@access(Caller.EDITOR)
def note(public_id: str) -> ResponseReturnValue:
    """Show a source and what editors say of it."""
    return _note_page(public_id)


@bp.post("/desk/sources/<public_id>")
@access(Caller.EDITOR)
def keep_note(public_id: str) -> ResponseReturnValue:
    """Keep what an editor says of a source."""
    form = request.form
    typed = {"nature": form.get("nature", ""), "words": form.get("words", "")}
    version = form.get("version", 0, type=int)
    try:
        with writing() as session:
            source = noting.held_source(session, public_id)
            me = signed_in()
            noting.note_source(session, source, **typed, version=version, actor=me, now=clock.now())
    except Invalid as invalid:
        return _note_page(public_id, 422, typed=typed, problems={invalid.field: worded(invalid)})
    except Conflict as conflict:
        return _note_page(public_id, 409, typed=typed, failure=worded(conflict))
    return redirect(url_for("sources.note", public_id=public_id, done=1))


def _note_page(
    public_id: str, status: int = 200, *, typed: dict[str, str] | None = None,
    problems: dict[str, str] | None = None, failure: str = "",
) -> ResponseReturnValue:  # fmt: skip
    source = noting.source_by_id(current_session(), public_id)
    kept = source.note
    html = render_template(
        "desk/source.html", source=source, failure=failure, problems=problems or {},
        typed=typed or {"nature": (kept.nature if kept else None) or "",
                        "words": kept.words if kept else ""},
        longest=noting.LONGEST_WORDS, is_done=request.args.get("done") == "1",
    )  # fmt: skip
    return html, status
