"""Reading earlier checks: their list, those with some words, those that may be like a claim.

The words stand in an index made as that of the public search: FTS5 on SQLite, tsvector on
PostgreSQL. What somebody typed is taken apart into words and never reaches it as query syntax.
"""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck.checks.models import EarlierCheck
from factcheck.failures import Missing
from factcheck.text.sought import quoted, words_in
from factcheck.word_candidates import candidates

INDEX = "check_words"  # of what counts: not of what is staged
MOST_FOUND = 1_000  # that can be leafed through
_FIND = {
    "sqlite": """SELECT check_words.rowid FROM check_words
        WHERE check_words MATCH :query
        ORDER BY bm25(check_words, 1.0, 0.6), check_words.rowid DESC LIMIT :limit OFFSET :offset""",
    "postgresql": """SELECT check_words.rowid FROM check_words,
          to_tsquery('english', :query) stemmed, to_tsquery('simple', :query) plain
        WHERE words @@ stemmed OR words @@ plain
        ORDER BY greatest(ts_rank(words, stemmed), ts_rank(words, plain)) DESC,
          check_words.rowid DESC LIMIT :limit OFFSET :offset""",
}


class CheckMissing(Missing):
    """No earlier check has that id."""


def check(session: Session, public_id: str) -> EarlierCheck:
    """Return the earlier check with that id; raise CheckMissing."""
    found = session.scalar(_settled().where(EarlierCheck.public_id == public_id))
    if found is None:
        raise CheckMissing("There is no such earlier check.")
    return found


def newest(session: Session, *, before: int | None, limit: int) -> list[EarlierCheck]:
    """Return earlier checks, those that came last first, from a place on."""
    chosen = _settled().order_by(EarlierCheck.id.desc()).limit(limit)
    return list(
        session.scalars(chosen if before is None else chosen.where(EarlierCheck.id < before))
    )


def found(session: Session, typed: str, *, offset: int, limit: int) -> list[EarlierCheck]:
    """Return the earlier checks that have all the words typed, the best MOST_FOUND first."""
    words = words_in(typed)
    limit = min(limit, MOST_FOUND - offset)
    if not words or limit <= 0:
        return []
    dialect = session.get_bind().dialect.name
    given = {"query": quoted(words, dialect)[0], "limit": limit, "offset": offset}
    keys = session.scalars(sa.text(_FIND[dialect]), given).all()
    rows = {one.id: one for one in session.scalars(_settled().where(EarlierCheck.id.in_(keys)))}
    return [rows[key] for key in keys if key in rows]


def alike(session: Session, text: str, before: str = "") -> list[EarlierCheck]:
    """Return earlier checks that share words with a claim, after the words `before` it.

    They are to be compared with it; that they are alike is not said.
    """
    among = candidates(session, INDEX, text, before)
    if among is None:
        return []
    return list(session.scalars(_settled().where(EarlierCheck.id.in_(among))))


def every(session: Session) -> Iterator[EarlierCheck]:
    """Yield all earlier checks in the order in which they came."""
    last = 0
    while rows := session.scalars(
        _settled().where(EarlierCheck.id > last).order_by(EarlierCheck.id).limit(500)
    ).all():
        last = rows[-1].id
        yield from rows
        session.expunge_all()


def _settled() -> sa.Select[EarlierCheck]:
    return sa.select(EarlierCheck).where(EarlierCheck.staged_by_id.is_(None))
