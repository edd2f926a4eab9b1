"""Publishing as doors call it: the edition in the database, its files on the disk, then the mark.

The one place besides the doors that commits, since an edition is durable before its files are
begun, and its files are whole before it counts as written. What a killed publisher left is finished
at the next start; readers have the old edition until then.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck import clock
from factcheck.accounts.models import Person
from factcheck.articles import queries as articles
from factcheck.articles.models import Article
from factcheck.config import Settings
from factcheck.db import current_session, db, empty_write_ahead_log, write_anew, writing
from factcheck.decisions import words
from factcheck.editions import (
    actions,
    choosing,
    purging,
    queries,
    search,
    site,
    unsent,
    withdrawing,
)
from factcheck.editions.files import SiteNotWritable, is_here, only_publisher
from factcheck.editions.models import Purge
from factcheck.editions.site_pages import unwritten
from factcheck.outbox import enqueue, supersede
from factcheck.runs import files

Done = TypeVar("Done")
COPY_JOB = "copy-site"
COMMON_JOB = "write-common"
FORGET_JOB = "forget-deleted"
PUBLISHING = 0x66616374  # the number of PostgreSQL's advisory lock
_log = logging.getLogger(__name__)


class StillInFile(OSError):
    """The database's file may hold what was deleted from it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was published: number, address, digest, and what is different about each claim.

    `pages_missing`: those of the site's own pages that readers need and nobody here wrote.
    """

    number: int
    url: str
    sha256: str
    changes: list[dict[str, Any]]
    pages_missing: list[str]


def publish(
    slug_or_id: str, *, note: str | None, actor_id: int | None, settings: Settings
) -> Outcome:
    """Publish the article's next edition, and return it when its pages are on disk.

    Raises what `publish_edition` does, and SiteNotWritable: then the edition stands in the
    database, and its pages follow at the next publishing or start.
    """
    with alone(settings):
        with writing() as session:
            article = articles.article(session, slug_or_id)
            actor = session.get(Person, actor_id) if actor_id is not None else None
            article_id = article.id
            edition = actions.publish_edition(
                session, article, note=note, actor=actor, now=clock.now()
            )
            outcome = Outcome(
                edition.number, f"{settings.public_url}/articles/{article.slug}/",
                edition.sha256, edition.changes, pages_missing(session),
            )  # fmt: skip
        _write_pages(settings, of=article_id)
    return outcome


def pages_missing(session: Session) -> list[str]:
    """Return which of Method and Contact nobody here has written, by their slugs."""
    return unwritten(
        {page.slug: (page.title, page.markdown) for page in queries.site_pages(session)}
    )


def withdraw(sha256: str, *, reason: str, actor_id: int | None, settings: Settings) -> None:
    """Put a tombstone in an edition's place, in the database and on the site."""

    def bury(session: Session, actor: Person | None, now: datetime) -> None:
        edition = queries.edition_by_sha256(session, sha256)
        withdrawing.withdraw_edition(session, edition, reason=reason, actor=actor, now=now)

    act(bury, actor_id=actor_id, settings=settings)


def act(
    verb: Callable[[Session, Person | None, datetime], Done], *, actor_id: int | None,
    settings: Settings,
) -> Done:  # fmt: skip
    """Run a verb on what is published, with nobody publishing meanwhile, then write its pages.

    Returns what the verb does; raises what it does, and SiteNotWritable as `publish`.
    """
    with alone(settings):
        with writing() as session:
            actor = session.get(Person, actor_id) if actor_id is not None else None
            done = verb(session, actor, clock.now())
        _write_pages(settings)
    return done


def purge(public_id: str, *, actor_id: int, settings: Settings) -> Purge:
    """Have words removed that another admin asked to be, in the database and on the site.

    Raises what `purging.carry_out` does, and SiteNotWritable as `publish`. On SQLite a job writes
    the database's file anew afterwards.
    """
    seen = purging.look_through_copies(
        current_session(), public_id, settings.archive, actor_id=actor_id
    )
    with alone(settings):
        with writing() as session:
            asked, actor = purging.purge(session, public_id), session.get_one(Person, actor_id)
            done = purging.carry_out(
                session, asked, actor=actor, folder=settings.archive, now=clock.now(), seen=seen
            )
            files.stop_all(session)
            if settings.is_sqlite:
                enqueue(session, FORGET_JOB, {}, now=clock.now())
        files.drop_all(settings)
        try:
            _write_pages(settings)
        finally:
            empty_write_ahead_log()  # at once, where nobody reads; the job tries until it is
    return done


def forget_deleted(payload: Mapping[str, Any], _settings: Settings) -> None:
    """Write SQLite's file anew, and by a job more empty the log beside it; raise StillInFile."""
    if not payload.get("is_anew"):
        if not write_anew():
            raise StillInFile("the database's file may hold what was deleted: in use, or no room")
        with writing() as session:  # what is left may have to wait for a reader, and is tried alone
            enqueue(session, FORGET_JOB, {"is_anew": True}, now=clock.now())
    elif not empty_write_ahead_log():
        raise StillInFile("the write-ahead log may hold what was deleted: somebody reads")


def finish_interrupted(settings: Settings) -> int:
    """Write the pages that a publisher who was stopped left undone; return of how many editions.

    Raises SiteNotWritable where some cannot be written; all others are.
    """
    with alone(settings):
        with writing() as session:
            search.catch_up(session)
            words.catch_up(session)
        return _write_pages(settings)


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Keep other publishers out; what an object store lacks afterwards is sent by a job."""
    with only_publisher(settings.site), _alone_in_the_database():
        yield
        if unsent.owed(settings.site) or unsent.is_to_compare(settings.site):
            with writing() as session:
                ask_for_copy(session, settings, now=clock.now())


@contextmanager
def _alone_in_the_database() -> Iterator[None]:
    """Keep publishers on other machines out, where there can be some: by PostgreSQL's lock."""
    if db.engine.dialect.name != "postgresql":
        yield
    else:
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.select(sa.func.pg_advisory_lock(PUBLISHING)))
            try:
                yield
            finally:
                connection.execute(sa.select(sa.func.pg_advisory_unlock(PUBLISHING)))


def _write_pages(settings: Settings, *, of: int | None = None) -> int:
    """Write what waits; one article that fails stops no other, and is told of at the end.

    With `of`, an article's key, only if it is that one: who publishes has no part in the others.
    """
    session = current_session()
    purging.forget_files(session, settings.archive)
    waiting = queries.unwritten_editions(session)
    articles_waiting = {edition.article_id: edition.article for edition in waiting}
    failed = {
        key: failure
        for key, article in articles_waiting.items()
        if (failure := failure_to(site.write_article, session, article, settings)) is not None
    }
    purged = purging.owed_by_site(session)
    if purged:
        look_ups = {path for one in purged for path in one.removed["look_ups"]}
        site.write_after_purge(session, look_ups, settings)
    ids = [edition.id for edition in waiting if edition.article_id not in failed]
    if ids or purged:
        with writing() as changing:
            _mark(changing, ids)
    for article_id, failure in failed.items():
        if of in {None, article_id}:
            raise failure
    return len(ids)


Writer = Callable[[Session, Article, Settings], None]
"""What brings pages of an article onto the disk."""


def failure_to(
    write: Writer, session: Session, article: Article, settings: Settings
) -> SiteNotWritable | None:
    """Write an article's pages; return what went wrong, unless it went wrong with the database."""
    try:
        write(session, article, settings)
    except sa.exc.DBAPIError:
        raise
    except Exception as error:  # noqa: BLE001 - a page that cannot be made stops no other article
        _log.exception("the pages of %s could not be written", article.slug)
        failure = SiteNotWritable(f"{article.slug}: {error}")
        failure.__cause__ = error
        return failure
    return None


def _mark(session: Session, edition_ids: list[int]) -> None:
    """Note that these editions and all purges are on the site as they are to be."""
    for edition in queries.editions_by_id(session, edition_ids):
        edition.written_at = clock.now()
    purging.followed_by_site(session)


def _catch_up(settings: Settings) -> None:
    """Write what waits before the site's own files, which articles that fail do not stop."""
    with suppress(SiteNotWritable):  # it is logged, and `factcheck doctor` tells of it
        _write_pages(settings)


def write_site_page(
    slug: str, title: str, markdown: str, *, actor_id: int, settings: Settings
) -> None:
    """Change one of the site's own pages, in the database and on the site; raises Invalid."""
    with alone(settings):
        _catch_up(settings)
        with writing() as session:
            actor = session.get(Person, actor_id)
            actions.edit_site_page(session, slug, title, markdown, actor=actor, now=clock.now())
            enqueue(session, COMMON_JOB, {}, now=clock.now())
        _write_common_files(settings)


Choice = Callable[[Session, Person | None, datetime], None]
"""A verb of `choosing.py` with what was chosen: it gets the session, the actor and the moment."""


def write_look(choose: Choice, *, actor_id: int, settings: Settings) -> None:
    """Change how the site looks, in the database and on the site; what `choose` raises."""
    with alone(settings):
        _catch_up(settings)
        with writing() as session:
            choose(session, session.get(Person, actor_id), clock.now())
            enqueue(session, COMMON_JOB, {}, now=clock.now())
        _write_common_files(settings)


def _write_common_files(settings: Settings) -> None:
    """Write what belongs to no article; the job that was to do it after a crash need not run."""
    site.write_common_files(current_session(), settings)
    with writing() as session:
        supersede(session, COMMON_JOB, now=clock.now())


def start_site(settings: Settings) -> None:
    """Make sure that the whole site is there, in today's look.

    One of another day's look is read as it is while a job makes it anew.
    """
    with alone(settings):
        follow_store(settings)
    session = current_session()
    if not is_here(settings.site) or not queries.editions_published(session):
        with alone(settings):
            site.build_site(session, settings.site, settings)
    elif not site.is_in_todays_look(settings.site):
        with writing() as changing:
            choosing.ask_for_building(changing, now=clock.now())


def follow_store(settings: Settings) -> None:
    """Note from now on what the object store lacks, where the site goes to one."""
    if settings.store:
        unsent.follow(settings.site, settings.store)
    else:
        unsent.forget(settings.site)


def ask_for_copy(session: Session, settings: Settings, *, now: datetime) -> None:
    """Have a job send what the object store lacks; one that is waiting already need not run."""
    if settings.store:
        supersede(session, COPY_JOB, now=now)
        enqueue(session, COPY_JOB, {}, now=now)
