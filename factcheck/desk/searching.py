"""Searching all that editors work with: claims, the reasons of reviews, and sources.

Of what holds all of the words the newest 1,000 are ranked, so that a search has a bound whatever
stands in the database. Nothing of an open round is in the indexes (`decisions/words.py`). Claims of
a withdrawn article, and their reviews, are found where that article is asked for, and not else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from factcheck.claims.models import Claim
from factcheck.claims.rules import State
from factcheck.decisions.words import Kind, is_open_now
from factcheck.desk.finding import MOST_COUNTED, Counted
from factcheck.failures import Invalid
from factcheck.reviews.models import Review, Round, Source
from factcheck.text.sought import LONGEST_QUERY, extract, quoted, words_in

KINDS = (Kind.CLAIMS, Kind.RATIONALES, Kind.SOURCES)
FILTERS = ("q", "kind", "state", "language", "article", "any")
_RANKED = {
    "sqlite": "SELECT rowid AS id, bm25(search_words_{kind}, 4.0, 1.0) AS worth"
    " FROM search_words_{kind} WHERE search_words_{kind} MATCH :query"
    " ORDER BY rowid DESC LIMIT {most}",
    "postgresql": "SELECT rowid AS id, -greatest(ts_rank(words, to_tsquery('english', :query)),"
    " ts_rank(words, to_tsquery('simple', :query))) AS worth FROM search_words_{kind}"
    " WHERE words @@ (to_tsquery('english', :query) || to_tsquery('simple', :query))"
    " ORDER BY rowid DESC LIMIT {most}",
}
_PASSES = (
    "(:state = '' OR claims.state = :state) AND (:article = articles.slug"
    " OR (:article = '' AND NOT claims.article_withdrawn))"
    " AND (:language = '' OR articles.language = :language)"
)
_OWNERS = {
    Kind.CLAIMS: "JOIN claims ON claims.id = found.id",
    Kind.RATIONALES: "JOIN reviews ON reviews.id = found.id JOIN rounds ON"
    " rounds.id = reviews.round_id AND rounds.closed_at IS NOT NULL AND NOT rounds.is_gold"
    " JOIN claims ON claims.id = rounds.claim_id",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an address asks for; "" and None where that does not matter."""

    typed: str
    kind: Kind | None = None
    state: str = ""
    language: str = ""
    article: str = ""  # its slug
    any: str = ""  # "1": one of the words is enough

    @property
    def words(self) -> list[str]:
        """Return the words that are sought."""
        return words_in(self.typed)

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Return what is searched: sources belong to no article, so a filter leaves them out."""
        chosen = KINDS if self.kind is None else (self.kind,)
        is_narrowed = self.state or self.language or self.article
        return tuple(kind for kind in chosen if not (is_narrowed and kind is Kind.SOURCES))


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found: its row, the claim that it is of, and its words around the sought.

    Both are in pieces: (text, whether it was sought).
    """

    row: Claim | Review | Source
    claim: Claim | None
    heading: list[tuple[str, bool]]
    extract: list[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind: a part of it, and how many there are."""

    kind: Kind
    hits: list[Hit]
    counted: Counted


def wanted_by(asked: Mapping[str, str]) -> Wanted:
    """Return what an address asks for; raise Invalid, named by the filter, for what it cannot."""
    given = {name: asked.get(name, "").strip() for name in FILTERS}
    if given["kind"] and given["kind"] not in set(KINDS):
        raise Invalid("kind", "Search in %(known)s.", known=", ".join(KINDS))
    if given["state"] and given["state"] not in set(State):
        raise Invalid("state", "There is no such state.")
    return Wanted(
        given["q"][:LONGEST_QUERY], Kind(given["kind"]) if given["kind"] else None, given["state"],
        given["language"][:40], given["article"][:100], "1" if given["any"] == "1" else "",
    )  # fmt: skip


def search(session: Session, wanted: Wanted, *, offset: int, limit: int) -> list[Group]:
    """Return what was found by kind, of each `limit` from `offset` on, the best first.

    In four queries at most, however much there is.
    """
    ranked = _ranked(session, wanted)
    groups = []
    for kind in wanted.kinds:
        rows = ranked[kind]
        keys = [key for key, passes in rows if passes]
        has_more = len(rows) > MOST_COUNTED
        counted = Counted(min(len(keys), MOST_COUNTED), or_more=has_more)
        shown = keys[:MOST_COUNTED][offset : offset + limit]
        groups.append(Group(kind, _hits(session, kind, shown, wanted.words), counted))
    return groups


def _ranked(session: Session, wanted: Wanted) -> dict[Kind, list[tuple[int, bool]]]:
    """Return for each kind the keys of what has the words, and whether each passes the filters."""
    found: dict[Kind, list[tuple[int, bool]]] = {kind: [] for kind in wanted.kinds}
    if not wanted.words or not found:
        return found
    dialect = session.get_bind().dialect.name
    every, some = quoted(wanted.words, dialect)
    arms = " UNION ALL ".join(_arm(kind, dialect) for kind in found)
    rows = session.execute(
        sa.text(f"SELECT * FROM ({arms}) AS ranked ORDER BY worth, id DESC"),  # noqa: S608 - ours
        {"query": some if wanted.any else every, "state": wanted.state,
         "language": wanted.language, "article": wanted.article},
    )  # fmt: skip
    for kind, key, passes, _ in rows:
        found[Kind(kind)].append((key, bool(passes)))
    return found


def _arm(kind: Kind, dialect: str) -> str:
    inner = _RANKED[dialect].format(kind=kind, most=MOST_COUNTED + 1)
    owner, passes = "", "1 = 1"
    if kind in _OWNERS:
        owner = f"{_OWNERS[kind]} JOIN articles ON articles.id = claims.article_id"
        passes = _PASSES
    return (
        f"SELECT '{kind}' AS kind, found.id AS id, ({passes}) AS passes, found.worth AS worth"  # noqa: S608 - constants of ours
        f" FROM ({inner}) AS found {owner}"
    )


def _hits(session: Session, kind: Kind, keys: Sequence[int], words: Sequence[str]) -> list[Hit]:
    if not keys:
        return []
    rows = {row.id: row for row in session.scalars(_rows(kind).where(_id(kind).in_(keys)))}
    return [_hit(rows[key], words) for key in keys if key in rows]


def _id(kind: Kind) -> Any:
    return {Kind.CLAIMS: Claim.id, Kind.RATIONALES: Review.id, Kind.SOURCES: Source.id}[kind]


def _rows(kind: Kind) -> sa.Select[Any]:
    """Return the query of a kind's rows with what is shown of each; of sealed ones, none."""
    if kind is Kind.CLAIMS:
        return sa.select(Claim).options(joinedload(Claim.article))
    if kind is Kind.RATIONALES:
        of_round = joinedload(Review.round).joinedload(Round.claim).joinedload(Claim.article)
        query = sa.select(Review).join(Review.round).where(Round.unsealed())
        return query.options(of_round)
    return sa.select(Source).where(is_open_now())


def _hit(row: Claim | Review | Source, words: Sequence[str]) -> Hit:
    if isinstance(row, Claim):
        told = [] if row.quote in row.restated else extract(row.quote, words)
        return Hit(row, row, marked(row.restated, words), told)
    if isinstance(row, Review):
        claim = row.round.claim
        return Hit(row, claim, [(claim.restated, False)], extract(row.rationale, words))
    return Hit(row, None, marked(row.title or row.url, words), marked(row.url, words))


def marked(text: str, words: Sequence[str]) -> list[tuple[str, bool]]:
    """Return a whole text in pieces: (text, whether it was sought)."""
    return extract(text, words, around=len(text) + 1)
