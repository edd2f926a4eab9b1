"""The page on which a reviewer gives a copy by hand: a text that they saw, or a file."""

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
from factcheck.failures import Conflict, Failure, Forbidden, Invalid
from factcheck.reviews import giving
from factcheck.reviews.given import LARGEST_FILE_BYTES, store_file, store_text
from factcheck.reviews.rounds import check_may_review
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
    try:
        made = _kept(public_id)
    except Invalid as invalid:
        return _page(public_id, 422, problems={invalid.field: worded(invalid)})
    except (Conflict, Forbidden) as refusal:
        status = 409 if isinstance(refusal, Conflict) else 403
        return _page(public_id, status, failure=worded(refusal))
    cite, title = made or (None, None)
    place = url_for("reviewing.show", public_id=public_id, cite=cite, title=title)
    return redirect(place + "#sources")


def _kept(public_id: str) -> tuple[str, str] | None:
    """Keep what the form holds; return address and title where it is a source by itself."""
    settings: Settings = current_app.extensions["factcheck"]
    source_id, now = request.form.get("source", ""), clock.now()
    upload, text = request.files.get("file"), request.form.get("text", "")
    has_file = upload is not None and bool(upload.filename)
    session = current_session()
    check_may_review(claims.claim(session, public_id), signed_in())
    giving.check_allowance(session, signed_in(), now=now)
    source = _cited_source(public_id, source_id)
    session.rollback()  # files are synced to the disk now
    if bool(text.strip()) == has_file:
        raise Invalid("text", "Give one of the two: the text, or a file.")
    if source is None and not has_file:
        raise Invalid("source", "Say of which page this is the text.")
    if has_file and upload is not None:
        given = store_file(
            _bytes(upload), settings.archive, now=now, url=source,
            title=request.form.get("title", "") if source is None else None,
        )  # fmt: skip
    else:
        given = store_text(str(source), text, settings.archive, now=now)
    with writing() as session:
        claim = claims.claim(session, public_id)
        if source is not None:
            giving.give_copy(session, claim, source_id, given, actor=signed_in(), now=now)
            return None
        made = giving.give_source(
            session, claim, given, settings.public_url, actor=signed_in(), now=now
        )
        return made.url, given.title or ""


def _cited_source(public_id: str, source_id: str) -> str | None:
    """Return the address of the source that was chosen; None for a file by itself."""
    if not source_id:
        return None
    session = current_session()
    own = giving.own_sources(session, claims.claim(session, public_id), signed_in())
    for source in own:
        if source.public_id == source_id:
            return source.url
    raise giving.NotCited("Put the page among your sources first, and save the draft.")


def _bytes(upload: FileStorage) -> bytes:
    with closing(upload):
        return upload.stream.read(LARGEST_FILE_BYTES + 1)


def _page(
    public_id: str, status: int = 200, *, problems: dict[str, str] | None = None,
    failure: str = "",
) -> ResponseReturnValue:  # fmt: skip
    session, me = current_session(), signed_in()
    claim = claims.claim(session, public_id)
    sources = giving.own_sources(session, claim, me)
    try:
        check_may_review(claim, me)
    except Failure as refusal:
        failure = failure or worded(refusal)
    html = render_template(
        "reviews/give_copy.html", claim=claim, sources=sources, problems=problems or {},
        failure=failure, chosen=request.form.get("source", request.args.get("source", "")),
        typed=request.form, is_fetched=giving.is_fetched, longest_title=LONGEST_TITLE,
        copies={one.id: copy_of_source(one, {me.id}) for one in sources}, worded=worded,
    )  # fmt: skip
    return html, status
