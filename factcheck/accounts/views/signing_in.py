"""Signing in and out, and the one-time links."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from factcheck import clock
from factcheck.accounts import actions, attempts, browser_session, forms, queries, signing_in
from factcheck.accounts.views import bp
from factcheck.db import current_session, writing
from factcheck.failures import Invalid
from factcheck.web.access import Caller, access
from factcheck.web.forms import show_failure


@bp.route("/sign-in", methods=["GET", "POST"])
@access(Caller.ANYONE)
def sign_in() -> ResponseReturnValue:
    """Ask for address and password, and start a session, or ask for a code besides."""
    if current_user.is_authenticated and request.method == "GET":
        return redirect(url_for("accounts.welcome"))
    form = forms.SignInForm()
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return _sign_in_page(form), status
    try:
        is_in = _start_session(form.email.data, form.password.data)
    except Invalid as failure:
        show_failure(form, failure)
        return _sign_in_page(form), _status(failure)
    target = request.args.get("next")
    return redirect(_local(target) if is_in else url_for("accounts.code", next=target))


def _sign_in_page(form: forms.SignInForm) -> str:
    may_register = current_app.extensions["factcheck"].open_registration
    return render_template("accounts/sign_in.html", form=form, may_register=may_register)


def _start_session(email: str, password: str) -> bool:
    now = clock.now()
    attempt, password_hash = browser_session.prove(email, password, now=now)
    before = browser_session.forget()
    with writing() as session:
        signing_in.sign_out(session, before, now=now)
        person = signing_in.proven(session, attempt, password_hash)
        entry = signing_in.enter(session, person, key=browser_session.service_key(), now=now)
    return browser_session.enter(entry, now=now)


def _status(failure: Invalid) -> int:
    return 429 if isinstance(failure, attempts.TooManyAttempts) else 422


@bp.route("/sign-in/code", methods=["GET", "POST"])
@access(Caller.ANYONE)
def code() -> ResponseReturnValue:
    """Ask who has proven their password for a code, and start their session."""
    half_done = browser_session.half_done()
    if not half_done:
        return redirect(url_for("accounts.sign_in", next=request.args.get("next")))
    form = forms.CodeForm()
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return render_template("accounts/code.html", form=form), status
    try:
        _finish(half_done, form.code.data)
    except Invalid as failure:
        show_failure(form, failure)
        return render_template("accounts/code.html", form=form), _status(failure)
    return redirect(_local(request.args.get("next")))


def _finish(half_done: str, typed: str) -> None:
    """Take the code, and start the session if the half-done sign-in still holds afterwards."""
    now = clock.now()
    person = signing_in.half_done_person(
        current_session(), half_done, key=browser_session.service_key(), now=now
    )
    browser_session.prove_code(person, typed, now=now)
    with writing() as session:
        person = signing_in.half_done_person(
            session, half_done, key=browser_session.service_key(), now=now
        )
        secret = signing_in.sign_in(session, person, now=now)
    browser_session.enter(signing_in.Entry(secret, is_complete=True), now=now)


def _local(target: str | None) -> str:
    """Return `target` if it is a path of this site, else the first page of who signed in."""
    if target and target.startswith("/") and not target.startswith(("//", "/\\")):
        parts = urlsplit(target)
        if not parts.scheme and not parts.netloc and target.isprintable():
            return target
    return url_for("accounts.welcome")


@bp.route("/work")
@access(Caller.NEWCOMER)
def welcome() -> ResponseReturnValue:
    """Lead to where one's work begins: the desk, the queue, or for newcomers the practice."""
    if not current_user.is_at_least(Caller.REVIEWER):
        return redirect("/practice")
    is_editor = current_user.is_at_least(Caller.EDITOR)
    return redirect("/desk" if is_editor else "/queue")


@bp.route("/sign-out", methods=["POST"])
@access(Caller.ANYONE)
def sign_out() -> ResponseReturnValue:
    """End the session, here and in the database."""
    secret = browser_session.forget()
    with writing() as session:
        signing_in.sign_out(session, secret, now=clock.now())
    return redirect(url_for("accounts.sign_in"))


@bp.route("/set-up/<secret>", methods=["GET", "POST"])
@access(Caller.ANYONE)
def set_up(secret: str) -> ResponseReturnValue:
    """Make the first admin's account."""
    return _use_link("set-up", secret, forms.SetUpForm())


@bp.route("/invite/<secret>", methods=["GET", "POST"])
@access(Caller.ANYONE)
def invite(secret: str) -> ResponseReturnValue:
    """Let somebody who was invited set their name and password."""
    return _use_link("invite", secret, forms.SetPasswordForm())


@bp.route("/reset/<secret>", methods=["GET", "POST"])
@access(Caller.ANYONE)
def reset(secret: str) -> ResponseReturnValue:
    """Let somebody set a new password."""
    return _use_link("reset", secret, forms.SetPasswordForm())


def _use_link(kind: str, secret: str, form: forms.SetPasswordForm) -> ResponseReturnValue:
    now = clock.now()
    link = queries.live_link(current_session(), secret, kind, now=now)
    if form.validate_on_submit():
        try:
            is_in = _redeem(kind, secret, form)
        except Invalid as failure:
            show_failure(form, failure)
        else:
            return redirect(url_for("accounts.welcome" if is_in else "accounts.code"))
    elif link.person and not form.is_submitted():
        form.name.data = link.person.name
    status = 422 if form.is_submitted() else 200
    page = render_template("accounts/link.html", form=form, kind=kind, person=link.person)
    return page, status


def _redeem(kind: str, secret: str, form: forms.SetPasswordForm) -> bool:
    now = clock.now()
    email = form.email.data if isinstance(form, forms.SetUpForm) else ""
    with writing() as session:
        person = actions.redeem(
            session, secret, kind,
            password=form.password.data, name=form.name.data or "", email=email, now=now,
        )  # fmt: skip
        entry = signing_in.enter(session, person, key=browser_session.service_key(), now=now)
    return browser_session.enter(entry, now=now)
