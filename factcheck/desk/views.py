"""The editors' overview, and the lists behind its figures."""

from __future__ import annotations

from datetime import date
from functools import partial

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from factcheck import clock
from factcheck.accounts.browser_session import signed_in
from factcheck.articles.queries import article as article_at
from factcheck.claims import labels
from factcheck.claims.rules import PRIORITIES, State
from factcheck.config import Settings
from factcheck.db import current_session
from factcheck.decisions.agreement import figures_of
from factcheck.desk import lists, queries
from factcheck.desk.finding import find
from factcheck.methods.agreement import FEWEST
from factcheck.web.access import Caller, access

A_PAGE = 50
bp = Blueprint("desk", __name__)


@bp.route("/desk")
@access(Caller.EDITOR)
def overview() -> ResponseReturnValue:
    """Show what is unreviewed, disputed, waiting for a summary, and ready."""
    settings: Settings = current_app.extensions["factcheck"]
    session = current_session()
    found = queries.overview(session, now=clock.now(), zone=settings.zone)
    return render_template("desk/overview.html", found=found, ages=lists.AGES,
                           values=queries.values(session, State.ACCEPTED),
                           priorities=tuple(reversed(PRIORITIES)),
                           aside=queries.aside(session, current_user),
                           agreement=figures_of(session, None), fewest=FEWEST)  # fmt: skip


@bp.route("/desk/claims")
@access(Caller.EDITOR)
def claims() -> ResponseReturnValue:
    """List claims, as the address says: those behind a figure, or a list of one's own."""
    session, me, today = current_session(), signed_in(), _today()
    wanted = wanted_here(today)
    after = lists.place_in(request.args.get("cursor"), wanted)
    found = find(session, wanted, after=after, limit=A_PAGE)
    asked = {name: value for name, value in request.args.items() if value and name != "cursor"}
    return render_template(
        "desk/claims.html", found=found, wanted=wanted, asked=asked, today=today,
        following=lists.cursor_of(found.following, wanted) if found.following else None,
        named=queries.named_lists(session, me, today=today),
        current=wanted.mark, mark_of=partial(_mark_of, today=today), ages=lists.AGES,
        values=queries.values(session, wanted.state), sorts=list(lists.Sort), labels=labels,
        priorities=tuple(reversed(PRIORITIES)),
    )  # fmt: skip


def wanted_here(today: date) -> lists.ClaimsWanted:
    """Return what the address of this request asks for."""
    asked = request.args.to_dict()
    asked.pop("cursor", None)
    slug = asked.get("article", "").strip()
    article = article_at(current_session(), slug) if slug else None
    return lists.wanted_by(asked, today=today, article=article)


def _mark_of(asked: dict[str, str], *, today: date) -> str:
    return lists.wanted_by(asked, today=today).mark


def _today() -> date:
    settings: Settings = current_app.extensions["factcheck"]
    return clock.now().astimezone(settings.zone).date()
