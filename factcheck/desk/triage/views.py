"""The triage page of an article, and the forms on it; reviewers may propose, editors decide."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from factcheck import clock
from factcheck.accounts.browser_session import signed_in
from factcheck.articles import queries as articles
from factcheck.claims import actions, labels
from factcheck.claims import queries as claims
from factcheck.claims.models import Claim
from factcheck.claims.rules import Dismissal
from factcheck.db import current_session, writing
from factcheck.decisions.agreement import figures_of
from factcheck.desk.triage import undoing
from factcheck.desk.triage.buttons import Doing, perform
from factcheck.desk.triage.labels import DID
from factcheck.desk.triage.page import page_of
from factcheck.desk.triage.steps import Did, keeping
from factcheck.failures import Conflict, Invalid
from factcheck.methods.agreement import FEWEST
from factcheck.methods.queries import policy, shipped_policies
from factcheck.web.access import Caller, access
from factcheck.web.wording import worded

bp = Blueprint("triage", __name__, url_prefix="/work/articles/<slug>")


@bp.route("")
@access(Caller.REVIEWER)
def show(slug: str) -> ResponseReturnValue:
    """Show an article's text with its claims, and the list of them."""
    return _page(slug, request.args)


@bp.route("/claims", methods=["POST"])
@access(Caller.REVIEWER)
def propose(slug: str) -> ResponseReturnValue:
    """Make a proposed claim of some words."""
    try:
        with writing() as session:
            article = articles.article_by_slug(session, slug)
            start, end = (request.form.get(name, -1, type=int) for name in ("start", "end"))
            who: dict[str, Any] = {"actor": signed_in(), "now": clock.now()}
            with keeping(session, article, [], Did.PROPOSED, **who) as made:
                claim = actions.propose_claim(session, article, start, end, **who)
                made.by_hand(claim)
            return _on_to(slug, claim)
    except Conflict as conflict:
        return _page(slug, request.form, status=409, failure=worded(conflict))
    except Invalid as invalid:
        return _page(slug, request.form, status=422, failure=worded(invalid))


@bp.route("/claims/<claim_id>", methods=["POST"])
@access(Caller.EDITOR)
def act(slug: str, claim_id: str) -> ResponseReturnValue:
    """Do what a button of the claim in hand says, with what was typed beside it."""
    asked = MultiDict([("claim", claim_id), ("least", request.form.get("least", ""))])
    try:
        with writing() as session:
            claim = claims.claim_in(session, slug, claim_id)
            following = perform(Doing(session, claim, request.form, signed_in(), clock.now()))
            return _on_to(slug, following)
    except actions.StaleVersion:
        return _page(slug, asked, status=409, stale=True, typed=request.form)
    except Conflict as conflict:
        return _page(slug, asked, status=409, typed=request.form, failure=worded(conflict))
    except Invalid as invalid:
        errors = {invalid.field: worded(invalid)}
        return _page(slug, asked, status=422, typed=request.form, errors=errors)


@bp.route("/accept", methods=["POST"])
@access(Caller.EDITOR)
def accept(slug: str) -> ResponseReturnValue:
    """Accept every claim that is ticked; those that somebody moved meanwhile are passed over."""
    chosen = request.form.getlist("claim")
    if not chosen:
        return _page(slug, request.form, status=422, failure=_("No claim is ticked."))
    with writing() as session:
        article = articles.article_by_slug(session, slug)
        found = claims.claims_in(session, article, chosen)
        who: dict[str, Any] = {"actor": signed_in(), "now": clock.now()}
        with keeping(session, article, found, Did.ACCEPTED_ALL, **who):
            number = len(actions.accept_claims(session, found, **who))
    part = request.form.get("part", type=int)
    return redirect(url_for("triage.show", slug=slug, part=part, accepted=number), 303)


@bp.route("/steps/<step_id>", methods=["POST"])
@access(Caller.EDITOR)
def turn(slug: str, step_id: str) -> ResponseReturnValue:
    """Undo one of one's own steps, or do it again (`do`: undo, redo)."""
    verb = undoing.redo if request.form.get("do") == "redo" else undoing.undo
    asked = MultiDict((name, request.form[name]) for name in ("claim", "least", "part")
                      if request.form.get(name))  # fmt: skip
    try:
        with writing() as session:
            turned = verb(session, step_id, actor=signed_in(), now=clock.now())
            if turned.step.article.slug != slug:
                raise articles.ArticleMissing("There is no such step in this article.")
            return _on_to(slug, turned.claims[0], stayed=len(turned.left) or None)
    except Conflict as conflict:
        return _page(slug, asked, status=409, failure=worded(conflict))


def _on_to(slug: str, claim: Claim, **more: Any) -> ResponseReturnValue:
    """Lead to a claim on the page, keeping the least score that was set."""
    more |= {"claim": claim.public_id, "least": request.form.get("least") or None}
    anchor = f"c-{claim.public_id}"
    return redirect(url_for("triage.show", slug=slug, _anchor=anchor, **more), 303)


def _page(
    slug: str,
    asked: MultiDict[str, str],
    *,
    status: int = 200,
    typed: MultiDict[str, str] | None = None,
    **shown: Any,
) -> ResponseReturnValue:
    """Answer with the page; `typed` is what stands in the form of the claim in hand."""
    may_edit = current_user.is_at_least("editor")
    page = page_of(current_session(), slug, asked, editor=signed_in() if may_edit else None)
    body = render_template(
        "desk/triage/show.html",
        page=page,
        typed=typed or {},
        may_edit=may_edit,
        agreement=figures_of(current_session(), page.article)
        if may_edit and not page.in_hand
        else None,
        fewest=FEWEST,
        accepted=request.args.get("accepted", type=int),
        stayed=request.args.get("stayed", type=int),
        labels=labels,
        did=DID,
        dismissals=list(Dismissal),
        policies=shipped_policies(),
        article_policy=policy(page.article.policy_key),
        **{"failure": "", "stale": False, "errors": {}} | shown,
    )
    return body, status
