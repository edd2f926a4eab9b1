"""Taking in an article, giving it a new revision, changing what is known about it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from factcheck.accounts.events import record
from factcheck.accounts.models import Person
from factcheck.articles.models import Article, ArticleAddress, ArticleLink, Revision
from factcheck.articles.queries import lock_article, slugs_like
from factcheck.articles.rules import (
    DISPLAYS,
    GROUNDS,
    LONGEST_NAME,
    LONGEST_TITLE,
    STATES,
    Intake,
    check_authors,
    check_choice,
    check_day,
    check_language,
    check_line,
    check_published,
    plain_day,
    slug_for,
)
from factcheck.failures import Conflict, Invalid
from factcheck.fetch import canonical_address
from factcheck.methods import lots
from factcheck.methods.queries import check_offered, policy
from factcheck.outbox import enqueue

_LONGEST_ADDRESS = 2000  # an http address of that length grows by the s of https
_SLUG_TRIES = 5  # two imports of one title at once; the loser takes the next number


class StaleArticle(Conflict):
    """Somebody else changed the article since it was opened."""


class SameText(Conflict):
    """The new revision would be the one that there is."""


def add_article(
    session: Session, intake: Intake, *, actor: Person | None, now: datetime
) -> tuple[Article, Revision]:
    """Add an article with its first revision, links and addresses, and return both."""
    check_offered(session, intake.policy_key)
    article = Article(
        title=intake.title,
        source_url=intake.source_url,
        site=intake.site,
        authors=list(intake.authors),
        published=intake.published,
        published_about=intake.published_about,
        place=intake.place,
        language=intake.language,
        scale_key=intake.scale_key,
        policy_key=intake.policy_key,
        display=intake.display,
        ground=intake.ground,
        deadline=intake.deadline,
        created_at=now,
        created_by_id=actor.id if actor else None,
    )
    _add_under_free_slug(session, article)
    revision = _store_revision(session, article, intake, actor=actor, now=now)
    _add_addresses(session, article, intake)
    record(session, "article.imported", article.public_id, actor=actor, now=now,
           moved=(None, article.state), sha256=revision.text_sha256)  # fmt: skip
    return article, revision


def add_revision(
    session: Session, article: Article, intake: Intake, *, actor: Person | None, now: datetime
) -> Revision:
    """Add the text of `intake` as the article's newest revision, and return it.

    What is known about the article stays as it is. Raises SameText when nothing would change. The
    claims are carried over by `claims.actions.revise_article`, which calls this.
    """
    lock_article(session, article.id)
    current = sa.select(Revision.text_sha256).where(
        Revision.article_id == article.id, Revision.number == article.current_revision
    )
    if session.scalar(current) == _digest(intake.text.encode("utf-8")):
        raise SameText("This is the text that the article has already.")
    article.current_revision += 1
    article.version += 1
    revision = _store_revision(session, article, intake, actor=actor, now=now)
    _add_addresses(session, article, intake)
    record(session, "article.revised", article.public_id, actor=actor, now=now,
           revision=revision.number, sha256=revision.text_sha256)  # fmt: skip
    return revision


def edit_article(
    session: Session,
    article: Article,
    changes: Mapping[str, Any],
    *,
    version: int | None = None,
    actor: Person | None,
    now: datetime,
) -> frozenset[str]:
    """Change what is known about an article; return the names of what is different now.

    Keys of `changes`: title, authors, published, published_about, place, language, display,
    ground, policy, deadline (a day or None). Raises Invalid for a value, StaleArticle when
    `version` is given and is not the article's. What already is stays without a new version.
    """
    lock_article(session, article.id)
    if version is not None and version != article.version:
        raise StaleArticle("Somebody else changed this article since you opened it.")
    wanted = {_COLUMNS.get(key, key): _checked(key, value) for key, value in changes.items()}
    different = {key: value for key, value in wanted.items() if getattr(article, key) != value}
    if not different:
        return frozenset()
    if "policy_key" in different:
        check_offered(session, different["policy_key"])
    before = {key: plain_day(getattr(article, key)) for key in different}
    for key, value in different.items():
        setattr(article, key, value)
    article.version += 1
    record(session, "article.edited", article.public_id, actor=actor, now=now,
           before=before,
           after={key: plain_day(value) for key, value in different.items()})  # fmt: skip
    if "policy_key" in different and policy(article.policy_key).by_lot:
        enqueue(session, lots.JOB, {"article": article.public_id}, now=now)
    return frozenset(different)


def set_state(
    session: Session, article: Article, state: str, *, actor: Person | None, now: datetime
) -> None:
    """Move an article to `state`, with an event; nothing happens when it is there already."""
    check_choice(state, "state", STATES)
    if article.state == state:
        return
    before, article.state = article.state, state
    record(session, f"article.{state}", article.public_id, actor=actor, now=now,
           moved=(before, state))  # fmt: skip


def _add_under_free_slug(session: Session, article: Article) -> None:
    """Flush the article under a slug that nobody has, also when two are added at once."""
    wanted = slug_for(article.title)
    for _ in range(_SLUG_TRIES):
        article.slug = slug_for(article.title, slugs_like(session, wanted))
        try:
            with session.begin_nested():
                session.add(article)
        except IntegrityError:
            continue
        return
    raise Conflict("Other articles with this title are being added right now. Try again.")


def _store_revision(
    session: Session, article: Article, intake: Intake, *, actor: Person | None, now: datetime
) -> Revision:
    scored = zip(intake.units, intake.scores, strict=True)
    revision = Revision(
        article_id=article.id,
        number=article.current_revision,
        text=intake.text,
        length=len(intake.text),
        text_sha256=_digest(intake.text.encode("utf-8")),
        units=[
            [unit.start, unit.end, unit.kind, score.value if score else None,
             list(score.reasons) if score else []]
            for unit, score in scored
        ],
        raw=intake.raw,
        raw_sha256=_digest(intake.raw),
        content_type=intake.content_type,
        created_at=now,
        created_by_id=actor.id if actor else None,
    )  # fmt: skip
    session.add(revision)
    session.flush()
    session.add_all(
        ArticleLink(revision_id=revision.id, start=link.start, end=link.end, href=link.href[:2000])
        for link in intake.links
    )
    return revision


def _add_addresses(session: Session, article: Article, intake: Intake) -> None:
    known = session.scalars(
        sa.select(ArticleAddress.url).where(ArticleAddress.article_id == article.id)
    ).all()
    given = [canonical_address(url) for url in (intake.source_url, intake.url) if url]
    for url in dict.fromkeys(given):
        if url not in known and len(url) <= _LONGEST_ADDRESS:
            session.add(ArticleAddress(article_id=article.id, url=url))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


_COLUMNS = {"policy": "policy_key"}


def _checked(key: str, value: Any) -> Any:
    """Return the value as the column keeps it; raise Invalid for what cannot be edited."""
    check = _CHECKS.get(key)
    if check is None:
        raise Invalid(key, "This cannot be changed here.")
    return check(value)


def _title(value: str) -> str:
    title = check_line(value, "title", longest=LONGEST_TITLE)
    if not title:
        raise Invalid("title", "An article needs a title.")
    return title


_CHECKS: dict[str, Callable[[Any], Any]] = {
    "title": _title,
    "authors": lambda value: list(check_authors(value)),
    "published": lambda value: check_published(value or ""),
    "published_about": bool,
    "place": lambda value: check_line(value or "", "place", longest=LONGEST_NAME) or None,
    "language": lambda value: check_language(value) or "und",
    "display": lambda value: check_choice(value, "display", DISPLAYS),
    "ground": lambda value: check_choice(value, "ground", GROUNDS),
    "policy": lambda value: policy(value).key,
    "deadline": lambda value: check_day(value, "deadline"),
}
