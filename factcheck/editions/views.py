"""The page that shows what publishing would change, publishes, and lists an article's editions."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from factcheck import clock
from factcheck.articles.models import Article
from factcheck.articles.queries import article_by_slug
from factcheck.claims.queries import claims_of, counts_of
from factcheck.config import Settings
from factcheck.db import current_session
from factcheck.editions import actions, publishing, queries
from factcheck.editions.forms import PublishForm, WithdrawForm
from factcheck.failures import Forbidden, Invalid
from factcheck.methods import queries as methods
from factcheck.web.access import Caller, access
from factcheck.web.forms import show_failure
from factcheck.web.wording import worded

bp = Blueprint("editions", __name__)


@bp.route("/work/articles/<slug>/publish", methods=["GET", "POST"])
@access(Caller.EDITOR)
def publish(slug: str) -> ResponseReturnValue:
    """Show what the next edition would change, and publish it."""
    article = article_by_slug(current_session(), slug)
    form = PublishForm()
    if not form.validate_on_submit():
        return _page(article, form, 422 if form.is_submitted() else 200)
    try:
        done = publishing.publish(
            slug, note=(form.note.data or "").strip() or None, actor_id=current_user.id,
            settings=_settings(),
        )  # fmt: skip
    except (Invalid, Forbidden) as failure:
        show_failure(form, failure, otherwise="note")
        return _page(article, form, 422 if isinstance(failure, Invalid) else 403)
    return redirect(url_for("editions.publish", slug=slug, done=done.number))


def _settings() -> Settings:
    settings: Settings = current_app.extensions["factcheck"]
    return settings


def _page(
    article: Article, form: PublishForm, status: int = 200, **given: Any
) -> ResponseReturnValue:
    session = current_session()
    draft, refusal = None, ""
    listed, done = queries.editions_listed(session, article), request.args.get("done", type=int)
    try:
        draft = actions.next_edition(session, article, note=None, now=clock.now())
    except actions.NothingReady as failure:
        refusal = worded(failure)
    given.setdefault("withdrawing", WithdrawForm())
    page = render_template(
        "editions/publish.html", article=article, form=form, draft=draft, refusal=refusal,
        claims={claim.public_id: claim for claim in claims_of(session, article)},
        scale=methods.scale(article.scale_key), counts=counts_of(session, article),
        editions=listed, done=next((one for one in listed if one.number == done), None),
        pages_missing=publishing.pages_missing(session), **given,
    )  # fmt: skip
    return page, status


@bp.route("/work/editions/<sha256>/withdraw", methods=["POST"])
@access(Caller.EDITOR, confirmed=True)
def withdraw(sha256: str) -> ResponseReturnValue:
    """Put a tombstone in an edition's place."""
    edition = queries.edition_by_sha256(current_session(), sha256)
    slug, form = edition.article.slug, WithdrawForm()
    try:
        publishing.withdraw(
            sha256, reason=form.reason.data or "", actor_id=current_user.id, settings=_settings()
        )
    except Invalid as failure:
        show_failure(form, failure)
        article = article_by_slug(current_session(), slug)
        return _page(article, PublishForm(formdata=None), 422, withdrawing=form)
    return redirect(url_for("editions.publish", slug=slug))
