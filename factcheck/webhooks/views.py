"""The admin's pages for webhooks: the list, and one endpoint with what it was told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from factcheck import clock
from factcheck.accounts.browser_session import signed_in
from factcheck.config import Settings
from factcheck.db import current_session, writing
from factcheck.failures import Failure
from factcheck.web.access import Caller, access
from factcheck.web.forms import show_failure
from factcheck.web.paging import cursor, number_of
from factcheck.webhooks import actions, labels, queries
from factcheck.webhooks.forms import EditForm, WebhookForm, form_of
from factcheck.webhooks.models import Webhook

A_PAGE = 30
bp = Blueprint("webhooks", __name__, url_prefix="/admin/webhooks")


@bp.get("")
@access(Caller.ADMIN)
def index() -> ResponseReturnValue:
    """List the endpoints, and offer to add one."""
    return _list(WebhookForm(formdata=None))


def _list(form: WebhookForm, status: int = 200) -> ResponseReturnValue:
    found = queries.webhooks(current_session())
    page = render_template("webhooks/index.html", webhooks=found, form=form, names=labels.TOLD)
    return page, status


@bp.post("")
@access(Caller.ADMIN, confirmed=True)
def add() -> ResponseReturnValue:
    """Add an endpoint, and show its secret this once."""
    form = WebhookForm()
    if not form.validate_on_submit():
        return _list(form, 422)
    settings = _settings()
    try:
        with writing() as session:
            found, secret = actions.add(
                session, form.url.data, form.events.data, allow=settings.fetch_allow,
                key=settings.secret_key, actor=signed_in(), now=clock.now(),
            )  # fmt: skip
            public_id = found.public_id
    except Failure as failure:
        show_failure(form, failure)
        return _list(form, 422)
    return _page(public_id, None, 201, secret=secret)


@bp.get("/<public_id>")
@access(Caller.ADMIN)
def show(public_id: str) -> ResponseReturnValue:
    """Show an endpoint and what it was told, the newest first."""
    return _page(public_id, None)


def _page(
    public_id: str, form: EditForm | None, status: int = 200, **given: Any
) -> ResponseReturnValue:
    session = current_session()
    found = queries.webhook(session, public_id)
    before = number_of(request.args.get("cursor"))
    deliveries = queries.deliveries_of(session, found, before=before, limit=A_PAGE + 1)
    shown = deliveries[:A_PAGE]
    page = render_template(
        "webhooks/webhook.html", webhook=found, form=form or form_of(found), deliveries=shown,
        following=cursor(shown[-1].id) if len(deliveries) > A_PAGE else None,
        names=labels.TOLD, states=labels.STATES, troubles=labels.TROUBLES, **given,
    )  # fmt: skip
    return page, status


@bp.post("/<public_id>")
@access(Caller.ADMIN, confirmed=True)
def edit(public_id: str) -> ResponseReturnValue:
    """Change where an endpoint is and what it is told of."""
    form = EditForm()
    if not form.validate_on_submit():
        return _page(public_id, form, 422)
    try:
        with writing() as session:
            found = queries.held_webhook(session, public_id)
            actions.edit(
                session, found, form.url.data, form.events.data, version=form.version.data or 0,
                allow=_settings().fetch_allow, actor=signed_in(), now=clock.now(),
            )  # fmt: skip
    except actions.StaleWebhook as failure:
        show_failure(form, failure)
        now_is = queries.webhook(current_session(), public_id)
        form.version.raw_data, form.version.data = None, now_is.version
        return _page(public_id, form, 409)
    except Failure as failure:
        show_failure(form, failure)
        return _page(public_id, form, 422)
    return _back(public_id)


def _back(public_id: str) -> ResponseReturnValue:
    return redirect(url_for("webhooks.show", public_id=public_id), 303)


def _changed(public_id: str, change: Callable[..., object]) -> ResponseReturnValue:
    with writing() as session:
        found: Webhook = queries.held_webhook(session, public_id)
        change(session, found, actor=signed_in(), now=clock.now())
    return _back(public_id)


@bp.post("/<public_id>/ping")
@access(Caller.ADMIN)
def ping(public_id: str) -> ResponseReturnValue:
    """Send a test."""
    return _changed(public_id, actions.ping)


@bp.post("/<public_id>/disable")
@access(Caller.ADMIN)
def disable(public_id: str) -> ResponseReturnValue:
    """Tell an endpoint nothing more for now."""
    return _changed(public_id, actions.disable)


@bp.post("/<public_id>/enable")
@access(Caller.ADMIN)
def enable(public_id: str) -> ResponseReturnValue:
    """Tell an endpoint again."""
    return _changed(public_id, actions.enable)


@bp.post("/<public_id>/delete")
@access(Caller.ADMIN)
def delete(public_id: str) -> ResponseReturnValue:
    """Delete an endpoint, its secret and all that it was told."""
    _changed(public_id, actions.delete)
    return redirect(url_for("webhooks.index"), 303)


@bp.post("/deliveries/<public_id>/replay")
@access(Caller.ADMIN)
def replay(public_id: str) -> ResponseReturnValue:
    """Send a delivery again."""
    with writing() as session:
        one = queries.held_delivery(session, public_id)
        actions.replay(session, one, actor=signed_in(), now=clock.now())
        endpoint = one.webhook.public_id
    return _back(endpoint)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["factcheck"]
    return settings
