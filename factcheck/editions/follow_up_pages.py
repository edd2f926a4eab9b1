"""What follows from an edition: verdicts used elsewhere that changed, words that authors mended."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from factcheck import clock
from factcheck.accounts.browser_session import signed_in
from factcheck.articles.queries import article_by_slug
from factcheck.claims.queries import claim as claim_of
from factcheck.claims.queries import claim_in, claims_by_public_id
from factcheck.db import current_session, writing
from factcheck.editions import elsewhere, mending, queries
from factcheck.failures import Invalid
from factcheck.methods import queries as methods
from factcheck.web.access import Caller, access
from factcheck.web.wording import worded

bp = Blueprint("follow_up", __name__, url_prefix="/work/articles/<slug>")


@bp.get("/elsewhere")
@access(Caller.EDITOR)
def show_elsewhere(slug: str) -> ResponseReturnValue:
    """List the claims elsewhere that were put aside for one whose verdict changed."""
    article = article_by_slug(current_session(), slug)
    return render_template(
        "editions/elsewhere.html", article=article, scale=methods.scale(article.scale_key),
        changed=elsewhere.changed_verdicts(current_session(), article),
    )  # fmt: skip


@bp.post("/elsewhere/<claim_id>")
@access(Caller.EDITOR)
def decide_elsewhere(slug: str, claim_id: str) -> ResponseReturnValue:
    """Have one of them checked by itself, or leave it as it is."""
    takes_up = request.form.get("do") == "take-up"
    with writing() as session:
        article, claim = article_by_slug(session, slug), claim_of(session, claim_id)
        elsewhere.decide(
            session, article, claim, takes_up=takes_up, actor=signed_in(), now=clock.now()
        )
    return redirect(url_for("follow_up.show_elsewhere", slug=slug), 303)


@bp.get("/mended")
@access(Caller.EDITOR)
def show_mended(slug: str) -> ResponseReturnValue:
    """List the claims that readers are told of, with the day on which their author mended them."""
    return _mended(slug)


@bp.post("/mended/<claim_id>")
@access(Caller.EDITOR)
def note_mended(slug: str, claim_id: str) -> ResponseReturnValue:
    """Note that the author mended the words of a claim, or take that back."""
    typed = request.form.get("on", "")
    try:
        with writing() as session:
            claim = claim_in(session, slug, claim_id)
            on = mending.typed_day(typed) if typed else None
            mending.note_mend(session, claim, on, actor=signed_in(), now=clock.now())
    except Invalid as failure:
        return _mended(slug, claim_id, worded(failure)), 422
    return redirect(url_for("follow_up.show_mended", slug=slug), 303)


def _mended(slug: str, refused: str = "", failure: str = "") -> str:
    session = current_session()
    article = article_by_slug(session, slug)
    standing = [one for one in queries.editions_of(session, article) if one.withdrawn_at is None]
    told = queries.record_of(standing[-1])["claims"] if standing else []
    claims = claims_by_public_id(session, [one["id"] for one in told])
    return render_template(
        "editions/mended.html", article=article, claims=list(claims.values()), refused=refused,
        failure=failure, typed=request.form.get("on", ""),
    )  # fmt: skip
