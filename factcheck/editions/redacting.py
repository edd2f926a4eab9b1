"""Striking words out wherever they are kept: every text of every table, and what they came from.

A bar as long as the words takes their place, so that every offset still holds. What stands in an
edition's contents is removed there by `purging.py`, since a digest cannot be mended.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import product
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, undefer

from factcheck.articles.models import ArticleAddress, Revision
from factcheck.claims.models import Claim
from factcheck.db import Base
from factcheck.text.selectors import quote_at

BAR = "█"
SHORTEST_COLUMN = 100  # what is narrower holds keys, states and digests
# Words are found in these by other means (editions, search, revisions), or they are not words.
ELSEWHERE = frozenset({"editions.record", "editions.content", "revisions.raw", "purges.words"})
# Unique, so the id of the row is put to the bars.
APART = frozenset({"sources.url", "saved_lists.name", "own_policies.name"})
LEFT_ALONE = frozenset({"kept_answers", "log_leaves", "log_nodes", "search_entries", "followers"})
NO_WORDS = frozenset(
    {"slug", "email", "password_hash", "sealed_secret", "content_type", "units", "options",
     "removed", "changes", "copies"}
)  # fmt: skip
CODES = ("utf-8", "cp1252", "utf-16-le", "utf-16-be")  # in which bytes may hold the words


def barred(words: str) -> str:
    """Return what stands in the place of words: a bar for each character, white space as it was."""
    return "".join(one if one.isspace() else BAR for one in words)


def struck(text: str, words: Sequence[str]) -> str:
    """Return a text with the words struck out, as long as it was.

    All are sought before any is barred: one may be part of another, or begin inside of it. What is
    left holds none of them, but those that are bars themselves.
    """
    before = None
    while text != before:  # a bar may have made another one of them
        before, pieces = text, _pieces(len(text), places_of(text, words))
        text = "".join(
            barred(before[start:end]) if is_in else before[start:end]
            for start, end, is_in in pieces
        )
    return text


def _pieces(length: int, places: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int, bool]]:
    """Yield the spans that a text falls into, and whether each lies inside one of the places."""
    at = 0
    for start, end in sorted(places):
        if start > at:
            yield at, start, False
        if end > at:
            yield max(start, at), end, True
        at = max(at, end)
    yield at, length, False


def places_of(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Return where the words stand in a text, as spans of code points."""
    found = []
    for one in words:
        at = text.find(one)
        while at >= 0:
            found.append((at, at + len(one)))
            at = text.find(one, at + 1)
    return found


def contains(session: Session, column: Any, words: Sequence[str]) -> sa.ColumnElement[bool]:
    """Return the condition that a column of text holds one of the words, letter for letter."""
    name = "strpos" if session.get_bind().dialect.name == "postgresql" else "instr"
    return sa.or_(*(getattr(sa.func, name)(column, one) > 0 for one in words))


def in_json(words: Sequence[str]) -> list[str]:
    """Return how the words may be spelt inside a string of JSON."""
    spelt = (json.dumps(one, ensure_ascii=plain)[1:-1] for one in words for plain in (True, False))
    return list(dict.fromkeys(spelt))


def strike_everywhere(session: Session, words: Sequence[str]) -> int:
    """Strike words out of every text that is kept, and return of how many rows, tables apart."""
    rows = _strike_revisions(session, words)
    rows += _drop_addresses(session, words)
    for table in Base.metadata.sorted_tables:
        if table.name in LEFT_ALONE:
            continue
        for column in table.columns:
            if str(column) in APART:
                rows += _strike_apart(session, column, words)
            elif _holds_words(column):
                rows += _strike_column(session, column, words)
    _forget_answers(session)
    session.expire_all()
    return rows


def _holds_words(column: sa.Column[Any]) -> bool:
    if column.primary_key or column.name in NO_WORDS or str(column) in ELSEWHERE:
        return False
    if isinstance(column.type, sa.JSON):
        return True
    is_text = isinstance(column.type, sa.String)
    return is_text and (getattr(column.type, "length", None) or SHORTEST_COLUMN) >= SHORTEST_COLUMN


def _strike_column(session: Session, column: sa.Column[Any], words: Sequence[str]) -> int:
    """Strike words out of a column: JSON is found as text, however escaped, changed as values."""
    is_json = isinstance(column.type, sa.JSON)
    sought = (sa.cast(column, sa.Text), in_json(words)) if is_json else (column, words)
    keys = list(column.table.primary_key)
    found = session.execute(sa.select(*keys, column).where(contains(session, *sought))).all()
    rows = [
        {**_named(keys, values), "struck": _struck_value(held, words)} for *values, held in found
    ]
    return _write(session, column, rows)


def _named(keys: Sequence[sa.Column[Any]], values: Sequence[Any]) -> dict[str, Any]:
    return {f"key_{key.name}": value for key, value in zip(keys, values, strict=True)}


def _write(session: Session, column: sa.Column[Any], rows: Sequence[dict[str, Any]]) -> int:
    """Give a column other values, each "struck" in the row with the keys beside it."""
    if rows:
        same = (key == sa.bindparam(f"key_{key.name}") for key in column.table.primary_key)
        new = {column.name: sa.bindparam("struck", type_=column.type)}
        session.connection().execute(sa.update(column.table).where(*same).values(new), rows)
    return len(rows)


def _struck_value(value: Any, words: Sequence[str]) -> Any:
    if isinstance(value, str):
        return struck(value, words)
    if isinstance(value, list):
        return [_struck_value(one, words) for one in value]
    if isinstance(value, dict):
        return {key: _struck_value(one, words) for key, one in value.items()}
    return value


def _drop_addresses(session: Session, words: Sequence[str]) -> int:
    """Drop the addresses of articles that hold the words: with bars nobody can look them up."""
    holds = contains(session, ArticleAddress.url, words)
    gone = session.execute(sa.delete(ArticleAddress).where(holds))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _strike_apart(session: Session, column: sa.Column[Any], words: Sequence[str]) -> int:
    """Strike words out of a column no two of whose rows may become the same bars."""
    table, longest = column.table, getattr(column.type, "length", 0)
    holds = contains(session, column, words)
    outside = table.c["public_id" if "public_id" in table.c else "key"]
    found = session.execute(sa.select(table.c.id, outside, column).where(holds)).all()
    rows = [
        {"key_id": key, "struck": f"{struck(held, words)[: longest - len(own) - 1]}#{own}"}
        for key, own, held in found
    ]
    return _write(session, column, rows)


def _forget_answers(session: Session) -> None:
    """Drop the answers kept for a repeated call, since they are sealed and may hold the words."""
    kept = Base.metadata.tables["kept_answers"]
    session.execute(sa.update(kept).where(kept.c.body.is_not(None)).values(body=None))


def _strike_revisions(session: Session, words: Sequence[str]) -> int:
    """Strike words out of texts with the claims in them, and drop the bytes that they came from."""
    found = list(_revisions_with(session, words))
    for revision in found:
        revision.raw = b""
        text = struck(revision.text, words)
        if text == revision.text:
            continue
        revision.text = text
        revision.text_sha256 = hashlib.sha256(text.encode()).hexdigest()
        _strike_claims(session, revision, text)
    session.flush()
    return len(found)


def _revisions_with(session: Session, words: Collection[str]) -> Iterator[Revision]:
    """Yield the revisions whose text or bytes hold the words, as far as bytes can be read."""
    in_bytes = sa.or_(*(_holds_bytes(session, one) for one in encoded(words)))
    in_text = contains(session, Revision.text, list(words))
    query = sa.select(Revision).where(sa.or_(in_text, in_bytes)).options(undefer(Revision.raw))
    yield from session.scalars(query)


def encoded(words: Iterable[str]) -> list[bytes]:
    """Return the bytes that words may be in a file, each once."""
    found = []
    for one, code in product(words, CODES):
        with suppress(UnicodeEncodeError):
            found.append(one.encode(code))
    return list(dict.fromkeys(found))


def _holds_bytes(session: Session, data: bytes) -> sa.ColumnElement[bool]:
    if session.get_bind().dialect.name == "postgresql":
        sought = sa.literal(data, sa.LargeBinary)
        return sa.func.position(sought.op("IN")(Revision.raw)) > 0
    return sa.func.instr(Revision.raw, data) > 0


def _strike_claims(session: Session, revision: Revision, text: str) -> None:
    """Give the claims of a revision its words anew: a bar may begin outside of a claim."""
    placed = sa.select(Claim).where(Claim.revision_id == revision.id, Claim.start.is_not(None))
    for claim in session.scalars(placed):
        quote = quote_at(text, claim.start or 0, claim.end or 0)
        claim.quote, claim.prefix, claim.suffix = quote.exact, quote.prefix, quote.suffix
