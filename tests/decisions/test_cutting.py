"""Splitting and merging claims with reviews: nothing is lost, or counts for other words."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from factcheck.accounts.events import Event
from factcheck.claims.actions import accept_claim, take_back
from factcheck.claims.queries import wrong_counters
from factcheck.decisions import queries as deciding
from factcheck.decisions.actions import submit_review
from factcheck.decisions.cutting import merge_claims, split_claim
from factcheck.reviews import actions, queries
from factcheck.reviews.actions import MergedAway
from factcheck.reviews.models import Seat
from tests.accounts.factories import make_person
from tests.claims.factories import make_article, make_claim
from tests.conftest import NOW
from tests.reviews.factories import make_answer, make_ready, review_as
from tests.reviews.panels import make_crowd_claim

FIRST, SECOND = "On 3 March the council", "nine to four"
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def article(session):
    return make_article(session)


@pytest.fixture
def stays(session, article):
    return make_claim(session, article, FIRST, "accepted")


@pytest.fixture
def gone(session, article):
    return make_claim(session, article, SECOND, "accepted")


@pytest.fixture
def person(session):
    return make_person(session)


def merge(session, *claims, **given):
    editor = make_person(session, "editor")
    found = merge_claims(session, claims, actor=editor, now=LATER, **given)
    session.flush()
    assert not wrong_counters(session)
    return found


def draft(session, claim, person, words="As far as I got"):
    answer = make_answer("false", rationale=words)
    return actions.save_draft(session, claim, person, answer, now=NOW)


def seats(session, claim, person):
    round_ = queries.open_round(session, claim)
    query = sa.select(Seat).where(Seat.round_id == round_.id, Seat.person_id == person.id)
    return session.scalars(query).all()


def test_a_draft_goes_along_with_a_seat_and_is_to_be_confirmed(session, stays, gone, person):
    review = draft(session, gone, person)

    assert merge(session, stays, gone) is stays

    own = queries.own_review(session, stays, person)
    assert own.id == review.id
    assert (own.rationale, own.rating, own.wording_changed) == ("As far as I got", "false", True)
    assert len(queries.citations_by_review(session, [own.id])[own.id]) == 1
    assert len(seats(session, stays, person)) == 1
    assert seats(session, gone, person) == []
    submitted = submit_review(session, stays, person, make_answer("false"), now=LATER)
    assert (submitted.id, submitted.state) == (review.id, "submitted")


def test_who_only_holds_a_seat_holds_one_on_the_claim_that_stays(session, stays, gone, person):
    actions.take_seat(session, gone, person, now=NOW)
    merge(session, stays, gone)

    assert len(seats(session, stays, person)) == 1
    assert seats(session, gone, person) == []


def test_a_draft_without_a_free_seat_goes_along_without_one(session, stays, gone, person):
    for _ in range(2):
        actions.take_seat(session, stays, make_person(session), now=LATER)
    draft(session, gone, person)
    merge(session, stays, gone)

    assert seats(session, stays, person) == []
    assert queries.own_review(session, stays, person).rationale == "As far as I got"
    assert draft(session, stays, person, "more").rationale == "more"


def test_who_wrote_on_both_keeps_both_texts(session, stays, gone, person):
    there, here = draft(session, gone, person, "there"), draft(session, stays, person, "here")
    merge(session, stays, gone)

    assert queries.own_review(session, stays, person).id == here.id
    assert queries.own_review(session, gone, person).id == there.id
    around = queries.rounds_around(session, stays, person)
    assert [one.review.rationale for one in around] == ["here", "there"]


@pytest.mark.parametrize("how", ["proposed", "interest", "lot"])
def test_where_somebody_may_not_review_their_draft_stays_behind(session, stays, gone, person, how):
    draft(session, gone, person)
    if how == "proposed":
        stays.proposed_by_id = person.id
    elif how == "interest":
        person.interests = [stays.article.slug]
    else:
        stays.policy_key = "crowd"
    merge(session, stays, gone)

    assert queries.own_review(session, gone, person).rationale == "As far as I got"
    with pytest.raises(queries.ReviewMissing):
        queries.own_review(session, stays, person)


def test_an_answer_stays_with_its_claim_sealed_and_does_not_count(session, stays, gone, person):
    submit_review(session, gone, person, make_answer("false"), now=NOW)
    merge(session, stays, gone)

    other = make_person(session)
    assert queries.reviews_of(session, gone, other) == []
    assert queries.reviews_of(session, stays, other) == []
    assert queries.own_review(session, gone, person).state == "submitted"
    review_as(session, stays, ["true", "true"])
    assert stays.state == "decided"
    assert deciding.current_decision(session, stays).rating == "true"
    assert deciding.ratings_by_round(session, [queries.rounds_of(session, gone)[0].id]) == {
        queries.rounds_of(session, gone)[0].id: []
    }


def test_what_was_merged_and_is_taken_back_goes_on_where_it_was(session, stays, gone, person):
    submit_review(session, gone, person, make_answer("true"), now=NOW)
    merge(session, stays, gone)
    with pytest.raises(MergedAway):
        actions.take_seat(session, gone, make_person(session), now=LATER)

    take_back(session, gone, actor=None, now=LATER)
    accept_claim(session, gone, actor=None, now=LATER)
    review_as(session, gone, ["true"])
    assert gone.state == "decided"


def test_a_decided_claim_gets_a_new_round_where_its_words_change(session, stays, gone):
    review_as(session, stays, ["true", "true"])
    merge(session, stays, gone)

    assert (stays.state, stays.quote) == ("accepted", "On 3 March the council voted nine to four")
    assert deciding.current_decision(session, stays).rating == "true"
    review_as(session, stays, ["false", "false"])
    assert [one.outcome for one in queries.rounds_of(session, stays)] == ["decided", "decided"]
    assert deciding.current_decision(session, stays).rating == "false"


def test_a_verdict_stands_where_its_words_do_not_change(session, stays, gone):
    make_ready(session, stays)
    merge(session, stays, gone, span=(stays.start, stays.end))

    assert (stays.state, gone.state) == ("ready", "dismissed")


def test_a_decided_claim_that_is_merged_away_keeps_what_was_decided(session, stays, gone, person):
    make_ready(session, stays)
    review_as(session, gone, ["false", "false"])
    merge(session, stays, gone)

    assert deciding.current_decision(session, gone).rating == "false"
    assert [one.rating for one in queries.reviews_of(session, gone, person)] == ["false", "false"]


def test_a_split_keeps_reviews_with_the_first_part_and_asks_to_confirm(session, stays, person):
    review = submit_review(session, stays, person, make_answer("true"), now=NOW)
    middle = stays.start + len("On 3 March")
    first, second = split_claim(
        session, stays, [(stays.start, middle), (middle, stays.end)], actor=None, now=LATER
    )

    assert (first, first.quote, second.quote) == (stays, "On 3 March", "the council")
    assert queries.own_review(session, first, person).id == review.id
    assert review.wording_changed
    assert (second.state, queries.rounds_of(session, second)) == ("accepted", [])
    assert not wrong_counters(session)


def test_a_split_opens_a_ready_claim_again_and_its_verdict_stands_until_then(session, stays):
    make_ready(session, stays)
    middle = stays.start + len("On 3 March")
    first, second = split_claim(
        session, stays, [(stays.start, middle), (middle, stays.end)], actor=None, now=LATER
    )

    assert (first.state, second.state) == ("accepted", "accepted")
    assert deciding.current_decision(session, first).kind == "approval"
    with pytest.raises(deciding.NoDecision):
        deciding.current_decision(session, second)
    said = sa.select(Event.kind).where(Event.subject_id == first.public_id).order_by(Event.id)
    kinds = session.scalars(said).all()
    assert kinds[-2:] == ["claim.reopen", "claim.split"]


def test_a_panel_is_not_carried_and_sleeps_until_the_claim_is_taken_back(session):
    gone = make_crowd_claim(session)
    stays = make_claim(session, gone.article, FIRST, "decided")
    round_ = queries.open_round(session, gone)
    merge(session, stays, gone, span=(stays.start, stays.end))

    assert round_.closed_at is None
    assert stays.state == "decided"
    assert len([one for one in queries.seats_of(session, round_) if one.person_id]) == 5
