"""The public site: its own pages, and how it looks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import current_app
from msgspec import UNSET
from sqlalchemy.orm import Session

from factcheck.accounts.models import Person
from factcheck.api.calls import ADMINISTERS, Asked, Work, call
from factcheck.api.cursors import PageQuery, page_of_all
from factcheck.api.shapes.site import (
    LogoGiven,
    LookEdit,
    LookShown,
    SitePageEdit,
    SitePages,
    SitePageShown,
    ThemeShown,
    look_shown,
    theme_given,
)
from factcheck.db import current_session
from factcheck.desk.look import problems_of
from factcheck.desk.site_pages import text_of, texts
from factcheck.editions import choosing, publishing, queries
from factcheck.editions.look import Logo, Theme
from factcheck.failures import Invalid


@call("GET", "/site/pages", ADMINISTERS, query=PageQuery, answer=SitePages)
def list_site_pages(_session: Session, asked: Asked[PageQuery]) -> SitePages:
    """List the site's own pages, by slug."""
    items, following = page_of_all(sorted(texts().items()), asked.given, lambda one: (one[0],))
    shown = [
        SitePageShown(slug=slug, title=title, markdown=markdown)
        for slug, (title, markdown) in items
    ]
    return SitePages(shown, following)


def _page(slug: str) -> SitePageShown:
    title, markdown = text_of(slug)
    return SitePageShown(slug=slug, title=title, markdown=markdown)


@call("POST", "/site/pages/{id}", ADMINISTERS, body=SitePageEdit, answer=SitePageShown,
      work=Work.ALONE)  # fmt: skip
def write_site_page(_session: Session, asked: Asked[SitePageEdit]) -> SitePageShown:
    """Change one of the site's own pages, named by its slug; readers see it at once."""
    given, (title, markdown) = asked.given, text_of(asked.id)
    publishing.write_site_page(
        asked.id, title if given.title is UNSET else given.title,
        markdown if given.markdown is UNSET else given.markdown, actor_id=asked.person.id,
        settings=current_app.extensions["factcheck"],
    )  # fmt: skip
    return _page(asked.id)


@call("GET", "/site/look", ADMINISTERS, answer=LookShown)
def read_look(session: Session, _asked: Asked[Any]) -> LookShown:
    """Read the site's name, language, colours, type and logo."""
    return look_shown(queries.look(session))


@call("POST", "/site/look", ADMINISTERS, body=LookEdit, answer=LookShown, work=Work.ALONE)
def change_look(_session: Session, asked: Asked[LookEdit]) -> LookShown:
    """Change how the site looks; a new name or language has its pages made again by a job.

    Colours that do not stand apart enough are refused (422), as on the page.
    """
    given = asked.given
    theme, logo = _theme(given.theme), _logo(given.logo)

    def choose(session: Session, actor: Person | None, now: datetime) -> None:
        if given.name is not UNSET:
            choosing.set_name(session, given.name, actor=actor, now=now)
        if given.language is not UNSET:
            choosing.set_language(session, given.language, actor=actor, now=now)
        if given.theme is not UNSET:
            choosing.set_theme(session, theme, actor=actor, now=now)
        if given.logo is not UNSET:
            choosing.set_logo(session, logo, actor=actor, now=now)

    settings = current_app.extensions["factcheck"]
    publishing.write_look(choose, actor_id=asked.person.id, settings=settings)
    return look_shown(queries.look(current_session()))


def _theme(given: object) -> Theme | None:
    if not isinstance(given, ThemeShown):
        return None
    theme = theme_given(given)
    for problem in problems_of(theme):
        raise Invalid.of(f"theme.{problem.field}", problem)
    return theme


def _logo(given: object) -> Logo | None:
    if not isinstance(given, LogoGiven):
        return None
    return choosing.logo_from(given.base64, has_name=given.has_name)
