"""Publishing as doors call it: the edition in the database, its files on the disk, then the mark.

The one place besides the doors that commits, since an edition is durable before its files are
begun, and its files are whole before it counts as written. What a killed publisher left is finished
at the next start; readers have the old edition until then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck import clock
from factcheck.accounts.models import Person
from factcheck.articles import queries as articles
from factcheck.config import Settings
from factcheck.db import current_session, db, writing
from factcheck.editions import actions, queries, search, site
from factcheck.editions.files import only_publisher, remove, with_copies
from factcheck.editions.site_pages import unwritten

PUBLISHING = 0x66616374  # the number of PostgreSQL's advisory lock


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
    with _alone(settings):
        with writing() as session:
            article = articles.article(session, slug_or_id)
            actor = session.get(Person, actor_id) if actor_id is not None else None
            edition = actions.publish_edition(
                session, article, note=note, actor=actor, now=clock.now()
            )
            outcome = Outcome(
                edition.number, f"{settings.public_url}/articles/{article.slug}/",
                edition.sha256, edition.changes, pages_missing(session),
            )  # fmt: skip
        _write_pages(settings)
    return outcome


def pages_missing(session: Session) -> list[str]:
    """Return which of Method and Contact nobody here has written, by their slugs."""
    return unwritten(
        {page.slug: (page.title, page.markdown) for page in queries.site_pages(session)}
    )


def withdraw(sha256: str, *, reason: str, actor_id: int | None, settings: Settings) -> None:
    """Put a tombstone in an edition's place, in the database and on the site."""
    with _alone(settings):
        with writing() as session:
            actor = session.get(Person, actor_id) if actor_id is not None else None
            edition = queries.edition_by_sha256(session, sha256)
            actions.withdraw_edition(session, edition, reason=reason, actor=actor, now=clock.now())
        _write_pages(settings)


def finish_interrupted(settings: Settings) -> int:
    """Write the pages that a publisher who was stopped left undone; return of how many editions."""
    with _alone(settings):
        with writing() as session:
            search.catch_up(session)
        return _write_pages(settings)


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """Keep other publishers out, of this machine by a lock on a file, of all by PostgreSQL's."""
    with only_publisher(settings.site):
        if db.engine.dialect.name != "postgresql":
            yield
            return
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.select(sa.func.pg_advisory_lock(PUBLISHING)))
            try:
                yield
            finally:
                connection.execute(sa.select(sa.func.pg_advisory_unlock(PUBLISHING)))


def _write_pages(settings: Settings) -> int:
    session = current_session()
    waiting = queries.unwritten_editions(session)
    for article in {edition.article_id: edition.article for edition in waiting}.values():
        site.write_article(session, article, settings)
    ids = [edition.id for edition in waiting]
    if ids:
        with writing() as changing:
            _mark(changing, ids)
    return len(ids)


def _mark(session: Session, edition_ids: list[int]) -> None:
    for edition in queries.editions_by_id(session, edition_ids):
        edition.written_at = clock.now()


def write_site_page(
    slug: str, title: str, markdown: str, *, actor_id: int, settings: Settings
) -> None:
    """Change one of the site's own pages, in the database and on the site; raises Invalid."""
    with _alone(settings):
        _write_pages(settings)
        with writing() as session:
            actor = session.get(Person, actor_id)
            actions.edit_site_page(session, slug, title, markdown, actor=actor, now=clock.now())
        files = with_copies(site.common_files(current_session(), settings))
        site.write_lists(settings.site, files, settings)


Choice = Callable[[Session, Person | None, datetime], None]
"""A verb of `choosing.py` with what was chosen: it gets the session, the actor and the moment."""


def write_look(choose: Choice, *, actor_id: int, settings: Settings) -> None:
    """Change how the site looks, in the database and on the site; what `choose` raises."""
    with _alone(settings):
        _write_pages(settings)
        before = queries.look(current_session())
        with writing() as session:
            choose(session, session.get(Person, actor_id), clock.now())
        after = queries.look(current_session())
        files = with_copies(site.common_files(current_session(), settings))
        site.write_lists(settings.site, files, settings)
        if before.logo and (after.logo is None or after.logo.path != before.logo.path):
            remove(settings.site, before.logo.path)


def build_anew(_payload: Mapping[str, Any], settings: Settings) -> None:
    """Make every page again, as a job: what all of them say has changed."""
    with _alone(settings):
        site.build_site(current_session(), settings.site, settings)


def start_site(settings: Settings) -> None:
    """Make sure that the whole site is there, in today's look: else all of it is made anew."""
    session = current_session()
    if not site.is_in_todays_look(settings.site) or not queries.editions_published(session):
        with _alone(settings):
            site.build_site(session, settings.site, settings)
