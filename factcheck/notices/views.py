"""What somebody was told, how they want to be told, and the links that stop mails."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from factcheck import clock
from factcheck.accounts.browser_session import signed_in
from factcheck.accounts.queries import person_by_public_id
from factcheck.db import current_session, writing
from factcheck.failures import Invalid
from factcheck.notices import actions, labels, queries
from factcheck.notices.rules import Kind, Way, kinds_for, path_to
from factcheck.notices.stopping import Stop, read_stop
from factcheck.web.access import Caller, access
from factcheck.web.paging import cursor, number_of

A_PAGE = 30
bp = Blueprint("notices", __name__)


@bp.get("/notices")
@access(Caller.REVIEWER)
def index() -> ResponseReturnValue:
    """List what one was told, the newest first; looking at it marks nothing as read."""
    before = number_of(request.args.get("cursor"))
    found = queries.notices_of(current_session(), signed_in(), before=before, limit=A_PAGE + 1)
    shown = found[:A_PAGE]
    return render_template(
        "notices/index.html", notices=shown, sentence=labels.sentence, path_to=path_to,
        following=cursor(shown[-1].id) if len(found) > A_PAGE else None,
        newest=cursor(shown[0].id) if shown and before is None else None,
    )  # fmt: skip


@bp.post("/notices/read")
@access(Caller.REVIEWER)
def mark_read() -> ResponseReturnValue:
    """Mark all as read that were there when the page was shown."""
    until = number_of(request.form.get("until"))
    if until is None:
        raise Invalid("until", "Say up to which notice you have read.")
    with writing() as session:
        actions.mark_read(session, signed_in(), until=until, now=clock.now())
    return redirect(url_for("notices.index"), 303)


@bp.get("/account/notices")
@access(Caller.REVIEWER)
def choices() -> ResponseReturnValue:
    """Show how one wants to be told of each kind of thing."""
    return render_template(
        "notices/choices.html", kinds=kinds_for(current_user.role), names=labels.KINDS,
        ways=labels.WAYS, chosen=queries.choices_of(current_session(), signed_in()),
        has_mail=bool(current_app.extensions["factcheck"].smtp_url),
    )  # fmt: skip


@bp.post("/account/notices")
@access(Caller.REVIEWER)
def choose() -> ResponseReturnValue:
    """Choose how to be told of each kind of thing; a kind that is not sent stays as it is."""
    wanted = {
        kind: _way(kind, request.form[kind])
        for kind in kinds_for(current_user.role)
        if kind in request.form
    }
    with writing() as session:
        actions.choose(session, signed_in(), wanted, actor=signed_in(), now=clock.now())
    return redirect(url_for("notices.choices"), 303)


def _way(kind: Kind, value: str) -> Way:
    try:
        return Way(value)
    except ValueError:
        raise Invalid(kind, "Choose one of the ways to be told.") from None


@bp.get("/notices/stop/<token>")
@access(Caller.ANYONE)
def stop_page(token: str) -> ResponseReturnValue:
    """Ask whether to stop mails: opening a link changes nothing, since mail programs open them."""
    return _stop_page(_stop(token))


@bp.post("/notices/stop/<token>")
@access(Caller.ANYONE)
def stop(token: str) -> ResponseReturnValue:
    """Stop the mails that a link is for; mail programs call it too, without a form (RFC 8058)."""
    wanted = _stop(token)
    with writing() as session:
        person = person_by_public_id(session, wanted.person)
        actions.stop_mails(session, person, wanted.kinds, now=clock.now())
    return _stop_page(wanted, is_done=True)


def _stop(token: str) -> Stop:
    return read_stop(current_app.config["SECRET_KEY"], token)


def _stop_page(wanted: Stop, *, is_done: bool = False) -> str:
    names = [labels.KINDS[kind] for kind in wanted.kinds]
    return render_template("notices/stop.html", names=names, is_done=is_done)
