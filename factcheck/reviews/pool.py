"""The pool of a claim: which sources there are, and nothing of who found them or what for.

It is open under `team` while a round is sealed, and closed under policies that draw by lot. What
it may tell is an address, the title that the page itself or an editor gives, and our copy. A title
that a reviewer typed could hold a rating, so it is never shown from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck.accounts.events import record
from factcheck.accounts.models import Person
from factcheck.articles.models import ArticleLink
from factcheck.claims.models import Claim
from factcheck.failures import Invalid
from factcheck.reviews import snapshots
from factcheck.reviews.known_sources import Known, keep_source
from factcheck.reviews.models import (
    Citation,
    PooledSource,
    Review,
    Round,
    Snapshot,
    Source,
    SourceNote,
)
from factcheck.reviews.rules import LONGEST_TITLE, canonical_url, check_text

MOST_LINKS = 200  # of the article's own, outside of the claim's paragraph


@dataclass(frozen=True, slots=True)
class Pooled:
    """A source in the pool. `is_near`: the article links to it in the claim's paragraph.

    `put` is its public id where an editor put it there: for editors, to take it out again.
    """

    url: str
    title: str | None = None
    sha256: str | None = None
    is_near: bool = False
    put: str | None = None
    nature: str | None = None  # and `note`: what editors say of it
    note: str | None = None


def pool_of(
    session: Session,
    claim: Claim,
    span: tuple[int, int] | None,
    viewer: Person,
    *,
    with_sources: bool,
) -> list[Pooled]:
    """Return the article's links near the claim as they stand, then the pool by title.

    `span` is the claim's paragraph. Without sources, the links of the paragraph alone. One query.
    """
    query = _links(claim)
    whole = query.union_all(_sources(claim, viewer)) if with_sources else query
    rows = session.execute(whole).all()
    links = sorted((row for row in rows if row.start is not None), key=lambda row: row.start)
    near = {row.url: Pooled(row.url, is_near=True) for row in links if _touches(row, span)}
    found = {
        row.url: Pooled(
            row.url, row.title, row.sha256, put=row.put, nature=row.nature, note=row.note
        )
        for row in rows
        if row.start is None
    }
    if with_sources:
        elsewhere = [_canonical(row.url) for row in links if row.url not in near][:MOST_LINKS]
        for url in elsewhere:
            found.setdefault(url, Pooled(url))
    return [*near.values(), *sorted(found.values(), key=_place)]


def _place(one: Pooled) -> tuple[str, str]:
    return ((one.title or one.url.partition("://")[2]).casefold(), one.url)


def _touches(row: sa.Row[Any], span: tuple[int, int] | None) -> bool:
    return span is not None and row.start < span[1] and row.end > span[0]


def _canonical(href: str) -> str:
    try:
        return canonical_url(href)
    except Invalid:
        return href


def _links(claim: Claim) -> sa.Select[*tuple[Any, ...]]:
    nothing = sa.cast(sa.null(), sa.String)
    return sa.select(
        ArticleLink.href.label("url"), nothing.label("title"), nothing.label("sha256"),
        nothing.label("put"), nothing.label("nature"), nothing.label("note"),
        ArticleLink.start, ArticleLink.end,
    ).where(ArticleLink.revision_id == claim.revision_id)  # fmt: skip


def _sources(claim: Claim, viewer: Person) -> sa.Select[*tuple[Any, ...]]:
    own = sa.or_(Round.is_gold.is_(False), Review.person_id == viewer.id)
    cited = (
        sa.select(Citation.source_id)
        .join(Review, Review.id == Citation.review_id)
        .join(Round, Round.id == Review.round_id)
        .where(Round.claim_id == claim.id, own)
    )
    added = sa.select(PooledSource.source_id).where(_is_for(claim))
    nowhere = sa.cast(sa.null(), sa.Integer)
    return sa.select(
        Source.url, sa.func.coalesce(Source.title, _newest(Snapshot.title)),
        _newest(Snapshot.sha256), sa.case((Source.id.in_(added), Source.public_id)),
        SourceNote.nature, SourceNote.words, nowhere, nowhere,
    ).outerjoin(SourceNote, SourceNote.source_id == Source.id).where(
        sa.or_(Source.id.in_(cited), Source.id.in_(added)), ~snapshots.is_file_by_itself()
    )  # fmt: skip


def _newest(column: Any) -> sa.ScalarSelect[Any]:
    """Return a value of the newest copy of a source that was fetched."""
    return (
        sa.select(column)
        .where(
            Snapshot.source_id == Source.id, Snapshot.sha256.is_not(None), snapshots.IS_FETCHED
        )
        .order_by(Snapshot.id.desc())
        .limit(1)
        .correlate(Source)
        .scalar_subquery()
    )  # fmt: skip


def _is_for(claim: Claim) -> sa.ColumnElement[bool]:
    return sa.and_(
        PooledSource.article_id == claim.article_id,
        sa.or_(PooledSource.claim_id.is_(None), PooledSource.claim_id == claim.id),
    )


def put(
    session: Session, claim: Claim, url: str, title: str, *, whole_article: str, actor: Person,
    now: datetime,
) -> Source:  # fmt: skip
    """Put a source into the pool of a claim, or of its article where `whole_article` is not "".

    A title is given to a source that has none. Raises Invalid for what is no address or title.
    """
    try:
        source = keep_source(session, url, now=now)
    except Invalid as invalid:
        raise Invalid.of("pool_url", invalid) from invalid
    if title.strip():
        source.title = source.title or check_text("pool_title", title, LONGEST_TITLE)
    claim_id = None if whole_article else claim.id
    known = sa.select(PooledSource.id).where(
        PooledSource.source_id == source.id, PooledSource.article_id == claim.article_id,
        sa.or_(PooledSource.claim_id.is_(None), PooledSource.claim_id == claim_id),
    )  # fmt: skip
    if session.scalar(known.limit(1)) is None:
        session.add(
            PooledSource(
                article_id=claim.article_id, claim_id=claim_id, source_id=source.id, added_at=now
            )
        )  # fmt: skip
        snapshots.ask(session, [Known.of(source)], now=now)
        record(session, "source.pooled", source.public_id, actor=actor, now=now,
               claim=claim.public_id)  # fmt: skip
    return source


def take_out(
    session: Session, claim: Claim, source_id: str, *, actor: Person, now: datetime
) -> None:
    """Take out of the pool what an editor put there; nothing where it is not there."""
    source = session.scalar(sa.select(Source).where(Source.public_id == source_id))
    if source is None:
        return
    session.execute(
        sa.delete(PooledSource).where(PooledSource.source_id == source.id, _is_for(claim))
    )
    record(session, "source.taken-out", source.public_id, actor=actor, now=now,
           claim=claim.public_id)  # fmt: skip
