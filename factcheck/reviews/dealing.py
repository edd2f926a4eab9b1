"""Dealing the next claim: the highest band of priority first, at random inside it.

Nobody chooses whom they agree with, so the draw is among claims with a free seat, and does not say
how many there are. What it reads is bounded however many claims are open: one window of a band, at
a random place. On PostgreSQL a claim that somebody else is being dealt is passed by at first, and
waited for only when nothing else is left; each try is a savepoint, which lets go of what it held.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from factcheck.accounts.models import Person
from factcheck.accounts.rules import Role
from factcheck.articles.models import Article
from factcheck.claims.facets import ClaimFacet, Facet
from factcheck.claims.models import Claim
from factcheck.claims.rules import State
from factcheck.failures import Missing
from factcheck.methods.queries import keys_by_lot
from factcheck.reviews import queries
from factcheck.reviews.models import GoldRate, Review, Round, Seat, Skip
from factcheck.reviews.panels import accept
from factcheck.reviews.rules import ANY_LANGUAGE, minutes_needed
from factcheck.reviews.seats import AlreadySubmitted, NoSeat, NotInReview, take_seat

WINDOW = 64  # claims of a band among which one draw is made
_draw = random.SystemRandom()


class _Candidate(NamedTuple):
    """What the choice among open claims needs of each, so that only the chosen one is loaded."""

    id: int
    restated: str
    language: str


class NothingToReview(Missing):
    """No claim has a seat for this person now."""


class _InHand(Exception):
    """Somebody else is being dealt a seat of this claim at this moment."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What narrows the choice: an article, a language; of those drawn, what fits into `minutes`."""

    article: Article | None = None
    language: str | None = None
    minutes: int | None = None


def deal_next(
    session: Session, person: Person, *, now: datetime, wish: Wish | None = None,
    waits: bool = True,
) -> Seat:  # fmt: skip
    """Return a seat for `person`: one that they hold already, else one of the highest priority.

    What an editor asked of them comes first, if it may be dealt to them at all; inside a band,
    claims of the article that they worked on last. `waits`: whether a claim that somebody else is
    being dealt is waited for where nothing else is left; not in a transaction that holds a claim
    already. Raises NothingToReview.
    """
    wish = wish or Wish()
    hold_person(session, person)
    for seat in queries.held_seats(session, person, now=now):
        if wish.article is None or seat.round.claim.article_id == wish.article.id:
            accept(session, seat.round, person, now=now)
            return seat
    drawn = _by_effort(_drawn(session, person, _eligible(person, now, wish)), person, wish.minutes)
    if drawn and _is_gold_due(session, person):
        drawn = _one_gold(session, person, now, wish) + drawn
    for claim_id in drawn:
        with suppress(NoSeat, NotInReview, AlreadySubmitted, _InHand), session.begin_nested():
            return take_seat(session, _held_at_once(session, claim_id), person, now=now)
    for claim_id in sorted(drawn) if waits else ():
        with suppress(NoSeat, NotInReview, AlreadySubmitted), session.begin_nested():
            return take_seat(session, session.get_one(Claim, claim_id), person, now=now)
    raise NothingToReview("There is nothing for you to review now.")


def hold_person(session: Session, person: Person) -> None:
    """Make two deals of one person wait for each other, so that they end in one seat.

    Whoever holds a claim as well holds the person first.
    """
    session.execute(
        sa.select(Person.id).where(Person.id == person.id).with_for_update(key_share=True)
    )


def _held_at_once(session: Session, claim_id: int) -> Claim:
    """Hold a claim until the transaction ends and return it; raise _InHand where another does."""
    claim = session.get(
        Claim, claim_id, options=[joinedload(Claim.article)], populate_existing=True,
        with_for_update={"key_share": True, "skip_locked": True, "of": Claim},
    )  # fmt: skip
    if claim is None:
        raise _InHand
    return claim


def _eligible(person: Person, now: datetime, wish: Wish) -> sa.Select[int, str, str]:
    """Return the query of the claims, as candidates, that have a seat for the person, in no order.

    A claim whose reviewers are drawn by lot has none but theirs, which they hold already.
    """
    free = sa.and_(Round.is_gold.is_(False), _has_free_seat(now), ~_is_done_by(person, now))
    return _open_to(person, wish).where(sa.or_(Round.id.is_(None), free))


def _is_gold_due(session: Session, person: Person) -> bool:
    """Whether a gold claim takes the place of an ordinary one this time; never for editors."""
    if person.is_at_least(Role.EDITOR):
        return False
    one_in = session.scalar(sa.select(GoldRate.one_in)) or 0
    return one_in > 0 and _draw.random() * one_in < 1


def _one_gold(session: Session, person: Person, now: datetime, wish: Wish) -> list[int]:
    """Return a gold claim that the person had no part in, or none; it has a seat for everybody."""
    golds = _open_to(person, wish).where(Round.is_gold, ~_is_done_by(person, now))
    found = [
        one.id
        for one in _candidates(session, golds)
        if wish.minutes is None or _minutes(one.restated, one.language, person) <= wish.minutes
    ]
    return [_draw.choice(found)] if found else []


def _open_to(person: Person, wish: Wish) -> sa.Select[int, str, str]:
    """Return the query of open claims that the person may review at all."""
    # The state is written out so that both databases take the index of open claims.
    chosen = (
        sa.select(Claim.id, Claim.restated, Article.language)
        .join(Claim.article)
        .outerjoin(Round, sa.and_(Round.claim_id == Claim.id, Round.closed_at.is_(None)))
        .where(
            Claim.state == sa.literal_column(f"'{State.ACCEPTED}'"),
            sa.or_(Claim.proposed_by_id.is_(None), Claim.proposed_by_id != person.id),
            Article.state != "withdrawn",
            sa.func.coalesce(Round.policy_key, Claim.policy_key, Article.policy_key).not_in(
                keys_by_lot()
            ),
        )
    )
    if person.interests:
        chosen = chosen.where(Article.slug.not_in(person.interests))
    if wish.article is not None:
        chosen = chosen.where(Claim.article_id == wish.article.id)
    languages = [wish.language] if wish.language else person.languages
    return chosen.where(_in_languages(languages)) if languages else chosen


def _has_free_seat(now: datetime) -> sa.ColumnElement[bool]:
    free = sa.or_(Seat.person_id.is_(None), Seat.expires_at <= now)
    return sa.select(Seat.id).where(Seat.round_id == Round.id, free).exists()


def _is_done_by(person: Person, now: datetime) -> sa.ColumnElement[bool]:
    """Whether the person holds a seat of the round, answered in it, or passed it over."""
    held = sa.or_(Seat.expires_at.is_(None), Seat.expires_at > now)
    seat = sa.select(Seat.id).where(Seat.round_id == Round.id, Seat.person_id == person.id, held)
    answer = sa.select(Review.id).where(
        Review.round_id == Round.id, Review.person_id == person.id, Review.state != "draft"
    )
    skip = sa.select(Skip.id).where(Skip.round_id == Round.id, Skip.person_id == person.id)
    return sa.or_(seat.exists(), answer.exists(), skip.exists())


def _in_languages(languages: Sequence[str]) -> sa.ColumnElement[bool]:
    """Whether an article is in one of the languages, whatever its region: en also means en-GB."""
    tag = sa.func.lower(Article.language)
    wanted = [one.lower() for one in languages]
    regional = [tag.startswith(one + "-", autoescape=True) for one in wanted]
    return sa.or_(tag.in_([*wanted, *ANY_LANGUAGE]), *regional)


def _drawn(
    session: Session, person: Person, eligible: sa.Select[int, str, str]
) -> list[_Candidate]:
    """Return claims in the order of a draw: first those that an editor asked of the person.

    Then those of the highest band, of which those of the last article come first.
    """
    asked = _asked_of(session, person, eligible)
    _draw.shuffle(asked)
    priorities = eligible.with_only_columns(Claim.priority, maintain_column_froms=True)
    top = session.scalar(priorities.order_by(Claim.priority.desc(), Claim.id.desc()).limit(1))
    if top is None:
        return []
    band = eligible.where(Claim.priority == top).order_by(Claim.id)
    last = _last_article_id(session, person)
    near = _candidates(session, band.where(Claim.article_id == last)) if last is not None else []
    _draw.shuffle(near)
    found = _window(session, band, top)
    _draw.shuffle(found)
    return list(dict.fromkeys([*asked, *near, *found]))


def _asked_of(
    session: Session, person: Person, eligible: sa.Select[int, str, str]
) -> list[_Candidate]:
    """Return the claims that an editor asked the person to review and that they may be dealt."""
    asked = (
        sa.select(ClaimFacet.claim_id)
        .where(
            ClaimFacet.kind == Facet.PERSON, ClaimFacet.state == State.ACCEPTED,
            ClaimFacet.value == person.public_id,
        )
        .order_by(ClaimFacet.priority.desc(), ClaimFacet.claim_id.desc())
        .limit(WINDOW * 4)
    )  # fmt: skip
    ids = session.scalars(asked).all()
    return _candidates(session, eligible.where(Claim.id.in_(ids))) if ids else []


def _candidates(
    session: Session, chosen: sa.Select[int, str, str], most: int = WINDOW
) -> list[_Candidate]:
    return [_Candidate(*row) for row in session.execute(chosen.limit(most))]


def _window(session: Session, band: sa.Select[int, str, str], priority: int) -> list[_Candidate]:
    """Return up to WINDOW claims of a band, following each other from a random place in a ring."""
    ids = sa.select(Claim.id).where(
        Claim.state == sa.literal_column(f"'{State.ACCEPTED}'"), Claim.priority == priority
    )
    # Each end by itself: asked for together, SQLite reads the whole band.
    first = session.scalars(ids.order_by(Claim.id).limit(1)).one()
    last = session.scalars(ids.order_by(Claim.id.desc()).limit(1)).one()
    pivot = _draw.randint(first, last)
    found = _candidates(session, band.where(Claim.id >= pivot))
    if len(found) < WINDOW and pivot > first:
        found += _candidates(session, band.where(Claim.id < pivot), WINDOW - len(found))
    return found


def _last_article_id(session: Session, person: Person) -> int | None:
    return session.scalar(
        sa.select(Claim.article_id)
        .join(Round, Round.claim_id == Claim.id)
        .join(Review, Review.round_id == Round.id)
        .where(Review.person_id == person.id)
        .order_by(Review.edited_at.desc(), Review.id.desc())
        .limit(1)
    )


def _by_effort(drawn: Sequence[_Candidate], person: Person, minutes: int | None) -> list[int]:
    """Return the claims' ids, those first that fit into the minutes; the draw's order stays."""
    if minutes is not None:
        drawn = sorted(
            drawn, key=lambda one: _minutes(one.restated, one.language, person) > minutes
        )
    return [one.id for one in drawn]


def minutes_of(claim: Claim, person: Person) -> int:
    """Return a guess at how many minutes the claim takes this person."""
    return _minutes(claim.restated, claim.article.language, person)


def _minutes(restated: str, language: str, person: Person) -> int:
    known = {one.lower().partition("-")[0] for one in person.languages}
    spoken = language.lower().partition("-")[0]
    return minutes_needed(restated, is_foreign=bool(known) and spoken not in known)
