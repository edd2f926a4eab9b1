"""The list of articles, the import of a post, and its new revisions.

They stand here and not in `articles`, since an import proposes claims and a revision carries them
over. What takes time (fetching, cutting, scoring) is done before the database is locked.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from factcheck import clock
from factcheck.accounts.browser_session import signed_in
from factcheck.articles import queries as articles
from factcheck.articles.intake import from_text
from factcheck.articles.rules import STATES
from factcheck.claims import actions, labels, queries
from factcheck.claims.forms import ImportForm, ReplyForm, TextForm
from factcheck.claims.models import Claim
from factcheck.claims.posted_again import posted_before
from factcheck.claims.preview import Preview, beginning, preview_of
from factcheck.db import current_session, writing
from factcheck.failures import Conflict, Invalid
from factcheck.methods.queries import policy
from factcheck.web.access import Caller, access
from factcheck.web.forms import show_failure
from factcheck.web.paging import cursor, key_of

A_PAGE = 50
LARGEST_FORM_BYTES = 16 * 1024 * 1024  # so that a text that is too large gets a sentence

bp = Blueprint("claims", __name__)


@bp.url_value_preprocessor
def take_large_texts(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let these forms be larger than others; this runs before anything reads the body."""
    request.max_content_length = LARGEST_FORM_BYTES
    request.max_form_memory_size = LARGEST_FORM_BYTES


@bp.route("/work/articles")
@access(Caller.REVIEWER)
def index() -> ResponseReturnValue:
    """List articles, newest first, with how many claims of each are in which state."""
    asked = request.args
    state = asked.get("state") if asked.get("state") in STATES else None
    key = key_of(asked.get("cursor"))
    found = articles.articles(
        current_session(), state=state, q=asked.get("q", "").strip() or None, limit=A_PAGE + 1,
        after=int(key[0]) if key and key[0].isdecimal() else None,
    )  # fmt: skip
    shown = found[:A_PAGE]
    return render_template(
        "claims/index.html",
        articles=shown,
        counts=queries.counts_by_article(current_session(), shown),
        state=state,
        following=cursor(shown[-1].id) if len(found) > A_PAGE else None,
        labels=labels,
    )


@bp.route("/work/import", methods=["GET", "POST"])
@access(Caller.EDITOR)
def import_post() -> ResponseReturnValue:
    """Take in a post, and lead on to its triage; or show first what it would be cut into."""
    form = ImportForm()
    if not form.is_submitted():
        return _import_page(form)
    if request.form.get("do") == "preview":
        return _previewed(form)
    try:
        form.require_one()  # before what is missing in the details: it stands first on the page
        intake = _given(form, form.details)
        earlier = posted_before(current_session(), intake)
        with writing() as session:
            article = actions.import_article(session, intake, actor=signed_in(), now=clock.now())
            slug = article.slug
    except Invalid as invalid:
        show_failure(form, invalid)
        return _import_page(form), 422
    return redirect(url_for("triage.show", slug=slug, again=earlier and earlier.slug), 303)


def _previewed(form: ImportForm) -> ResponseReturnValue:
    """Show what the pasted text would be cut into; nothing is stored."""
    text = form.text.data or ""
    try:
        given = beginning(text)
        intake = from_text(given, **form.cut_by)
        shown = preview_of(intake, policy(intake.policy_key), whole=given == text)
    except Invalid as invalid:
        show_failure(form, invalid)
        return _import_page(form), 422
    return _import_page(form, shown)


def _import_page(form: ImportForm, preview: Preview | None = None) -> str:
    return render_template("claims/import.html", form=form, preview=preview, labels=labels)


@bp.route("/work/articles/<slug>/revise", methods=["GET", "POST"])
@access(Caller.EDITOR)
def revise(slug: str) -> ResponseReturnValue:
    """Give an article a new revision of its text, and lead on to what became of its claims."""
    article = articles.article_by_slug(current_session(), slug)
    form = TextForm()
    if not form.is_submitted():
        return render_template("claims/revise.html", form=form, article=article)
    try:
        known = {"title": article.title, "published": article.published or "",
                 "published_about": article.published_about}  # fmt: skip
        intake = _given(form, known)
        with writing() as session:
            article = articles.article_by_slug(session, slug)
            actions.revise_article(session, article, intake, actor=signed_in(), now=clock.now())
    except (Invalid, Conflict) as failure:
        show_failure(form, failure, otherwise="text")
        article = articles.article_by_slug(current_session(), slug)
        status = 422 if isinstance(failure, Invalid) else 409
        return render_template("claims/revise.html", form=form, article=article), status
    return redirect(url_for("revised.show", slug=slug), 303)


@bp.route("/work/claims/<public_id>/reply", methods=["GET", "POST"])
@access(Caller.EDITOR)
def reply(public_id: str) -> ResponseReturnValue:
    """Note what who made a claim replied, and when they were asked."""
    claim = queries.claim(current_session(), public_id)
    form = ReplyForm(obj=claim)
    if not form.validate_on_submit():
        return _reply_page(claim, form, 422 if form.is_submitted() else 200)
    try:
        with writing() as session:
            found = queries.claim(session, public_id)
            changes = {name: form[name].data for name in actions.REPLY}
            actions.edit_claim(
                session, found, changes, version=None, actor=signed_in(), now=clock.now()
            )
    except Invalid as failure:
        show_failure(form, failure)
        return _reply_page(claim, form, 422)
    return redirect(url_for("claims.reply", public_id=public_id, saved=1), 303)


def _reply_page(claim: Claim, form: ReplyForm, status: int) -> ResponseReturnValue:
    return render_template("claims/reply.html", claim=claim, form=form), status


def _given(form: TextForm, details: dict[str, Any]) -> Any:
    """Return what a form gives, read with no transaction open; raise Invalid."""
    if not form.validate():
        raise Invalid("", "This form was too old. Send it again.")
    current_session().rollback()
    return form.intake(current_app.extensions["factcheck"].fetch_allow, details)
