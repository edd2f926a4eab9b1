"""Publishing as doors call it: the edition in the database, its files on the disk, then the mark.

The one place besides the doors that commits, since an edition is durable before its files are
begun, and its files are whole before it counts as written. What a killed publisher left is finished
at the next start; readers have the old edition until then.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from factcheck import clock
from factcheck.accounts.models import Person
from factcheck.articles import queries as articles
from factcheck.config import Settings
from factcheck.db import current_session, writing
from factcheck.editions import actions, queries, site
from factcheck.editions.files import only_publisher, with_copies


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was published: number, address, digest, and what is different about each claim."""

    number: int
    url: str
    sha256: str
    changes: list[dict[str, Any]]


def publish(
    slug_or_id: str, *, note: str | None, actor_id: int | None, settings: Settings
) -> Outcome:
    """Publish the article's next edition, and return it when its pages are on disk.

    Raises what `publish_edition` does, and SiteNotWritable: then the edition stands in the
    database, and its pages follow at the next publishing or start.
    """
    with only_publisher(settings.site):
        with writing() as session:
            article = articles.article(session, slug_or_id)
            actor = session.get(Person, actor_id) if actor_id is not None else None
            edition = actions.publish_edition(
                session, article, note=note, actor=actor, now=clock.now()
            )
            outcome = Outcome(
                edition.number, f"{settings.public_url}/articles/{article.slug}/",
                edition.sha256, edition.changes,
            )  # fmt: skip
        _write_pages(settings)
    return outcome


def withdraw(sha256: str, *, reason: str, actor_id: int | None, settings: Settings) -> None:
    """Put a tombstone in an edition's place, in the database and on the site."""
    with only_publisher(settings.site):
        with writing() as session:
            actor = session.get(Person, actor_id) if actor_id is not None else None
            edition = queries.edition_by_sha256(session, sha256)
            actions.withdraw_edition(session, edition, reason=reason, actor=actor, now=clock.now())
        _write_pages(settings)


def finish_interrupted(settings: Settings) -> int:
    """Write the pages that a publisher who was stopped left undone; return of how many editions."""
    with only_publisher(settings.site):
        return _write_pages(settings)


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


def write_own_page(
    slug: str, title: str, markdown: str, *, actor_id: int, settings: Settings
) -> None:
    """Change one of the site's own pages, in the database and on the site; raises Invalid."""
    with only_publisher(settings.site):
        with writing() as session:
            actor = session.get(Person, actor_id)
            actions.edit_site_page(session, slug, title, markdown, actor=actor, now=clock.now())
        files = with_copies(site.common_files(current_session(), settings))
        site.write_lists(settings.site, files, settings)


def start_site(settings: Settings) -> None:
    """Make sure that a site is there at all: one without an article yet has its own pages."""
    session = current_session()
    if not queries.editions_published(session):
        with only_publisher(settings.site):
            site.build_site(session, settings.site, settings)
