"""Which claim is dealt next, and what happens when many ask at once."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa

from factcheck.claims.actions import assign_claim
from factcheck.db import writing
from factcheck.decisions.actions import submit_review
from factcheck.editions.withdrawing import withdraw_article
from factcheck.failures import Failure
from factcheck.reviews import actions, dealing, queries
from factcheck.reviews.dealing import NothingToReview, Wish, deal_next
from factcheck.reviews.models import Review, Round, Seat, Source
from factcheck.reviews.rules import LEASE, Answer
from tests.accounts.factories import make_person
from tests.claims.factories import make_article, make_claim
from tests.conftest import NOW
from tests.reviews.factories import make_answer

WORDS = [f"Number {n} was seen in {1900 + n}." for n in range(40)]


def make_claims(session, number: int, **details):
    words = WORDS[:number]
    article = make_article(session, " ".join(words), **details)
    return [make_claim(session, article, one, state="accepted") for one in words]


def deal(session, person, **wish):
    return deal_next(session, person, now=NOW, wish=Wish(**wish)).round.claim


def test_the_highest_band_comes_first_and_what_is_held_before_all(session):
    claims = make_claims(session, 4)
    claims[2].priority = 3
    person = make_person(session)

    assert deal(session, person) is claims[2]
    claims[1].priority = 3
    session.flush()
    assert deal(session, person) is claims[2]


def test_what_an_editor_asked_of_somebody_comes_first_where_it_may_be_dealt_at_all(session):
    claims = make_claims(session, 4)
    claims[3].priority = 3
    person, other = make_person(session), make_person(session)
    assign_claim(session, claims[1], person, actor=None, now=NOW)
    assert deal(session, other) is claims[3]
    assert deal(session, person) is claims[1]

    own = make_person(session)
    assign_claim(session, claims[2], own, actor=None, now=NOW)
    own.interests = [claims[2].article.slug]
    assert deal_or_nothing(session, own) is None
    own.interests = []
    claims[2].proposed_by_id = own.id
    session.flush()
    assert deal(session, own) is not claims[2]


def test_of_what_was_asked_the_most_urgent_that_may_be_dealt_comes_first(session, monkeypatch):
    monkeypatch.setattr(dealing, "WINDOW", 3)
    claims = make_claims(session, 16)
    person = make_person(session)
    for claim, priority in zip(claims, (1, 2, 2, *[3] * 13), strict=True):
        claim.priority = priority
        assign_claim(session, claim, person, actor=None, now=NOW)
    for claim in claims[3:]:  # more of them than are looked at, and none may be dealt
        claim.proposed_by_id = person.id
    session.flush()

    got = set()
    for _ in range(40):
        with session.begin_nested() as attempt:
            got.add(deal(session, person))
            attempt.rollback()
    assert got == {claims[1], claims[2]}


def deal_or_nothing(session, person):
    try:
        return deal(session, person)
    except NothingToReview:
        return None


def test_inside_a_band_anyone_may_get_any_claim(session):
    claims = make_claims(session, 3)

    dealt = Counter()
    for _ in range(30):
        person = make_person(session)
        seat = deal_next(session, person, now=NOW)
        dealt[seat.round.claim_id] += 1
        actions.hand_back(session, seat.lease_id, person, reason=None, now=NOW)

    assert set(dealt) == {claim.id for claim in claims}


def test_the_article_worked_on_last_is_preferred_in_its_band(session):
    first = make_claims(session, 6)
    make_claims(session, 20)
    person = make_person(session)
    submit_review(session, first[0], person, make_answer(), now=NOW)

    for _ in range(5):
        claim = deal(session, person)
        assert claim.article_id == first[0].article_id
        submit_review(session, claim, person, make_answer(), now=NOW)


def test_what_was_reviewed_or_skipped_is_not_dealt_again_in_its_round(session):
    reviewed, skipped = make_claims(session, 2)
    person = make_person(session)
    submit_review(session, reviewed, person, make_answer(), now=NOW)
    seat = deal_next(session, person, now=NOW)
    assert seat.round.claim is skipped
    actions.hand_back(session, seat.lease_id, person, reason="unclear", now=NOW)

    with pytest.raises(actions.NothingToReview):
        deal_next(session, person, now=NOW)
    assert actions.take_seat(session, skipped, person, now=NOW)  # but may be asked for by name


def test_claims_are_dealt_in_the_languages_that_somebody_named(session):
    (english,) = make_claims(session, 1, language="en-GB")
    (french,) = make_claims(session, 1, language="fr")
    reader = make_person(session)
    reader.languages = ["fr"]

    assert deal(session, reader) is french
    other = make_person(session)
    other.languages = ["en"]
    assert deal(session, other) is english
    third = make_person(session)
    third.languages = ["de"]
    with pytest.raises(actions.NothingToReview):
        deal(session, third)
    assert deal(session, third, language="fr") is french


def test_an_article_can_be_asked_for_and_one_withdrawn_is_not_dealt(session):
    make_claims(session, 5)
    wanted = make_claims(session, 1)[0]

    assert deal(session, make_person(session), article=wanted.article) is wanted
    withdraw_article(session, wanted.article, reason="A mistake.", actor=None, now=NOW)
    with pytest.raises(actions.NothingToReview):
        deal(session, make_person(session), article=wanted.article)


def test_what_fits_into_the_minutes_is_preferred(session):
    claims = make_claims(session, 8)
    for claim in claims[1:]:
        claim.restated = "From 1 to 2 to 3 to 4 to 5."
    session.flush()

    assert deal(session, make_person(session), minutes=15) is claims[0]


def test_a_lease_that_ran_out_is_dealt_to_somebody_else(session):
    (claim,) = make_claims(session, 1)
    idle, writing_on, late = (make_person(session) for _ in range(3))
    actions.take_seat(session, claim, idle, now=NOW)
    actions.save_draft(session, claim, writing_on, Answer(rationale="a"), now=NOW)
    with pytest.raises(actions.NothingToReview):
        deal_next(session, late, now=NOW + timedelta(minutes=1))

    seat = deal_next(session, late, now=NOW + LEASE)

    assert queries.own_seat(session, claim, idle) is None
    assert (seat.person_id, queries.own_seat(session, claim, writing_on).number) == (late.id, 2)


def at_once(app, number: int, work) -> list[str]:
    """Run `work(session, place)` in that many threads, each as a request would; return outcomes."""
    ready = threading.Barrier(number)
    outcomes: list[str] = []

    def run(place: int) -> None:
        with app.app_context():
            ready.wait(timeout=60)
            try:
                with writing() as session:
                    work(session, place)
                outcomes.append("done")
            except Failure as failure:
                outcomes.append(failure.code)
            except sa.exc.SQLAlchemyError as error:
                outcomes.append(repr(error))

    threads = [threading.Thread(target=run, args=(place,)) for place in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return outcomes


def test_64_who_ask_at_once_fill_every_seat_and_none_twice(app):
    with app.app_context(), writing() as session:
        make_claims(session, 20)
        people = [make_person(session).id for _ in range(64)]

    def ask(session, place):
        deal_next(session, session.get(actions.Person, people[place]), now=NOW)

    outcomes = at_once(app, 64, ask)

    assert Counter(outcomes) == {"done": 40, "nothing_to_review": 24}
    with app.app_context(), writing() as session:
        assert session.scalar(sa.select(sa.func.count(Round.id))) == 20
        assert session.scalar(sa.select(sa.func.count(Seat.id))) == 40
        held = session.execute(sa.select(Seat.person_id, Seat.lease_id)).all()
        assert len({row.person_id for row in held}) == len({row.lease_id for row in held}) == 40


def test_one_person_who_asks_eight_times_at_once_gets_one_seat(app):
    with app.app_context(), writing() as session:
        make_claims(session, 10)
        person_id = make_person(session).id

    outcomes = at_once(
        app,
        8,
        lambda session, _: deal_next(session, session.get(actions.Person, person_id), now=NOW),
    )

    assert Counter(outcomes) == {"done": 8}
    with app.app_context(), writing() as session:
        leased = sa.select(sa.func.count(Seat.id)).where(Seat.person_id == person_id)
        assert session.scalar(leased) == 1


def test_the_same_submission_fifty_times_at_once_is_stored_once(app):
    with app.app_context(), writing() as session:
        claim_id = make_claims(session, 1)[0].id
        person_id = make_person(session).id

    def submit(session, _):
        claim = session.get(actions.Claim, claim_id)
        person = session.get(actions.Person, person_id)
        submit_review(session, claim, person, make_answer(), now=NOW)

    outcomes = at_once(app, 50, submit)

    assert Counter(outcomes) == {"done": 1, "already_submitted": 49}
    with app.app_context(), writing() as session:
        assert session.scalar(sa.select(sa.func.count(Review.id))) == 1


def test_two_who_submit_at_once_close_the_round_once_and_share_their_source(app):
    with app.app_context(), writing() as session:
        claims = [claim.id for claim in make_claims(session, 6)]
        people = [make_person(session).id for _ in range(2)]

    def submit(session, place):
        claim = session.get(actions.Claim, claims[place // 2])
        person = session.get(actions.Person, people[place % 2])
        submit_review(session, claim, person, make_answer(), now=NOW)

    assert Counter(at_once(app, 12, submit)) == {"done": 12}
    with app.app_context(), writing() as session:
        assert session.scalar(sa.select(sa.func.count(Source.id))) == 1
        closed = sa.select(sa.func.count(Round.id)).where(Round.outcome == "decided")
        assert session.scalar(closed) == 6
        states = {session.get(actions.Claim, claim_id).state for claim_id in claims}
        assert states == {"decided"}
