"""From the first seat to the verdict, on both databases."""

from __future__ import annotations

import itertools
import threading
from datetime import timedelta

import pytest

from factcheck.accounts.models import Person
from factcheck.claims.actions import accept_claim
from factcheck.claims.models import Claim
from factcheck.db import writing
from factcheck.decisions import queries
from factcheck.decisions.actions import (
    NotDecided,
    ReviewedIt,
    RoundClosed,
    decide_claim,
    reopen_claim,
    submit_review,
    withdraw_review,
)
from factcheck.decisions.rules import VerdictWords
from factcheck.failures import Failure, Invalid
from factcheck.reviews import actions as reviewing
from factcheck.reviews import queries as reviews
from factcheck.reviews.models import Review, Round, Seat, Source
from factcheck.reviews.rules import Answer, Cited
from factcheck.reviews.seats import add_seats
from tests.accounts.factories import make_person
from tests.claims.factories import make_article, make_claim
from tests.conftest import NOW
from tests.reviews.factories import an_answer, decide_by_reviews, make_ready, review_as

WORDS = VerdictWords("true", "The register bears it out.")


@pytest.fixture
def claim(session):
    article = make_article(session)
    make_claim(session, article, state="accepted")  # noise
    return make_claim(session, make_article(session), state="accepted")


@pytest.fixture
def editor(session):
    return make_person(session, "editor")


def test_two_reviews_in_one_group_decide(session, claim):
    review_as(session, claim, "true")
    assert claim.state == "accepted"

    review_as(session, claim, "mostly-true")

    assert claim.state == "decided"
    decision = queries.current_decision(session, claim)
    assert (decision.kind, decision.group, decision.rating) == ("agreement", "upper", None)
    assert decision.options == ["true", "mostly-true"]


def test_a_third_seat_opens_where_two_differ_and_its_review_decides(session, claim):
    review_as(session, claim, "true")
    review_as(session, claim, "false")
    assert claim.state == "accepted"
    assert len(reviews.seats_of(session, reviews.open_round(session, claim))) == 3

    review_as(session, claim, "mostly-false")

    assert claim.state == "decided"
    assert queries.current_decision(session, claim).group == "lower"


def test_three_groups_are_a_dispute(session, claim, editor):
    decide_by_reviews(session, claim, ["true", "false", "unproven"])
    assert claim.state == "disputed"

    with pytest.raises(Invalid) as refusal:
        decide_claim(session, claim, WORDS, actor=editor, now=NOW)
    assert refusal.value.field == "reasons"

    decision = decide_claim(
        session, claim, VerdictWords("mixed", "Both have a point.", reasons="Two halves."),
        actor=editor, now=NOW,
    )  # fmt: skip
    assert (claim.state, decision.kind) == ("ready", "adjudication")


def test_a_full_round_gives_no_seat(session, claim):
    for _ in range(2):
        reviewing.take_seat(session, claim, make_person(session), now=NOW)
    with pytest.raises(reviewing.NoSeat):
        review_as(session, claim)


def test_nobody_reviews_what_they_proposed_or_have_an_interest_in(session, claim):
    proposer, interested = make_person(session), make_person(session)
    claim.proposed_by_id = proposer.id
    interested.interests = [claim.article.slug]
    session.flush()

    with pytest.raises(reviewing.OwnProposal):
        reviewing.take_seat(session, claim, proposer, now=NOW)
    with pytest.raises(reviewing.DeclaredInterest):
        reviewing.take_seat(session, claim, interested, now=NOW)


def test_an_unused_lease_is_free_after_two_hours_and_one_with_words_after_three_days(
    session, claim
):
    idle, busy = make_person(session), make_person(session)
    reviewing.take_seat(session, claim, idle, now=NOW)
    reviewing.save_draft(session, claim, busy, Answer(rationale="So far"), now=NOW)

    later = NOW + timedelta(hours=2)
    reviewing.take_seat(session, claim, make_person(session), now=later)
    with pytest.raises(reviewing.NoSeat):
        reviewing.take_seat(session, claim, make_person(session), now=later)
    reviewing.take_seat(session, claim, make_person(session), now=NOW + timedelta(hours=72))


def test_handing_back_frees_the_seat_keeps_the_draft_and_is_not_dealt_again(session, claim):
    person = make_person(session)
    session.query(Claim).filter(Claim.id != claim.id).update({"state": "proposed"})
    seat = reviewing.deal_next(session, person, now=NOW)
    reviewing.save_draft(session, claim, person, Answer(rationale="So far"), now=NOW)

    reviewing.hand_back(session, seat.lease_id, person, reason="not my field", now=NOW)

    with pytest.raises(reviewing.NothingToReview):
        reviewing.deal_next(session, person, now=NOW)
    assert reviews.own_review(session, claim, person).rationale == "So far"
    again = reviewing.take_seat(session, claim, person, now=NOW)  # by themselves they may
    reviewing.hand_back(session, again.lease_id, person, reason=None, now=NOW)


def test_a_review_that_lacks_something_is_refused_beside_its_field(session, claim):
    person = make_person(session)
    for answer, field in (
        (Answer(None, "why"), "rating"),
        (Answer("true", "  "), "rationale"),
        (Answer("true", "why"), "sources"),
        (Answer("great", "why"), "rating"),
    ):
        with pytest.raises(Invalid) as refusal:
            submit_review(session, claim, person, answer, now=NOW)
        assert refusal.value.field == field
    submit_review(session, claim, person, Answer("not-checkable", "A matter of taste."), now=NOW)


def test_a_second_submission_is_refused(session, claim):
    person = make_person(session)
    review_as(session, claim, person=person)

    with pytest.raises(reviewing.AlreadySubmitted):
        review_as(session, claim, "false", person=person)


def test_a_review_that_comes_after_the_round_closed_is_kept_as_late(session, claim):
    slow = make_person(session)
    review_as(session, claim, "true")
    reviewing.save_draft(session, claim, slow, Answer(rationale="Still reading"), now=NOW)
    found = reviews.open_round(session, claim)
    add_seats(session, found, 3)
    review_as(session, claim, "true")
    assert claim.state == "decided"

    late = review_as(session, claim, "false", person=slow)

    assert late.state == "late"
    assert claim.state == "decided"
    assert len(reviews.counted_reviews(session, found)) == 2


def test_a_withdrawn_review_frees_its_seat_and_does_not_count(session, claim):
    person = make_person(session)
    review = review_as(session, claim, "true", person=person)
    with pytest.raises(Failure):
        withdraw_review(session, review, reason="x", actor=make_person(session), now=NOW)

    withdraw_review(session, review, reason="Misread it.", actor=person, now=NOW)
    decide_by_reviews(session, claim, ["false", "false"])

    assert queries.current_decision(session, claim).group == "lower"
    with pytest.raises(RoundClosed):
        withdraw_review(
            session, session.query(Review).filter_by(state="submitted").first(), reason="x",
            actor=session.query(Review).filter_by(state="submitted").first().person, now=NOW,
        )  # fmt: skip


def test_who_reviewed_a_round_cannot_approve_it(session, claim, editor):
    review_as(session, claim, "true", person=editor)
    review_as(session, claim, "true")

    with pytest.raises(ReviewedIt):
        decide_claim(session, claim, WORDS, actor=editor, now=NOW)


def test_an_editor_picks_among_the_ratings_given_and_no_other(session, claim, editor):
    decide_by_reviews(session, claim, ["true", "mostly-true"])

    with pytest.raises(Invalid):
        decide_claim(session, claim, VerdictWords("false", "No."), actor=editor, now=NOW)
    decision = decide_claim(session, claim, WORDS, actor=editor, now=NOW)

    assert claim.state == "ready"
    assert [shown.source.url for shown in queries.sources_of(session, decision)] == [
        "https://register.example/1923/041"
    ]


def test_a_later_decision_supersedes_and_both_stay(session, claim, editor):
    first = make_ready(session, claim, "true")
    second = decide_claim(
        session, claim, VerdictWords("true", "Said better."), actor=editor, now=NOW
    )

    assert second.supersedes_id == first.id
    assert [d.kind for d in queries.decisions_by_claim(session, [claim.id])[claim.id]] == [
        "agreement", "approval", "approval",
    ]  # fmt: skip


def test_what_is_not_settled_cannot_be_approved_or_reopened(session, claim, editor):
    with pytest.raises(NotDecided):
        decide_claim(session, claim, WORDS, actor=editor, now=NOW)
    with pytest.raises(NotDecided):
        reopen_claim(session, claim, "again", actor=editor, now=NOW)


def test_reopening_starts_a_new_round_and_keeps_the_old_one(session, claim, editor):
    make_ready(session, claim, "true")
    reopen_claim(session, claim, "New figures came out.", actor=editor, now=NOW)
    decide_by_reviews(session, claim, ["false", "false"])

    assert [one.outcome for one in reviews.rounds_of(session, claim)] == ["decided", "decided"]
    assert queries.current_decision(session, claim).group == "lower"


def test_solo_is_decided_by_one_and_approved_by_another(session, claim, editor):
    claim.policy_key = "solo"
    review_as(session, claim, "false", person=editor)

    assert claim.state == "decided"
    with pytest.raises(ReviewedIt):
        decide_claim(session, claim, VerdictWords("false", "No."), actor=editor, now=NOW)


def test_nothing_a_reviewer_sees_moves_while_others_work(session, claim):
    viewer = make_person(session)
    reviewing.save_draft(session, claim, viewer, Answer(rationale="mine"), now=NOW)

    def seen() -> object:
        session.expire_all()
        return (
            claim.state, claim.version, claim.state_since_at,
            [(r.public_id, r.version) for r in reviews.reviews_of(session, claim, viewer)],
            reviews.submitted_count(session, claim, viewer),
            [c.text for c in reviews.comments_of(session, claim, viewer)],
        )  # fmt: skip

    before = seen()
    other = make_person(session)
    reviewing.add_comment(session, claim, "look here", actor=other, now=NOW)
    review_as(session, claim, "false", person=other)

    assert seen() == before
    with pytest.raises(reviews.SourceMissing):
        reviews.source_by_url(session, "https://register.example/1923/041", viewer)
    assert reviews.submitted_count(session, claim, make_person(session, "editor")) == 1


def test_a_disabled_person_loses_their_seat_and_keeps_their_words(session, claim):
    person = make_person(session)
    reviewing.save_draft(session, claim, person, Answer(rationale="mine"), now=NOW)
    reviewing.disable_person(session, person, actor=None, now=NOW)

    decide_by_reviews(session, claim, ["true", "true"])
    assert session.query(Review).filter_by(person_id=person.id).one().rationale == "mine"


def test_one_source_is_kept_once_whatever_its_tracking(session, claim):
    for url in ("https://A.example/x?utm_source=b", "https://a.example:443/x#top"):
        answer = Answer("true", "why", sources=(Cited(url, "supports"),))
        submit_review(session, claim, make_person(session), answer, now=NOW)

    assert [source.url for source in session.query(Source)] == ["https://a.example/x"]


def in_parallel(app, jobs) -> list[object]:
    """Run each job in a thread and an app context of its own; return results and failures."""
    results: list[object] = []

    def run(job) -> None:
        try:
            with app.app_context(), writing() as session:
                results.append(job(session))
        except Failure as failure:
            results.append(failure)

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.fixture
def accepted(app):
    """The ids of an accepted claim and of some reviewers, committed."""
    with app.app_context(), writing() as session:
        article = make_article(session)
        claim = make_claim(session, article)
        accept_claim(session, claim, actor=None, now=NOW)
        return claim.id, [make_person(session).id for _ in range(16)]


def test_the_same_review_fifty_times_at_once_is_stored_once(app, accepted):
    claim_id, people = accepted

    def submit(session):
        claim, person = session.get(Claim, claim_id), session.get(Person, people[0])
        return submit_review(session, claim, person, an_answer(), now=NOW).id

    results = in_parallel(app, [submit] * 50)

    assert sum(isinstance(one, int) for one in results) == 1
    assert {type(one) for one in results} <= {int, reviewing.AlreadySubmitted}


def test_many_who_take_a_seat_at_once_get_no_more_than_there_are(app, accepted):
    claim_id, people = accepted

    def take(person_id):
        def job(session):
            claim, person = session.get(Claim, claim_id), session.get(Person, person_id)
            seat = reviewing.take_seat(session, claim, person, now=NOW)
            return seat.lease_id

        return job

    results = in_parallel(app, [take(person_id) for person_id in people])
    leases = [one for one in results if isinstance(one, str)]

    assert len(leases) == len(set(leases)) == 2
    with app.app_context(), writing() as session:
        assert session.query(Round).count() == 1
        assert session.query(Seat).count() == 2


def test_two_who_submit_at_once_decide_once(app, accepted):
    claim_id, people = accepted

    def submit(person_id):
        def job(session):
            claim, person = session.get(Claim, claim_id), session.get(Person, person_id)
            return submit_review(session, claim, person, an_answer(), now=NOW).id

        return job

    in_parallel(app, [submit(person_id) for person_id in itertools.islice(people, 2)])

    with app.app_context(), writing() as session:
        claim = session.get(Claim, claim_id)
        assert claim.state == "decided"
        assert len(queries.decisions_by_claim(session, [claim_id])[claim_id]) == 1
