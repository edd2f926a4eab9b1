"""Following corrections by mail: a reader gives an address, confirms it, and stops by one click.

These pages are made when they are asked for, like those of letters. What they say never depends on
whether an address follows already; opening a link changes nothing, since mail programs open them.
"""

from __future__ import annotations

from flask import Blueprint, Response, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf

from factcheck import clock
from factcheck.config import Settings
from factcheck.db import current_session, writing
from factcheck.editions.models import SearchEntry
from factcheck.editions.search import entry_of_article, entry_of_article_id
from factcheck.failures import Invalid
from factcheck.notices import follower_links, following
from factcheck.notices.follower_links import BadFollowLink, Link
from factcheck.notices.models import Follower
from factcheck.readers.letters import TRAP, speak_as_the_site
from factcheck.web.access import Caller, access
from factcheck.web.wording import worded

GONE = 410  # not 404, in whose place a reader gets the site's own page
bp = Blueprint("following", __name__)
bp.before_request(speak_as_the_site)


@bp.get("/follow")
@access(Caller.ANYONE)
def form() -> ResponseReturnValue:
    """Show the form in which a reader gives an address, for one article or for all."""
    return _form(request.args.get("article", ""))


@bp.post("/follow")
@access(Caller.ANYONE)
def ask() -> ResponseReturnValue:
    """Ask the address that was given, by mail; say the same whatever is known of it."""
    slug = request.form.get("article", "")
    article = entry_of_article(current_session(), slug) if slug else None
    if (slug and article is None) or not _settings().smtp_url:
        return _form(slug, 409)
    if request.form.get(TRAP):
        refusal = _("Leave the field that is not shown empty, and send it again.")
        return _form(slug, 422, {"email": refusal})
    article_id = article.article_id if article else None
    try:
        with writing() as session:
            following.ask(
                session, request.form.get("email", ""), article_id,
                caller=request.remote_addr or "", key=_settings().secret_key, now=clock.now(),
            )  # fmt: skip
    except Invalid as failure:
        return _form(slug, 422, {failure.field: worded(failure)})
    return redirect(url_for("following.asked"), 303)


@bp.get("/follow/asked")
@access(Caller.ANYONE)
def asked() -> ResponseReturnValue:
    """Say that a mail is on its way, if the address is to be asked."""
    return _page("follow_link.html", 200, step="asked", days=following.CONFIRM_WITHIN.days)


@bp.get("/follow/confirm/<token>")
@access(Caller.ANYONE)
def confirm_page(token: str) -> ResponseReturnValue:
    """Show the button that confirms what the link of a mail is for."""
    session = current_session()
    try:
        found = following.unconfirmed(session, _follower(Link.CONFIRM, token), now=clock.now())
    except BadFollowLink:
        return _spent()
    return _page("follow_link.html", 200, step="confirm", article=_article(found))


@bp.post("/follow/confirm/<token>")
@access(Caller.ANYONE)
def confirm(token: str) -> ResponseReturnValue:
    """Take the yes of who got the mail, once."""
    try:
        with writing() as session:
            found = following.confirm(session, _follower(Link.CONFIRM, token), now=clock.now())
            article = _article(found)
    except BadFollowLink:
        return _spent()
    return _page("follow_link.html", 200, step="confirmed", article=article)


@bp.get("/follow/stop/<token>")
@access(Caller.ANYONE)
def stop_page(token: str) -> ResponseReturnValue:
    """Show the button that stops the mails that a link is for."""
    try:
        _follower(Link.STOP, token)
    except BadFollowLink:
        return _spent()
    return _page("follow_link.html", 200, step="stop")


@bp.post("/follow/stop/<token>")
@access(Caller.ANYONE)
def stop(token: str) -> ResponseReturnValue:
    """Stop the mails and delete the address; mail programs call it without a form (RFC 8058)."""
    try:
        public_id = _follower(Link.STOP, token)
    except BadFollowLink:
        return _spent()
    with writing() as session:
        following.stop(session, public_id)
    return _page("follow_link.html", 200, step="stopped")


def _follower(kind: Link, token: str) -> str:
    return follower_links.read(_settings().secret_key, kind, token)


def _article(follower: Follower) -> SearchEntry | None:
    if follower.article_id is None:
        return None
    return entry_of_article_id(current_session(), follower.article_id)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["factcheck"]
    return settings


def _form(slug: str, code: int = 200, errors: dict[str, str] | None = None) -> Response:
    article = entry_of_article(current_session(), slug) if slug else None
    is_lost = bool(slug) and article is None
    return _page(
        "follow.html", 404 if is_lost else code, article=article, is_lost=is_lost, slug=slug,
        has_mail=bool(_settings().smtp_url), errors=errors or {}, typed=request.form, trap=TRAP,
        csrf_token=generate_csrf(), days=following.CONFIRM_WITHIN.days,
    )  # fmt: skip


def _spent() -> Response:
    return _page("follow_link.html", GONE, step="spent")


def _page(template: str, code: int, **values: object) -> Response:
    page = g.site.page(template, here="/follow", **{"article": None, **values})
    return Response(page, status=code, content_type="text/html; charset=utf-8")
