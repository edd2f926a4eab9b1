"""Searching what was published: the words of the newest editions, and nothing else.

FTS5 with Porter's stemming on SQLite, tsvector on PostgreSQL. What somebody typed is taken apart
into words first and never reaches an index as query syntax. Entries with all of the words come
first; where none has them all, those with any.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck.articles.models import Article
from factcheck.editions import queries
from factcheck.editions.models import Edition, SearchEntry
from factcheck.editions.shown import ShownEdition
from factcheck.editions.site import as_published
from factcheck.text.sought import extract, quoted

_INDEXED = 200_000  # code points of one entry; PostgreSQL takes no more than 1 MiB of positions

_FORGET = """DELETE FROM search_words WHERE rowid IN
    (SELECT id FROM search_entries WHERE article_id = :article)"""
_ADD = {
    "sqlite": "INSERT INTO search_words (rowid, title, body) VALUES (:id, :title, :body)",
    "postgresql": """INSERT INTO search_words (rowid, words) VALUES (:id,
        setweight(to_tsvector(CAST(:config AS regconfig), :title), 'A')
        || setweight(to_tsvector(CAST(:config AS regconfig), :body), 'B'))""",
}
_FIND = {
    "sqlite": """SELECT rowid FROM search_words WHERE search_words MATCH :query
        ORDER BY bm25(search_words, 8.0, 1.0), rowid LIMIT :limit OFFSET :offset""",
    "postgresql": """SELECT rowid FROM search_words,
          to_tsquery('english', :query) stemmed, to_tsquery('simple', :query) plain
        WHERE words @@ stemmed OR words @@ plain
        ORDER BY greatest(ts_rank(words, stemmed), ts_rank(words, plain)) DESC, rowid
        LIMIT :limit OFFSET :offset""",
}


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that was found, and some of its words: (text, whether it was sought)."""

    entry: SearchEntry
    extract: list[tuple[str, bool]]


def reindex(session: Session, article: Article) -> None:
    """Make an article's entries anew from its newest edition that stands; none without one."""
    session.execute(sa.text(_FORGET), {"article": article.id})
    session.execute(sa.delete(SearchEntry).where(SearchEntry.article_id == article.id))
    try:
        edition = queries.newest_standing(session, article)
    except queries.EditionMissing:
        return
    entries = entries_of(article, as_published(edition).shown)
    session.add_all(entries)
    session.flush()
    dialect = session.get_bind().dialect.name
    for entry in entries:
        english = entry.language.partition("-")[0].lower() == "en"
        row = {"id": entry.id, "title": entry.title, "body": entry.body[:_INDEXED]}
        config = {"config": "english" if english else "simple"} if dialect != "sqlite" else {}
        session.execute(sa.text(_ADD[dialect]), row | config)


def forget_freed_words(session: Session) -> None:
    """Have SQLite's index drop what was taken out of it, which it keeps until it is merged."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(sa.text("INSERT INTO search_words (search_words) VALUES ('optimize')"))


def catch_up(session: Session) -> None:
    """Index every published article where nothing is indexed yet, as after the migration."""
    if session.scalar(sa.select(SearchEntry.id).limit(1)) is not None:
        return
    published = sa.select(Article).join(Edition, Edition.article_id == Article.id)
    for article in session.scalars(published.where(Edition.number == 1)).all():
        reindex(session, article)


def entries_of(article: Article, shown: ShownEdition) -> list[SearchEntry]:
    """Return what can be searched of an edition: the article itself, then its claims."""
    common = {
        "article_id": article.id,
        "language": str(shown.article["language"]),
        "article_title": shown.title,
        "scale_key": shown.scale.key,
        "published_at": str(shown.record["published_at"]),
    }
    home = f"/articles/{shown.slug}/"
    words = [
        "".join(piece.text for part in passage.parts for piece in part)
        for passage in shown.passages
    ]
    body = "\n".join([*shown.authors, shown.words(shown.article["site"]) or "", *words]).strip()
    return [
        SearchEntry(**common, address=home, title=shown.title, body=body),
        *(
            SearchEntry(
                **common, address=f"{home}claims/{claim.id}/", title=claim.restated,
                body="\n".join([claim.quote or "", claim.summary or "", claim.claimant or ""]),
                claim=claim.id, rating=claim.rating.key,
            )
            for claim in shown.claims
        ),
    ]  # fmt: skip


def find(session: Session, words: Sequence[str], *, offset: int, limit: int) -> list[Hit]:
    """Return the entries with the words, the best first, from `offset` on."""
    if not words:
        return []
    every, some = quoted(words, session.get_bind().dialect.name)
    has_all = bool(_keys(session, every, offset=0, limit=1))
    keys = _keys(session, every if has_all else some, offset=offset, limit=limit)
    entries = {
        one.id: one
        for one in session.scalars(sa.select(SearchEntry).where(SearchEntry.id.in_(keys)))
    }
    return [Hit(entries[key], extract(entries[key].body, words)) for key in keys if key in entries]


def _keys(session: Session, query: str, *, offset: int, limit: int) -> list[int]:
    statement = sa.text(_FIND[session.get_bind().dialect.name])
    return list(session.scalars(statement, {"query": query, "offset": offset, "limit": limit}))


def entry_of_claim(session: Session, claim: str) -> SearchEntry | None:
    """Return what was published of the claim with that public id; None where nothing was."""
    return session.scalar(sa.select(SearchEntry).where(SearchEntry.claim == claim).limit(1))


def entry_of_article(session: Session, slug: str) -> SearchEntry | None:
    """Return the published article with that slug; None where none of its editions stands."""
    named = sa.select(SearchEntry).join(Article, Article.id == SearchEntry.article_id)
    return session.scalar(named.where(Article.slug == slug, SearchEntry.claim.is_(None)))


def entry_of_article_id(session: Session, article_id: int) -> SearchEntry | None:
    """Return the published article with that key; None where none of its editions stands."""
    same = SearchEntry.article_id == article_id
    return session.scalar(sa.select(SearchEntry).where(SearchEntry.claim.is_(None), same))
