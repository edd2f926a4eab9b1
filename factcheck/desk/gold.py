"""The editors' page of gold claims: which there are, adding and retiring one, and the rate."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from factcheck import clock
from factcheck.accounts.browser_session import signed_in
from factcheck.claims.queries import claim as claim_of
from factcheck.db import current_session, writing
from factcheck.failures import Conflict, Invalid, Missing
from factcheck.methods.queries import DEFAULT_SCALE, scale
from factcheck.reviews import gold
from factcheck.web.access import Caller, access
from factcheck.web.paging import cursor, number_of
from factcheck.web.wording import worded

A_PAGE = 50

bp = Blueprint("gold", __name__, url_prefix="/desk/gold")


@bp.get("")
@access(Caller.EDITOR)
def index() -> ResponseReturnValue:
    """Show the gold claims, and how they were answered all together."""
    return _page()


def _page(status: int = 200, problem: str = "") -> ResponseReturnValue:
    session = current_session()
    before = number_of(request.args.get("cursor"))
    found = gold.gold_claims(session, before=before, limit=A_PAGE + 1)
    shown = found[:A_PAGE]
    following = cursor(shown[-1].answer.id) if len(found) > A_PAGE else None
    page = render_template(
        "desk/gold.html", found=shown, following=following, rate=gold.one_in(session),
        rates=gold.RATES, default=scale(DEFAULT_SCALE), scale=scale, problem=problem,
        typed=request.form if problem else {},
    )  # fmt: skip
    return page, status


@bp.post("")
@access(Caller.EDITOR)
def add() -> ResponseReturnValue:
    """Make a claim a gold claim, with its answer; it is named by its id or the address of it."""
    form = request.form
    public_id = form.get("claim", "").strip().rstrip("/").rpartition("/")[2]
    try:
        with writing() as session:
            gold.make_gold(session, claim_of(session, public_id), form.get("rating", ""),
                           form.get("reasons", ""), actor=signed_in(), now=clock.now())  # fmt: skip
    except (Conflict, Invalid, Missing) as failure:
        return _page(409 if isinstance(failure, Conflict) else 422, worded(failure))
    return redirect(url_for("gold.index"), 303)


@bp.post("/<public_id>/retire")
@access(Caller.EDITOR)
def retire(public_id: str) -> ResponseReturnValue:
    """End a gold claim, or say that its answer was wrong."""
    with writing() as session:
        gold.retire(session, claim_of(session, public_id), counts="wrong" not in request.form,
                    actor=signed_in(), now=clock.now())  # fmt: skip
    return redirect(url_for("gold.index"), 303)


@bp.post("/rate")
@access(Caller.ADMIN)
def rate() -> ResponseReturnValue:
    """Set how often a gold claim is dealt."""
    try:
        with writing() as session:
            number = request.form.get("one_in", -1, type=int)
            gold.set_rate(session, number, actor=signed_in(), now=clock.now())
    except Invalid as failure:
        return _page(422, worded(failure))
    return redirect(url_for("gold.index"), 303)
