"""The admins' page for words that the law makes us remove: one asks, another one has it done.

Both type their password: a session that was left open is not enough.
"""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from factcheck import clock
from factcheck.accounts.browser_session import signed_in
from factcheck.accounts.views.account import prove_present
from factcheck.config import Settings
from factcheck.db import current_session, writing
from factcheck.editions import publishing, purging
from factcheck.editions.forms import ConfirmPurgeForm, PurgeForm
from factcheck.failures import Conflict, Failure, Forbidden, Invalid
from factcheck.web.access import Caller, access
from factcheck.web.forms import show_failure
from factcheck.web.paging import cursor, number_of
from factcheck.web.wording import worded

A_PAGE = 50
bp = Blueprint("purges", __name__, url_prefix="/admin/purges")


@bp.get("")
@access(Caller.ADMIN)
def index() -> ResponseReturnValue:
    """Show what was asked for and what was done, and the form to ask."""
    return _page(PurgeForm())


@bp.post("")
@access(Caller.ADMIN)
def ask() -> ResponseReturnValue:
    """Ask for words to be removed everywhere."""
    form = PurgeForm()
    if not form.validate_on_submit():
        return _page(form), 422
    now = clock.now()
    try:
        prove_present(form.present.data, now)
        with writing() as session:
            purging.ask(
                session, (form.words.data or "").splitlines(), form.reason.data or "",
                with_copies=bool(form.with_copies.data), actor=signed_in(), now=now,
            )  # fmt: skip
    except Invalid as failure:
        show_failure(form, failure)
        return _page(form), 422
    return redirect(url_for("purges.index"), 303)


@bp.post("/<public_id>/confirm")
@access(Caller.ADMIN)
def confirm(public_id: str) -> ResponseReturnValue:
    """Have it done, as another admin than the one who asked."""
    settings: Settings = current_app.extensions["factcheck"]
    form = ConfirmPurgeForm()
    if not form.validate_on_submit():
        return _page(PurgeForm(formdata=None), public_id, form.present.errors[0]), 422
    try:
        prove_present(form.present.data, clock.now())
        publishing.purge(public_id, actor_id=current_user.id, settings=settings)
    except (Invalid, Conflict, Forbidden) as failure:
        return _refused(public_id, failure)
    return redirect(url_for("purges.index"), 303)


@bp.post("/<public_id>/drop")
@access(Caller.ADMIN)
def drop(public_id: str) -> ResponseReturnValue:
    """Let it be, and forget the words."""
    try:
        with writing() as session:
            asked = purging.purge(session, public_id)
            purging.drop(session, asked, actor=signed_in(), now=clock.now())
    except Conflict as failure:
        return _refused(public_id, failure)
    return redirect(url_for("purges.index"), 303)


def _refused(public_id: str, failure: Failure) -> ResponseReturnValue:
    code = 422 if isinstance(failure, Invalid) else 409 if isinstance(failure, Conflict) else 403
    return _page(PurgeForm(formdata=None), public_id, worded(failure)), code


def _page(form: PurgeForm, refused: str = "", failure: str = "") -> str:
    place = number_of(request.args.get("cursor"))
    found = purging.purges(current_session(), before=place, limit=A_PAGE + 1)
    shown = found[:A_PAGE]
    return render_template(
        "editions/purges.html", form=form, purges=shown, refused=refused, failure=failure,
        following=cursor(shown[-1].id) if len(found) > A_PAGE else None,
    )  # fmt: skip
