"""Having somebody prove once more who they are before what a stolen session must not do.

What they sent is not lost: the page that asks holds it, and sends it again with the proof.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import update

from factcheck import clock
from factcheck.accounts import browser_session, forms, queries
from factcheck.accounts.browser_session import signed_in
from factcheck.accounts.models import SignInSession
from factcheck.accounts.secrets import digest
from factcheck.accounts.views.account import prove_password
from factcheck.db import current_session, writing
from factcheck.failures import Invalid
from factcheck.web import access
from factcheck.web.forms import show_failure

CONFIRMED_FOR = timedelta(minutes=10)
PREFIX = "confirming-"


def ask() -> ResponseReturnValue | None:
    """Before each request: ask for the password, and code, where the view is marked so.

    Not again within CONFIRMED_FOR of the last proof, of which signing in is one.
    """
    if request.method != "POST" or not access.is_to_be_confirmed(current_app, request.endpoint):
        return None
    now = clock.now()
    if timedelta(0) <= now - signed_in().session_confirmed_at < CONFIRMED_FOR:
        return None
    form = forms.ConfirmingForm(prefix=PREFIX)
    if not queries.has_second_factor(current_session(), signed_in()):
        del form.code
    is_answer = any(name.startswith(PREFIX) for name in request.form)
    if is_answer and form.validate() and _is_proven(form, now):
        return None
    sent = [(name, value) for name, value in request.form.items(multi=True)
            if name != "csrf_token" and not name.startswith(PREFIX)]  # fmt: skip
    if not is_answer:
        form.present.errors = []
    return render_template("accounts/confirming.html", form=form, sent=sent), 401


def _is_proven(form: forms.ConfirmingForm, now: datetime) -> bool:
    """Return whether password and code are right, and note it; else the form says why."""
    try:
        prove_password(form.present.data, now)
        if form.code is not None:
            browser_session.prove_code(signed_in(), form.code.data, now=now)
    except Invalid as failure:
        show_failure(form, failure)
        return False
    mine = SignInSession.digest == digest(signed_in().get_id())
    with writing() as session:
        session.execute(update(SignInSession).where(mine).values(confirmed_at=now))
    return True
