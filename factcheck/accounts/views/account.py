"""One's own account: what one says of oneself, the password, sessions and API tokens."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from factcheck import clock
from factcheck.accounts import actions, attempts, browser_session, forms, queries, signing_in
from factcheck.accounts.browser_session import signed_in
from factcheck.accounts.secrets import digest
from factcheck.accounts.views import bp
from factcheck.db import current_session, writing
from factcheck.failures import Invalid
from factcheck.web.access import Caller, access
from factcheck.web.forms import parted, show_failure


@bp.route("/account")
@access(Caller.NEWCOMER)
def account() -> ResponseReturnValue:
    """Show one's own account."""
    return page()


def page(status: int = 200, **given: Any) -> ResponseReturnValue:
    """Show the account; a form in `given` stands in for the empty one of its name."""
    session, now = current_session(), clock.now()
    given.setdefault("profile", _profile_form())
    given.setdefault("password", forms.PasswordForm())
    given.setdefault("token", forms.TokenForm())
    given.setdefault("proof", forms.ProofForm(formdata=None))
    shown = render_template(
        "accounts/account.html",
        sessions=queries.sessions_of(session, current_user, now=now),
        here=digest(current_user.get_id()),
        tokens=queries.tokens_of(session, current_user),
        has_second_factor=queries.has_second_factor(session, current_user),
        codes_left=queries.recovery_codes_left(session, current_user),
        **given,
    )
    return shown, status


def _profile_form() -> forms.ProfileForm:
    return forms.ProfileForm(
        formdata=None,
        name=current_user.name,
        language=current_user.language or "",
        languages=" ".join(current_user.languages),
        fields=", ".join(current_user.fields),
        interests=" ".join(current_user.interests),
        single_keys=current_user.single_keys,
        shows_name=current_user.shows_name,
    )


@bp.route("/account", methods=["POST"])
@access(Caller.NEWCOMER)
def edit_account() -> ResponseReturnValue:
    """Change what one says of oneself."""
    form = forms.ProfileForm()
    if not form.validate_on_submit():
        return page(422, profile=form)
    profile = actions.Profile(
        name=form.name.data,
        languages=tuple(part for words in parted(form.languages.data) for part in words.split()),
        fields=tuple(parted(form.fields.data)),
        interests=tuple(form.interests.data.split()),
        single_keys=form.single_keys.data,
        shows_name=form.shows_name.data,
        language=form.language.data or None,
    )
    try:
        with writing() as session:
            actions.edit_person(session, current_user, profile, actor=signed_in(), now=clock.now())
    except Invalid as failure:
        show_failure(form, failure)
        return page(422, profile=form)
    return redirect(url_for("accounts.account"))


@bp.route("/account/password", methods=["POST"])
@access(Caller.NEWCOMER)
def change_password() -> ResponseReturnValue:
    """Change one's password; every other session ends, this one goes on under a new secret."""
    form, now = forms.PasswordForm(), clock.now()
    if not form.validate_on_submit():
        return page(422, password=form)
    try:
        attempt = prove_present(form.present.data, now)
        with writing() as session:
            signing_in.forgive(session, attempt)
            actions.change_password(session, signed_in(), form.password.data, now=now)
            secret = signing_in.open_session(session, signed_in(), now=now)
    except Invalid as failure:
        show_failure(form, failure)
        return page(422, password=form)
    browser_session.remember(
        queries.live_session(current_session(), secret, now=now).person, secret
    )
    return redirect(url_for("accounts.account"))


def prove_present(password: str, now: datetime) -> signing_in.Attempt:
    """Return the counted attempt of who knows their present password; raise Invalid if not."""
    try:
        return browser_session.prove(current_user.email, password, now=now)[0]
    except signing_in.SignInRefused:
        raise Invalid("present", "This is not your present password.") from None
    except attempts.TooManyAttempts as failure:
        raise Invalid.of("present", failure) from None


def prove_password(password: str, now: datetime) -> None:
    """Count and forgive an attempt at one's present password; raise Invalid if it is wrong."""
    attempt = prove_present(password, now)
    with writing() as session:
        signing_in.forgive(session, attempt)


@bp.route("/account/sessions/<int:session_id>/end", methods=["POST"])
@access(Caller.NEWCOMER)
def end_session(session_id: int) -> ResponseReturnValue:
    """End one of one's own sessions elsewhere."""
    with writing() as session:
        actions.end_session(session, signed_in(), str(session_id), now=clock.now())
    return redirect(url_for("accounts.account"))


@bp.route("/account/tokens", methods=["POST"])
@access(Caller.REVIEWER, confirmed=True)
def create_token() -> ResponseReturnValue:
    """Make a token and show its secret, this once."""
    form = forms.TokenForm()
    if not form.validate_on_submit():
        return page(422, token=form)
    try:
        with writing() as session:
            _, secret = actions.create_token(
                session, signed_in(), name=form.token_name.data, scope=form.scope.data,
                expires_days=form.expires.data, actor=signed_in(), now=clock.now(),
            )  # fmt: skip
    except Invalid as failure:
        show_failure(form, failure)
        return page(422, token=form)
    return page(201, token=forms.TokenForm(formdata=None), new_token=secret)


@bp.route("/account/tokens/<public_id>/end", methods=["POST"])
@access(Caller.REVIEWER)
def end_token(public_id: str) -> ResponseReturnValue:
    """Make one of one's own tokens useless."""
    with writing() as session:
        for token in queries.tokens_of(session, signed_in()):
            if token.public_id == public_id:
                actions.end_token(session, token, actor=signed_in(), now=clock.now())
    return redirect(url_for("accounts.account"))
