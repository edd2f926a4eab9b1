"""By what claims are looked up: the language of their article, their topic tags, whose they are.

A row for each such value of a claim. It repeats what lists are ordered by, so that every list of
one value is read in the order of an index, however many claims there are. The copies follow the
claim and the article in the same flush, whichever verb changed these, and nobody has to think
of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from factcheck.articles.models import Article
from factcheck.claims.models import Claim
from factcheck.db import Base, table_of

_FOLLOWED = ("state", "priority", "state_since_at", "score")
WITHDRAWN = "withdrawn"  # stands for the state while the article is, so that no list has it
_KEY = ("kind", "state", "value")


class Facet(StrEnum):
    """What a value of a claim is."""

    LANGUAGE = "language"  # the article's tag, as in "pt-BR"
    PERSON = "person"  # the public id of whom an editor asked to review the claim
    TAG = "tag"  # a topic


class ClaimFacet(Base):
    """One value of a claim, with the claim's state and what lists are ordered by."""

    __tablename__ = "claim_facets"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('language', 'person', 'tag')", name="kind"),
        sa.Index("ix_claim_facets_priority", *_KEY, "priority", "claim_id"),
        sa.Index("ix_claim_facets_since", *_KEY, "state_since_at", "claim_id"),
        sa.Index("ix_claim_facets_score", *_KEY, "score", "claim_id"),
    )

    claim_id: Mapped[int] = mapped_column(sa.ForeignKey("claims.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    value: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    state: Mapped[str] = mapped_column(sa.String(10))
    priority: Mapped[int]
    state_since_at: Mapped[datetime]
    score: Mapped[float]


def file_under_language(session: Session, claims: Sequence[Claim]) -> None:
    """Make new claims of one article known under its language."""
    if not claims:
        return
    language = session.scalar(sa.select(Article.language).where(Article.id == claims[0].article_id))
    rows = [_row(claim, Facet.LANGUAGE, str(language)) for claim in claims]
    session.execute(sa.insert(ClaimFacet), rows)


def set_values(session: Session, claim: Claim, kind: Facet, values: Iterable[str]) -> None:
    """Make `values` all that there are of a kind for a claim that is held."""
    wanted, before = set(values), set(values_of(session, claim, kind))
    session.flush()
    for gone in sorted(before - wanted):
        session.execute(sa.delete(ClaimFacet).where(
            ClaimFacet.claim_id == claim.id, ClaimFacet.kind == kind, ClaimFacet.value == gone
        ))  # fmt: skip
    if rows := [_row(claim, kind, value) for value in sorted(wanted - before)]:
        session.execute(sa.insert(ClaimFacet), rows)


def values_of(session: Session, claim: Claim, kind: Facet) -> list[str]:
    """Return a claim's values of a kind, in order."""
    return values_by_claim(session, [claim.id], kind)[claim.id]


def values_by_claim(
    session: Session, claim_ids: Collection[int], kind: Facet
) -> dict[int, list[str]]:
    """Return each claim's values of a kind, in order; in one query."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = session.execute(
        sa.select(ClaimFacet.claim_id, ClaimFacet.value).where(
            ClaimFacet.claim_id.in_(claim_ids), ClaimFacet.kind == kind
        )
    )
    for claim_id, value in rows:
        found[claim_id].append(value)
    return {claim_id: sorted(found[claim_id]) for claim_id in claim_ids}


def mend(session: Session) -> None:
    """Make the copies right where somebody wrote to the database by hand; nobody else may write."""
    session.execute(sa.delete(ClaimFacet).where(ClaimFacet.kind == Facet.LANGUAGE))
    language = sa.select(
        Claim.id, sa.literal(Facet.LANGUAGE.value), Article.language, *map(_copy_of, _FOLLOWED)
    ).join(Article, Article.id == Claim.article_id)
    columns = ["claim_id", "kind", "value", *_FOLLOWED]
    session.execute(sa.insert(ClaimFacet).from_select(columns, language))
    true = sa.select(*map(_copy_of, _FOLLOWED)).where(Claim.id == ClaimFacet.claim_id)
    session.execute(
        sa.update(ClaimFacet)
        .where(ClaimFacet.kind != Facet.LANGUAGE)
        .values({
            name: true.with_only_columns(_copy_of(name)).scalar_subquery() for name in _FOLLOWED
        })
        .execution_options(synchronize_session=False)
    )  # fmt: skip


def copy_states(session: Session, article: Article) -> None:
    """Make the copies of an article's claims say where these are, after it was withdrawn or not."""
    state = sa.select(_copy_of("state")).where(Claim.id == ClaimFacet.claim_id).scalar_subquery()
    own = sa.select(Claim.id).where(Claim.article_id == article.id)
    session.execute(
        sa.update(ClaimFacet).where(ClaimFacet.claim_id.in_(own)).values(state=state)
        .execution_options(synchronize_session=False)
    )  # fmt: skip


def wrong_copies(session: Session) -> int:
    """Return how many rows say something else than their claim or its article."""
    same = [getattr(ClaimFacet, name) == _copy_of(name) for name in _FOLLOWED]
    same.append(sa.or_(ClaimFacet.kind != Facet.LANGUAGE, ClaimFacet.value == Article.language))
    differing = (
        sa.select(sa.func.count())
        .select_from(ClaimFacet)
        .join(Claim, Claim.id == ClaimFacet.claim_id)
        .join(Article, Article.id == Claim.article_id)
        .where(~sa.and_(*same))
    )
    filed = sa.select(ClaimFacet.claim_id).where(ClaimFacet.kind == Facet.LANGUAGE)
    missing = sa.select(sa.func.count()).select_from(Claim).where(Claim.id.not_in(filed))
    return int(session.scalar(differing) or 0) + int(session.scalar(missing) or 0)


def _row(claim: Claim, kind: Facet, value: str) -> dict[str, Any]:
    return {"claim_id": claim.id, "kind": kind.value, "value": value, **_copies(claim)}


def _copies(claim: Claim) -> dict[str, Any]:
    copies = {name: getattr(claim, name) for name in _FOLLOWED}
    if claim.article_withdrawn:
        copies["state"] = WITHDRAWN
    return copies


def _copy_of(name: str) -> Any:
    column = getattr(Claim, name)
    return (
        sa.case((Claim.article_withdrawn, WITHDRAWN), else_=column) if name == "state" else column
    )


_FOLLOW = (
    sa.update(table_of(ClaimFacet))
    .where(table_of(ClaimFacet).c.claim_id == sa.bindparam("of_claim"))
    .values({name: sa.bindparam(name) for name in _FOLLOWED})
)


@sa.event.listens_for(Claim, "after_update")
def _follow_claim(_mapper: Any, connection: sa.Connection, claim: Claim) -> None:
    attributes = sa.inspect(claim).attrs
    if any(attributes[name].history.has_changes() for name in _FOLLOWED):
        connection.execute(_FOLLOW, _copies(claim) | {"of_claim": claim.id})


@sa.event.listens_for(Article, "after_update")
def _follow_article(_mapper: Any, connection: sa.Connection, article: Article) -> None:
    if sa.inspect(article).attrs["language"].history.has_changes():
        own = sa.select(Claim.id).where(Claim.article_id == article.id)
        connection.execute(
            sa.update(ClaimFacet)
            .where(ClaimFacet.kind == Facet.LANGUAGE, ClaimFacet.claim_id.in_(own))
            .values(value=article.language)
        )
