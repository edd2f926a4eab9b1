"""What somebody decided alone, and having it reviewed again: offered when they are disabled."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from factcheck import clock
from factcheck.accounts.browser_session import signed_in
from factcheck.accounts.models import Person
from factcheck.accounts.queries import person_by_public_id
from factcheck.claims.queries import lock_claims
from factcheck.db import current_session, writing
from factcheck.decisions.actions import reopen_claim
from factcheck.decisions.written import decided_alone
from factcheck.failures import Invalid
from factcheck.methods.queries import scale
from factcheck.web.access import Caller, access
from factcheck.web.wording import worded

bp = Blueprint("alone", __name__, url_prefix="/admin/people/<public_id>/alone")


@bp.get("")
@access(Caller.ADMIN)
def show(public_id: str) -> ResponseReturnValue:
    """List the verdicts that stand on somebody alone, with a box to tick for each."""
    return _page(public_id)


def _page(public_id: str, problem: str = "", status: int = 200) -> ResponseReturnValue:
    session = current_session()
    person = person_by_public_id(session, public_id)
    page = render_template(
        "people/alone.html", person=person, found=decided_alone(session, person), scale=scale,
        problem=problem, ticked=set(request.form.getlist("claim")),
        reason=request.form.get("reason", ""), reopened=request.args.get("reopened", type=int),
    )  # fmt: skip
    return page, status


@bp.post("")
@access(Caller.ADMIN)
def reopen(public_id: str) -> ResponseReturnValue:
    """Open a new round for each claim that is ticked and still stands on that person alone."""
    try:
        with writing() as session:
            person = person_by_public_id(session, public_id)
            count = _reopen(session, person, set(request.form.getlist("claim")))
    except Invalid as failure:
        return _page(public_id, worded(failure), 422)
    return redirect(url_for("alone.show", public_id=public_id, reopened=count))


def _reopen(session: Session, person: Person, ticked: set[str]) -> int:
    found = [one.claim for one in decided_alone(session, person)]
    claims = [claim for claim in found if claim.public_id in ticked]
    if not claims:
        raise Invalid("claim", "Tick what is to be reviewed again.")
    lock_claims(session, claims)
    reason, now = request.form.get("reason", ""), clock.now()
    for claim in claims:
        reopen_claim(session, claim, reason, actor=signed_in(), now=now)
    return len(claims)
