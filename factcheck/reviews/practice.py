"""The practice: invented claims that a reviewer may try before the first real one.

What is written there is shown again beside the authors' answer and then forgotten; the rating that
somebody gave first is kept.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from factcheck import clock
from factcheck.accounts.browser_session import signed_in
from factcheck.db import current_session, writing
from factcheck.failures import Invalid
from factcheck.markup import rationale_html
from factcheck.methods.cases import Case
from factcheck.methods.queries import DEFAULT_SCALE, case, cases, scale
from factcheck.reviews import actions, queries
from factcheck.reviews.forms import Problems, Typed, typed_review
from factcheck.reviews.rules import Answer
from factcheck.web.access import Caller, access

bp = Blueprint("practice", __name__, url_prefix="/practice")


@bp.route("")
@access(Caller.NEWCOMER)
def index() -> ResponseReturnValue:
    """List the practice cases, with what the person did of them."""
    done = queries.practice_done(current_session(), signed_in())
    return render_template(
        "reviews/practice.html", cases=cases(), done=done, scale=scale(DEFAULT_SCALE)
    )


@bp.route("/<key>")
@access(Caller.NEWCOMER)
def show(key: str) -> ResponseReturnValue:
    """Show a case with its sources, and the form for an answer to it."""
    return _page(case(key), Typed())


@bp.route("/<key>", methods=["POST"])
@access(Caller.NEWCOMER)
def answer(key: str) -> ResponseReturnValue:
    """Show what the authors say to an answer, and note that the case is done."""
    tried, typed = case(key), typed_review(request.form)
    given = Answer(typed.rating, typed.rationale)
    try:
        with writing() as session:
            actions.keep_practice(session, signed_in(), tried, given, now=clock.now())
    except Invalid as invalid:
        return _page(tried, typed, 422, problems=Problems.of([invalid]))
    done = queries.practice_done(current_session(), signed_in())
    return render_template(
        "reviews/practice_feedback.html", case=tried, typed=typed, scale=scale(DEFAULT_SCALE),
        following=_following(tried, done), rationale_html=rationale_html,
    )  # fmt: skip


def _page(tried: Case, typed: Typed, status: int = 200, **given: Any) -> ResponseReturnValue:
    given.setdefault("problems", Problems())
    done = queries.practice_done(current_session(), signed_in()).get(tried.key)
    html = render_template(
        "reviews/practice_case.html", case=tried, count=len(cases()), typed=typed, done=done,
        scale=scale(DEFAULT_SCALE), **given,
    )  # fmt: skip
    return html, status


def _following(tried: Case, done: Collection[str]) -> Case | None:
    """Return the case to offer next: one that is not done, those behind `tried` first, or None."""
    behind = sorted(cases(), key=lambda one: one.place <= tried.place)
    return next((one for one in behind if one.key not in done), None)
