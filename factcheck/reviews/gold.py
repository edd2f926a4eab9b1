"""Gold claims: claims whose answer editors know, dealt among the others to measure reviewers.

A gold claim is an accepted claim with a round of its own kind. That round seats everybody and never
decides, so the claim stands to reviewers as any other that is open; retiring it closes the round,
and the claim is reviewed as if nothing had been. Its reviews stay with who wrote them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload

from factcheck.accounts.events import record
from factcheck.accounts.models import Person
from factcheck.claims.models import Claim
from factcheck.claims.queries import lock_claims, policy_of, scale_of
from factcheck.claims.rules import State
from factcheck.failures import Conflict, Invalid, Missing
from factcheck.methods import queries as methods
from factcheck.methods.calibration import Calibration, calibration, in_fives, is_right
from factcheck.reviews.carrying import carry_on
from factcheck.reviews.models import GoldAnswer, GoldRate, Review, Round
from factcheck.reviews.rounds import open_new
from factcheck.reviews.rules import LONGEST_REASON, check_text

RATES = (0, 50, 20, 10, 5)
"""Of how many claims dealt one may be a gold claim; 0: none."""
_ANSWERED = ("submitted", "withdrawn")  # so that taking one back does not tell what it was


class NotForGold(Conflict):
    """The claim cannot be a gold claim: as it stands a reviewer could tell, or look it up."""


class GoldMissing(Missing):
    """The claim has no gold answer."""


@dataclass(frozen=True, slots=True)
class GoldShown:
    """A gold claim as editors see it: how many answered, how many rightly, and the ratings given.

    `given` is by the rating's key, in no order that tells who gave it.
    """

    answer: GoldAnswer
    answers: int
    right: int
    given: dict[str, int]

    @property
    def is_dealt(self) -> bool:
        """Whether reviewers can get it: not once it is retired, or while it is put aside."""
        round_ = self.answer.round
        return round_.closed_at is None and round_.claim.state == State.ACCEPTED

    @property
    def is_doubtful(self) -> bool:
        """Whether most of five or more say otherwise, so that the known answer may be wrong."""
        return self.answers >= 5 and 2 * self.right < self.answers


def one_in(session: Session) -> int:
    """Return of how many claims dealt one is a gold claim; 0: none."""
    return session.scalar(sa.select(GoldRate.one_in)) or 0


def set_rate(session: Session, number: int, *, actor: Person, now: datetime) -> None:
    """Have one of so many claims dealt be a gold claim; raise Invalid for none of RATES."""
    if number not in RATES:
        raise Invalid("one_in", "Choose one of the rates.")
    session.merge(GoldRate(id=1, one_in=number))
    record(session, "gold.rate", str(number), actor=actor, now=now)


def make_gold(
    session: Session, claim: Claim, rating: str, reasons: str, *, actor: Person, now: datetime
) -> GoldAnswer:
    """Make an accepted claim that nobody reviewed a gold claim.

    Raises NotForGold, and Invalid for no rating of the scale or no reasons.
    """
    lock_claims(session, [claim])
    policy = policy_of(claim)
    if claim.state != State.ACCEPTED:
        raise NotForGold("Only an accepted claim can be a gold claim.")
    if policy.by_lot or policy.seats < 2:
        raise NotForGold("A gold claim needs a policy with two seats or more, and without a lot.")
    if session.scalar(sa.select(Round.id).where(Round.claim_id == claim.id).limit(1)):
        raise NotForGold("This claim was or is being reviewed, so its answer could be read.")
    if rating not in {one.key for one in scale_of(claim).ratings}:
        raise Invalid("rating", "Choose a rating of the scale.")
    why = check_text("reasons", reasons, LONGEST_REASON)
    round_, _seats = open_new(session, claim, after=None, now=now)
    round_.is_gold = True
    answer = GoldAnswer(round=round_, rating=rating, reasons=why, given_by=actor, given_at=now)
    session.add(answer)
    session.flush()
    record(session, "gold.made", claim.public_id, actor=actor, now=now)
    return answer


def retire(
    session: Session, claim: Claim, *, counts: bool, actor: Person, now: datetime
) -> GoldAnswer:
    """End a gold claim; it is then reviewed as any other. Raises GoldMissing.

    Not `counts`: the known answer was wrong, and no figure rests on it any more, which can be said
    of one that is retired already, too.
    """
    lock_claims(session, [claim])
    answer = session.scalar(
        sa.select(GoldAnswer)
        .join(GoldAnswer.round)
        .where(Round.claim_id == claim.id)
        .options(contains_eager(GoldAnswer.round))
    )
    if answer is None:
        raise GoldMissing("This is no gold claim.")
    if answer.round.closed_at is None:
        end(session, answer.round, now=now)
    answer.counts = answer.counts and counts
    record(session, "gold.retired", claim.public_id, actor=actor, now=now, counts=answer.counts)
    return answer


def end(session: Session, round_: Round, *, now: datetime) -> None:
    """Close a gold round of a claim that is held; who is at work in it goes on in the next one."""
    round_.closed_at, round_.outcome, round_.number = now, "dropped", 0
    session.flush()
    carry_on(session, round_, now=now)


def live_claims() -> sa.Select[int]:
    """Return the query of the keys of gold claims that were not retired. For editors only."""
    return sa.select(Round.claim_id).where(Round.is_gold, Round.closed_at.is_(None))


def gold_claims(session: Session, *, before: int | None = None, limit: int) -> list[GoldShown]:
    """Return the gold claims, the newest first, from a place on. For editors only. In two queries.

    `before` is the key of the answer after which to go on.
    """
    query = (
        sa.select(GoldAnswer)
        .join(GoldAnswer.round)
        .join(Round.claim)
        .options(
            contains_eager(GoldAnswer.round).contains_eager(Round.claim).joinedload(Claim.article),
            joinedload(GoldAnswer.given_by),
        )
        .order_by(GoldAnswer.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(GoldAnswer.id < before)
    answers = session.scalars(query).all()
    given: dict[int, dict[str, int]] = defaultdict(dict)
    for round_id, rating, number in session.execute(
        sa.select(Review.round_id, Review.rating, sa.func.count())
        .where(Review.round_id.in_([one.round_id for one in answers]), Review.state.in_(_ANSWERED))
        .group_by(Review.round_id, Review.rating)
    ):
        given[round_id][str(rating)] = number
    return [_shown(answer, given[answer.round_id]) for answer in answers]


def gold_claim(session: Session, answer: GoldAnswer) -> GoldShown:
    """Return one gold claim as editors see it."""
    (found,) = gold_claims(session, before=answer.id + 1, limit=1)
    return found


def _shown(answer: GoldAnswer, given: dict[str, int]) -> GoldShown:
    scale = methods.scale(answer.round.scale_key)
    right = sum(number for key, number in given.items() if is_right(key, answer.rating, scale))
    return GoldShown(answer, sum(given.values()), right, given)


def figures(session: Session, person_ids: Collection[int]) -> dict[int, Calibration]:
    """Return the figures of those of these people who have one, by id. For editors only."""
    found = _answers(session, person_ids)
    return {key: figure for key, given in found.items() if (figure := calibration(given))}


def own_figure(session: Session, person: Person, *, now: datetime) -> Calibration | None:
    """Return somebody's own figure, such that it does not tell which claim was a gold claim.

    It is renewed at the start of a week (Monday, UTC), and grows by five answers at a time.
    """
    today = now.astimezone(UTC).date()
    monday = datetime.combine(today - timedelta(days=today.weekday()), time(), UTC)
    given = _answers(session, [person.id], before=monday).get(person.id, [])
    return calibration(in_fives(given))


def _answers(
    session: Session, person_ids: Collection[int], *, before: datetime | None = None
) -> dict[int, list[bool]]:
    """Return for each person whether their answers were right, in the order of submitting."""
    query = (
        sa.select(Review.person_id, Review.rating, GoldAnswer.rating, Round.scale_key)
        .join(Round, Round.id == Review.round_id)
        .join(GoldAnswer, GoldAnswer.round_id == Round.id)
        .where(Review.person_id.in_(person_ids), Review.state.in_(_ANSWERED), GoldAnswer.counts)
        .order_by(Review.submitted_at, Review.id)
    )
    if before is not None:
        query = query.where(Review.submitted_at < before)
    found: dict[int, list[bool]] = defaultdict(list)
    for person_id, rating, known, scale_key in session.execute(query):
        found[person_id].append(is_right(str(rating), known, methods.scale(scale_key)))
    return found
