"""One's own second factor: switching it on, new recovery codes, switching it off."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, redirect, url_for
from flask.typing import ResponseReturnValue

from factcheck import clock
from factcheck.accounts import browser_session, codes, forms, second_factor
from factcheck.accounts.browser_session import signed_in
from factcheck.accounts.views import bp
from factcheck.accounts.views.account import page, prove_password
from factcheck.db import writing
from factcheck.failures import Invalid
from factcheck.web.access import Caller, access
from factcheck.web.forms import show_failure


@bp.route("/account/second-factor", methods=["POST"])
@access(Caller.NEWCOMER)
def begin_second_factor() -> ResponseReturnValue:
    """Make a secret for one's app and show it, to be confirmed by a code."""
    secret, begun = second_factor.begin(signed_in(), key=browser_session.service_key())
    form = forms.ConfirmForm(formdata=None, begun=begun)
    return page(201, confirm=form, **_shown(secret))


def _shown(secret: str) -> dict[str, Any]:
    """Return what the page shows of a secret that is to be confirmed."""
    host = urlsplit(current_app.extensions["factcheck"].public_url).hostname or "factcheck"
    address = codes.app_address(secret, email=signed_in().email, service=host)
    return {"app_secret": secret, "app_address": address, "drawing": codes.drawn(address)}


@bp.route("/account/second-factor/on", methods=["POST"])
@access(Caller.NEWCOMER)
def confirm_second_factor() -> ResponseReturnValue:
    """Switch the second factor on, and show the recovery codes, this once."""
    form, now = forms.ConfirmForm(), clock.now()
    secret = second_factor.begun_secret(
        signed_in(), form.begun.data or "", key=browser_session.service_key()
    )
    if not form.validate_on_submit():
        return page(422, confirm=form, **_shown(secret))
    try:
        prove_password(form.present.data, now)
        with writing() as session:
            made = second_factor.confirm(
                session, signed_in(), secret, form.code.data, key=browser_session.service_key(),
                now=now,
            )  # fmt: skip
    except Invalid as failure:
        show_failure(form, failure)
        return page(422, confirm=form, **_shown(secret))
    return page(201, new_codes=made)


@bp.route("/account/second-factor/codes", methods=["POST"])
@access(Caller.NEWCOMER)
def renew_recovery_codes() -> ResponseReturnValue:
    """Make new recovery codes and show them, this once."""
    form, now = forms.ProofForm(), clock.now()
    if not _is_proven(form, now):
        return page(422, proof=form)
    with writing() as session:
        made = second_factor.renew_codes(session, signed_in(), now=now)
    return page(201, new_codes=made)


@bp.route("/account/second-factor/off", methods=["POST"])
@access(Caller.NEWCOMER)
def switch_second_factor_off() -> ResponseReturnValue:
    """Switch one's second factor off."""
    form, now = forms.ProofForm(), clock.now()
    if not _is_proven(form, now):
        return page(422, proof=form)
    with writing() as session:
        second_factor.switch_off(session, signed_in(), now=now)
    return redirect(url_for("accounts.account"))


def _is_proven(form: forms.ProofForm, now: datetime) -> bool:
    """Return whether password and code are right, and take the code; else the form says why."""
    if not form.validate_on_submit():
        return False
    try:
        prove_password(form.present.data, now)
        browser_session.prove_code(signed_in(), form.code.data, now=now)
    except Invalid as failure:
        show_failure(form, failure)
        return False
    return True
