"""Exports: having rows written into a file, and fetching it."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from flask import current_app
from msgspec import UNSET, UnsetType
from sqlalchemy.orm import Session

from factcheck.api.calls import OVERSEES, Answer, Asked, call
from factcheck.api.resources.jobs import JobShown, job_of_run
from factcheck.api.shapes.fields import Id
from factcheck.articles import queries as articles
from factcheck.exchange import formats, making
from factcheck.exchange.rows import What


class ExportAsked(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What to export, of one article (id or slug) or of all."""

    what: Literal["claims", "reviews", "decisions", "sources"]
    format: Literal["jsonl", "csv"] = "jsonl"
    article: Id | UnsetType = UNSET


@call("POST", "/exports", OVERSEES, body=ExportAsked, answer=JobShown, status=202)
def export_rows(session: Session, asked: Asked[ExportAsked]) -> Answer:
    """Have a job write claims, reviews, decisions or sources into a file.

    The job says how far it is and can be stopped; once it is done the file is at `Location`. What
    is sealed stays so: nothing of an open round is in it, nor anything withdrawn.
    """
    given = asked.given
    article = articles.article(session, given.article) if given.article is not UNSET else None
    run = making.ask(session, What(given.what), given.format, article=article,
                     actor=asked.person, now=asked.now)  # fmt: skip
    headers = {"Location": f"/api/v1/exports/{run.public_id}"}
    return Answer(job_of_run(session, run), headers=headers)


@call("GET", "/exports/{id}", OVERSEES, media=tuple(formats.MEDIA.values()))
def fetch_export(session: Session, asked: Asked[Any]) -> Answer:
    """Fetch the file of an export, which is kept for a day; `id` is that of its job."""
    run, path = making.fetched(
        session, asked.id, current_app.extensions["factcheck"], now=asked.now
    )
    name = f'attachment; filename="{making.name_of(run)}"'
    return Answer(
        file=path, media=formats.MEDIA[run.asked["form"]],
        headers={"Content-Disposition": name, "Cache-Control": "private, no-store"},
    )  # fmt: skip
