"""What readers sent, with an answer to each."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from factcheck import clock
from factcheck.accounts.browser_session import signed_in
from factcheck.accounts.models import Person
from factcheck.claims.models import Claim
from factcheck.claims.queries import claim as claim_of
from factcheck.db import current_session, writing
from factcheck.editions import mending
from factcheck.failures import Conflict, Invalid
from factcheck.inbox import actions, queries
from factcheck.inbox.models import KINDS, Letter
from factcheck.web.access import Caller, access
from factcheck.web.paging import cursor, number_of
from factcheck.web.wording import worded

A_PAGE = 30
bp = Blueprint("inbox", __name__)


class NoMend(Conflict):
    """The letter is a request or an appeal."""


@bp.get("/desk/inbox")
@access(Caller.EDITOR)
def index() -> ResponseReturnValue:
    """List the letters that wait, the oldest first; or those answered, the newest first.

    All, or those of one kind.
    """
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


@bp.post("/desk/inbox/<public_id>/mend")
@access(Caller.EDITOR)
def mend(public_id: str) -> ResponseReturnValue:
    """Note the mend that a letter tells of, and answer it."""
    actor, now = signed_in(), clock.now()
    try:
        with writing() as session:
            letter, on = queries.letter(session, public_id), request.form.get("on", "")
            slug = note_and_thank(session, letter, on, actor=actor, now=now).article.slug
    except Invalid as failure:
        return _page(public_id, worded(failure)), 422
    return redirect(url_for("editions.publish", slug=slug), 303)


def note_and_thank(
    session: Session, letter: Letter, on: str, *, actor: Person, now: datetime
) -> Claim:
    """Note the mend that a held letter tells of, as of the day that was typed, and answer it.

    Returns its claim. Raises NoMend, Invalid for the day, and what noting and answering do.
    """
    if letter.kind != "mend" or letter.claim is None:
        raise NoMend("This letter does not tell of a mend.")
    claim = claim_of(session, letter.claim)
    mending.note_mend(session, claim, mending.typed_day(on), actor=actor, now=now)
    thanks = _("Thank you. We noted it, and the next edition tells readers.")
    actions.answer(session, letter, "taken-up", thanks, actor=actor, now=now)
    return claim


def _page(refused: str | None = None, failure: str | None = None) -> str:
    is_open = request.args.get("show") != "answered"
    place = number_of(request.args.get("cursor"))
    kind = request.args.get("kind") or None
    if kind is not None and kind not in KINDS:
        raise Invalid("kind", "There is no such kind.")
    found = queries.letters(
        current_session(), is_open=is_open, kind=kind, before=place, limit=A_PAGE + 1
    )
    shown = found[:A_PAGE]
    return render_template(
        "desk/inbox.html", letters=shown, kind=kind, is_open=is_open, refused=refused,
        failure=failure, following=cursor(shown[-1].id) if len(found) > A_PAGE else None,
    )  # fmt: skip
