"""The pages of pictures and of deadlines, and each picture to be downloaded."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from factcheck import clock
from factcheck.articles.models import Article
from factcheck.articles.queries import article as article_at
from factcheck.db import current_session
from factcheck.desk.pictures import PICTURES
from factcheck.desk.trends import deadlines, trends
from factcheck.failures import Invalid
from factcheck.site_days import day_of
from factcheck.web.access import Caller, access
from factcheck.web.paging import cursor, key_of, number_in

A_PAGE = 50
TYPES = {"svg": "image/svg+xml; charset=utf-8", "csv": "text/csv; charset=utf-8"}
bp = Blueprint("pictures", __name__)


@bp.get("/desk/pictures")
@access(Caller.EDITOR)
def show() -> ResponseReturnValue:
    """Show how it goes, over all or in the article that is asked for."""
    article = _article()
    found = trends(current_session(), article, now=clock.now())
    return render_template(
        "desk/pictures.html", article=article, forecast=found.forecast, now=clock.now(),
        pictures=[draw(found) for draw in PICTURES.values()],
    )  # fmt: skip


@bp.get("/desk/pictures/<key>.<form>")
@access(Caller.EDITOR)
def download(key: str, form: str) -> ResponseReturnValue:
    """Send a picture as SVG, or its figures as CSV."""
    if key not in PICTURES or form not in TYPES:
        abort(404)
    article = _article()
    picture = PICTURES[key](trends(current_session(), article, now=clock.now()))
    name = f"{article.slug}-{key}.{form}" if article else f"{key}.{form}"
    is_drawn = form == "svg"
    body = render_template("desk/picture.svg", picture=picture) if is_drawn else picture.csv
    return Response(
        body, content_type=TYPES[form],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )  # fmt: skip


@bp.get("/desk/deadlines")
@access(Caller.EDITOR)
def by_deadline() -> ResponseReturnValue:
    """List the articles with a deadline and claims to review, with when they would be done."""
    session = current_session()
    today = day_of(session, clock.now())
    found = deadlines(session, today, after=_after(), limit=A_PAGE + 1)
    shown = found[:A_PAGE]
    following = None
    if len(found) > A_PAGE:
        last = shown[-1].article
        following = cursor(str(last.deadline), last.id)
    return render_template("desk/deadlines.html", found=shown, following=following)


def _article() -> Article | None:
    slug = request.args.get("article")
    return article_at(current_session(), slug) if slug else None


def _after() -> tuple[date, int] | None:
    key = key_of(request.args.get("cursor"), parts=2)
    if key is None:
        return None
    try:
        day = date.fromisoformat(key[0])
    except ValueError as error:
        raise Invalid("cursor", "This cursor is not one that a list gave.") from error
    return day, number_in(key[1])
