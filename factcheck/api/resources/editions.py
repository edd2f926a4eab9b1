"""Editions: publishing, withdrawing, and what anyone may read.

An article that has not been published answers here exactly as one that does not exist.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from msgspec import UNSET
from sqlalchemy.orm import Session

from factcheck.api.calls import ANYONE, EDITS, OVERSEES, Answer, Asked, Work, call
from factcheck.api.cursors import PageQuery, page_of_all
from factcheck.api.problems import Refusal
from factcheck.api.queries import shown
from factcheck.api.shapes.articles import ArticleShown, article_shown
from factcheck.api.shapes.claims import ClaimShown
from factcheck.api.shapes.editions import (
    EditionPage,
    EditionShown,
    Mended,
    NewEdition,
    NextEdition,
    Published,
    Record,
    edition_shown,
)
from factcheck.api.shapes.reviews import Withdrawn
from factcheck.articles.queries import ArticleMissing
from factcheck.articles.queries import article as article_of
from factcheck.claims.queries import claim as claim_of
from factcheck.claims.queries import counts_of
from factcheck.config import Settings
from factcheck.db import current_session
from factcheck.editions import actions, mending, publishing, queries, withdrawing
from factcheck.editions.files import SiteNotWritable
from factcheck.editions.models import Edition
from factcheck.web.wording import worded


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


@call("GET", "/articles/{id}/editions/next", OVERSEES, answer=NextEdition)
def preview_edition(session: Session, asked: Asked[Any]) -> NextEdition:
    """Read what the next edition of an article would change; nothing is published."""
    missing, article = publishing.pages_missing(session), article_of(session, asked.id)
    try:
        draft = actions.next_edition(session, article, note=None, now=asked.now)
    except actions.NothingReady as refusal:
        return NextEdition(
            number=None, is_new=False, refusal=worded(refusal), changes=[], pages=[], mends=[],
            replies=[], pages_missing=missing,
        )  # fmt: skip
    return NextEdition(
        number=draft.number, is_new=draft.is_new, refusal=None,
        changes=[change.as_json() for change in draft.changes],
        pages=draft.pages, mends=draft.mends, replies=draft.replies, pages_missing=missing,
    )  # fmt: skip


@call("POST", "/editions/{sha256}/withdraw", EDITS, body=Withdrawn, answer=EditionShown,
      work=Work.ALONE)  # fmt: skip
def withdraw_edition(_session: Session, asked: Asked[Withdrawn]) -> EditionShown:
    """Put a tombstone in an edition's place: its words go, its record and its digest stay."""
    return _edition(asked, withdrawing.withdraw_edition)


@call("POST", "/editions/{sha256}/put-back", EDITS, body=Withdrawn, answer=EditionShown,
      work=Work.ALONE)  # fmt: skip
def put_back_edition(_session: Session, asked: Asked[Withdrawn]) -> EditionShown:
    """Have a withdrawn edition stand again; refused (403) for who withdrew it."""
    return _edition(asked, withdrawing.put_back_edition)


@call("POST", "/articles/{id}/withdraw", EDITS, body=Withdrawn, answer=ArticleShown,
      work=Work.ALONE)  # fmt: skip
def withdraw_article(_session: Session, asked: Asked[Withdrawn]) -> ArticleShown:
    """Withdraw every edition of an article that stands; put one that was never published aside."""
    return _article(asked, withdrawing.withdraw_article)


@call("POST", "/articles/{id}/put-back", EDITS, body=Withdrawn, answer=ArticleShown,
      work=Work.ALONE)  # fmt: skip
def put_back_article(_session: Session, asked: Asked[Withdrawn]) -> ArticleShown:
    """Undo the withdrawal of an article; refused (403) for who withdrew it."""
    return _article(asked, withdrawing.put_back_article)


@call("POST", "/claims/{id}/withdraw", EDITS, body=Withdrawn, answer=ClaimShown,
      work=Work.ALONE)  # fmt: skip
def withdraw_claim(_session: Session, asked: Asked[Withdrawn]) -> ClaimShown:
    """Take what every edition says of a claim from readers; a tombstone stands at its address."""
    return _claim(asked, withdrawing.withdraw_claim)


@call("POST", "/claims/{id}/put-back", EDITS, body=Withdrawn, answer=ClaimShown,
      work=Work.ALONE)  # fmt: skip
def put_back_claim(_session: Session, asked: Asked[Withdrawn]) -> ClaimShown:
    """Have editions say again what they said of a claim; refused (403) for who withdrew it."""
    return _claim(asked, withdrawing.put_back_claim)


@call("POST", "/claims/{id}/mend", EDITS, body=Mended, answer=ClaimShown)
def mend_claim(session: Session, asked: Asked[Mended]) -> ClaimShown:
    """Note the day on which the author mended the words of a published claim; null takes it back.

    The next edition says so. The verdict stays, and it is no correction.
    """
    claim = claim_of(session, asked.id)
    on = mending.typed_day(asked.given.on) if asked.given.on else None
    mending.note_mend(session, claim, on, actor=asked.person, now=asked.now)
    return shown(session, claim)


def _edition(asked: Asked[Withdrawn], verb: Callable[..., None]) -> EditionShown:
    _act(asked, lambda session: queries.edition_by_sha256(session, asked.id), verb)
    found = queries.edition_by_sha256(current_session(), asked.id)
    return edition_shown(found, _settings().public_url)


def _article(asked: Asked[Withdrawn], verb: Callable[..., None]) -> ArticleShown:
    _act(asked, lambda session: article_of(session, asked.id), verb)
    found = article_of(current_session(), asked.id)
    return article_shown(found, counts_of(current_session(), found))


def _claim(asked: Asked[Withdrawn], verb: Callable[..., None]) -> ClaimShown:
    _act(asked, lambda session: claim_of(session, asked.id), verb)
    return shown(current_session(), claim_of(current_session(), asked.id))


def _act(
    asked: Asked[Withdrawn], find: Callable[[Session], Any], verb: Callable[..., None]
) -> None:
    try:
        publishing.act(
            lambda session, actor, now: verb(
                session, find(session), reason=asked.given.reason, actor=actor, now=now
            ),
            actor_id=asked.person.id, settings=_settings(),
        )  # fmt: skip
    except SiteNotWritable as error:
        raise _not_on_disk(error) from error


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
