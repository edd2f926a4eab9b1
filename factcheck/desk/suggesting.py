"""Who could take a claim that is stuck under review, and why: a wish may be put to them.

Who may is decided by the rules by which the queue deals: `draws.can_sit` of a person and a claim,
and `dealing` of the round. What is shown of a round is how many reviews are in, to editors; nothing
here changes by an answer but that number. To an editor who has a part in the round, not even that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from factcheck.accounts.models import Person, SignInSession
from factcheck.articles.models import Article
from factcheck.claims.facets import ClaimFacet, Facet
from factcheck.claims.models import Claim
from factcheck.claims.rules import State
from factcheck.desk.reviewers import Load, with_load
from factcheck.methods.queries import policy
from factcheck.notices.rules import STUCK
from factcheck.reviews.dealing import has_free_seat, parts_in
from factcheck.reviews.draws import can_sit
from factcheck.reviews.gold import live_claims
from factcheck.reviews.models import Review, Round
from factcheck.reviews.rules import ANY_LANGUAGE
from factcheck.reviews.seal import open_rounds_of

SIGN_INS, LATEST, NEWEST = 1_000, 200, 100  # who is looked at for many claims
LOOKED_AT = 200  # people, a page, for one claim
NAMED = 5  # people, for each of many claims, where not all are shown
_BREAK = re.compile(r"[\W_]+")
Place = tuple[datetime, int]
_People = list[tuple[Person, Load]]
_WORKING = sa.select(Person).where(Person.disabled_at.is_(None))  # `can_sit` knows the rest


class Bar(StrEnum):
    """Why nobody is suggested for a claim."""

    STATE = "state"  # it waits for no review
    WITHDRAWN = "withdrawn"  # its article is
    BY_LOT = "by-lot"  # its reviewers are drawn
    YOURS = "yours"  # whoever looks has a part in its round
    FULL = "full"  # every seat is held


@dataclass(frozen=True, slots=True)
class Able:
    """Somebody who could take a claim: what speaks for it, and what they have in hand."""

    person: Person
    load: Load
    names_language: bool  # else they named none, so that the queue deals them all
    fields: tuple[str, ...]  # of knowledge, that fit a tag of the claim


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom an editor asked to review a claim."""

    id: str  # public
    name: str


@dataclass(frozen=True, slots=True)
class StuckClaim:
    """A claim that does not move; `reviews` are how many are in, None to who has a part."""

    claim: Claim
    reviews: int | None
    bar: Bar | None
    asked: Asked | None
    able: Sequence[Able]

    @property
    def place(self) -> Place:
        """Its place in the list."""
        return self.claim.state_since_at, self.claim.id


@dataclass(frozen=True, slots=True)
class _Row:
    claim: Claim
    round_id: int | None
    policy_key: str
    is_free: bool
    is_yours: bool
    reviews: int


def stuck_claims(
    session: Session, viewer: Person, *, now: datetime, after: Place | None, limit: int
) -> list[StuckClaim]:
    """Return claims that have waited for reviews for `STUCK`, longest first, and who could take it.

    The people looked at are those who signed in last and those who came last; in four queries.
    """
    # The state is written out so that both databases take the index of open claims, which is of
    # articles that stand alone.
    where = [Claim.state == sa.literal_column(f"'{State.ACCEPTED}'"),
             Claim.state_since_at <= now - STUCK, sa.not_(Claim.article_withdrawn),
             Claim.id.not_in(live_claims())]  # fmt: skip
    if after is not None:
        where.append(sa.tuple_(Claim.state_since_at, Claim.id) > sa.tuple_(*after))
    rows = _rows(session, viewer, where, now=now, limit=limit)
    return _judged(session, rows, _at_hand(session, viewer, now), now) if rows else []


def able_for(
    session: Session, viewer: Person, claim: Claim, *, now: datetime, after_id: int
) -> tuple[StuckClaim, int | None]:
    """Return all who could take one claim among the next people, and after whom to look further.

    It is in four queries; None: nobody is left to be looked at.
    """
    (row,) = _rows(session, viewer, [Claim.id == claim.id], now=now, limit=1)
    query = _WORKING.where(Person.id > after_id).order_by(Person.id).limit(LOOKED_AT)
    people = with_load(session, viewer, query, now=now)
    (found,) = _judged(session, [row], people, now)
    return found, people[-1][0].id if len(people) == LOOKED_AT else None


def _rows(
    session: Session, viewer: Person, where: Sequence[sa.ColumnElement[bool]], *, now: datetime,
    limit: int,
) -> list[_Row]:  # fmt: skip
    reviews = sa.select(sa.func.count(Review.id)).where(
        Review.round_id == Round.id, Review.state == "submitted"
    )
    key = sa.func.coalesce(Round.policy_key, Claim.policy_key, Article.policy_key)
    found = session.execute(
        sa.select(Claim, Round.id, key, sa.or_(Round.id.is_(None), has_free_seat(now)),
                  sa.func.coalesce(Round.id.in_(open_rounds_of(viewer)), sa.false()),
                  reviews.correlate(Round).scalar_subquery())
        .join(Claim.article)
        .outerjoin(Round, sa.and_(Round.claim_id == Claim.id, Round.closed_at.is_(None)))
        .where(*where)
        .options(contains_eager(Claim.article))
        .order_by(Claim.state_since_at, Claim.id)
        .limit(limit)
    )  # fmt: skip
    return [_Row(*one) for one in found]


def _at_hand(session: Session, viewer: Person, now: datetime) -> _People:
    """Return who signed in last and who came last: a fixed number, however many there are."""
    newest = sa.select(SignInSession.person_id, SignInSession.id.label("at"))
    last = newest.order_by(SignInSession.id.desc()).limit(SIGN_INS).subquery()
    signed_in = (
        sa.select(last.c.person_id)
        .group_by(last.c.person_id)
        .order_by(sa.func.max(last.c.at).desc())
        .limit(LATEST)
        .subquery()
    )
    came = sa.select(Person.id).order_by(Person.id.desc()).limit(NEWEST).subquery()
    near = sa.or_(
        Person.id.in_(sa.select(signed_in.c.person_id)), Person.id.in_(sa.select(came.c.id))
    )
    return with_load(session, viewer, _WORKING.where(near), now=now)


@dataclass(frozen=True, slots=True)
class _Filed:
    """Under what a claim is filed: its tags, and whom it was asked of."""

    tags: Sequence[str]
    asked: Asked | None


def _judged(
    session: Session, rows: Sequence[_Row], people: _People, now: datetime
) -> list[StuckClaim]:
    """Return the claims with all those people who could take them, in two queries."""
    parts = parts_in(session, [row.round_id for row in rows if row.round_id], now)
    filed = _filed(session, [row.claim.id for row in rows])
    found = []
    for row in rows:
        part = parts.get(row.round_id or 0, set())
        bar = _bar(row)
        under = filed[row.claim.id]
        able = [] if bar else _able(row.claim, people, part, under.tags)
        reviews = None if bar is Bar.YOURS else row.reviews
        found.append(StuckClaim(row.claim, reviews, bar, under.asked, able))
    return found


def _bar(row: _Row) -> Bar | None:
    bars = {
        Bar.STATE: row.claim.state != State.ACCEPTED,
        Bar.WITHDRAWN: row.claim.article.state == "withdrawn",
        Bar.YOURS: row.is_yours,
        Bar.BY_LOT: policy(row.policy_key).by_lot,
        Bar.FULL: not row.is_free,
    }
    return next((bar for bar, holds in bars.items() if holds), None)


def _able(claim: Claim, people: _People, part: set[int], tags: Sequence[str]) -> list[Able]:
    """Return who could take a claim, who fits best first."""
    is_known = claim.article.language.lower() not in ANY_LANGUAGE
    can = [(one, load) for one, load in people if one.id not in part and can_sit(claim, one)]
    return sorted(
        (
            Able(one, load, is_known and bool(one.languages), fitting(one.fields, tags))
            for one, load in can
        ),
        key=rank,
    )


def rank(able: Able) -> tuple[bool, bool, int, int]:
    """Return by what people are put in order: their field, their language, then how free they are.

    Nobody is put before another for what they rated, or how.
    """
    return not able.fields, not able.names_language, able.load.together, able.person.id


def fitting(fields: Iterable[str], tags: Iterable[str]) -> tuple[str, ...]:
    """Return the fields of knowledge that fit a tag: all words of the one are among the other's."""
    known = [_words(tag) for tag in tags]
    return tuple(one for one in fields if any(_fit(_words(one), tag) for tag in known))


def _words(text: str) -> frozenset[str]:
    return frozenset(word for word in _BREAK.split(text.casefold()) if word)


def _fit(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one) and bool(other) and (one <= other or other <= one)


def _filed(session: Session, claim_ids: Sequence[int]) -> dict[int, _Filed]:
    rows = session.execute(
        sa.select(ClaimFacet.claim_id, ClaimFacet.kind, ClaimFacet.value, Person.name)
        .outerjoin(
            Person, sa.and_(ClaimFacet.kind == Facet.PERSON, Person.public_id == ClaimFacet.value)
        )
        .where(ClaimFacet.claim_id.in_(claim_ids), ClaimFacet.kind.in_((Facet.PERSON, Facet.TAG)))
        .order_by(ClaimFacet.value)
    ).all()
    return {
        one: _Filed(
            [row.value for row in rows if row.claim_id == one and row.kind == Facet.TAG],
            next(
                (Asked(row.value, row.name) for row in rows if row.claim_id == one and row.name),
                None,
            ),
        )
        for one in claim_ids
    }
