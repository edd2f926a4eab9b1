"""What is asked of the service beside the site's files: a search, and whether it lives."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Blueprint, Response, current_app, request
from sqlalchemy.exc import SQLAlchemyError

from factcheck.db import current_session
from factcheck.editions.models import Edition
from factcheck.editions.search import find
from factcheck.editions.site import site_of
from factcheck.methods import queries as methods
from factcheck.text.sought import LONGEST_QUERY, words_in
from factcheck.web.access import Caller, access

A_PAGE = 20
MOST_PAGES = 50
bp = Blueprint("readers", __name__)


@bp.get("/search")
@access(Caller.ANYONE)
def search() -> Response:
    """Show the articles and claims whose published words hold what was typed."""
    typed = request.args.get("q", "")[:LONGEST_QUERY].strip()
    number = min(MOST_PAGES, max(1, request.args.get("page", 1, type=int)))
    hits = find(current_session(), words_in(typed), offset=A_PAGE * (number - 1), limit=A_PAGE + 1)
    page = site_of(current_session(), current_app.extensions["factcheck"]).page(
        "search.html", here="/search", typed=typed, hits=hits[:A_PAGE], number=number,
        more=len(hits) > A_PAGE and number < MOST_PAGES,
        scales={scale.key: scale for scale in methods.scales()},
    )  # fmt: skip
    return Response(page, content_type="text/html; charset=utf-8")


@bp.get("/healthz")
@access(Caller.ANYONE)
def healthz() -> Response:
    """Answer that the process runs."""
    return _plain("ok", 200)


@bp.get("/readyz")
@access(Caller.ANYONE)
def readyz() -> Response:
    """Answer whether the database answers and no publication was left unfinished."""
    try:
        unwritten = current_session().scalar(
            sa.select(Edition.id).where(Edition.written_at.is_(None)).limit(1)
        )
    except SQLAlchemyError:
        return _plain("the database does not answer", 503)
    if unwritten is not None:
        return _plain("a publication is being finished", 503)
    return _plain("ready", 200)


def _plain(sentence: str, status: int) -> Response:
    answer = Response(sentence + "\n", status=status, content_type="text/plain; charset=utf-8")
    answer.headers["Cache-Control"] = "no-store"
    return answer
