"""What one was told, and that one has read it."""

from __future__ import annotations

from typing import Annotated

import msgspec
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from factcheck.api.calls import READS, REVIEWS, Asked, call
from factcheck.api.cursors import PageQuery, cursor_of, key_of, page
from factcheck.api.problems import Refusal, unprocessable
from factcheck.api.shapes.moments import moment
from factcheck.notices import actions, labels, queries
from factcheck.notices.models import Notice
from factcheck.notices.rules import path_to


class NoticeShown(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What somebody was told: of which kind of thing, in a sentence, and at which path it leads on.

    `subject` is the id of a claim, letter, message, article or webhook, or an edition's digest;
    `about` are the words of a claim or a title, where it is about one.
    """

    id: str
    kind: str
    subject: str
    sentence: str
    about: str | None
    path: str
    at: str
    read: str | None


class NoticePage(msgspec.Struct, forbid_unknown_fields=True):
    """A page of notices, the newest first, and how many in all were not read."""

    items: list[NoticeShown]
    next: str | None
    unread: int


class ReadUntil(msgspec.Struct, forbid_unknown_fields=True):
    """Up to which notice one has read: it, and all that came before it."""

    until: Annotated[str, msgspec.Meta(min_length=1, max_length=300, description="its id")]


class UnreadShown(msgspec.Struct, forbid_unknown_fields=True):
    """How many notices were not read."""

    unread: int


@call("GET", "/notices", READS, query=PageQuery, answer=NoticePage)
def list_notices(session: Session, asked: Asked[PageQuery]) -> NoticePage:
    """List what one was told, the newest first; reading the list marks nothing as read."""
    after = key_of(asked.given.cursor, int)
    found = queries.notices_of(
        session, asked.person, before=after[0] if after else None, limit=asked.given.limit + 1
    )
    items, following = page(found, asked.given.limit, lambda notice: [notice.id])
    return NoticePage([_shown(one) for one in items], following, asked.person.unread_notices)


@call("POST", "/notices/read", REVIEWS, body=ReadUntil, answer=UnreadShown)
def mark_read(session: Session, asked: Asked[ReadUntil]) -> UnreadShown:
    """Mark what one was told as read, up to one notice, and not what came later."""
    try:
        (until,) = key_of(asked.given.until, int) or (0,)
    except Refusal:
        raise unprocessable("until", _("This is no notice of yours.")) from None
    actions.mark_read(session, asked.person, until=until, now=asked.now)
    session.refresh(asked.person, ["unread_notices"])
    return UnreadShown(asked.person.unread_notices)


def _shown(notice: Notice) -> NoticeShown:
    return NoticeShown(
        id=cursor_of([notice.id]),
        kind=notice.kind,
        subject=notice.subject,
        sentence=labels.sentence(notice),
        about=notice.details.get("about"),
        path=path_to(notice.kind, notice.subject, notice.details),
        at=moment(notice.at),
        read=moment(notice.read_at) if notice.read_at else None,
    )
