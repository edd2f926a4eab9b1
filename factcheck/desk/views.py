"""The editors' overview, and the lists behind its figures."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from factcheck import clock
from factcheck.accounts.browser_session import signed_in
from factcheck.claims import labels
from factcheck.claims.rules import PRIORITIES, State
from factcheck.db import current_session, writing
from factcheck.decisions.agreement import figures_of
from factcheck.desk import lists, queries, saved
from factcheck.desk.bulk.asking import REASONS
from factcheck.desk.finding import asked_for, find
from factcheck.desk.waiting import MOST, to_correct
from factcheck.failures import Conflict, Invalid
from factcheck.markup import remark_html
from factcheck.methods.agreement import FEWEST
from factcheck.methods.queries import policies, scale
from factcheck.reviews.lapsed import lapsed
from factcheck.reviews.threads import questions as waiting
from factcheck.site_days import day_of
from factcheck.web.access import Caller, access
from factcheck.web.paging import cursor, key_of, moment_and_key, number_of
from factcheck.web.wording import worded

A_PAGE = 50
bp = Blueprint("desk", __name__)


@bp.route("/desk")
@access(Caller.EDITOR)
def overview() -> ResponseReturnValue:
    """Show what is unreviewed, disputed, waiting for a summary, and ready."""
    session = current_session()
    found = queries.overview(session, signed_in(), now=clock.now())
    return render_template("desk/overview.html", found=found, ages=lists.AGES,
                           values=queries.values(session, State.ACCEPTED),
                           priorities=tuple(reversed(PRIORITIES)),
                           agreement=figures_of(session, None), fewest=FEWEST,
                           most=MOST)  # fmt: skip


@bp.route("/desk/claims")
@access(Caller.EDITOR)
def claims() -> ResponseReturnValue:
    """List claims, as the address says: those behind a figure, or a list of one's own."""
    return list_page(request.args.to_dict())


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


@bp.route("/desk/corrections")
@access(Caller.EDITOR)
def corrections() -> ResponseReturnValue:
    """List claims of which readers are told what no longer stands, with what does."""
    after = number_of(request.args.get("cursor"))
    found = to_correct(current_session(), after=after or 0, limit=A_PAGE + 1)
    shown = found[:A_PAGE]
    following = cursor(shown[-1][0].id) if len(found) > A_PAGE else None
    return render_template("desk/corrections.html", found=shown, following=following, scale=scale)


@bp.route("/desk/leases")
@access(Caller.EDITOR)
def leases() -> ResponseReturnValue:
    """List the claims whose lease ran out in the last seven days, to ask somebody for each."""
    after = moment_and_key(key_of(request.args.get("cursor"), parts=2))
    found = lapsed(current_session(), signed_in(), now=clock.now(), after=after, limit=A_PAGE + 1)
    shown = found[:A_PAGE]
    following = None
    if len(found) > A_PAGE:
        following = cursor(shown[-1].at.isoformat(), shown[-1].seat_id)
    return render_template("desk/leases.html", found=shown, following=following)


@bp.route("/desk/lists", methods=["POST"])
@access(Caller.EDITOR)
def save() -> ResponseReturnValue:
    """Keep the list that the form was on under a name."""
    asked = {name: request.form[name] for name in lists.FILTERS if request.form.get(name)}
    asked_for(current_session(), asked, now=clock.now())  # only a list that there is can be saved
    try:
        with writing() as session:
            saved.save_list(session, request.form.get("name", ""), asked, actor=signed_in(),
                            is_shared="shared" in request.form, now=clock.now())  # fmt: skip
    except (Invalid, Conflict) as failure:
        status = 422 if isinstance(failure, Invalid) else 409
        return list_page(asked, status, problem=worded(failure))
    return redirect(url_for("desk.claims", **dict[str, Any](asked)), 303)


@bp.route("/desk/lists/<public_id>/delete", methods=["POST"])
@access(Caller.EDITOR)
def delete(public_id: str) -> ResponseReturnValue:
    """Delete a list that one saved; an admin any."""
    with writing() as session:
        saved.delete_list(session, public_id, actor=signed_in(), now=clock.now())
    return redirect(url_for("desk.claims"), 303)


def list_page(asked: dict[str, str], status: int = 200, **shown: Any) -> ResponseReturnValue:
    """Answer with the list that `asked` says: filters, and a cursor for a page after the first."""
    session, me, now = current_session(), signed_in(), clock.now()
    day = day_of(session, now)
    asked = {name: value for name, value in asked.items() if value}
    place = asked.pop("cursor", None)
    wanted = asked_for(session, asked, now=now)
    found = find(session, wanted, after=lists.place_in(place, wanted), limit=A_PAGE)
    named, kept = queries.lists_of(session, me, today=day)
    page = render_template(
        "desk/claims.html", found=found, wanted=wanted, asked=asked,
        following=lists.cursor_of(found.following, wanted) if found.following else None,
        named=named, saved=kept, mark_of=partial(_mark_of, today=day), ages=lists.AGES,
        values=queries.values(session, wanted.state), sorts=list(lists.Sort), labels=labels,
        priorities=tuple(reversed(PRIORITIES)), longest_name=saved.LONGEST_NAME,
        policies=policies(session), reasons=REASONS, **{"problem": "", "bulk_problem": ""} | shown,
    )  # fmt: skip
    return page, status


def _mark_of(asked: dict[str, str], *, today: date) -> str:
    return lists.wanted_by(asked, today=today).mark
