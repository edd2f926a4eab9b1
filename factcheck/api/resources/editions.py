"""Editions: publishing, withdrawing, and what anyone may read.

An article that has not been published answers here exactly as one that does not exist.
"""

from __future__ import annotations

from typing import Any

from flask import current_app
from flask_babel import gettext as _
from msgspec import UNSET
from sqlalchemy.orm import Session

from factcheck.api.calls import ANYONE, EDITS, Answer, Asked, Work, call
from factcheck.api.cursors import PageQuery, page_of_all
from factcheck.api.problems import Refusal
from factcheck.api.shapes.editions import (
    EditionPage,
    EditionShown,
    NewEdition,
    Published,
    Record,
    edition_shown,
)
from factcheck.api.shapes.reviews import Withdrawn
from factcheck.articles.queries import ArticleMissing
from factcheck.articles.queries import article as article_of
from factcheck.config import Settings
from factcheck.db import current_session
from factcheck.editions import publishing, queries
from factcheck.editions.files import SiteNotWritable
from factcheck.editions.models import Edition


class NotPublished(queries.EditionMissing):
    """Nothing is published under that id."""


@call("POST", "/articles/{id}/editions", EDITS, body=NewEdition, answer=Published, status=201,
      work=Work.ALONE)  # fmt: skip
def publish(_session: Session, asked: Asked[NewEdition]) -> Answer:
    """Publish the next edition: the claims that are ready, with what changed since the last.

    The answer comes when its pages are on disk. Refused (409) when nothing is ready, or nothing is
    new.
    """
    note = None if asked.given.note is UNSET else asked.given.note
    try:
        done = publishing.publish(
            asked.id, note=note or None, actor_id=asked.person.id, settings=_settings()
        )
    except SiteNotWritable as error:
        raise _not_on_disk(error) from error
    return Answer(Published(done.number, done.url, done.sha256, done.changes, done.pages_missing))


@call("POST", "/editions/{sha256}/withdraw", EDITS, body=Withdrawn, answer=EditionShown,
      work=Work.ALONE)  # fmt: skip
def withdraw_edition(_session: Session, asked: Asked[Withdrawn]) -> EditionShown:
    """Put a tombstone in an edition's place: its words go, its record and its digest stay."""
    try:
        publishing.withdraw(
            asked.id, reason=asked.given.reason, actor_id=asked.person.id, settings=_settings()
        )
    except SiteNotWritable as error:
        raise _not_on_disk(error) from error
    found = queries.edition_by_sha256(current_session(), asked.id)
    return edition_shown(found, _settings().public_url)


@call("GET", "/articles/{id}/editions", ANYONE, query=PageQuery, answer=EditionPage)
def list_editions(session: Session, asked: Asked[PageQuery]) -> EditionPage:
    """List the published editions of an article, the oldest first; withdrawn ones as tombstones."""
    try:
        editions = queries.editions_of(session, article_of(session, asked.id))
    except ArticleMissing:
        editions = []
    published = [edition for edition in editions if _is_public(edition)]
    if not published:
        raise NotPublished("Nothing is published under that address.")
    items, following = page_of_all(published, asked.given, lambda edition: (edition.number,))
    base = _settings().public_url
    return EditionPage([edition_shown(edition, base) for edition in items], following)


@call("GET", "/editions/{sha256}", ANYONE, answer=Record)
def edition_record(session: Session, asked: Asked[Any]) -> Answer:
    """Read the canonical record of an edition: the very bytes whose SHA-256 is its id."""
    found = queries.edition_by_sha256(session, asked.id)
    if not _is_public(found):
        raise NotPublished("There is no such edition.")
    return Answer(raw=found.record.encode("utf-8"), headers={"ETag": f'"{found.sha256}"'})


def _is_public(edition: Edition) -> bool:
    return edition.written_at is not None or edition.withdrawn_at is not None


def _not_on_disk(error: SiteNotWritable) -> Refusal:
    sentence = _("It is published, but its pages cannot be written yet: %(error)s", error=error)
    return Refusal(503, "site_not_writable", sentence, headers={"Retry-After": "60"})


def _settings() -> Settings:
    settings: Settings = current_app.extensions["factcheck"]
    return settings
