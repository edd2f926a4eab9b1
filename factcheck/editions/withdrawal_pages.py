"""Pages on which editors withdraw what was published, and put back what others withdrew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from factcheck.articles.queries import article_by_slug
from factcheck.claims.queries import claim_in, claims_by_public_id
from factcheck.config import Settings
from factcheck.db import current_session
from factcheck.editions import publishing, queries, withdrawing
from factcheck.editions.actions import LONGEST_NOTE
from factcheck.editions.second_editor import last_withdrawal
from factcheck.failures import Conflict, Forbidden, Invalid
from factcheck.methods import queries as methods
from factcheck.web.access import Caller, access
from factcheck.web.wording import worded

bp = Blueprint("withdrawals", __name__, url_prefix="/work")


@bp.get("/articles/<slug>/withdraw")
@access(Caller.EDITOR)
def show(slug: str) -> ResponseReturnValue:
    """Show what of an article can be withdrawn, and what is."""
    return _page(slug)


@bp.post("/articles/<slug>/withdraw")
@access(Caller.EDITOR, confirmed=True)
def withdraw_article(slug: str) -> ResponseReturnValue:
    """Withdraw the whole article."""
    return _done(slug, "article", lambda session, **given: withdrawing.withdraw_article(
        session, article_by_slug(session, slug), **given))  # fmt: skip


@bp.post("/articles/<slug>/put-back")
@access(Caller.EDITOR)
def put_back_article(slug: str) -> ResponseReturnValue:
    """Undo the withdrawal of the whole article."""
    return _done(slug, "article", lambda session, **given: withdrawing.put_back_article(
        session, article_by_slug(session, slug), **given))  # fmt: skip


@bp.post("/articles/<slug>/claims/<claim_id>/withdraw")
@access(Caller.EDITOR, confirmed=True)
def withdraw_claim(slug: str, claim_id: str) -> ResponseReturnValue:
    """Withdraw what was published of one claim."""
    return _done(slug, claim_id, lambda session, **given: withdrawing.withdraw_claim(
        session, claim_in(session, slug, claim_id), **given))  # fmt: skip


@bp.post("/articles/<slug>/claims/<claim_id>/put-back")
@access(Caller.EDITOR)
def put_back_claim(slug: str, claim_id: str) -> ResponseReturnValue:
    """Have editions say again what they said of one claim."""
    return _done(slug, claim_id, lambda session, **given: withdrawing.put_back_claim(
        session, claim_in(session, slug, claim_id), **given))  # fmt: skip


@bp.post("/articles/<slug>/editions/<int:number>/put-back")
@access(Caller.EDITOR)
def put_back_edition(slug: str, number: int) -> ResponseReturnValue:
    """Have an edition stand again."""
    return _done(slug, str(number), lambda session, **given: withdrawing.put_back_edition(
        session, queries.edition_numbered(session, article_by_slug(session, slug), number),
        **given))  # fmt: skip


def _done(slug: str, what: str, verb: Callable[..., None]) -> ResponseReturnValue:
    """Do it and lead back; a refusal is shown beside the form that it is about."""
    settings: Settings = current_app.extensions["factcheck"]
    reason = request.form.get("reason", "")
    try:
        publishing.act(
            lambda session, actor, now: verb(session, reason=reason, actor=actor, now=now),
            actor_id=current_user.id, settings=settings,
        )  # fmt: skip
    except Invalid as failure:
        return _page(slug, what, worded(failure)), 422
    except Conflict as failure:
        return _page(slug, what, worded(failure)), 409
    except Forbidden as failure:
        return _page(slug, what, worded(failure)), 403
    return redirect(url_for("withdrawals.show", slug=slug), 303)


def _page(slug: str, refused: str = "", failure: str = "") -> str:
    session = current_session()
    article = article_by_slug(session, slug)
    editions = queries.editions_of(session, article)
    withdrawn = withdrawing.withdrawn_claims(editions)
    standing = [one for one in editions if one.withdrawn_at is None]
    told = queries.record_of(standing[-1])["claims"] if standing else []
    ratings: dict[str, Any] = {one["id"]: one["rating"] for one in told}
    claims = claims_by_public_id(session, [*ratings, *withdrawn])
    return render_template(
        "editions/withdraw.html", article=article, editions=list(reversed(editions)),
        standing=standing, withdrawn=withdrawn, claims=claims, ratings=ratings,
        scale=methods.scale(article.scale_key), longest=LONGEST_NOTE,
        refused=refused, failure=failure, typed=request.form.get("reason", ""),
        event=last_withdrawal(session, article),
    )  # fmt: skip
