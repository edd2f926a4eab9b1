"""Articles: importing, listing, editing, their text and new revisions of it."""

from __future__ import annotations

from typing import Any

import msgspec
from flask import current_app
from flask_babel import gettext as _
from msgspec import UNSET
from sqlalchemy.orm import Session

from factcheck.api.calls import EDITS, OVERSEES, READS, Answer, Asked, Work, call
from factcheck.api.cursors import key_of, page
from factcheck.api.problems import unprocessable
from factcheck.api.shapes.articles import (
    ArticleCreated,
    ArticleEdit,
    ArticlePage,
    ArticleShown,
    ArticlesQuery,
    CarriedClaim,
    NewArticle,
    NewText,
    PostedBefore,
    RevisionShown,
    SplitShown,
    TextShown,
    TextToSplit,
    article_shown,
    split_shown,
    text_shown,
)
from factcheck.api.shapes.overview import Agreement, ForecastShown, agreement_shown, forecast_shown
from factcheck.api.versions import etag, require_current
from factcheck.articles import queries
from factcheck.articles.actions import edit_article
from factcheck.articles.intake import from_document, from_text, from_url
from factcheck.articles.models import Article
from factcheck.articles.rules import Intake, check_text
from factcheck.claims.actions import import_article, revise_article
from factcheck.claims.posted_again import posted_before
from factcheck.claims.queries import counts_by_article, counts_of
from factcheck.db import current_session
from factcheck.decisions.agreement import figures_of
from factcheck.desk.trends import forecast_of
from factcheck.site_days import day_of


def taken_in(asked: Asked[NewText]) -> Intake:
    """Return what the caller's text, page or address comes to; outside of any transaction."""
    current_session().rollback()  # a page may take ten seconds; nothing is held open for it
    given = {
        name: value
        for name, value in msgspec.structs.asdict(asked.given).items()
        if value is not UNSET
    }
    ways = [name for name in ("text", "html", "markdown", "url") if name in given]
    if len(ways) != 1:
        sentence = _("Give exactly one of text, html, markdown and url.")
        raise unprocessable(ways[1] if ways else "text", sentence)
    words, way = given.pop(ways[0]), ways[0]
    if way == "text":
        return from_text(words, **given)
    if way in {"html", "markdown"}:
        data = check_text(words, way).encode("utf-8")
        return from_document(data, f"text/{way}; charset=utf-8", field=way, **given)
    return from_url(words, allow=current_app.extensions["factcheck"].fetch_allow, **given)


def taken_in_for_known(asked: Asked[NewText]) -> Intake:
    """Return the intake for an article that is there; raise ArticleMissing before any fetching."""
    queries.article(current_session(), asked.id)
    return taken_in(asked)


def taken_in_and_compared(asked: Asked[NewText]) -> tuple[Intake, list[PostedBefore]]:
    """Return the intake, and the article that has nearly the same text; nothing is held for it."""
    intake = taken_in(asked)
    session = current_session()
    earlier = posted_before(session, intake)
    session.rollback()
    if earlier is None:
        return intake, []
    found = PostedBefore(article=earlier.public_id, slug=earlier.slug, share=earlier.share)
    return intake, [found]


@call("POST", "/articles", EDITS, body=NewArticle, answer=ArticleCreated, status=201,
      prepare=taken_in_and_compared)  # fmt: skip
def create_article(session: Session, asked: Asked[NewArticle]) -> Answer:
    """Import an article and propose claims.

    Exactly one of `text`, `html`, `markdown` and `url` (fetched within ten seconds, 5 MiB). What is
    left out is read from the document where it tells. Nothing is accepted by itself.
    `posted_before` names an earlier article with the same or nearly the same text; nothing is
    merged.
    """
    intake, earlier = asked.prepared
    article = import_article(session, intake, actor=asked.person, now=asked.now)
    location = {"Location": f"/api/v1/articles/{article.public_id}"}
    shown = _shown(session, article)
    known = msgspec.structs.asdict(shown)
    created = ArticleCreated(**known, posted_before=earlier)
    return Answer(created, headers={**location, "ETag": etag(shown)})


@call("POST", "/split", EDITS, body=TextToSplit, answer=SplitShown, prepare=taken_in,
      work=Work.READ)  # fmt: skip
def split_text(_session: Session, asked: Asked[TextToSplit]) -> SplitShown:
    """Cut a text and propose its claims without storing anything, as the import's preview does.

    Exactly one of `text`, `html` and `url` (fetched within ten seconds, 5 MiB).
    """
    return split_shown(asked.prepared)


@call("GET", "/articles", READS, query=ArticlesQuery, answer=ArticlePage)
def list_articles(session: Session, asked: Asked[ArticlesQuery]) -> ArticlePage:
    """List articles, the newest first, by `state` and by words of the title (`q`)."""
    given = asked.given
    after = key_of(given.cursor, int)
    found = queries.articles(
        session, state=given.state or None, q=given.q or None,
        after=after[0] if after else None, limit=given.limit + 1,
    )  # fmt: skip
    items, following = page(found, given.limit, lambda article: [article.id])
    counts = counts_by_article(session, items)
    return ArticlePage([article_shown(one, counts[one.id]) for one in items], following)


@call("GET", "/articles/{id}", READS, answer=ArticleShown)
def read_article(session: Session, asked: Asked[Any]) -> ArticleShown:
    """Read an article; `id` may be its slug."""
    return _shown(session, queries.article(session, asked.id))


@call("PATCH", "/articles/{id}", EDITS, body=ArticleEdit, answer=ArticleShown, versioned=True)
def edit_article_call(session: Session, asked: Asked[ArticleEdit]) -> ArticleShown:
    """Change what is known about an article; its slug stays."""
    article = queries.lock_article(session, queries.article(session, asked.id).id)
    require_current(asked, _shown(session, article))
    changes = given_changes(asked.given)
    edit_article(session, article, changes, actor=asked.person, now=asked.now)
    return _shown(session, article)


@call("GET", "/articles/{id}/text", READS, answer=TextShown)
def read_text(session: Session, asked: Asked[Any]) -> TextShown:
    """Read the current text with its parts and links; offsets are code points of it."""
    revision = queries.revision(session, queries.article(session, asked.id))
    return text_shown(revision, queries.links(session, revision))


@call("GET", "/articles/{id}/agreement", OVERSEES, answer=Agreement)
def read_agreement(session: Session, asked: Asked[Any]) -> Agreement:
    """Read how far those who reviewed the article's claims agree, in closed rounds alone."""
    return agreement_shown(figures_of(session, queries.article(session, asked.id)))


@call("GET", "/articles/{id}/forecast", OVERSEES, answer=ForecastShown)
def read_forecast(session: Session, asked: Asked[Any]) -> ForecastShown:
    """Read when the article's claims would be reviewed, and what keeping its deadline takes."""
    article = queries.article(session, asked.id)
    return forecast_shown(forecast_of(session, article, day_of(session, asked.now)))


@call("POST", "/articles/{id}/revisions", EDITS, body=NewText, answer=RevisionShown, status=201,
      prepare=taken_in_for_known)  # fmt: skip
def revise(session: Session, asked: Asked[NewText]) -> RevisionShown:
    """Give an article a new text and carry every claim over.

    `unchanged`: same words, same offsets; `moved`: same words elsewhere; `changed`: other words
    within; `gone`: no place, offsets null. States and verdicts stay.
    """
    article = queries.article(session, asked.id)
    carried = revise_article(session, article, asked.prepared, actor=asked.person, now=asked.now)
    return RevisionShown(
        article.current_revision,
        [
            CarriedClaim(claim.public_id, status, claim.start, claim.end)  # type: ignore[arg-type]
            for claim, status in carried
        ],
    )


def given_changes(edit: msgspec.Struct) -> dict[str, Any]:
    """Return the fields of an edit that were sent, the version aside."""
    sent = msgspec.structs.asdict(edit)
    return {name: value for name, value in sent.items() if value is not UNSET and name != "version"}


def _shown(session: Session, article: Article) -> ArticleShown:
    session.flush()
    return article_shown(article, counts_of(session, article))
