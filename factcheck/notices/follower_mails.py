"""The mails to followers: whether they want them, and then what was corrected or withdrawn.

A mail is taken (marked as sent) before it goes, and put back where the server refused it: a worker
that is killed in between loses one, and no one gets the same twice. What it tells stands in an
edition, and its pages are on disk by then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased, contains_eager

from factcheck import clock
from factcheck.config import Settings
from factcheck.db import current_session, writing
from factcheck.editions.models import Edition
from factcheck.editions.queries import edition_by_sha256, name_and_language
from factcheck.editions.search import entry_of_article_id
from factcheck.notices import follower_letters, following
from factcheck.notices.follower_links import BadFollowLink
from factcheck.notices.models import Follower, FollowerMail
from factcheck.notices.rules import About
from factcheck.outbox import enqueue
from factcheck.web.speaking import speaking

SPREAD, MAIL = "follower-mails", "follower-mail"  # jobs
AT_ONCE = 500  # followers a transaction
WAIT_FOR_PAGES = timedelta(minutes=1)
Letter = dict[str, Any]


def ask(
    session: Session, editions: Iterable[tuple[str, About]], settings: Settings, *, now: datetime
) -> None:
    """Ask for the mails of editions, by digest, that were published or withdrawn."""
    if not settings.smtp_url:
        return
    for sha256, about in editions:
        if about is About.WITHDRAWAL or _changes_a_verdict(edition_by_sha256(session, sha256)):
            enqueue(session, SPREAD, {"edition": sha256, "about": about, "after": 0}, now=now)


def _changes_a_verdict(edition: Edition) -> bool:
    return any(change["kind"] == "verdict" for change in edition.changes)


def spread(payload: Mapping[str, Any], settings: Settings) -> None:
    """Ask for the mail of an edition to each of the next followers, and for those after them."""
    about, now = About(payload["about"]), clock.now()
    with writing() as session:
        edition = edition_by_sha256(session, payload["edition"])
        if not settings.smtp_url or _is_over(edition, about):
            return
        if edition.written_at is None:
            enqueue(session, SPREAD, dict(payload), now=now, due=now + WAIT_FOR_PAGES)
            return
        found = _to_be_told(session, edition, about, after=payload["after"])
        for public_id in _noted(session, found, edition, about):
            one = {"follower": public_id, "edition": edition.sha256, "about": about}
            enqueue(session, MAIL, one, now=now)
        if len(found) == AT_ONCE:
            enqueue(session, SPREAD, {**payload, "after": found[-1].id}, now=now)


def _is_over(edition: Edition, about: About) -> bool:
    """Whether the words that a mail would tell were withdrawn since."""
    return about is About.CORRECTION and edition.withdrawn_at is not None


def _to_be_told(session: Session, edition: Edition, about: About, *, after: int) -> list[Follower]:
    """Return who followed when it happened; of two rows of one address that of the article."""
    moment = edition.withdrawn_at if about is About.WITHDRAWAL else edition.published_at
    other = aliased(Follower)
    twice = sa.exists().where(
        other.named == Follower.named, other.article_id == edition.article_id,
        other.confirmed_at <= moment,
    )  # fmt: skip
    here = Follower.article_id == edition.article_id
    everywhere = sa.and_(Follower.article_id.is_(None), ~twice)
    return list(
        session.scalars(
            sa.select(Follower)
            .where(Follower.id > after, Follower.confirmed_at <= moment, here | everywhere)
            .order_by(Follower.id)
            .limit(AT_ONCE)
        )
    )


def _noted(
    session: Session, followers: Iterable[Follower], edition: Edition, about: About
) -> list[str]:
    """Note whom an edition is mailed to; return the public ids of those who were not noted yet."""
    by_id = {one.id: one.public_id for one in followers}
    if not by_id:
        return []
    rows = [
        {"follower_id": follower_id, "edition_id": edition.id, "about": about.value}
        for follower_id in by_id
    ]
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    insert = dialect.insert(FollowerMail).values(rows).on_conflict_do_nothing()
    return [by_id[found] for found in session.scalars(insert.returning(FollowerMail.follower_id))]


def question(payload: Mapping[str, Any], settings: Settings) -> Letter | None:
    """Return the letter that asks an address whether it wants to follow; None if not any more."""
    session = current_session()
    try:
        follower = following.unconfirmed(session, payload["follower"], now=clock.now())
    except BadFollowLink:
        return None
    article = entry_of_article_id(session, follower.article_id) if follower.article_id else None
    with speaking(name_and_language(session)[1]):
        letter = follower_letters.question(follower, article.title if article else "", settings)
    session.rollback()  # hold nothing while it is sent
    return letter


def forget(payload: Mapping[str, Any], _settings: Settings) -> None:
    """Delete an address that was not confirmed in time."""
    with writing() as session:
        following.forget(session, payload["follower"], now=clock.now())


def take(payload: Mapping[str, Any], settings: Settings) -> Letter | None:
    """Mark a mail to a follower as sent and return it; None if it was, or is not to be."""
    with writing() as session:
        mail = _mail(session, payload)
        if mail is None or mail.sent_at is not None:
            return None
        edition, about = edition_by_sha256(session, payload["edition"]), About(payload["about"])
        if _is_over(edition, about):
            return None
        mail.sent_at = clock.now()
        with speaking(name_and_language(session)[1]):
            if about is About.WITHDRAWAL:
                return follower_letters.withdrawal(session, mail.follower, edition, settings)
            return follower_letters.correction(mail.follower, edition, settings)


def put_back(payload: Mapping[str, Any]) -> None:
    """Mark a mail that could not be sent as to be sent again."""
    with writing() as session:
        if mail := _mail(session, payload):
            mail.sent_at = None


def _mail(session: Session, payload: Mapping[str, Any]) -> FollowerMail | None:
    return session.scalar(
        sa.select(FollowerMail)
        .join(FollowerMail.follower)
        .join(Edition, Edition.id == FollowerMail.edition_id)
        .where(
            Follower.public_id == payload["follower"],
            Edition.sha256 == payload["edition"],
            FollowerMail.about == payload["about"],
        )
        .options(contains_eager(FollowerMail.follower))
        .with_for_update(of=FollowerMail)
        .execution_options(populate_existing=True)
    )
