"""The editors' page of exports: what to export, and the files that can be fetched."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from factcheck import clock
from factcheck.accounts.browser_session import signed_in
from factcheck.articles import queries as articles
from factcheck.config import Settings
from factcheck.db import current_session, writing
from factcheck.exchange import formats, making
from factcheck.exchange.rows import What
from factcheck.failures import Missing
from factcheck.runs.models import Run
from factcheck.web.access import Caller, access
from factcheck.web.wording import worded

bp = Blueprint("exchange", __name__, url_prefix="/desk/exports")


@bp.get("")
@access(Caller.EDITOR)
def index() -> ResponseReturnValue:
    """Offer what can be exported, and list what was."""
    return _page(request.args.get("article", ""))


@bp.post("")
@access(Caller.EDITOR)
def ask() -> ResponseReturnValue:
    """Have a job write a file, and lead on to its run."""
    form, typed = request.form, request.form.get("article", "").strip()
    if form.get("what") not in set(What) or form.get("form") not in formats.FORMATS:
        return _page(typed, 422)
    try:
        with writing() as session:
            article = articles.article(session, typed) if typed else None
            run = making.ask(session, What(form["what"]), form["form"], article=article,
                             actor=signed_in(), now=clock.now())  # fmt: skip
            public_id = run.public_id
    except Missing as missing:
        return _page(typed, 422, problem=worded(missing))
    return redirect(url_for("runs.show", public_id=public_id), 303)


@bp.get("/<public_id>")
@access(Caller.EDITOR)
def fetch(public_id: str) -> ResponseReturnValue:
    """Send the file of an export."""
    run, path = making.fetched(current_session(), public_id, _settings(), now=clock.now())
    answer = send_file(path, formats.MEDIA[run.asked["form"]], as_attachment=True,
                       download_name=making.name_of(run), max_age=0)  # fmt: skip
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _settings() -> Settings:
    found: Settings = current_app.extensions["factcheck"]
    return found


def _page(typed: str, status: int = 200, *, problem: str = "") -> ResponseReturnValue:
    made: list[Run] = making.to_fetch(current_session(), _settings(), now=clock.now())
    page = render_template("exchange/index.html", runs=made, typed=typed, problem=problem,
                           asked=request.form)  # fmt: skip
    return page, status
