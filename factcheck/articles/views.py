"""The page about an article: its title, when and by whom it was said, how it may be shown."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from factcheck import clock
from factcheck.accounts.browser_session import signed_in
from factcheck.articles import actions, queries
from factcheck.articles.forms import SettingsForm, settings_of
from factcheck.articles.models import Article
from factcheck.db import current_session, writing
from factcheck.failures import Invalid
from factcheck.web.access import Caller, access
from factcheck.web.forms import show_failure

bp = Blueprint("articles", __name__)


@bp.route("/work/articles/<slug>/settings", methods=["GET", "POST"])
@access(Caller.EDITOR)
def settings(slug: str) -> ResponseReturnValue:
    """Show what is known about an article, and change it."""
    article = queries.article_by_slug(current_session(), slug)
    form = SettingsForm()
    if not form.is_submitted():
        return _page(article, settings_of(article))
    if not form.validate():
        return _page(article, form, 422)
    try:
        with writing() as session:
            article = queries.article_by_slug(session, slug)
            actions.edit_article(
                session, article, form.details, version=form.version.data or 0,
                actor=signed_in(), now=clock.now(),
            )  # fmt: skip
    except actions.StaleArticle:
        article = queries.article_by_slug(current_session(), slug)
        form.version.raw_data, form.version.data = None, article.version
        return _page(article, form, 409)
    except Invalid as invalid:
        show_failure(form, invalid)
        return _page(queries.article_by_slug(current_session(), slug), form, 422)
    return redirect(url_for("articles.settings", slug=slug, saved=1), 303)


def _page(article: Article, form: SettingsForm, status: int = 200) -> ResponseReturnValue:
    """Answer with the form; with 409, what is known now stands beside what was typed."""
    differing = _differing(settings_of(article), form) if status == 409 else []
    body = render_template(
        "articles/settings.html", article=article, form=form, differing=differing,
        stale=status == 409,
    )  # fmt: skip
    return body, status


def _differing(now: SettingsForm, typed: SettingsForm) -> list[tuple[str, object]]:
    """Return what is different now from what was typed: each field's label with its value now."""
    return [
        (field.label.text, field.data)
        for field in now
        if field.name not in ("csrf_token", "version")
        and (field.data or "") != (typed[field.name].data or "")
    ]
