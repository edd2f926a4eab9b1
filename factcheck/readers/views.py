"""Whether the service lives and is ready, for whatever watches over it."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Blueprint, Response
from sqlalchemy.exc import SQLAlchemyError

from factcheck.db import current_session
from factcheck.editions.models import Edition
from factcheck.web.access import Caller, access

bp = Blueprint("readers", __name__)


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
