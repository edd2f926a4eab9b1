"""The page of a batch: first what will happen, then what did, and undoing it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from factcheck import clock
from factcheck.accounts.browser_session import signed_in
from factcheck.claims import labels
from factcheck.db import current_session, writing
from factcheck.desk.bulk import doing
from factcheck.desk.bulk.asking import action_of, all_that_match, ticked
from factcheck.desk.bulk.batches import MOST, NAMED, batch_of, counts_of, items_of, prepare
from factcheck.desk.finding import asked_for
from factcheck.desk.lists import FILTERS
from factcheck.desk.views import list_page
from factcheck.failures import Conflict, Invalid
from factcheck.methods.queries import policy
from factcheck.web.access import Caller, access
from factcheck.web.wording import worded

_LIKE_FILTERS = ("person", "priority", "tag")
bp = Blueprint("bulk", __name__, url_prefix="/desk/bulk")


@bp.route("", methods=["POST"])
@access(Caller.EDITOR)
def choose() -> ResponseReturnValue:
    """Take what is to be done with the claims that are ticked, and lead on to the preview."""
    asked = {name: request.form[name] for name in FILTERS if request.form.get(name)}
    try:
        with writing() as session:
            action, value = action_of(session, _typed())
            if "all" in request.form:
                chosen = all_that_match(session, asked_for(session, asked, now=clock.now()))
            else:
                chosen = ticked(session, request.form.getlist("claim"))
            batch = prepare(session, action, value, chosen, asked=asked, actor=signed_in(),
                            now=clock.now())  # fmt: skip
            public_id = batch.public_id
    except Invalid as invalid:
        return list_page(asked, 422, bulk_problem=worded(invalid))
    return redirect(url_for("bulk.show", public_id=public_id), 303)


def _typed() -> dict[str, str]:
    """Return what is to be done; beside it stand the filters of the list, by names like these."""
    typed = {name: request.form.get(name, "") for name in ("do", "reason", "policy")}
    return typed | {name: request.form.get(f"to_{name}", "") for name in _LIKE_FILTERS}


@bp.route("/<public_id>")
@access(Caller.EDITOR)
def show(public_id: str) -> ResponseReturnValue:
    """Show a batch: how many claims, which are left out and why, what was done, and what to do."""
    return _page(public_id)


@bp.route("/<public_id>", methods=["POST"])
@access(Caller.EDITOR)
def start(public_id: str) -> ResponseReturnValue:
    """Do it, at once or, where there are many, by a job."""
    return _set_off(public_id, doing.start)


@bp.route("/<public_id>/undo", methods=["POST"])
@access(Caller.EDITOR)
def undo(public_id: str) -> ResponseReturnValue:
    """Undo it where nobody changed the claim since."""
    return _set_off(public_id, doing.undo)


def _set_off(public_id: str, verb: Any) -> ResponseReturnValue:
    try:
        with writing() as session:
            is_at_once = verb(session, public_id, actor=signed_in(), now=clock.now())
    except Conflict as conflict:
        return _page(public_id, 409, problem=worded(conflict))
    if is_at_once:
        doing.run(public_id, doing.AT_ONCE + 1)
    return redirect(url_for("bulk.show", public_id=public_id), 303)


def _page(public_id: str, status: int = 200, *, problem: str = "") -> ResponseReturnValue:
    session = current_session()
    batch = batch_of(session, public_id)
    page = render_template(
        "desk/bulk.html", batch=batch, counts=counts_of(session, batch), problem=problem,
        aside=items_of(session, batch, ("left-out", "kept")), labels=labels, most=MOST, named=NAMED,
        policy=policy(key) if (key := batch.value.get("policy")) else None,
    )  # fmt: skip
    return page, status
