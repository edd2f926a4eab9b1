"""The mails to followers: whether they want them, and then what was corrected or withdrawn.

A mail is taken (marked as sent) before it goes, and put back where the server refused it: a worker
that is killed in between loses one, and no one gets the same twice. What it tells stands in an
edition, and its pages are on disk by then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased, contains_eager

from factcheck import clock
from factcheck.claims.queries import claim as claim_of
from factcheck.config import Settings
from factcheck.db import current_session, writing
from factcheck.editions.models import Edition
from factcheck.editions.queries import edition_by_sha256, editions_with, name_and_language
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


@dataclass(frozen=True, slots=True)
class _Matter:
    """What followers are mailed of: an edition, what became of it, and of which claim of it."""

    edition: Edition
    about: About
    claim: str  # its public id; "" for all of the edition

    @property
    def names(self) -> Letter:
        """How a job names it."""
        return {"edition": self.edition.sha256, "about": self.about, "claim": self.claim}

    @property
    def is_over(self) -> bool:
        """Whether what a mail would tell does not hold any more: withdrawn since, or put back."""
        if self.about is About.CLAIM:
            return self.claim not in self.edition.claims_withdrawn
        return self.about is About.CORRECTION and self.edition.withdrawn_at is not None

    @property
    def at(self) -> datetime | None:
        """When it happened."""
        if self.about is About.CLAIM:
            return datetime.fromisoformat(self.edition.claims_withdrawn[self.claim]["at"])
        is_withdrawal = self.about is About.WITHDRAWAL
        return self.edition.withdrawn_at if is_withdrawal else self.edition.published_at


def ask(
    session: Session, happened: Iterable[tuple[str, About]], settings: Settings, *, now: datetime
) -> None:
    """Ask for the mails of editions that were published or withdrawn, and of claims withdrawn.

    An edition is given by its digest, a claim by its public id.
    """
    if not settings.smtp_url:
        return
    for subject, about in happened:
        matter = _happened(session, subject, about)
        if about is not About.CORRECTION or _changes_a_verdict(matter.edition):
            enqueue(session, SPREAD, {**matter.names, "after": 0}, now=now)


def _happened(session: Session, subject: str, about: About) -> _Matter:
    if about is About.CLAIM:
        newest = editions_with(session, claim_of(session, subject))[-1]
        return _Matter(newest, about, subject)
    return _Matter(edition_by_sha256(session, subject), about, "")


def _matter(session: Session, payload: Mapping[str, Any]) -> _Matter:
    """Return what a job names; one that was asked for before claims were mailed of names none."""
    edition = edition_by_sha256(session, payload["edition"])
    return _Matter(edition, About(payload["about"]), payload.get("claim", ""))


def _changes_a_verdict(edition: Edition) -> bool:
    return any(change["kind"] == "verdict" for change in edition.changes)


def spread(payload: Mapping[str, Any], settings: Settings) -> None:
    """Ask for the mail of a matter to each of the next followers, and for those after them."""
    now = clock.now()
    with writing() as session:
        matter = _matter(session, payload)
        if not settings.smtp_url or matter.is_over:
            return
        if matter.edition.written_at is None:
            enqueue(session, SPREAD, dict(payload), now=now, due=now + WAIT_FOR_PAGES)
            return
        found = _to_be_told(session, matter, after=payload["after"])
        for public_id in _noted(session, found, matter):
            enqueue(session, MAIL, {"follower": public_id, **matter.names}, now=now)
        if len(found) == AT_ONCE:
            enqueue(session, SPREAD, {**payload, "after": found[-1].id}, now=now)


def _to_be_told(session: Session, matter: _Matter, *, after: int) -> list[Follower]:
    """Return who followed when it happened; of two rows of one address that of the article."""
    moment, article_id = matter.at, matter.edition.article_id
    other = aliased(Follower)
    twice = sa.exists().where(
        other.named == Follower.named, other.article_id == article_id, other.confirmed_at <= moment
    )
    here = Follower.article_id == article_id
    everywhere = sa.and_(Follower.article_id.is_(None), ~twice)
    return list(
        session.scalars(
            sa.select(Follower)
            .where(Follower.id > after, Follower.confirmed_at <= moment, here | everywhere)
            .order_by(Follower.id)
            .limit(AT_ONCE)
        )
    )


def _noted(session: Session, followers: Iterable[Follower], matter: _Matter) -> list[str]:
    """Note whom a matter is mailed to; return the public ids of those who were not noted yet."""
    by_id = {one.id: one.public_id for one in followers}
    if not by_id:
        return []
    same = {"edition_id": matter.edition.id, "about": matter.about.value, "claim": matter.claim}
    rows = [{"follower_id": follower_id, **same} for follower_id in by_id]
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
        matter = _matter(session, payload)
        if matter.is_over:
            return None
        mail.sent_at = clock.now()
        with speaking(name_and_language(session)[1]):
            return _letter(session, mail.follower, matter, settings)


def _letter(session: Session, follower: Follower, matter: _Matter, settings: Settings) -> Letter:
    if matter.about is About.CLAIM:
        return follower_letters.claim_withdrawal(
            session, follower, matter.edition, matter.claim, settings
        )
    if matter.about is About.WITHDRAWAL:
        return follower_letters.withdrawal(session, follower, matter.edition, settings)
    return follower_letters.correction(follower, matter.edition, settings)


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
            FollowerMail.claim == payload.get("claim", ""),
        )
        .options(contains_eager(FollowerMail.follower))
        .with_for_update(of=FollowerMail)
        .execution_options(populate_existing=True)
    )
