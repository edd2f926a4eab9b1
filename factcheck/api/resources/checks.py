"""Earlier checks of others: listing, importing, removing."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from flask import current_app
from sqlalchemy.orm import Session

from factcheck.api.calls import EDITS, READS, Answer, Asked, call
from factcheck.api.cursors import PageQuery, key_of, page
from factcheck.api.resources.jobs import JobShown, job_of_run
from factcheck.api.shapes.fields import Line
from factcheck.checks import actions, importing, queries
from factcheck.checks.models import EarlierCheck


class ChecksQuery(PageQuery, forbid_unknown_fields=True, kw_only=True):
    """Which earlier checks: the best 1,000 with all of some words, or all, newest first."""

    q: Line = ""


class CheckShown(msgspec.Struct, forbid_unknown_fields=True):
    """A claim that somebody else checked; `rating` is in their words."""

    id: str
    text: str
    url: str
    title: str
    publisher: str
    rating: str
    date: str | None
    language: str | None


class CheckPage(msgspec.Struct, forbid_unknown_fields=True):
    """A page of earlier checks."""

    items: list[CheckShown]
    next: str | None


class ChecksGiven(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A file of earlier checks as text; what is left out is found out. Rows may be bad."""

    content: Annotated[str, msgspec.Meta(min_length=1)]
    format: Literal["", "csv", "claimreview"] = ""
    delimiter: Annotated[str, msgspec.Meta(max_length=1)] = ""
    keep_good: bool = False


@call("GET", "/checks", READS, query=ChecksQuery, answer=CheckPage)
def list_checks(session: Session, asked: Asked[ChecksQuery]) -> CheckPage:
    """List earlier checks of others."""
    given = asked.given
    place = key_of(given.cursor, int)
    if given.q:
        offset = min(place[0], queries.MOST_FOUND) if place else 0
        best = queries.found(session, given.q, offset=offset, limit=given.limit + 1)
        items, following = page(best, given.limit, lambda _one: (offset + given.limit,))
        return CheckPage([_shown(one) for one in items], following)
    found = queries.newest(session, before=place[0] if place else None, limit=given.limit + 1)
    items, following = page(found, given.limit, lambda one: (one.id,))
    return CheckPage([_shown(one) for one in items], following)


def put_aside(asked: Asked[ChecksGiven]) -> Path:
    """Return where the file is that the caller gave; outside of any transaction."""
    data = asked.given.content.encode()
    return importing.aside(current_app.extensions["factcheck"], io.BytesIO(data))


@call("POST", "/checks/import", EDITS, body=ChecksGiven, answer=JobShown, status=202,
      prepare=put_aside)  # fmt: skip
def import_checks(session: Session, asked: Asked[ChecksGiven]) -> Answer:
    """Have a job import earlier checks from CSV, or from ClaimReview as JSON.

    With `keep_good` the good rows are kept where others are bad, else nothing is then. A body has
    2 MiB at most: send a longer file in parts, or from the desk or the command line.
    """
    given = asked.given
    options = {"form": given.format, "delimiter": given.delimiter, "keep_good": given.keep_good}
    run = importing.ask(session, "API", asked.prepared, options, actor=asked.person, now=asked.now)
    return Answer(job_of_run(session, run), headers={"Location": f"/api/v1/jobs/{run.public_id}"})


@call("POST", "/checks/{id}/remove", EDITS, answer=CheckShown)
def remove_check(session: Session, asked: Asked[Any]) -> CheckShown:
    """Take an earlier check away."""
    found = queries.check(session, asked.id)
    shown = _shown(found)
    actions.remove(session, found, actor=asked.person, now=asked.now)
    return shown


def _shown(one: EarlierCheck) -> CheckShown:
    return CheckShown(one.public_id, one.text, one.url, one.title, one.publisher, one.rating,
                      one.published, one.language)  # fmt: skip
