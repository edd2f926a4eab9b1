"""Writing to somebody who works here: told as a notice, and mailed as they choose."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from factcheck import clock
from factcheck.accounts.browser_session import signed_in
from factcheck.accounts.queries import person_by_public_id
from factcheck.claims.queries import claim as claim_of
from factcheck.db import current_session, writing
from factcheck.failures import Invalid
from factcheck.notices.messages import LONGEST, between, send
from factcheck.web.access import Caller, access
from factcheck.web.wording import worded

SHOWN = 20  # of what was written before

bp = Blueprint("messages", __name__, url_prefix="/desk/people/<public_id>/message")


@bp.get("")
@access(Caller.EDITOR)
def show(public_id: str) -> ResponseReturnValue:
    """Show the form, about the claim that the address names or none, and what one wrote before."""
    return _page(public_id, request.args.get("claim", ""))


def _page(
    public_id: str, about: str, status: int = 200, *, problem: str = ""
) -> ResponseReturnValue:
    session = current_session()
    person = person_by_public_id(session, public_id)
    page = render_template(
        "desk/message.html", person=person, claim=claim_of(session, about) if about else None,
        before=between(session, signed_in(), person, limit=SHOWN), longest=LONGEST,
        has_mail=bool(current_app.extensions["factcheck"].smtp_url), problem=problem,
        typed=request.form.get("text", ""), is_sent="sent" in request.args,
    )  # fmt: skip
    return page, status


@bp.post("")
@access(Caller.EDITOR)
def write(public_id: str) -> ResponseReturnValue:
    """Send what was written."""
    about = request.form.get("claim", "")
    try:
        with writing() as session:
            person = person_by_public_id(session, public_id)
            claim = claim_of(session, about) if about else None
            send(session, person, request.form.get("text", ""), claim=claim,
                 actor=signed_in(), now=clock.now())  # fmt: skip
    except Invalid as failure:
        return _page(public_id, about, 422, problem=worded(failure))
    return redirect(url_for("messages.show", public_id=public_id, claim=about or None, sent=1), 303)
