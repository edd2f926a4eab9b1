"""The admin's pages: people, their roles and links, and the audit log.

They stand here and not in `accounts`, since disabling somebody frees the seats they hold.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from factcheck import clock
from factcheck.accounts import actions, forms, queries, registering, second_admin, second_factor
from factcheck.accounts.browser_session import signed_in
from factcheck.accounts.models import Registration
from factcheck.db import current_session, writing
from factcheck.decisions.written import decided_alone
from factcheck.desk import admitting
from factcheck.failures import Failure
from factcheck.methods.queries import cases
from factcheck.reviews.actions import disable_person
from factcheck.reviews.queries import practice_counts
from factcheck.web.access import Caller, access
from factcheck.web.forms import show_failure
from factcheck.web.paging import cursor, number_of

EVENTS_A_PAGE = 100
PEOPLE_A_PAGE = 200

bp = Blueprint("people", __name__)


@bp.route("/admin")
@access(Caller.ADMIN)
def index() -> ResponseReturnValue:
    """Show everybody, and invite somebody."""
    return _page(forms.InviteForm())


def _page(form: forms.InviteForm, status: int = 200, **given: Any) -> ResponseReturnValue:
    after = number_of(request.args.get("cursor"))
    found = queries.people(current_session(), after_id=after or 0, limit=PEOPLE_A_PAGE + 1)
    shown = found[:PEOPLE_A_PAGE]
    following = cursor(shown[-1].id) if len(found) > PEOPLE_A_PAGE else None
    practised = practice_counts(current_session(), [person.id for person in shown])
    page = render_template(
        "people/index.html", people=shown, form=form, following=following,
        practised=practised, case_count=len(cases()),
        unconfirmed=_unconfirmed(),
        changes=second_admin.waiting(current_session(), now=clock.now()),
        with_second_factor=queries.with_second_factor(current_session(), shown), **given,
    )  # fmt: skip
    return page, status


def _unconfirmed() -> list[Registration]:
    """Return the registrations that wait for their link, where people may register."""
    if not current_app.extensions["factcheck"].open_registration:
        return []
    return registering.unconfirmed(current_session(), now=clock.now())


@bp.route("/admin/registrations/<int:registration_id>/link", methods=["POST"])
@access(Caller.ADMIN)
def registration_link(registration_id: int) -> ResponseReturnValue:
    """Make a new link that confirms an address, and show it."""
    with writing() as session:
        found, link = admitting.registered(
            session, registration_id, actor=signed_in(), now=clock.now()
        )
    return _page(forms.InviteForm(formdata=None), 201, link=link, link_for=found)


@bp.route("/admin", methods=["POST"])
@access(Caller.ADMIN, confirmed=True)
def invite() -> ResponseReturnValue:
    """Invite somebody, and show the link that lets them in."""
    form = forms.InviteForm()
    if not form.validate_on_submit():
        return _page(form, 422)
    try:
        with writing() as session:
            person, link = admitting.invited(
                session, form.email.data, name=form.name.data, role=form.role.data,
                actor=signed_in(), now=clock.now(),
            )  # fmt: skip
    except Failure as failure:
        show_failure(form, failure, otherwise="email")
        return _page(form, 422)
    return _page(forms.InviteForm(formdata=None), 201, link=link, link_for=person)


@bp.route("/admin/people/<public_id>/reset", methods=["POST"])
@access(Caller.ADMIN, confirmed=True)
def reset(public_id: str) -> ResponseReturnValue:
    """Make a link by which somebody sets a new password, and show it."""
    with writing() as session:
        person = queries.person_by_public_id(session, public_id)
        link = admitting.reset(session, person, actor=signed_in(), now=clock.now())
    if link is None:
        return _asked()
    return _page(forms.InviteForm(formdata=None), 201, link=link, link_for=person)


def _asked() -> ResponseReturnValue:
    """Lead to what waits for a second admin."""
    return redirect(url_for("people.index", _anchor="waiting-h"))


def _changed(public_id: str, change: Callable[..., bool | None]) -> ResponseReturnValue:
    """Change something about a person, and lead back to the list, or to what waits if it does."""
    with writing() as session:
        person = queries.person_by_public_id(session, public_id)
        done = change(session, person, actor=signed_in(), now=clock.now())
    return _asked() if done is False else redirect(url_for("people.index"))


@bp.route("/admin/people/<public_id>/role", methods=["POST"])
@access(Caller.ADMIN, confirmed=True)
def role(public_id: str) -> ResponseReturnValue:
    """Give somebody another role."""
    return _changed(public_id, partial(actions.change_role, role=request.form.get("role", "")))


@bp.route("/admin/changes/<public_id>/drop", methods=["POST"])
@access(Caller.ADMIN)
def drop_change(public_id: str) -> ResponseReturnValue:
    """Let a change that waits for a second admin be."""
    with writing() as session:
        second_admin.drop(session, public_id, actor=signed_in(), now=clock.now())
    return redirect(url_for("people.index"))


@bp.route("/admin/people/<public_id>/sign-out", methods=["POST"])
@access(Caller.ADMIN)
def sign_out(public_id: str) -> ResponseReturnValue:
    """End every session of somebody, as when their computer is lost."""
    return _changed(public_id, actions.end_sessions)


@bp.route("/admin/people/<public_id>/disable", methods=["POST"])
@access(Caller.ADMIN, confirmed=True)
def disable(public_id: str) -> ResponseReturnValue:
    """Keep somebody out, and offer what they decided alone for another look.

    Their seats are free again, and what they wrote is kept.
    """
    answer = _changed(public_id, disable_person)
    person = queries.person_by_public_id(current_session(), public_id)
    if person.disabled_at and decided_alone(current_session(), person, limit=1):
        return redirect(url_for("alone.show", public_id=public_id))
    return answer


@bp.route("/admin/people/<public_id>/enable", methods=["POST"])
@access(Caller.ADMIN, confirmed=True)
def enable(public_id: str) -> ResponseReturnValue:
    """Let somebody in again."""
    return _changed(public_id, actions.enable)


@bp.route("/admin/people/<public_id>/second-factor-off", methods=["POST"])
@access(Caller.ADMIN, confirmed=True)
def second_factor_off(public_id: str) -> ResponseReturnValue:
    """Switch somebody's second factor off, as when their phone is lost."""
    return _changed(public_id, second_factor.reset)


@bp.route("/admin/events")
@access(Caller.ADMIN)
def events() -> ResponseReturnValue:
    """Show the audit log, newest first."""
    before = number_of(request.args.get("cursor"))
    found = queries.events(current_session(), before_id=before, limit=EVENTS_A_PAGE + 1)
    shown = found[:EVENTS_A_PAGE]
    following = cursor(shown[-1].id) if len(found) > EVENTS_A_PAGE else None
    return render_template("people/events.html", events=shown, following=following)
