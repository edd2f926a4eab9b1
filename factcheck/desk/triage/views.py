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
from factcheck.desk.triage.buttons import Doing, perform
from factcheck.desk.triage.page import page_of
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
            claim = actions.propose_claim(session, article, start, end, actor=signed_in(),
                                          now=clock.now())  # fmt: skip
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
            claim = _claim_of(slug, claims.claim(session, claim_id))
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
        found = [_claim_of(slug, claim, article_id=article.id)
                 for claim in claims.claims_by_public_id(session, chosen).values()]  # fmt: skip
        accepted = actions.accept_claims(session, found, actor=signed_in(), now=clock.now())
        number = len(accepted)
    part = request.form.get("part", type=int)
    return redirect(url_for("triage.show", slug=slug, part=part, accepted=number), 303)


def _claim_of(slug: str, claim: Claim, *, article_id: int | None = None) -> Claim:
    """Return the claim if it belongs to the article at this address; raise ClaimMissing."""
    belongs = claim.article.slug == slug if article_id is None else claim.article_id == article_id
    if not belongs:
        raise claims.ClaimMissing("There is no such claim in this article.")
    return claim


def _on_to(slug: str, claim: Claim) -> ResponseReturnValue:
    """Lead to a claim on the page, keeping the least score that was set."""
    least = request.form.get("least") or None
    anchor = f"c-{claim.public_id}"
    return redirect(
        url_for("triage.show", slug=slug, claim=claim.public_id, least=least, _anchor=anchor), 303
    )


def _page(
    slug: str,
    asked: MultiDict[str, str],
    *,
    status: int = 200,
    typed: MultiDict[str, str] | None = None,
    **shown: Any,
) -> ResponseReturnValue:
    """Answer with the page; `typed` is what stands in the form of the claim in hand."""
    page = page_of(current_session(), slug, asked)
    may_edit = current_user.is_at_least("editor")
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
        labels=labels,
        dismissals=list(Dismissal),
        policies=shipped_policies(),
        article_policy=policy(page.article.policy_key),
        **{"failure": "", "stale": False, "errors": {}} | shown,
    )
    return body, status
