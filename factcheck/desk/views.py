"""The editors' overview, and the lists behind its figures."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from factcheck import clock
from factcheck.accounts.browser_session import signed_in
from factcheck.articles.queries import article as article_at
from factcheck.claims.models import Claim
from factcheck.claims.rules import PRIORITIES, State
from factcheck.config import Settings
from factcheck.db import current_session
from factcheck.decisions.agreement import figures_of
from factcheck.desk import queries
from factcheck.failures import Invalid
from factcheck.markup import remark_html
from factcheck.methods.agreement import FEWEST
from factcheck.reviews.threads import questions as waiting
from factcheck.web.access import Caller, access
from factcheck.web.paging import cursor, key_of, number_of

A_PAGE = 50
bp = Blueprint("desk", __name__)


@bp.route("/desk")
@access(Caller.EDITOR)
def overview() -> ResponseReturnValue:
    """Show what is unreviewed, disputed, waiting for a summary, and ready."""
    settings: Settings = current_app.extensions["factcheck"]
    session = current_session()
    now = clock.now()
    found = queries.overview(session, now=now, zone=settings.zone)
    today = now.astimezone(settings.zone).date()
    return render_template("desk/overview.html", found=found, ages=queries.AGES,
                           priorities=tuple(reversed(PRIORITIES)),
                           aside=queries.aside(session, current_user, today),
                           agreement=figures_of(session, None), fewest=FEWEST)  # fmt: skip


@bp.route("/desk/claims")
@access(Caller.EDITOR)
def claims() -> ResponseReturnValue:
    """List the claims behind a figure of the desk."""
    wanted = _wanted()
    after = _after(wanted)
    found = queries.claims_wanted(current_session(), wanted, after=after, limit=A_PAGE + 1)
    shown = found[:A_PAGE]
    following = _cursor(shown[-1], wanted) if len(found) > A_PAGE else None
    return render_template("desk/claims.html", claims=shown, wanted=wanted, following=following)


@bp.route("/desk/questions")
@access(Caller.EDITOR)
def questions() -> ResponseReturnValue:
    """List the questions of reviewers that no editor has answered, the oldest first."""
    after = number_of(request.args.get("cursor"))
    found = waiting(current_session(), signed_in(), after_id=after or 0, limit=A_PAGE + 1)
    shown = found[:A_PAGE]
    following = cursor(shown[-1].id) if len(found) > A_PAGE else None
    return render_template(
        "desk/questions.html", questions=shown, following=following, remark_html=remark_html
    )


def _cursor(claim: Claim, wanted: queries.ClaimsWanted) -> str:
    first, number = queries.place_of(claim, wanted)
    return cursor(first.isoformat() if isinstance(first, datetime) else first, number)


def _after(wanted: queries.ClaimsWanted) -> queries.Place | None:
    """Return the place in the cursor; a cursor of a list in another order is refused."""
    key = key_of(request.args.get("cursor"), parts=2)
    if key is None:
        return None
    try:
        first = datetime.fromisoformat(key[0]) if wanted.by_age else int(key[0])
        return first, int(key[1])
    except ValueError as error:
        raise Invalid("cursor", "This cursor is not one that this list gave.") from error


def _wanted() -> queries.ClaimsWanted:
    settings: Settings = current_app.extensions["factcheck"]
    args = request.args
    state, age, priority = args.get("state", "accepted"), args.get("age"), args.get("priority")
    if state not in set(State):
        raise Invalid("state", "There is no such state.")
    if age is not None and age not in queries.AGES:
        raise Invalid("age", "There is no such age.")
    if priority is not None and priority not in {str(one) for one in PRIORITIES}:
        raise Invalid("priority", "There is no such priority.")
    slug = args.get("article")
    today = clock.now().astimezone(settings.zone).date()
    return queries.ClaimsWanted(
        State(state), article_at(current_session(), slug) if slug else None,
        int(priority) if priority else None,
        queries.days_of(age, today) if age else (None, None),
    )  # fmt: skip
