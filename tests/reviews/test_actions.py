"""Drafts, seats, leases, sources, comments."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from factcheck.claims.actions import change_state
from factcheck.claims.rules import Verb
from factcheck.decisions.actions import submit_review, withdraw_review
from factcheck.failures import Invalid
from factcheck.reviews import actions, queries, talk, threads
from factcheck.reviews.models import Citation, Review, Seat, Source
from factcheck.reviews.rules import DRAFT_LEASE, LEASE, Answer, Cited
from tests.accounts.factories import make_person
from tests.claims.factories import make_article, make_claim
from tests.conftest import NOW
from tests.reviews.factories import SOURCE, make_answer, review_as

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def claim(session):
    return make_claim(session, make_article(session), state="accepted")


def test_the_first_seat_opens_a_round_with_the_seats_of_its_policy(session, claim):
    assert queries.rounds_of(session, claim) == []

    seat = actions.take_seat(session, claim, make_person(session), now=NOW)

    assert (seat.round.number, seat.round.policy_key, seat.round.scale_version) == (1, "team", 1)
    assert len(queries.seats_of(session, seat.round)) == 2
    assert seat.expires_at == NOW + LEASE


def test_a_policy_set_on_the_claim_holds_until_its_round_opens(session, claim):
    claim.policy_key = "solo"

    round_ = actions.take_seat(session, claim, make_person(session), now=NOW).round
    claim.policy_key = "team"

    assert round_.policy_key == "solo"
    assert len(queries.seats_of(session, round_)) == 1


def test_a_sensitive_claim_is_never_one_person_s_to_judge(session, claim):
    claim.policy_key, claim.sensitive = "solo", True

    assert actions.take_seat(session, claim, make_person(session), now=NOW).round.policy_key == (
        "team"
    )


def test_taking_a_seat_twice_is_taking_it_once(session, claim):
    person = make_person(session)

    first = actions.take_seat(session, claim, person, now=NOW)
    lease_id = first.lease_id

    assert actions.take_seat(session, claim, person, now=LATER).lease_id == lease_id


def test_a_third_person_finds_no_seat_until_one_is_handed_back_or_runs_out(session, claim):
    one, other, third = (make_person(session) for _ in range(3))
    seat = actions.take_seat(session, claim, one, now=NOW)
    actions.take_seat(session, claim, other, now=NOW)
    with pytest.raises(actions.NoSeat):
        actions.take_seat(session, claim, third, now=LATER)

    actions.hand_back(session, seat.lease_id, one, reason="no time", now=LATER)

    assert actions.take_seat(session, claim, third, now=LATER).id == seat.id
    fourth = make_person(session)
    assert actions.take_seat(session, claim, fourth, now=NOW + LEASE).person_id == fourth.id


def test_a_seat_with_nothing_written_ends_after_two_hours_and_a_draft_keeps_it_for_72(
    session, claim
):
    idle, writing = make_person(session), make_person(session)
    actions.take_seat(session, claim, idle, now=NOW)
    actions.save_draft(session, claim, writing, Answer(rationale="So far"), now=LATER)

    assert queries.held_seats(session, idle, now=NOW + LEASE) == []
    held = queries.held_seats(session, writing, now=NOW + LEASE)
    assert held[0].expires_at == LATER + DRAFT_LEASE


def test_a_rating_alone_is_no_work(session, claim):
    person = make_person(session)

    actions.save_draft(session, claim, person, Answer("true"), now=NOW)

    assert queries.own_seat(session, claim, person).expires_at == NOW + LEASE


def test_a_lease_is_renewed_from_now_by_what_is_in_it(session, claim):
    person = make_person(session)
    seat = actions.take_seat(session, claim, person, now=NOW)

    actions.renew_lease(session, seat.lease_id, person, now=LATER)
    assert seat.expires_at == LATER + LEASE

    actions.save_draft(session, claim, person, Answer(sources=(SOURCE,)), now=LATER)
    actions.renew_lease(session, seat.lease_id, person, now=LATER + LEASE)
    assert seat.expires_at == LATER + LEASE + DRAFT_LEASE


def test_nobody_renews_or_hands_back_somebody_else_s_seat(session, claim):
    seat = actions.take_seat(session, claim, make_person(session), now=NOW)
    other = make_person(session)

    with pytest.raises(queries.LeaseMissing):
        actions.renew_lease(session, seat.lease_id, other, now=NOW)
    with pytest.raises(queries.LeaseMissing):
        actions.hand_back(session, seat.lease_id, other, reason=None, now=NOW)


def test_who_proposed_a_claim_or_has_an_interest_in_the_article_does_not_review_it(session, claim):
    proposer, interested = make_person(session), make_person(session)
    claim.proposed_by_id = proposer.id
    interested.interests = [claim.article.slug]

    with pytest.raises(actions.OwnProposal):
        actions.take_seat(session, claim, proposer, now=NOW)
    with pytest.raises(actions.DeclaredInterest):
        actions.save_draft(session, claim, interested, make_answer(), now=NOW)
    with pytest.raises(actions.NothingToReview):
        actions.deal_next(session, proposer, now=NOW)
    with pytest.raises(actions.NothingToReview):
        actions.deal_next(session, interested, now=NOW)


def test_a_draft_is_one_row_however_often_it_is_saved_and_its_sources_are_replaced(session, claim):
    person = make_person(session)
    actions.save_draft(session, claim, person, make_answer(), now=NOW)
    other = Cited("https://ferry.example/timetable", "supports", None, "Timetable")

    draft = actions.save_draft(
        session, claim, person, make_answer("false", sources=(other, SOURCE)), now=LATER
    )

    assert session.scalar(sa.select(sa.func.count(Review.id))) == 1
    assert (draft.rating, draft.version, draft.edited_at) == ("false", 2, LATER)
    cited = queries.citations_by_review(session, [draft.id])[draft.id]
    assert [one.source.url for one in cited] == [other.url, SOURCE.url]
    assert [one.position for one in cited] == [1, 2]


def test_saving_what_is_there_already_makes_no_new_version(session, claim):
    person = make_person(session)
    actions.save_draft(session, claim, person, make_answer(), now=NOW)

    again = actions.save_draft(session, claim, person, make_answer(), now=LATER, version=1)

    assert (again.version, again.edited_at) == (1, NOW)


def test_a_draft_saved_in_another_window_meanwhile_is_not_overwritten(session, claim):
    person = make_person(session)
    actions.save_draft(session, claim, person, make_answer(rationale="one"), now=NOW, version=0)

    with pytest.raises(actions.StaleDraft):
        actions.save_draft(session, claim, person, make_answer(rationale="two"), now=NOW, version=0)

    assert queries.own_review(session, claim, person).rationale == "one"


def test_a_draft_is_kept_on_though_its_seat_has_gone_but_cannot_be_submitted(session, claim):
    slow = make_person(session)
    actions.save_draft(session, claim, slow, make_answer(), now=NOW)
    after = NOW + DRAFT_LEASE
    for _ in range(2):
        actions.take_seat(session, claim, make_person(session), now=after)

    draft = actions.save_draft(session, claim, slow, make_answer("false"), now=after)

    assert draft.rating == "false"
    with pytest.raises(actions.NoSeat):
        submit_review(session, claim, slow, make_answer("false"), now=after)


def test_a_draft_s_bad_fields_are_refused_by_name(session, claim):
    person = make_person(session)
    cases = {
        "rating": make_answer("splendid"),
        "rationale": make_answer(rationale="x" * 20_001),
        "private_note": make_answer(private_note="\0"),
        "sources": make_answer(sources=(SOURCE,) * 51),
        "sources[0].url": make_answer(sources=(Cited("ftp://example.org/a", "supports"),)),
        "sources[1].stance": make_answer(sources=(SOURCE, Cited(SOURCE.url, "likes"))),
        "sources[0].archive_url": make_answer(
            sources=(Cited(SOURCE.url, "context", archive_url="javascript:alert(1)"),)
        ),
    }
    for field, answer in cases.items():
        with pytest.raises(Invalid) as refused:
            actions.save_draft(session, claim, person, answer, now=NOW)
        assert refused.value.field == field


def test_one_source_stands_for_all_ways_of_writing_its_address(session, claim):
    urls = [
        "HTTPS://Register.Example:443/a?utm_source=x&id=2#part",
        "https://register.example/a?id=2",
    ]
    sources = tuple(Cited(url, "supports") for url in urls)

    actions.save_draft(session, claim, make_person(session), Answer(sources=sources), now=NOW)

    assert session.scalars(sa.select(Source.url)).all() == ["https://register.example/a?id=2"]
    assert session.scalar(sa.select(sa.func.count(Citation.id))) == 2


def test_a_changed_wording_asks_those_who_answered_until_they_confirm(session, claim):
    person, drafting = make_person(session), make_person(session)
    submit_review(session, claim, person, make_answer(), now=NOW)
    actions.save_draft(session, claim, drafting, make_answer(), now=NOW)

    actions.mark_wording_changed(session, claim, NOW)
    session.expire_all()
    assert queries.own_review(session, claim, person).wording_changed
    assert queries.own_review(session, claim, drafting).wording_changed

    actions.confirm_wording(session, claim, person, now=LATER)
    assert not queries.own_review(session, claim, person).wording_changed
    submit_review(session, claim, drafting, make_answer(), now=LATER)
    assert not queries.own_review(session, claim, drafting).wording_changed


def test_comments_of_an_open_claim_show_to_their_author_and_to_editors(session, claim):
    author, reader, editor = (
        make_person(session),
        make_person(session),
        make_person(session, "editor"),
    )
    talk.add_comment(session, claim, "before a round is open", actor=author, now=NOW)
    actions.take_seat(session, claim, make_person(session), now=NOW)
    talk.add_comment(session, claim, "while it is", actor=author, now=NOW)

    assert len(threads.comments_of(session, claim, author)) == 2
    assert len(threads.comments_of(session, claim, editor)) == 2
    assert threads.comments_of(session, claim, reader) == []

    session.execute(sa.update(Seat).values(person_id=None, lease_id=None, expires_at=None))
    session.expire_all()
    review_as(session, claim, ["true", "true"])
    assert len(threads.comments_of(session, claim, reader)) == 2


def test_disabling_somebody_frees_their_seat_and_keeps_their_draft_and_reviews(session, claim):
    other = make_claim(session, claim.article, "nine to four", state="accepted")
    person, admin = make_person(session), make_person(session, "admin")
    submit_review(session, other, person, make_answer(), now=NOW)
    actions.save_draft(session, claim, person, make_answer(), now=NOW)

    actions.disable_person(session, person, actor=admin, now=LATER)

    assert person.disabled_at == LATER
    assert queries.own_seat(session, claim, person) is None
    assert queries.own_seat(session, other, person) is not None
    assert queries.own_review(session, claim, person).state == "draft"
    assert queries.own_review(session, other, person).state == "submitted"


def test_a_claim_put_aside_keeps_the_draft_and_takes_no_submission(session, claim):
    person = make_person(session)
    actions.save_draft(session, claim, person, make_answer(), now=NOW)
    change_state(session, claim, Verb.DISMISS, actor=None, now=NOW, dismissal="opinion")

    actions.save_draft(session, claim, person, make_answer("false"), now=LATER)

    assert queries.own_review(session, claim, person).rating == "false"
    with pytest.raises(actions.NotInReview):
        submit_review(session, claim, person, make_answer(), now=LATER)
    with pytest.raises(actions.NotInReview):
        actions.take_seat(session, claim, make_person(session), now=LATER)


def test_a_source_is_unknown_while_only_open_rounds_cite_it(session, claim):
    one = make_person(session)
    submit_review(session, claim, one, make_answer(), now=NOW)
    with pytest.raises(queries.SourceMissing):
        queries.source_by_url(session, SOURCE.url)

    review_as(session, claim, ["true"])

    assert queries.source_by_url(session, SOURCE.url + "#p2").title == SOURCE.title
    with pytest.raises(queries.SourceMissing):
        queries.source_by_url(session, "no address")


def test_who_withdrew_does_not_answer_again_in_that_round(session, claim):
    person = make_person(session)
    review = submit_review(session, claim, person, make_answer(), now=NOW)

    withdraw_review(session, review, reason="I know the captain", actor=person, now=LATER)

    with pytest.raises(actions.AlreadySubmitted):
        actions.save_draft(session, claim, person, make_answer(), now=LATER)
    with pytest.raises(actions.NothingToReview):
        actions.deal_next(session, person, now=LATER)
