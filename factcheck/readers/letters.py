"""What readers can send: a request for a check, an appeal, an author's word of a mend; its answer.

These pages look like the public site's, but are made when they are asked for, and set a cookie for
the token against forged forms.
"""

from __future__ import annotations

from flask import Blueprint, Response, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf

from factcheck import clock
from factcheck.config import Settings
from factcheck.db import current_session, writing
from factcheck.editions.search import entry_of_claim
from factcheck.editions.site import site_of
from factcheck.failures import Invalid
from factcheck.inbox import actions
from factcheck.inbox.queries import letter_by_secret
from factcheck.web.access import Caller, access
from factcheck.web.speaking import speak
from factcheck.web.wording import worded

TRAP = "website"  # a field that no person sees; what fills it in is no person
bp = Blueprint("letters", __name__)


@bp.before_request
def speak_as_the_site() -> None:
    """Say what is refused here in the language of the site, in whose frame it stands."""
    g.site = site_of(current_session(), current_app.extensions["factcheck"])
    speak(g.site.language.key)


@bp.get("/request")
@access(Caller.ANYONE)
def request_check() -> ResponseReturnValue:
    """Show the form in which a reader asks for a check."""
    return _form(None)


@bp.post("/request")
@access(Caller.ANYONE)
def send_request() -> ResponseReturnValue:
    """Keep a reader's request."""
    return _sent(None)


@bp.get("/appeal")
@access(Caller.ANYONE)
def appeal() -> ResponseReturnValue:
    """Show the form in which a reader disputes the verdict on the claim in the address."""
    return _form(request.args.get("claim", ""))


@bp.post("/appeal")
@access(Caller.ANYONE)
def send_appeal() -> ResponseReturnValue:
    """Keep a reader's appeal."""
    return _sent(request.form.get("claim", ""))


@bp.get("/mended")
@access(Caller.ANYONE)
def mended() -> ResponseReturnValue:
    """Show the form in which an author says that the words of a claim were mended."""
    return _form(request.args.get("claim", ""), is_mend=True)


@bp.post("/mended")
@access(Caller.ANYONE)
def send_mended() -> ResponseReturnValue:
    """Keep an author's word."""
    return _sent(request.form.get("claim", ""), is_mend=True)


@bp.get("/letters/<secret>")
@access(Caller.ANYONE)
def status(secret: str) -> ResponseReturnValue:
    """Show the sender what became of a letter."""
    return _page("letter_status.html", 200, letter=letter_by_secret(current_session(), secret))


def _sent(claim: str | None, *, is_mend: bool = False) -> ResponseReturnValue:
    if claim is not None and entry_of_claim(current_session(), claim) is None:
        return _form(claim, is_mend=is_mend)
    if request.form.get(TRAP):
        refusal = _("Leave the field that is not shown empty, and send it again.")
        return _form(claim, 422, {"text": refusal}, is_mend=is_mend)
    settings: Settings = current_app.extensions["factcheck"]
    typed = request.form.get("text", ""), request.form.get("url", "")
    words = actions.Words(*typed, claim, is_mend)
    try:
        with writing() as session:
            _letter, secret = actions.send(
                session, words, address=request.remote_addr or "", key=settings.secret_key,
                now=clock.now(),
            )  # fmt: skip
    except Invalid as failure:
        return _form(claim, 422, {failure.field: worded(failure)}, is_mend=is_mend)
    return redirect(url_for("letters.status", secret=secret), 303)


def _form(
    claim: str | None, code: int = 200, errors: dict[str, str] | None = None, *,
    is_mend: bool = False,
) -> ResponseReturnValue:  # fmt: skip
    against = None
    if claim is not None:
        against = entry_of_claim(current_session(), claim)
        code = code if against else 404
    return _page(
        "letter.html", code, against=against, claim=claim, is_mend=is_mend, errors=errors or {},
        typed=request.form, trap=TRAP, csrf_token=generate_csrf(), longest=actions.LONGEST,
    )  # fmt: skip


def _page(template: str, code: int, **values: object) -> Response:
    page = g.site.page(template, here="/request", **values)
    return Response(page, status=code, content_type="text/html; charset=utf-8")
