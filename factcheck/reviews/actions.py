"""The verbs of reviewing: drafts, and what ends with a person's account.

Submitting for good stands in `decisions/actions.py`, since it may close the round. Seats are dealt
and taken in `dealing.py` and `seats.py`, which this module passes on; talk has its own `talk.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from factcheck.accounts import actions as accounts
from factcheck.accounts.events import record
from factcheck.accounts.models import Person
from factcheck.accounts.rules import Role
from factcheck.claims.models import Claim
from factcheck.claims.queries import lock_claims
from factcheck.claims.rules import State
from factcheck.db import Base, table_of
from factcheck.failures import Conflict, Invalid
from factcheck.methods import queries as methods
from factcheck.methods.cases import Case
from factcheck.methods.rules import Policy, Scale
from factcheck.reviews import gold, queries, snapshots
from factcheck.reviews.carrying import carry_over
from factcheck.reviews.dealing import NothingToReview, Wish, deal_next
from factcheck.reviews.known_sources import keep_sources
from factcheck.reviews.models import Citation, PracticeDone, Review, Round, Seat
from factcheck.reviews.panels import wake
from factcheck.reviews.rounds import DeclaredInterest, OwnProposal, free, open_round_or_none
from factcheck.reviews.rules import (
    Answer,
    Cited,
    answer_problems,
    as_kept,
    check,
    draft_problems,
    is_archive_of,
    lease_end,
    practice_problems,
)
from factcheck.reviews.seats import (
    AlreadySubmitted,
    MergedAway,
    NoSeat,
    NotDrawn,
    NotInReview,
    Place,
    hand_back,
    merged_away,
    place_of,
    renew_lease,
    take_seat,
)

__all__ = [
    "AlreadySubmitted",
    "DeclaredInterest",
    "MergedAway",
    "NoSeat",
    "NotDrawn",
    "NotInReview",
    "NothingToReview",
    "OwnProposal",
    "StaleDraft",
    "Wish",
    "carry_over",
    "confirm_wording",
    "deal_next",
    "disable_person",
    "hand_back",
    "hand_in",
    "keep_practice",
    "let_in",
    "mark_wording_changed",
    "problems_of",
    "renew_lease",
    "save_draft",
    "take_seat",
]


_INSERT_CITATIONS = sa.insert(table_of(Citation))


class NotPractised(Conflict):
    """The newcomer has not done all practice claims yet."""


class StaleDraft(Conflict):
    """The draft was saved from another window since this one was opened."""


def save_draft(
    session: Session, claim: Claim, person: Person, answer: Answer, *, now: datetime,
    version: int | None = None,
) -> Review:  # fmt: skip
    """Keep what the person has so far, taking a seat if they have none, and return the review.

    A draft is kept even when its seat has gone to somebody else. `version`, if given, is that of
    the draft the person saw, 0 for none. Raises what `take_seat` does, Invalid, StaleDraft.
    """
    lock_claims(session, [claim])
    place = place_of(session, claim, person, now=now)
    check(draft_problems(answer, methods.scale(place.round.scale_key)))
    draft, is_changed = _written(session, place, person, answer, now=now, version=version)
    if is_changed:
        session.flush()
        _cite(session, draft, answer.sources, now=now)
        if place.seat is not None and place.seat.expires_at is not None:
            end = lease_end(now, has_work=answer.has_work)
            place.seat.expires_at = max(place.seat.expires_at, end)
    return draft


def hand_in(
    session: Session, claim: Claim, person: Person, answer: Answer, *, now: datetime,
    version: int | None = None,
) -> Review:  # fmt: skip
    """Keep an answer for good, and return the review: *submitted*, or *late* in a closed round.

    `decisions.submit_review` calls it, and then looks whether the round closes. The claim is held
    from here on. Raises what `take_seat` does, Invalid, StaleDraft.
    """
    lock_claims(session, [claim])
    place = place_of(session, claim, person, now=now)
    is_late = place.round.closed_at is not None
    if not is_late:
        _check_still_asked(claim, place)
    policy = methods.policy(place.round.policy_key)
    check(problems_of(session, answer, person, methods.scale(place.round.scale_key), policy))
    review, is_changed = _written(session, place, person, answer, now=now, version=version)
    if is_late and is_changed:  # what its round opened follows the flush of its state
        session.flush()
        _cite(session, review, answer.sources, now=now)
        is_changed = False
    review.state = "late" if is_late else "submitted"
    review.submitted_at, review.wording_changed = now, False
    if place.seat is not None and is_late:
        free(session, place.seat)  # a late review fills no seat: it does not count
    elif place.seat is not None:
        place.seat.expires_at = None
    session.flush()
    if is_changed:
        _cite(session, review, answer.sources, now=now)
    record(session, f"review.{review.state}", review.public_id, actor=person, now=now)
    return review


def _check_still_asked(claim: Claim, place: Place) -> None:
    """Raise unless an answer to the open round is still one that somebody waits for."""
    if claim.merged_into_id is not None:
        raise merged_away(claim)
    if claim.state != State.ACCEPTED:
        raise NotInReview("An editor put this claim aside. Your draft is kept.")
    if place.seat is None:
        raise NoSeat("Your seat has gone to somebody else. Your draft is kept.")


def problems_of(
    session: Session, answer: Answer, person: Person, scale: Scale, policy: Policy
) -> Iterator[Invalid]:
    """Yield all that keeps an answer from being submitted under a policy."""
    archived = snapshots.archived(session, answer.sources, person) if policy.archived_only else ()
    yield from answer_problems(answer, scale, policy, archived)


def _written(
    session: Session, place: Place, person: Person, answer: Answer, *, now: datetime,
    version: int | None,
) -> tuple[Review, bool]:  # fmt: skip
    """Put an answer into the person's draft, making one where there is none; say if it changed.

    It is not flushed yet, and its sources are not cited.
    """
    draft = place.draft
    if draft is not None and _as_kept(session, draft) == _kept_form(answer):
        return draft, False
    if version is not None and version != (draft.version if draft else 0):
        raise StaleDraft("This draft was saved in another window since. Both are shown.")
    if draft is None:
        draft = Review(round=place.round, person=person, created_at=now, version=0, state="draft")
        session.add(draft)
    draft.rating, draft.rationale = answer.rating, answer.rationale
    draft.private_note, draft.edited_at = answer.private_note, now
    draft.version += 1
    return draft, True


def _as_kept(session: Session, review: Review) -> Answer:
    """Return what a review holds, as an answer."""
    cited = queries.citations_by_review(session, [review.id])[review.id]
    sources = tuple(
        Cited(one.source.url, one.stance, one.quote, one.title, one.archive_url) for one in cited
    )
    return Answer(review.rating, review.rationale, review.private_note, sources)


def _kept_form(answer: Answer) -> Answer:
    return replace(answer, sources=tuple(as_kept(one) for one in answer.sources))


def _cite(session: Session, review: Review, sources: Sequence[Cited], *, now: datetime) -> None:
    before: set[str | None] = set()
    if review.version > 1:  # there may be some of before
        old = sa.delete(Citation).where(Citation.review_id == review.id)
        before = set(session.scalars(old.returning(Citation.archive_url)))
    known = keep_sources(session, [one.url for one in sources], now=now)
    archived = {
        known[one.url].id
        for one in sources
        if one.archive_url not in before and is_archive_of(one.archive_url or "", one.url)
    }
    snapshots.ask(session, known.values(), now=now, newly_archived=archived)
    rows = [
        {"review_id": review.id, "source_id": known[one.url].id, "position": position,
         "stance": one.stance, "title": one.title, "quote": one.quote,
         "archive_url": one.archive_url}
        for position, one in enumerate(map(as_kept, sources), 1)
    ]  # fmt: skip
    if rows:
        session.execute(_INSERT_CITATIONS, rows)


def _add_if_new(session: Session, table: type[Base], rows: Sequence[dict[str, object]]) -> None:
    """Insert rows, but those that are there by the same unique key."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(dialect.insert(table).on_conflict_do_nothing(), rows)


def mark_wording_changed(
    session: Session, claim: Claim, now: datetime, *, told: Collection[Person] = ()
) -> None:
    """Ask the authors of reviews in hand to confirm them, since the claim's words changed.

    A gold claim is one no longer: it is reviewed as any other from here on.
    No notice of that goes to `told`, who are told of the same change otherwise.
    """
    round_ = open_round_or_none(session, claim)
    if round_ is not None and round_.is_gold:  # the known answer is that of other words
        gold.end(session, round_, now=now)
        record(session, "gold.retired", claim.public_id, actor=None, now=now, counts=True)
        round_ = open_round_or_none(session, claim)
    if round_ is None:
        return
    session.execute(
        sa.update(Review)
        .where(Review.round_id == round_.id, Review.state.in_(("draft", "submitted")))
        .values(wording_changed=True)
    )
    record(session, "round.wording-changed", round_.public_id, actor=None, now=now,
           told=sorted(person.public_id for person in told))  # fmt: skip


def confirm_wording(session: Session, claim: Claim, person: Person, *, now: datetime) -> Review:
    """Say that one's own review holds for the claim's new words; raise ReviewMissing."""
    review = queries.own_review(session, claim, person)
    if review.wording_changed:
        review.wording_changed = False
        record(session, "review.confirmed", review.public_id, actor=person, now=now)
    return review


def keep_practice(
    session: Session, person: Person, case: Case, answer: Answer, *, now: datetime
) -> None:
    """Note that somebody did a practice case, with the rating they gave first; never their words.

    A later answer changes nothing. Raises Invalid for no rating of the scale, or too long a text.
    """
    check(practice_problems(answer, methods.scale(methods.DEFAULT_SCALE)))
    values = {"person_id": person.id, "key": case.key, "rating": answer.rating, "at": now}
    _add_if_new(session, PracticeDone, [values])


def let_in(session: Session, newcomer: Person, *, actor: Person, now: datetime) -> None:
    """Make a newcomer who has practised a reviewer; raise NotPractised."""
    done, every = queries.practice_counts(session, [newcomer.id])[newcomer.id], methods.cases()
    if done < len(every):
        raise NotPractised(
            "%(name)s has done %(done)s of %(all)s practice claims so far.",
            name=newcomer.name, done=done, all=len(every),
        )  # fmt: skip
    accounts.change_role(session, newcomer, Role.REVIEWER, actor=actor, now=now)


def disable_person(
    session: Session, person: Person, *, actor: Person | None, now: datetime
) -> bool:
    """Keep somebody out and free the seats they hold; drafts and submitted reviews stay.

    Returns whether they are out; else it waits for a second admin. Raises LastAdmin.
    """
    if not accounts.disable(session, person, actor=actor, now=now):
        return False
    leased = sa.select(Seat).where(Seat.person_id == person.id, Seat.expires_at.is_not(None))
    claims = session.scalars(
        sa.select(Claim).where(
            Claim.id.in_(
                sa.select(Round.claim_id).join(Seat, Seat.round_id == Round.id).where(
                    Seat.person_id == person.id, Seat.expires_at.is_not(None)
                )
            )
        )
    ).all()  # fmt: skip
    lock_claims(session, claims)
    for seat in session.scalars(leased.execution_options(populate_existing=True)).all():
        record(session, "seat.freed", str(seat.lease_id), actor=actor, now=now,
               why="account disabled")  # fmt: skip
        free(session, seat)
        wake(session, [seat.round], now=now)
    return True
