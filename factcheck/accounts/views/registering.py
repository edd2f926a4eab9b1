"""Registering without an invitation, where the site allows it."""

from __future__ import annotations

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from factcheck import clock, outbox
from factcheck.accounts import attempts, browser_session, forms, registering, signing_in
from factcheck.accounts.views import bp
from factcheck.config import Settings
from factcheck.db import current_session, writing
from factcheck.failures import Invalid, Missing
from factcheck.web.access import Caller, access
from factcheck.web.forms import show_failure


class RegistrationClosed(Missing):
    """People come to this site by invitation only."""


def _settings() -> Settings:
    settings: Settings = current_app.extensions["factcheck"]
    if not settings.open_registration:
        raise RegistrationClosed("People come to this site by invitation.")
    return settings


@bp.route("/register", methods=["GET", "POST"])
@access(Caller.ANYONE)
def register() -> ResponseReturnValue:
    """Ask for a name, an address and a password; what comes after is the same for any address."""
    settings, form = _settings(), forms.RegisterForm()
    if request.args.get("sent") == "1":
        return render_template("accounts/registered.html", has_mail=bool(settings.smtp_url))
    if not form.validate_on_submit():
        return _form(form, 422 if form.is_submitted() else 200)
    try:
        _keep(settings, form)
    except attempts.TooManyAttempts as failure:
        show_failure(form, Invalid.of("email", failure))
        return _form(form, 429)
    except Invalid as failure:
        show_failure(form, failure)
        return _form(form, 422)
    return redirect(url_for("accounts.register", sent=1), 303)


def _form(form: forms.RegisterForm, status: int) -> ResponseReturnValue:
    return render_template("accounts/register.html", form=form), status


def _keep(settings: Settings, form: forms.RegisterForm) -> None:
    """Keep what was typed and mail the address; nothing is held while the hash is reckoned."""
    now = clock.now()
    with writing() as counting:
        registering.count(
            counting, form.email.data, request.remote_addr or "",
            key=browser_session.service_key(), now=now,
        )  # fmt: skip
    wish = registering.checked(form.name.data, form.email.data, form.password.data)
    with writing() as session:
        secret = registering.register(session, wish, now=now)
        if settings.smtp_url:
            outbox.enqueue(session, "mail", _letter(settings, wish, secret), now=now)


def _letter(settings: Settings, wish: registering.Wish, secret: str | None) -> dict[str, str]:
    """Return the mail that confirms an address, or tells its owner that they are known already."""
    if secret is None:
        subject = _("You have an account already")
        text = _("Somebody, perhaps you, registered with this address, which has an account here.")
        link = settings.public_url + url_for("accounts.sign_in")
    else:
        subject = _("Confirm your address")
        text = _("Open this link to confirm your address. If you did not register, do nothing.")
        link = settings.public_url + url_for("accounts.confirm_address", secret=secret)
    return {"to": wish.email, "subject": subject, "text": f"{text}\n\n{link}\n"}


@bp.route("/register/<secret>", methods=["GET", "POST"])
@access(Caller.ANYONE)
def confirm_address(secret: str) -> ResponseReturnValue:
    """Ask for the chosen password, and make the account."""
    _settings()
    now, form = clock.now(), forms.ConfirmAddressForm()
    found = registering.live_registration(current_session(), secret, now=now)
    if not form.validate_on_submit():
        return _confirm(form, found.email, 422 if form.is_submitted() else 200)
    email = found.email
    try:
        with writing() as counting:
            attempt = signing_in.count_attempt(
                counting, email, request.remote_addr or "",
                key=browser_session.service_key(), now=now,
            )  # fmt: skip
        found = registering.live_registration(current_session(), secret, now=now)
        registering.check_is_theirs(found, form.password.data)
        with writing() as session:
            signing_in.forgive(session, attempt)
            person = registering.confirm(session, secret, now=now)
            entry = signing_in.enter(session, person, key=browser_session.service_key(), now=now)
    except Invalid as failure:
        show_failure(form, failure)
        return _confirm(form, email, 422)
    browser_session.enter(entry, now=now)
    return redirect(url_for("accounts.welcome"))


def _confirm(form: forms.ConfirmAddressForm, email: str, status: int) -> ResponseReturnValue:
    return render_template("accounts/confirm_address.html", form=form, email=email), status
