"""Who could take what is stuck: the list of such claims, one claim with everybody, and asking."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from factcheck import clock
from factcheck.accounts.browser_session import signed_in
from factcheck.accounts.queries import person_by_public_id
from factcheck.claims.actions import assign_claim
from factcheck.claims.queries import claim as claim_of
from factcheck.db import current_session, writing
from factcheck.desk.reviewers import MOST_ASKED
from factcheck.desk.suggesting import NAMED, Place, able_for, stuck_claims
from factcheck.failures import Conflict, Invalid
from factcheck.notices.rules import STUCK
from factcheck.web.access import Caller, access
from factcheck.web.paging import cursor, key_of, moment_and_key, number_of
from factcheck.web.wording import worded

A_PAGE = 20

bp = Blueprint("stuck", __name__, url_prefix="/desk/stuck")


@bp.get("")
@access(Caller.EDITOR)
def index() -> ResponseReturnValue:
    """List the claims that have waited for reviews for long, each with who could take it."""
    after = moment_and_key(key_of(request.args.get("cursor"), parts=2))
    found = stuck_claims(
        current_session(), signed_in(), now=clock.now(), after=after, limit=A_PAGE + 1
    )
    shown = found[:A_PAGE]
    return render_template(
        "desk/stuck.html", found=shown, days=STUCK.days, named=NAMED, most=MOST_ASKED,
        following=_cursor_of(shown[-1].place) if len(found) > A_PAGE else None,
        here=request.args.get("cursor", ""),
    )  # fmt: skip


def _cursor_of(place: Place) -> str:
    """Return the cursor of the page behind a claim's place."""
    return cursor(place[0].isoformat(), place[1])


@bp.get("/<public_id>")
@access(Caller.EDITOR)
def show(public_id: str) -> ResponseReturnValue:
    """Show everybody who could take one claim, some people at a time."""
    return _page(public_id)


def _page(public_id: str, status: int = 200, *, problem: str = "") -> ResponseReturnValue:
    session = current_session()
    found, last = able_for(
        session, signed_in(), claim_of(session, public_id), now=clock.now(),
        after_id=number_of(request.args.get("cursor")) or 0,
    )  # fmt: skip
    page = render_template(
        "desk/stuck_claim.html", one=found, problem=problem, most=MOST_ASKED,
        is_first="cursor" not in request.args, following=cursor(last) if last else None,
    )  # fmt: skip
    return page, status


@bp.post("/<public_id>")
@access(Caller.EDITOR)
def ask(public_id: str) -> ResponseReturnValue:
    """Ask somebody to review the claim, or nobody any more, and lead back to where that stood."""
    version = request.form.get("version", type=int)
    wanted = request.form.get("person", "")
    try:
        with writing() as session:
            person = person_by_public_id(session, wanted) if wanted else None
            assign_claim(session, claim_of(session, public_id), person, version=version or 0,
                         actor=signed_in(), now=clock.now())  # fmt: skip
    except (Conflict, Invalid) as failure:
        status = 409 if isinstance(failure, Conflict) else 422
        return _page(public_id, status, problem=worded(failure))
    if "list" not in request.form:
        return redirect(url_for("stuck.show", public_id=public_id), 303)
    here = request.form["list"] or None
    return redirect(url_for("stuck.index", cursor=here, _anchor=f"claim-{public_id}"), 303)
