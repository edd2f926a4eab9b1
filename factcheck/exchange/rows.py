"""Claims, reviews, decisions and sources as rows for other programs, read as a stream.

The seal holds for everybody alike: of an open round nothing is here, whoever asks, nor a count that
it moves. What readers may not have any more (withdrawn articles and claims) is left out. Nobody is
named but reviewers who want readers to know their name, and none of a panel drawn by lot; the code
that stands for a person is another one in each export.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session, contains_eager, joinedload

from factcheck.articles.models import Article
from factcheck.claims import facets
from factcheck.claims.models import Claim
from factcheck.decisions.models import Decision, DecisionSource, PinnedCopy
from factcheck.editions.assembling import moment
from factcheck.editions.queries import claims_withdrawn, every_claim_withdrawn
from factcheck.methods import queries as methods
from factcheck.reviews.models import Citation, Review, Round, Snapshot, Source

Row = dict[str, Any]
A_PART = 200  # rows read at once


class What(StrEnum):
    """What there are rows of."""

    CLAIMS = "claims"
    REVIEWS = "reviews"
    DECISIONS = "decisions"
    SOURCES = "sources"


COLUMNS: Mapping[What, tuple[str, ...]] = {
    What.CLAIMS: (
        "id", "article", "language", "start", "end", "quote", "restated", "claimant", "state",
        "state_since", "dismissal", "same_as", "merged_into", "score", "reasons", "priority",
        "sensitive", "policy", "tags", "published", "created",
    ),
    What.REVIEWS: (
        "id", "claim", "article", "round", "outcome", "scale", "policy", "state", "rating",
        "rationale", "sources", "submitted", "withdrawn_because", "reviewer", "reviewer_name",
    ),
    What.DECISIONS: (
        "id", "claim", "article", "round", "kind", "rating", "group", "options", "summary",
        "reasons", "as_of", "since_then", "sources", "in_force", "supersedes", "decided",
        "decided_by",
    ),
    What.SOURCES: ("id", "url", "title", "site", "nature", "note", "reviews", "verdicts", "copies"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """Rows that were read together; `seen` is how many there were with those left out."""

    rows: list[Row]
    seen: int


def count(session: Session, what: What, article: Article | None = None) -> int:
    """Return how many rows `parts` goes through, for saying how far it is."""
    chosen = _chosen(session, what, article).with_only_columns(
        _KEYS[what], maintain_column_froms=True
    )
    return session.scalar(sa.select(sa.func.count()).select_from(chosen.subquery())) or 0


def parts(
    session: Session, what: What, salt: bytes, article: Article | None = None
) -> Iterator[Part]:
    """Yield all rows in a fixed order, some at a time, so that memory does not grow with them.

    `salt` makes the codes that stand for people. Each part is read by itself.
    """
    key, made = _KEYS[what], _MADE[what]
    article_id, last = article.id if article else None, 0
    while True:
        of = session.get(Article, article_id) if article_id else None
        query = _chosen(session, what, of).where(key > last).order_by(key).limit(A_PART)
        found = list(session.scalars(query.options(*_LOADED[what])).unique())
        if not found:
            return
        last = found[-1].id
        rows = made(session, found, lambda *key: code(salt, *key))
        yield Part(rows, len(found))
        session.expunge_all()


def code(salt: bytes, *key: int) -> str:
    """Return what stands for a person in one export: nobody without the salt knows whom.

    `key` is the person's, with the round's where reviewers were drawn by lot: else a row that names
    them would tell who they are in all others.
    """
    return hmac.new(salt, ",".join(map(str, key)).encode(), hashlib.sha256).hexdigest()[:16]


Coded = Callable[..., str]
_KEYS: Mapping[What, InstrumentedAttribute[int]] = {
    What.CLAIMS: Claim.id, What.REVIEWS: Review.id, What.DECISIONS: Decision.id,
    What.SOURCES: Source.id,
}  # fmt: skip
_LOADED: Mapping[What, Sequence[Any]] = {
    What.CLAIMS: (
        contains_eager(Claim.article), joinedload(Claim.same_as), joinedload(Claim.merged_into),
    ),
    What.REVIEWS: (
        contains_eager(Review.round).contains_eager(Round.claim).contains_eager(Claim.article),
        joinedload(Review.person),
    ),
    What.DECISIONS: (
        contains_eager(Decision.round),
        contains_eager(Decision.claim).contains_eager(Claim.article),
    ),
    What.SOURCES: (),
}  # fmt: skip


def _chosen(session: Session, what: What, article: Article | None) -> sa.Select[Any]:
    if what is What.SOURCES:
        return _sources(session, article)
    query: sa.Select[Any] = sa.select({
        What.CLAIMS: Claim, What.REVIEWS: Review, What.DECISIONS: Decision,
    }[what])  # fmt: skip
    if what is What.REVIEWS:
        query = query.join(Review.round).join(Round.claim).where(*_OPENED)
    elif what is What.DECISIONS:
        query = query.join(Decision.round).join(Decision.claim)
        query = query.where(Round.unsealed())
    query = query.join(Claim.article).where(Article.state != "withdrawn")
    return query.where(Claim.article_id == article.id) if article else query


_OPENED = (Round.unsealed(), Review.state != "draft")
_CITED = (
    sa.select(Citation.source_id)
    .join(Review, Review.id == Citation.review_id)
    .join(Review.round)
    .join(Round.claim)
    .join(Claim.article)
    .where(*_OPENED, Article.state != "withdrawn")
)
_SHOWN = (
    sa.select(DecisionSource.source_id)
    .join(Decision, Decision.id == DecisionSource.decision_id)
    .join(Decision.claim)
    .join(Claim.article)
    .where(Article.state != "withdrawn")
)


def _sources(session: Session, article: Article | None) -> sa.Select[Any]:
    stand = [_stands(session)]
    if article is not None:
        stand.append(Claim.article_id == article.id)
    cited, shown = _CITED.where(*stand), _SHOWN.where(*stand)
    return sa.select(Source).where(sa.or_(Source.id.in_(cited), Source.id.in_(shown)))


def _stands(session: Session) -> sa.ColumnElement[bool]:
    """Whether a claim was not withdrawn by itself: there are few of those."""
    return Claim.public_id.not_in(every_claim_withdrawn(session))


def _left(session: Session, claims: Mapping[int, Claim]) -> set[int]:
    """Return the keys of the claims that were not withdrawn by themselves."""
    articles = {one.article_id for one in claims.values()}
    gone = claims_withdrawn(session, sorted(articles))
    return {key for key, one in claims.items() if (one.article_id, one.public_id) not in gone}


def _claims(session: Session, found: Sequence[Claim], _coded: Coded) -> list[Row]:
    left = _left(session, {one.id: one for one in found})
    tags = facets.values_by_claim(session, [one.id for one in found], facets.Facet.TAG)
    return [
        {
            "id": one.public_id, "article": one.article.slug, "language": one.article.language,
            "start": one.start, "end": one.end, "quote": one.quote, "restated": one.restated,
            "claimant": one.claimant, "state": one.state,
            "state_since": moment(one.state_since_at), "dismissal": one.dismissal,
            "same_as": one.same_as.public_id if one.same_as else None,
            "merged_into": one.merged_into.public_id if one.merged_into else None,
            "score": one.score, "reasons": one.reasons, "priority": one.priority,
            "sensitive": one.sensitive, "policy": one.policy_key or one.article.policy_key,
            "tags": tags[one.id], "published": one.told, "created": moment(one.created_at),
        }
        for one in found if one.id in left
    ]  # fmt: skip


def _reviews(session: Session, found: Sequence[Review], coded: Coded) -> list[Row]:
    left = _left(session, {one.round.claim_id: one.round.claim for one in found})
    cited = _cited(session, Citation, Citation.review_id, [one.id for one in found])
    return [
        _of_round(one.round.claim, one.round) | {
            "id": one.public_id, "outcome": one.round.outcome, "policy": one.round.policy_key,
            "scale": f"{one.round.scale_key}/{one.round.scale_version}",
            "state": one.state, "rating": one.rating, "rationale": one.rationale,
            "sources": cited[one.id],
            "submitted": moment(one.submitted_at) if one.submitted_at else None,
            "withdrawn_because": one.withdrawn_because,
            "reviewer": coded(one.person_id, *([one.round_id] if _is_by_lot(one) else [])),
            "reviewer_name":
                one.person.name if one.person.shows_name and not _is_by_lot(one) else None,
        }
        for one in found if one.round.claim_id in left
    ]  # fmt: skip


def _of_round(claim: Claim, round_: Round) -> Row:
    return {"claim": claim.public_id, "article": claim.article.slug, "round": round_.number}


def _is_by_lot(review: Review) -> bool:
    return methods.policy(review.round.policy_key).by_lot


def _decisions(session: Session, found: Sequence[Decision], coded: Coded) -> list[Row]:
    left = _left(session, {one.claim_id: one.claim for one in found})
    shown = _cited(session, DecisionSource, DecisionSource.decision_id, [one.id for one in found])
    before = sorted({one.supersedes_id for one in found if one.supersedes_id})
    earlier = sa.select(Decision.id, Decision.public_id).where(Decision.id.in_(before))
    superseded = {row.id: row.public_id for row in session.execute(earlier)}
    return [
        _of_round(one.claim, one.round) | {
            "id": one.public_id, "kind": one.kind, "rating": one.rating, "group": one.group,
            "options": one.options, "summary": one.summary, "reasons": one.reasons,
            "as_of": one.as_of, "since_then": one.since_then, "sources": shown[one.id],
            "in_force": one.in_force, "supersedes": superseded.get(one.supersedes_id or 0),
            "decided": moment(one.decided_at),
            "decided_by": coded(one.decided_by_id) if one.decided_by_id else None,
        }
        for one in found if one.claim_id in left
    ]  # fmt: skip


def _cited(
    session: Session, table: type[Citation] | type[DecisionSource],
    owner: InstrumentedAttribute[int], keys: Collection[int],
) -> dict[int, list[Row]]:  # fmt: skip
    """Return what was cited, by what cites it, in its order."""
    grouped: dict[int, list[Row]] = defaultdict(list)
    rows = session.execute(
        sa.select(owner, Source.public_id, Source.url, table.stance, table.title, table.quote,
                  table.archive_url)
        .join(Source, Source.id == table.source_id)
        .where(owner.in_(keys))
        .order_by(owner, table.position)
    )  # fmt: skip
    for key, *values in rows:
        names = ("id", "url", "stance", "title", "quote", "archive_url")
        grouped[key].append(dict(zip(names, values, strict=True)))
    return grouped


def _source_rows(session: Session, found: Sequence[Source], _coded: Coded) -> list[Row]:
    keys = [one.id for one in found]
    stands = _stands(session)
    cited = _CITED.where(Citation.source_id.in_(keys), stands)
    shown = _SHOWN.where(DecisionSource.source_id.in_(keys), stands)
    reviews = _counted(session, cited, Citation.source_id)
    verdicts = _counted(session, shown, DecisionSource.source_id)
    copies = _copies(session, keys)
    return [
        {
            "id": one.public_id, "url": one.url, "title": one.title, "site": one.site,
            "nature": one.note.nature if one.note else None,
            "note": one.note.words if one.note else None, "reviews": reviews.get(one.id, 0),
            "verdicts": verdicts.get(one.id, 0), "copies": copies[one.id],
        }
        for one in found
    ]  # fmt: skip


def _counted(
    session: Session, query: sa.Select[int], by: InstrumentedAttribute[int]
) -> dict[int, int]:
    rows = session.execute(query.add_columns(sa.func.count()).group_by(by))
    return {row[0]: row[1] for row in rows}


def _copies(session: Session, keys: Collection[int]) -> dict[int, list[str]]:
    """Return the digests of the copies that verdicts rest on, by source: of no open round."""
    grouped: dict[int, list[str]] = defaultdict(list)
    rows = session.execute(
        sa.select(DecisionSource.source_id, Snapshot.sha256)
        .join(PinnedCopy, PinnedCopy.decision_source_id == DecisionSource.id)
        .join(Snapshot, Snapshot.id == PinnedCopy.snapshot_id)
        .where(DecisionSource.source_id.in_(keys), Snapshot.sha256.is_not(None))
        .distinct()
        .order_by(DecisionSource.source_id, Snapshot.sha256)
    )
    for key, digest in rows:
        grouped[key].append(str(digest))
    return grouped


_MADE: Mapping[What, Callable[[Session, Sequence[Any], Coded], list[Row]]] = {
    What.CLAIMS: _claims, What.REVIEWS: _reviews, What.DECISIONS: _decisions,
    What.SOURCES: _source_rows,
}  # fmt: skip
