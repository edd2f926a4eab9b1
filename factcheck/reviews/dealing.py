"""Dealing the next claim: the highest band of priority first, at random inside it.

Nobody chooses whom they agree with, so the draw is among claims with a free seat, and does not say
how many there are. What it reads is bounded however many claims are open: one window of a band, at
a random place. On PostgreSQL a claim that somebody else is being dealt is passed by at first, and
waited for only when nothing else is left; each try is a savepoint, which lets go of what it held.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from factcheck.accounts.models import Person
from factcheck.accounts.rules import Role
from factcheck.articles.models import Article
from factcheck.claims.facets import ClaimFacet, Facet
from factcheck.claims.models import Claim
from factcheck.claims.rules import State
from factcheck.failures import Forbidden, Missing
from factcheck.methods.queries import keys_by_lot
from factcheck.reviews import queries
from factcheck.reviews.models import GoldAnswer, GoldRate, Review, Round, Seat, Skip
from factcheck.reviews.panels import accept
from factcheck.reviews.rules import ANY_LANGUAGE, minutes_needed
from factcheck.reviews.seats import AlreadySubmitted, NoSeat, NotInReview, take_held, take_seat

WINDOW = 64  # claims of a band among which one draw is made
# What the query of eligible claims rules out, and what may have become true since it ran.
_TAKEN_MEANWHILE = (NoSeat, NotInReview, AlreadySubmitted, Forbidden)
_RATE = sa.select(GoldRate.one_in).scalar_subquery()
_draw = random.SystemRandom()
_PERSON_ID: sa.BindParameter[int] = sa.bindparam("person_id")
_NOW: sa.BindParameter[datetime] = sa.bindparam("now")
_HELD_AT_ONCE = (
    sa.select(Claim)
    .where(Claim.id == sa.bindparam("id"))
    .options(joinedload(Claim.article))
    .with_for_update(key_share=True, skip_locked=True, of=Claim)
)
_LAST_ARTICLE = (
    sa.select(Claim.article_id)
    .join(Round, Round.claim_id == Claim.id)
    .join(Review, Review.round_id == Round.id)
    .where(Review.person_id == _PERSON_ID)
    .order_by(Review.edited_at.desc(), Review.id.desc())
    .limit(1)
)
_BAND = sa.select(Claim.id).where(
    Claim.state == sa.literal_column(f"'{State.ACCEPTED}'"),
    sa.not_(Claim.article_withdrawn),
    Claim.priority == sa.bindparam("priority"),
)
# Each end by itself: with MIN and MAX in one query, SQLite reads the whole band.
_ENDS = sa.select(
    _BAND.order_by(Claim.id).limit(1).scalar_subquery(),
    _BAND.order_by(Claim.id.desc()).limit(1).scalar_subquery(),
)


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
    being dealt is waited for where nothing else is left; not in a transaction that holds the person
    and a claim already. Raises NothingToReview.
    """
    wish = wish or Wish()
    if waits:
        hold_person(session, person)
    for seat in queries.held_seats(session, person, now=now):
        if wish.article is None or seat.round.claim.article_id == wish.article.id:
            accept(session, seat.round, person, now=now)
            return seat
    tried: list[int] = []
    for claim_id in _by_effort(_drawn(session, person, now, wish), person, wish.minutes):
        tried.append(claim_id)
        # Who waits for nobody later may keep what was tried in vain until the transaction ends.
        trial = session.begin_nested() if waits else nullcontext()
        with suppress(*_TAKEN_MEANWHILE, _InHand), trial:
            return take_held(session, _held_at_once(session, claim_id), person, now=now)
    for claim_id in sorted(tried) if waits else ():
        with suppress(*_TAKEN_MEANWHILE), session.begin_nested():
            return take_seat(session, session.get_one(Claim, claim_id), person, now=now)
    raise NothingToReview("There is nothing for you to review now.")


def hold_person(session: Session, person: Person) -> None:
    """Make two deals of one person wait for each other, so that they end in one seat.

    Whoever holds a claim as well holds the person first. The person is read anew.
    """
    session.flush()  # else what was changed on the person is lost
    session.refresh(person, with_for_update={"key_share": True})


def _held_at_once(session: Session, claim_id: int) -> Claim:
    """Hold a claim until the transaction ends and return it; raise _InHand where another does."""
    claim = session.scalar(
        _HELD_AT_ONCE, {"id": claim_id}, execution_options={"populate_existing": True}
    )
    if claim is None:
        raise _InHand
    return claim


_Chosen = sa.Select[int, str, str]


@dataclass(frozen=True, slots=True)
class _Draw:
    """The statements of a draw, made once for each shape that a person and a wish can have.

    `start`: the highest band with something for the person, the article they worked on last, and
    of how many claims one is a gold claim.
    """

    start: sa.Select[int | None, int | None, int | None]
    gold: _Chosen
    asked: sa.Select[int, str, str, int]
    near: _Chosen
    onward: _Chosen
    before: _Chosen


@cache
def _draw_for(*, has_interests: bool, in_article: bool, languages: int) -> _Draw:
    narrowing = [*_open_to_person()]
    if has_interests:
        narrowing.append(Article.slug.not_in(_many("interests")))
    if in_article:
        narrowing.append(Claim.article_id == sa.bindparam("article_id"))
    if languages:
        narrowing.append(_in_languages(languages))
    eligible = _eligible().where(*narrowing)
    highest = eligible.with_only_columns(Claim.priority, maintain_column_froms=True)
    top = highest.order_by(Claim.priority.desc(), Claim.id.desc()).limit(1)
    band = eligible.where(Claim.priority == sa.bindparam("priority")).order_by(Claim.id)
    band = band.limit(WINDOW)
    return _Draw(
        start=sa.select(top.scalar_subquery(), _LAST_ARTICLE.scalar_subquery(), _RATE),
        gold=_golds().where(*narrowing, Claim.priority == sa.bindparam("priority")),
        asked=_asked(eligible),
        near=band.where(Claim.article_id == sa.bindparam("last_article_id")),
        onward=band.where(Claim.id >= sa.bindparam("pivot")),
        before=band.where(Claim.id < sa.bindparam("pivot")),
    )


def _asked(eligible: _Chosen) -> sa.Select[int, str, str, int]:
    """Return the query of what was asked of the person, with its priority, which it is ordered by.

    It begins at the index of facets, where most people have nothing.
    """
    return (
        eligible.add_columns(ClaimFacet.priority)
        .join(ClaimFacet, ClaimFacet.claim_id == Claim.id)
        .where(
            ClaimFacet.kind == Facet.PERSON, ClaimFacet.state == State.ACCEPTED,
            ClaimFacet.value == sa.bindparam("public_id"),
        )
        .order_by(ClaimFacet.priority.desc(), ClaimFacet.claim_id.desc())
        .limit(WINDOW)
    )  # fmt: skip


def _many(name: str) -> sa.BindParameter[Any]:
    return sa.bindparam(name, expanding=True)


def _eligible() -> _Chosen:
    """Return the query of the claims, as candidates, that have a seat, in no order.

    A claim whose reviewers are drawn by lot has none but theirs, which they hold already.
    """
    free = sa.and_(Round.is_gold.is_(False), has_free_seat(_NOW), ~_is_done())
    return (
        sa.select(Claim.id, Claim.restated, Article.language)
        .join(Claim.article)
        .outerjoin(Round, sa.and_(Round.claim_id == Claim.id, Round.closed_at.is_(None)))
        .where(sa.or_(Round.id.is_(None), free))
    )


def _golds() -> _Chosen:
    """Return the query of the gold claims that the person had no part in; each seats everybody."""
    return (
        sa.select(Claim.id, Claim.restated, Article.language)
        .select_from(GoldAnswer)
        .join(GoldAnswer.round)
        .join(Round.claim)
        .join(Claim.article)
        .where(Round.closed_at.is_(None), ~_is_done())
        .limit(WINDOW)
    )


def _open_to_person() -> Sequence[sa.ColumnElement[bool]]:
    """Return the conditions of an open claim that the person may review at all."""
    policy = sa.func.coalesce(Round.policy_key, Claim.policy_key, Article.policy_key)
    return (
        # Written out so that both databases take the index of open claims.
        Claim.state == sa.literal_column(f"'{State.ACCEPTED}'"),
        sa.not_(Claim.article_withdrawn),
        sa.or_(Claim.proposed_by_id.is_(None), Claim.proposed_by_id != _PERSON_ID),
        policy.not_in(keys_by_lot()),
    )


def has_free_seat(now: datetime | sa.BindParameter[datetime]) -> sa.ColumnElement[bool]:
    """Whether nobody holds one of the seats of the round that is selected."""
    free = sa.or_(Seat.person_id.is_(None), Seat.expires_at <= now)
    return sa.select(Seat.id).where(Seat.round_id == Round.id, free).exists()


def _is_done() -> sa.ColumnElement[bool]:
    """Whether the person has a part in the round."""
    own = (
        part.where(part.selected_columns.round_id == Round.id,
                   part.selected_columns.person_id == _PERSON_ID)
        for part in _parts(_NOW)
    )  # fmt: skip
    return sa.or_(*(part.correlate(Round).exists() for part in own))


def _parts(now: datetime | sa.BindParameter[datetime]) -> Sequence[sa.Select[Any, Any]]:
    """Return who has a part in which round: holds a seat, answered, or passed it over."""
    held = sa.or_(Seat.expires_at.is_(None), Seat.expires_at > now)
    return (
        sa.select(Seat.round_id, Seat.person_id).where(Seat.person_id.is_not(None), held),
        sa.select(Review.round_id, Review.person_id).where(Review.state != "draft"),
        sa.select(Skip.round_id, Skip.person_id),
    )


def parts_in(session: Session, round_ids: Collection[int], now: datetime) -> dict[int, set[int]]:
    """Return who has a part in each of some open rounds, so that none of it is dealt to them.

    It does not change by an answer: who gives one held a seat before.
    """
    found: dict[int, set[int]] = {one: set() for one in round_ids}
    inside = (part.where(part.selected_columns.round_id.in_(round_ids)) for part in _parts(now))
    for round_id, person_id in session.execute(sa.union(*inside)) if found else ():
        found[round_id].add(person_id)
    return found


def _in_languages(number: int) -> sa.ColumnElement[bool]:
    """Whether an article is in one of the languages, whatever its region: en also means en-GB."""
    tag = sa.func.lower(Article.language)
    regions = [sa.bindparam(f"region_{place}", type_=sa.String()) for place in range(number)]
    regional = [sa.func.substr(tag, 1, sa.func.length(one)) == one for one in regions]
    return sa.or_(tag.in_(_many("languages")), *regional)


def _drawn(session: Session, person: Person, now: datetime, wish: Wish) -> Iterator[_Candidate]:
    """Yield claims in the order of a draw: first those that an editor asked of the person.

    Then those of the highest band, of which those of the last article come first, and by chance a
    gold claim before them. What comes later is read only when it is asked for; a claim can come
    twice.
    """
    languages = [one.lower() for one in ([wish.language] if wish.language else person.languages)]
    draw = _draw_for(
        has_interests=bool(person.interests), in_article=wish.article is not None,
        languages=len(languages),
    )  # fmt: skip
    given: dict[str, Any] = {
        "person_id": person.id, "public_id": person.public_id, "now": now,
        "interests": person.interests, "article_id": wish.article.id if wish.article else None,
        "languages": [*languages, *ANY_LANGUAGE],
        **{f"region_{place}": f"{one}-" for place, one in enumerate(languages)},
    }  # fmt: skip
    yield from _asked_of(session, draw, given)
    given["priority"], given["last_article_id"], rate = session.execute(draw.start, given).one()
    if given["priority"] is None:
        return  # nor a gold claim, which would be known for what it is
    if _is_gold_due(person, rate or 0):
        yield from _shuffled(session, draw.gold, given)[:1]
    if given["last_article_id"] is not None:
        yield from _shuffled(session, draw.near, given)
    yield from _window(session, draw, given)


def _is_gold_due(person: Person, rate: int) -> bool:
    """Whether a gold claim takes the place of an ordinary one this time; never for editors."""
    return rate > 0 and not person.is_at_least(Role.EDITOR) and _draw.random() * rate < 1


def _asked_of(session: Session, draw: _Draw, given: dict[str, Any]) -> list[_Candidate]:
    """Return claims that an editor asked of the person and that they may be dealt.

    The highest band comes first, in an order of chance; what is behind it, the newest first.
    """
    bands: dict[int, list[_Candidate]] = defaultdict(list)
    for claim_id, restated, language, priority in session.execute(draw.asked, given):
        bands[priority].append(_Candidate(claim_id, restated, language))
    top, *others = bands.values() if bands else ([],)
    _draw.shuffle(top)
    return [*top, *(one for band in others for one in band)]


def _shuffled(session: Session, chosen: _Chosen, given: dict[str, Any]) -> list[_Candidate]:
    found = [_Candidate(*row) for row in session.execute(chosen, given)]
    _draw.shuffle(found)
    return found


def _window(session: Session, draw: _Draw, given: dict[str, Any]) -> list[_Candidate]:
    """Return up to WINDOW claims of a band, following each other from a random place in a ring."""
    first, last = session.execute(_ENDS, given).one()
    if first is None or last is None:
        return []  # all of the band was dealt since it was seen
    pivot = {"pivot": _draw.randint(first, last)}
    found = _shuffled(session, draw.onward, given | pivot)
    if len(found) < WINDOW:
        found += _shuffled(session, draw.before, given | pivot)[: WINDOW - len(found)]
        _draw.shuffle(found)
    return found


def _by_effort(drawn: Iterable[_Candidate], person: Person, minutes: int | None) -> Iterator[int]:
    """Yield the claims' ids, those first that fit into the minutes; the draw's order stays."""
    if minutes is not None:
        drawn = sorted(
            drawn, key=lambda one: _minutes(one.restated, one.language, person) > minutes
        )
    return (one.id for one in drawn)


def minutes_of(claim: Claim, person: Person) -> int:
    """Return a guess at how many minutes the claim takes this person."""
    return _minutes(claim.restated, claim.article.language, person)


def _minutes(restated: str, language: str, person: Person) -> int:
    known = {one.lower().partition("-")[0] for one in person.languages}
    spoken = language.lower().partition("-")[0]
    return minutes_needed(restated, is_foreign=bool(known) and spoken not in known)
