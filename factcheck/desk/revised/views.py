"""The page of a new revision, and what an editor says there to a claim: the same, here, mended."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from factcheck import clock
from factcheck.accounts.browser_session import signed_in
from factcheck.claims import actions, labels
from factcheck.claims.models import Claim
from factcheck.claims.queries import claim_in
from factcheck.db import current_session, writing
from factcheck.desk.revised.page import page_of
from factcheck.desk.triage.steps import Did, keeping
from factcheck.editions import mending
from factcheck.failures import Conflict, Invalid
from factcheck.reviews.actions import mark_wording_changed
from factcheck.web.access import Caller, access
from factcheck.web.wording import worded

bp = Blueprint("revised", __name__, url_prefix="/work/articles/<slug>/carried-over")


@bp.get("")
@access(Caller.REVIEWER)
def show(slug: str) -> ResponseReturnValue:
    """Show the newest revision beside the one before, with what became of each claim."""
    return _page(slug)


@bp.post("/<claim_id>")
@access(Caller.EDITOR)
def say(slug: str, claim_id: str) -> ResponseReturnValue:
    """Say that a claim claims the same still, where it stands now, or that its author mended it."""
    verb = request.form.get("do", "")
    try:
        with writing() as session:
            claim = claim_in(session, slug, claim_id)
            _SAYS.get(verb, _nothing)(session, claim, actor=signed_in(), now=clock.now())
    except (Conflict, Invalid) as failure:
        status = 422 if isinstance(failure, Invalid) else 409
        return _page(slug, refused=claim_id, failure=worded(failure)), status
    return redirect(url_for("revised.show", slug=slug, said=claim_id, _anchor=f"c-{claim_id}"), 303)


def _nothing(_session: Session, _claim: Claim, **_who: Any) -> None:
    raise Invalid("do", "This form was incomplete. Load the page again.")


def _confirm(session: Session, claim: Claim, **who: Any) -> None:
    with keeping(session, claim.article, [claim], Did.EDITED, **who):
        actions.confirm_words(session, claim, version=_version(), **who)


def _put(session: Session, claim: Claim, **who: Any) -> None:
    start, _, end = request.form.get("place", "").partition("-")
    if not (start.isdecimal() and end.isdecimal()):
        raise Invalid("place", "Choose the sentence in which the claim stands.")
    changes = {"start": int(start), "end": int(end)}
    with keeping(session, claim.article, [claim], Did.MOVED, **who):
        actions.edit_claim(session, claim, changes, version=_version(), **who)
        mark_wording_changed(session, claim, who["now"])


def _mend(session: Session, claim: Claim, **who: Any) -> None:
    typed = request.form.get("on", "")
    mending.note_mend(session, claim, mending.typed_day(typed) if typed else None, **who)


def _version() -> int | None:
    return request.form.get("version", type=int)


_SAYS = {"confirm": _confirm, "put": _put, "mended": _mend}


def _page(slug: str, **refused: str) -> str:
    return render_template(
        "desk/revised.html",
        page=page_of(current_session(), slug),
        may_edit=current_user.is_at_least("editor"),
        labels=labels,
        said=request.args.get("said", ""),
        typed=request.form,
        **{"refused": "", "failure": ""} | refused,
    )
