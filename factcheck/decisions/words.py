"""The words that editors search and that earlier checks are found by, kept with what has them.

Four indexes made by migration 0040: claims, checks (claims with a verdict), sources, rationales;
FTS5 on SQLite, tsvector on PostgreSQL. Rows follow in the flush that changes the words, so no verb
can forget them. What is sealed is not in an index at all, so that neither a count, a rank nor the
time of a search can tell of it: a rationale and a source come in when their round has closed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck.articles.models import Article
from factcheck.claims.models import Claim
from factcheck.claims.rules import State
from factcheck.decisions.models import DecisionSource
from factcheck.reviews.models import Citation, Review, Round, Source

_DECIDED = {State.DECIDED, State.READY}
_AT_ONCE = 500  # keys in one statement; databases limit how many values they take
_INDEXED = 200_000  # code points of one text; PostgreSQL takes no more than 1 MiB of positions


class Kind(StrEnum):
    """What an index is of."""

    CLAIMS = "claims"
    CHECKS = "checks"
    SOURCES = "sources"
    RATIONALES = "rationales"


KINDS = tuple(Kind)
_COLUMNS = {  # key, title, body, language ('' where it is of several)
    Kind.CLAIMS: ("claims.id", "claims.restated", "claims.quote", "articles.language"),
    Kind.CHECKS: ("claims.id", "claims.restated", "claims.quote", "articles.language"),
    Kind.SOURCES: ("sources.id", "coalesce(sources.title, '')", "sources.url", "''"),
    Kind.RATIONALES: ("reviews.id", "''", "reviews.rationale", "articles.language"),
}
_OF_CLAIMS = """
    FROM claims JOIN articles ON articles.id = claims.article_id
    WHERE claims.merged_into_id IS NULL"""
_OPEN_NOW = """EXISTS (SELECT 1 FROM citations JOIN reviews ON reviews.id = citations.review_id
      JOIN rounds ON rounds.id = reviews.round_id
      WHERE citations.source_id = sources.id AND rounds.closed_at IS NOT NULL AND NOT rounds.is_gold
      AND reviews.state <> 'draft')
    OR EXISTS (SELECT 1 FROM decision_sources WHERE decision_sources.source_id = sources.id)"""
_FROM = {
    Kind.CLAIMS: _OF_CLAIMS,
    Kind.CHECKS: f"{_OF_CLAIMS} AND claims.state IN ('{State.DECIDED}', '{State.READY}')",
    Kind.SOURCES: f"""FROM sources WHERE ({_OPEN_NOW})""",
    Kind.RATIONALES: """FROM reviews JOIN rounds ON rounds.id = reviews.round_id
        JOIN claims ON claims.id = rounds.claim_id JOIN articles ON articles.id = claims.article_id
        WHERE rounds.closed_at IS NOT NULL AND NOT rounds.is_gold
        AND reviews.state IN ('submitted', 'late')""",
}
_ROWS = {kind: f"SELECT {', '.join(_COLUMNS[kind])} {_FROM[kind]}" for kind in Kind}
_ADD = {
    "sqlite": "INSERT INTO search_words_{kind} (rowid, title, body) SELECT id, title, body",
    "postgresql": """INSERT INTO search_words_{kind} (rowid, words)
        SELECT id, CASE WHEN lower(split_part(language, '-', 1)) = 'en'
          THEN setweight(to_tsvector('english', title), 'A')
            || setweight(to_tsvector('english', body), 'B')
          WHEN language = '' THEN setweight(to_tsvector('english', title), 'A')
            || setweight(to_tsvector('simple', title), 'A')
            || setweight(to_tsvector('simple', translate(body, '/._-', '    ')), 'B')
          ELSE setweight(to_tsvector('simple', title), 'A')
            || setweight(to_tsvector('simple', body), 'B') END""",
}

_AGAIN = {  # two who cite the same source at once write its row at once; SQLite has one writer
    "sqlite": "",
    "postgresql": "ON CONFLICT (rowid) DO UPDATE SET words = excluded.words",
}


def refill(connection: sa.Connection, kind: Kind, keys: Collection[int] | None = None) -> None:
    """Make an index's rows anew from what they are of: all of them, or those with these keys."""
    if keys is None:
        connection.exec_driver_sql(f"DELETE FROM search_words_{kind}")  # noqa: S608
        connection.execute(sa.text(_added(connection, kind, "")))
        return
    adding = _added(connection, kind, f" AND {_COLUMNS[kind][0]} IN :keys")
    bound: sa.BindParameter[Any] = sa.bindparam("keys", expanding=True)
    dropping = sa.text(f"DELETE FROM search_words_{kind} WHERE rowid IN :keys")  # noqa: S608
    for part in _parts(sorted(keys)):
        connection.execute(dropping.bindparams(bound), {"keys": part})
        connection.execute(sa.text(adding).bindparams(bound), {"keys": part})


def _added(connection: sa.Connection, kind: Kind, which: str) -> str:
    """Return the statement that adds rows; what is theirs is cut to what an index takes."""
    adding = _ADD[connection.dialect.name].format(kind=kind)
    return f"""WITH whole (id, title, body, language) AS ({_ROWS[kind]}{which}),
        cut (id, title, body, language) AS (
          SELECT id, substr(title, 1, {_INDEXED}), substr(body, 1, {_INDEXED}), language FROM whole)
        {adding} FROM cut {_AGAIN[connection.dialect.name]}"""  # noqa: S608 - constants of ours


def _parts(keys: list[int]) -> Iterator[list[int]]:
    for first in range(0, len(keys), _AT_ONCE):
        yield keys[first : first + _AT_ONCE]


def is_open_now() -> sa.ColumnElement[bool]:
    """Whether a source may be known: no open round alone cites it."""
    return sa.text(f"({_OPEN_NOW})")  # type: ignore[return-value]


def catch_up(session: Session) -> None:
    """Fill the indexes where nothing is indexed yet though there are claims: after a migration."""
    connection = session.connection()
    has_any = connection.exec_driver_sql("SELECT rowid FROM search_words_claims LIMIT 1").first()
    if has_any or session.scalar(sa.select(Claim.id).limit(1)) is None:
        return
    for kind in KINDS:
        refill(connection, kind)


def forget(session: Session, struck: str) -> None:
    """Take words that were struck out from the indexes; `struck` is what stands in their place.

    SQLite keeps what was taken out of an index until it is merged, so it is merged at once.
    """
    connection = session.connection()
    for kind in KINDS:
        _, title, body, _ = (one.strip() for one in _COLUMNS[kind])
        holds = f" AND ({_holds(connection, title)} OR {_holds(connection, body)})"
        keys = connection.execute(sa.text(_ROWS[kind] + holds), {"struck": struck}).scalars()
        refill(connection, kind, set(keys))
        if connection.dialect.name == "sqlite":
            table = f"search_words_{kind}"
            connection.exec_driver_sql(f"INSERT INTO {table} ({table}) VALUES ('optimize')")  # noqa: S608


def _holds(connection: sa.Connection, column: str) -> str:
    name = "strpos" if connection.dialect.name == "postgresql" else "instr"
    return f"{name}({column}, :struck) > 0"


@sa.event.listens_for(Session, "after_flush")
def _follow(session: Session, _context: Any) -> None:
    """Bring the rows of what was just written after it."""
    touched = [*session.new, *session.dirty]
    found = {
        Kind.CLAIMS: _keys_of(touched, Claim, ("restated", "quote", "merged_into_id")),
        Kind.CHECKS: _keys_of(
            filter(_is_or_was_decided, touched),
            Claim,
            ("restated", "quote", "merged_into_id", "state"),
        ),
        Kind.SOURCES: _keys_of(touched, Source, ("title", "url")),
        Kind.RATIONALES: _keys_of(touched, Review, ("rationale", "state")),
    }
    if any(isinstance(one, Article) and _changed(one, ("language",)) for one in touched):
        _follow_languages(session, touched, found)
    _follow_rounds(session, touched, found)
    for kind, keys in found.items():
        if keys:
            refill(session.connection(), kind, keys)


def _keys_of(touched: Iterable[Any], table: type[Any], columns: tuple[str, ...]) -> set[int]:
    return {one.id for one in touched if isinstance(one, table) and _changed(one, columns)}


def _is_or_was_decided(row: Any) -> bool:
    if not isinstance(row, Claim):
        return False
    return not _DECIDED.isdisjoint({row.state, *sa.inspect(row).attrs.state.history.deleted})


def _changed(row: Any, columns: tuple[str, ...]) -> bool:
    attributes = sa.inspect(row).attrs
    return any(attributes[name].history.has_changes() for name in columns)


def _follow_languages(
    session: Session, touched: Iterable[Any], found: dict[Kind, set[int]]
) -> None:
    """Add what is of an article whose language changed: its words are stemmed in another one."""
    articles = _keys_of(touched, Article, ("language",))
    own = sa.select(Claim.id).where(Claim.article_id.in_(articles))
    claims = set(session.connection().scalars(own))
    found[Kind.CLAIMS] |= claims
    found[Kind.CHECKS] |= claims
    reviews = sa.select(Review.id).join(Round, Round.id == Review.round_id)
    found[Kind.RATIONALES] |= set(
        session.connection().scalars(reviews.where(Round.claim_id.in_(own)))
    )


def _follow_rounds(session: Session, touched: Iterable[Any], found: dict[Kind, set[int]]) -> None:
    """Add what opens with rounds that close, and what is cited where nothing is sealed."""
    connection = session.connection
    closed = _keys_of(touched, Round, ("closed_at",))
    if closed:
        within = sa.select(Review.id).where(Review.round_id.in_(closed))
        found[Kind.RATIONALES] |= set(connection().scalars(within))
    reviews = found[Kind.RATIONALES]
    for part in _parts(sorted(reviews)):
        cited = sa.select(Citation.source_id).where(Citation.review_id.in_(part))
        found[Kind.SOURCES] |= set(connection().scalars(cited))
    found[Kind.SOURCES] |= {
        one.source_id for one in touched if isinstance(one, Citation | DecisionSource)
    }
