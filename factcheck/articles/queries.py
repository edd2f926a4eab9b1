"""Reading articles, their current text and the links in it."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck.articles.models import Article, ArticleLink, Revision
from factcheck.failures import Missing


class ArticleMissing(Missing):
    """No article has that address or id."""


def article_by_slug(session: Session, slug: str) -> Article:
    """Return the article with that slug; raise ArticleMissing."""
    found = session.scalar(sa.select(Article).where(Article.slug == slug))
    if found is None:
        raise ArticleMissing("There is no article “%(slug)s”.", slug=slug[:100])
    return found


def article(session: Session, slug_or_public_id: str) -> Article:
    """Return the article with that slug or public id, the slug first; raise ArticleMissing."""
    key = slug_or_public_id
    found = session.scalars(
        sa.select(Article).where(sa.or_(Article.slug == key, Article.public_id == key))
    ).all()
    if not found:
        raise ArticleMissing("There is no article “%(key)s”.", key=key[:100])
    return next((one for one in found if one.slug == key), found[0])


def articles(
    session: Session,
    *,
    state: str | None = None,
    q: str | None = None,
    after: int | None = None,
    limit: int = 50,
) -> list[Article]:
    """Return articles, the newest first: in `state`, with `q` in the title, before id `after`."""
    chosen = sa.select(Article).order_by(Article.id.desc()).limit(limit)
    if state:
        chosen = chosen.where(Article.state == state)
    if q:
        chosen = chosen.where(Article.title.icontains(q, autoescape=True))
    if after is not None:
        chosen = chosen.where(Article.id < after)
    return list(session.scalars(chosen))


def revision(session: Session, article: Article) -> Revision:
    """Return the article's current revision, without the bytes that it came from."""
    return session.scalars(
        sa.select(Revision).where(
            Revision.article_id == article.id, Revision.number == article.current_revision
        )
    ).one()


def article_with_text(session: Session, slug: str) -> tuple[Article, Revision]:
    """Return an article and its current revision, in one query; raise ArticleMissing."""
    found = session.execute(
        sa.select(Article, Revision)
        .join(Revision, Revision.article_id == Article.id)
        .where(Article.slug == slug, Revision.number == Article.current_revision)
    ).one_or_none()
    if found is None:
        raise ArticleMissing("There is no article “%(slug)s”.", slug=slug[:100])
    return found[0], found[1]


def links(session: Session, revision: Revision) -> list[ArticleLink]:
    """Return the links in a revision, in text order."""
    return list(
        session.scalars(
            sa.select(ArticleLink)
            .where(ArticleLink.revision_id == revision.id)
            .order_by(ArticleLink.start, ArticleLink.id)
        )
    )


def slugs_like(session: Session, slug: str) -> set[str]:
    """Return the slugs in use that are `slug` or begin with it and a hyphen."""
    return set(
        session.scalars(
            sa.select(Article.slug).where(
                sa.or_(Article.slug == slug, Article.slug.startswith(slug + "-", autoescape=True))
            )
        )
    )


def lock_article(session: Session, article_id: int) -> Article:
    """Return the article read anew and held until the transaction ends.

    Whoever changes what an article consists of takes this first, then claims, then counts: that
    order keeps two people from waiting for each other.
    """
    return session.scalars(
        sa.select(Article)
        .where(Article.id == article_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()
