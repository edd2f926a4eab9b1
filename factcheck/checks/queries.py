"""Reading earlier checks: their list, those with some words, and those that a claim may be like.

The words stand in an index made as that of the public search: FTS5 on SQLite, tsvector on
PostgreSQL. What somebody typed is taken apart into words and never reaches it as query syntax.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck.checks.models import EarlierCheck
from factcheck.failures import Missing
from factcheck.text.match_words import search_words

MOST_WORDS = 16
CANDIDATES = 100
_WORD = re.compile(r"[^\W_]+")
_FIND = {
    "sqlite": """SELECT check_words.rowid FROM check_words
        JOIN earlier_checks ON earlier_checks.id = check_words.rowid AND staged_by_id IS NULL
        WHERE check_words MATCH :query
        ORDER BY bm25(check_words, 1.0, 0.6), check_words.rowid DESC LIMIT :limit OFFSET :offset""",
    "postgresql": """SELECT check_words.rowid FROM check_words
        JOIN earlier_checks ON earlier_checks.id = check_words.rowid AND staged_by_id IS NULL,
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
    """Return the earlier checks that have all the words typed, the best first."""
    words = list(dict.fromkeys(_WORD.findall(typed[:200].casefold())))[:MOST_WORDS]
    return _with_words(session, words, joined_by="and", offset=offset, limit=limit)


def candidates(session: Session, text: str, *, most: int = CANDIDATES) -> list[EarlierCheck]:
    """Return earlier checks that have words of a claim, those with the most and rarest first.

    They are to be compared with it; that they are alike is not said.
    """
    words = [part for word in search_words(text) for part in _WORD.findall(word.casefold())]
    longest = sorted(dict.fromkeys(words), key=lambda word: (-len(word), word))[:MOST_WORDS]
    return _with_words(session, longest, joined_by="or", offset=0, limit=most)


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


def _with_words(
    session: Session, words: list[str], *, joined_by: str, offset: int, limit: int
) -> list[EarlierCheck]:
    if not words:
        return []
    dialect = session.get_bind().dialect.name
    sign = (
        f" {joined_by.upper()} " if dialect == "sqlite" else {"and": " & ", "or": " | "}[joined_by]
    )
    quoted = (f'"{word}"' if dialect == "sqlite" else f"'{word}'" for word in words)
    keys = list(session.scalars(
        sa.text(_FIND[dialect]), {"query": sign.join(quoted), "limit": limit, "offset": offset}
    ))  # fmt: skip
    if not keys:
        return []
    rows = {one.id: one for one in session.scalars(_settled().where(EarlierCheck.id.in_(keys)))}
    return [rows[key] for key in keys if key in rows]
