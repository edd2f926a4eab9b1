"""The admin's pages for what the site says of itself: about, method, contact."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from factcheck.db import current_session
from factcheck.editions import publishing, queries
from factcheck.editions.language import speaking
from factcheck.editions.site_pages import defaults
from factcheck.failures import Invalid, Missing
from factcheck.languages import language
from factcheck.web.access import Caller, access
from factcheck.web.forms import show_failure

LONGEST_PAGE = 100_000  # code points
bp = Blueprint("site_pages", __name__)


class PageForm(FlaskForm):  # type: ignore[misc]
    """One page: its title and its Markdown."""

    title = StringField(_("Title"), [InputRequired(_("Give it a title.")), Length(max=200)])
    markdown = TextAreaField(_("Text"), [Length(max=LONGEST_PAGE)])


def texts() -> dict[str, tuple[str, str]]:
    """Return the title and the Markdown of each of the site's own pages, by slug."""
    written = {
        page.slug: (page.title, page.markdown) for page in queries.site_pages(current_session())
    }
    _name, key = queries.name_and_language(current_session())
    with speaking(language(key)):
        return defaults() | written


def text_of(slug: str) -> tuple[str, str]:
    """Return the title and the Markdown of a page; raise Missing."""
    try:
        return texts()[slug]
    except KeyError:
        raise Missing("There is no such page.") from None


@bp.route("/admin/pages")
@access(Caller.ADMIN)
def index() -> ResponseReturnValue:
    """List the site's own pages."""
    return render_template("desk/site_pages.html", pages=texts())


@bp.route("/admin/pages/<slug>", methods=["GET", "POST"])
@access(Caller.ADMIN)
def edit(slug: str) -> ResponseReturnValue:
    """Change one of the site's own pages; readers see it at once."""
    title, markdown = text_of(slug)
    form = PageForm(title=title, markdown=markdown)
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return render_template("desk/site_page.html", form=form, slug=slug), status
    try:
        publishing.write_site_page(
            slug, form.title.data, form.markdown.data or "", actor_id=current_user.id,
            settings=current_app.extensions["factcheck"],
        )  # fmt: skip
    except Invalid as failure:
        show_failure(form, failure)
        return render_template("desk/site_page.html", form=form, slug=slug), 422
    return redirect(url_for("site_pages.index"))
