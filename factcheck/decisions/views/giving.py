"""The page on which a copy is given by hand: a text that somebody saw, or a file.

A reviewer gives copies of what their draft cites, an editor of what the reviews of a claim to
decide cite, or its verdict.
"""

from __future__ import annotations

from contextlib import closing
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from factcheck import clock
from factcheck.accounts.browser_session import signed_in
from factcheck.claims import queries as claims
from factcheck.config import Settings
from factcheck.db import current_session, writing
from factcheck.decisions import handing
from factcheck.decisions.handing import Handed
from factcheck.failures import Conflict, Failure, Forbidden, Invalid
from factcheck.reviews import giving_copies
from factcheck.reviews.given_copies import LARGEST_FILE_BYTES
from factcheck.reviews.rules import LONGEST_TITLE
from factcheck.reviews.snapshots import copy_of_source
from factcheck.web.access import Caller, access
from factcheck.web.wording import worded

LARGEST_FORM_BYTES = 2 * LARGEST_FILE_BYTES  # so that a file that is too large gets a sentence

bp = Blueprint("giving", __name__, url_prefix="/work/claims/<public_id>/copies")


@bp.url_value_preprocessor
def take_files(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let this form be larger than others; this runs before anything reads the body."""
    request.max_content_length = LARGEST_FORM_BYTES


@bp.route("")
@access(Caller.REVIEWER)
def show(public_id: str) -> ResponseReturnValue:
    """Show the form, with the sources that one's own draft cites."""
    return _page(public_id)


@bp.route("", methods=["POST"])
@access(Caller.REVIEWER)
def give(public_id: str) -> ResponseReturnValue:
    """Keep what was given, and lead back to the review."""
    return _answer(public_id, as_editor=False)


@bp.route("/deciding")
@access(Caller.EDITOR)
def show_deciding(public_id: str) -> ResponseReturnValue:
    """Show the form to who decides the claim, with the sources of its reviews and verdict."""
    return _page(public_id, as_editor=True)


@bp.route("/deciding", methods=["POST"])
@access(Caller.EDITOR)
def give_deciding(public_id: str) -> ResponseReturnValue:
    """Keep what an editor gave, and lead back to the page on which they decide."""
    return _answer(public_id, as_editor=True)


def _answer(public_id: str, *, as_editor: bool) -> ResponseReturnValue:
    try:
        made = _kept(public_id, as_editor=as_editor)
    except Invalid as invalid:
        problems = {invalid.field: worded(invalid)}
        return _page(public_id, 422, as_editor=as_editor, problems=problems)
    except (Conflict, Forbidden) as refusal:
        status = 409 if isinstance(refusal, Conflict) else 403
        return _page(public_id, status, as_editor=as_editor, failure=worded(refusal))
    cite, title = made or (None, None)
    page = "deciding.show" if as_editor else "reviewing.show"
    return redirect(url_for(page, public_id=public_id, cite=cite, title=title) + "#sources")


def _kept(public_id: str, *, as_editor: bool) -> tuple[str, str] | None:
    """Keep what the form holds; return address and title where it is a source by itself."""
    settings: Settings = current_app.extensions["factcheck"]
    handed, now, me = _handed(as_editor=as_editor), clock.now(), signed_in()
    claim = claims.claim(current_session(), public_id)
    given = handing.put_aside(current_session(), claim, handed, settings, actor=me, now=now)
    with writing() as session:
        claim = claims.claim(session, public_id)
        source = handing.keep(session, claim, handed, given, settings.public_url, actor=me, now=now)
        return None if handed.source_id else (source.url, given.title or "")


def _handed(*, as_editor: bool) -> Handed:
    """Return what the form holds."""
    form, upload = request.form, request.files.get("file")
    has_file = upload is not None and bool(upload.filename)
    return Handed(
        form.get("source", ""), form.get("text", ""),
        _bytes(upload) if upload is not None and has_file else None,
        form.get("title", ""), as_editor,
    )  # fmt: skip


def _bytes(upload: FileStorage) -> bytes:
    with closing(upload):
        return upload.stream.read(LARGEST_FILE_BYTES + 1)


def _page(
    public_id: str, status: int = 200, *, as_editor: bool = False,
    problems: dict[str, str] | None = None, failure: str = "",
) -> ResponseReturnValue:  # fmt: skip
    session, me = current_session(), signed_in()
    claim = claims.claim(session, public_id)
    sources = handing.sources_of(session, claim, me, as_editor=as_editor)
    try:
        handing.check_may_give(claim, me, as_editor=as_editor)
    except Failure as refusal:
        failure = failure or worded(refusal)
    html = render_template(
        "reviews/give_copy.html", claim=claim, sources=sources, problems=problems or {},
        failure=failure, chosen=request.form.get("source", request.args.get("source", "")),
        typed=request.form, is_fetched=giving_copies.is_fetched, longest_title=LONGEST_TITLE,
        copies={one.id: copy_of_source(one, {me.id}) for one in sources}, worded=worded,
        as_editor=as_editor,
    )  # fmt: skip
    return html, status
