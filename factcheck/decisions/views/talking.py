"""What is done in the talk of a claim, from its review page or the page on which it is decided."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from factcheck import clock
from factcheck.accounts.browser_session import signed_in
from factcheck.claims.queries import claim as claim_of
from factcheck.db import writing
from factcheck.decisions.views import deciding, reviewing
from factcheck.failures import Conflict, Forbidden, Invalid
from factcheck.reviews import talk, threads
from factcheck.web.access import Caller, access
from factcheck.web.wording import worded

bp = Blueprint("talking", __name__, url_prefix="/work/claims/<public_id>/comments")


@dataclass(frozen=True, slots=True)
class Slip:
    """A form of the talk that was not taken: which one, what was typed in it, and why."""

    form: str
    typed: str
    why: str


@bp.route("", methods=["POST"])
@access(Caller.REVIEWER)
def add(public_id: str) -> ResponseReturnValue:
    """Add a remark to the claim, or an answer to one."""
    text, answers = request.form.get("text", ""), request.form.get("answers") or None

    def remark(session: Session) -> str:
        claim = claim_of(session, public_id)
        added = talk.add_comment(session, claim, text, actor=signed_in(), now=clock.now(),
                                 answers=answers)  # fmt: skip
        return added.public_id

    return _done(public_id, remark, f"answer-{answers}" if answers else "add", text)


@bp.route("/<comment_id>", methods=["POST"])
@access(Caller.REVIEWER)
def edit(public_id: str, comment_id: str) -> ResponseReturnValue:
    """Change one's own remark."""
    text = request.form.get("text", "")

    def change(session: Session) -> str:
        found = threads.comment(session, comment_id, signed_in())
        version = request.form.get("version", type=int)
        talk.edit_comment(session, found, text, version=version, actor=signed_in(), now=clock.now())
        return comment_id

    return _done(public_id, change, f"edit-{comment_id}", text)


@bp.route("/<comment_id>/hide", methods=["POST"])
@access(Caller.EDITOR)
def hide(public_id: str, comment_id: str) -> ResponseReturnValue:
    """Hide a remark, with the reason that is shown in its place."""
    reason = request.form.get("reason", "")

    def change(session: Session) -> str:
        found = threads.comment(session, comment_id, signed_in())
        talk.hide_comment(session, found, reason, actor=signed_in(), now=clock.now())
        return comment_id

    return _done(public_id, change, f"hide-{comment_id}", reason)


@bp.route("/<comment_id>/unhide", methods=["POST"])
@access(Caller.EDITOR)
def unhide(public_id: str, comment_id: str) -> ResponseReturnValue:
    """Show a hidden remark again, with the reason."""
    reason = request.form.get("reason", "")

    def change(session: Session) -> str:
        found = threads.comment(session, comment_id, signed_in())
        talk.unhide_comment(session, found, reason, actor=signed_in(), now=clock.now())
        return comment_id

    return _done(public_id, change, f"unhide-{comment_id}", reason)


def _done(
    public_id: str, change: Callable[[Session], str], form: str, typed: str
) -> ResponseReturnValue:
    """Do it and lead to the remark; else show the page again, with what was typed in its form."""
    is_deciding = request.form.get("from") == "decide" and signed_in().is_at_least("editor")
    page: Callable[..., ResponseReturnValue] = deciding.page if is_deciding else reviewing.page
    try:
        with writing() as session:
            at = change(session)
    except (Invalid, Conflict, Forbidden) as failure:
        status = {Invalid: 422, Conflict: 409, Forbidden: 403}
        kind = next(kind for kind in status if isinstance(failure, kind))
        slip = Slip(form, typed, worded(failure))
        return page(public_id, None, status[kind], slip=slip)
    back = "deciding.show" if is_deciding else "reviewing.show"
    return redirect(url_for(back, public_id=public_id) + f"#comment-{at}")
