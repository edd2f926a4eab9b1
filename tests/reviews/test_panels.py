"""Panels drawn by lot: who is drawn, refusing, passing on, the fresh panel, and drawing again."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from factcheck.accounts.events import Event
from factcheck.claims.actions import edit_claim
from factcheck.decisions.actions import submit_review, withdraw_review
from factcheck.reviews import actions, draws, queries
from factcheck.reviews.models import Lot, Panel, Seat
from factcheck.reviews.rules import CALL, speaks
from tests.accounts.factories import make_person
from tests.claims.factories import make_article, make_claim
from tests.conftest import NOW
from tests.reviews.factories import make_answer, review_as
from tests.reviews.panels import look_after, make_crowd_claim, seated

LATER = NOW + CALL


def answer(session, claim, ratings, *, now=NOW):
    """Have those who were drawn answer, one rating each; return who they are."""
    people = seated(session, claim)[: len(ratings)]
    for person, rating in zip(people, ratings, strict=True):
        submit_review(session, claim, person, make_answer(rating), now=now)
    return people


def refuse(session, claim, person, *, now=NOW):
    lease_id = queries.own_seat(session, claim, person).lease_id
    actions.hand_back(session, lease_id, person, reason="away", now=now)
    look_after(session, claim, now=now)


def lot_of(session, person) -> Lot:
    return session.scalars(sa.select(Lot).where(Lot.person_id == person.id)).one()


def test_five_are_drawn_when_the_round_opens_and_hold_their_seats_for_three_days(session):
    claim = make_crowd_claim(session)

    people = seated(session, claim)
    assert len(people) == len(set(people)) == 5
    for person in people:
        held = queries.held_seats(session, person, now=LATER - timedelta(seconds=1))
        assert [seat.round.claim for seat in held] == [claim]
        assert queries.held_seats(session, person, now=LATER) == []


def test_only_those_drawn_take_a_seat_or_write(session):
    claim = make_crowd_claim(session)
    other = make_person(session)

    for attempt in (
        lambda: actions.take_seat(session, claim, other, now=NOW),
        lambda: actions.save_draft(session, claim, other, make_answer(), now=NOW),
        lambda: submit_review(session, claim, other, make_answer(), now=NOW),
    ):
        with pytest.raises(actions.NotDrawn) as refusal:
            attempt()
        assert refusal.value.code == "not_drawn"
    with pytest.raises(actions.NothingToReview):
        actions.deal_next(session, other, now=NOW)


def test_before_a_panel_is_drawn_nobody_gets_a_seat_by_asking(session):
    claim = make_claim(session, make_article(session, policy="crowd"), state="accepted")

    for person in [make_person(session) for _ in range(8)]:
        with pytest.raises(actions.NotDrawn):
            actions.take_seat(session, claim, person, now=NOW)
        with pytest.raises(actions.NothingToReview):
            actions.deal_next(session, person, now=NOW)
    with pytest.raises(queries.NoRound):
        queries.open_round(session, claim)


def test_the_queue_deals_a_drawn_claim_before_any_other(session):
    claim = make_crowd_claim(session)
    make_claim(session, make_article(session), state="accepted", priority=3)
    person = seated(session, claim)[0]

    assert actions.deal_next(session, person, now=NOW).round.claim == claim
    assert lot_of(session, person).accepted_at == NOW
    assert draws.not_accepted(session, person) == set()


def test_four_of_five_in_one_group_decide(session):
    claim = make_crowd_claim(session)

    answer(session, claim, ["true", "true", "mostly-true", "true"])
    assert claim.state == "accepted"
    answer(session, claim, ["false"])

    assert claim.state == "decided"


def test_a_failed_panel_is_followed_by_nine_others_who_decide_alone(session):
    claim = make_crowd_claim(session)
    first = answer(session, claim, ["true", "true", "true", "false", "false"])
    look_after(session, claim)

    second = seated(session, claim)
    assert len(second) == 9
    assert set(first).isdisjoint(second)
    answer(session, claim, ["false"] * 6 + ["true"] * 2)
    assert claim.state == "accepted"
    assert queries.reviews_of(session, claim, make_person(session, "editor")) == []
    answer(session, claim, ["true"])

    assert claim.state == "decided"
    assert len(queries.reviews_of(session, claim, make_person(session))) == 14
    assert draws.faults(session, claim) == []


def test_a_second_panel_without_six_in_one_group_is_a_dispute(session):
    claim = make_crowd_claim(session)
    answer(session, claim, ["true"] * 3 + ["false"] * 2)
    look_after(session, claim)
    answer(session, claim, ["true"] * 5 + ["false"] * 4)

    assert claim.state == "disputed"


def test_a_refused_seat_goes_to_the_next_in_the_order_and_the_refusal_is_logged(session):
    claim = make_crowd_claim(session)
    gone = seated(session, claim)[2]
    refuse(session, claim, gone)

    people = seated(session, claim)
    assert len(people) == 5
    assert gone not in people
    order = session.scalars(sa.select(Lot.person_id).order_by(Lot.place)).all()
    assert {person.id for person in people} == set(order[:6]) - {gone.id}
    record = draws.records(session, claim, None)[0]
    assert [one["ended_as"] for one in record["calls"]].count("refused") == 1
    handed = session.scalars(sa.select(Event).where(Event.kind == "seat.handed-back")).one()
    assert handed.why == "away"
    with pytest.raises(actions.NotDrawn):
        actions.take_seat(session, claim, gone, now=NOW)


def test_a_seat_unused_for_three_days_passes_on_and_one_with_words_does_not(session):
    claim = make_crowd_claim(session)
    busy, *idle = seated(session, claim)
    actions.save_draft(session, claim, busy, make_answer(), now=NOW + timedelta(hours=1))
    look_after(session, claim, now=LATER - timedelta(seconds=1))
    assert seated(session, claim) == [busy, *idle]
    look_after(session, claim, now=LATER)

    people = seated(session, claim)
    assert busy in people
    assert set(idle).isdisjoint(people)
    assert len(people) == 5
    assert {lot_of(session, person).ended_as for person in idle} == {"lapsed"}


def test_who_wrote_keeps_the_draft_when_the_seat_was_passed_on(session):
    claim = make_crowd_claim(session)
    slow = seated(session, claim)[0]
    actions.save_draft(session, claim, slow, make_answer(), now=NOW)
    look_after(session, claim, now=NOW + timedelta(days=4))

    with pytest.raises(actions.NoSeat):
        submit_review(session, claim, slow, make_answer(), now=NOW + timedelta(days=4))
    kept = actions.save_draft(session, claim, slow, make_answer("false"), now=LATER)
    assert kept.rating == "false"


def test_the_seat_of_who_cannot_review_any_more_passes_on(session):
    claim = make_crowd_claim(session)
    disabled, interested, withdrawing, *_ = seated(session, claim)
    actions.disable_person(session, disabled, actor=None, now=NOW)
    interested.interests = [claim.article.slug]
    review = submit_review(session, claim, withdrawing, make_answer(), now=NOW)
    withdraw_review(session, review, reason="wrong", actor=withdrawing, now=NOW)
    look_after(session, claim)

    people = seated(session, claim)
    assert {disabled, interested, withdrawing}.isdisjoint(people)
    assert len(people) == 5
    ends = [lot_of(session, one).ended_as for one in (disabled, interested, withdrawing)]
    assert ends == ["unable", "unable", "withdrawn"]
    assert draws.faults(session, claim) == []


def test_only_who_may_review_the_claim_is_drawn(session):
    article = make_article(session, policy="crowd", language="en")
    proposer = make_person(session)
    claim = make_claim(session, article, actor=proposer, state="accepted")
    named = {"de": ["de"], "en": ["en"], "none": []}
    people = {key: make_person(session) for key in named}
    for key, languages in named.items():
        people[key].languages = languages
    people["partial"], people["gone"] = make_person(session), make_person(session)
    people["partial"].interests = [article.slug]
    actions.disable_person(session, people["gone"], actor=None, now=NOW)
    people["editor"] = make_person(session, "editor")

    able = draws.eligible(session, claim, None)
    assert set(able) == {people["en"], people["none"], people["editor"]}


def test_with_too_few_people_the_claim_waits_says_so_and_is_drawn_later(session):
    claim = make_crowd_claim(session, people=4)

    assert session.scalar(sa.select(sa.func.count(Panel.id))) == 0
    why = draws.waiting_for(session, claim)
    assert (why.values["needed"], why.values["able"]) == (5, 4)
    make_person(session)
    look_after(session, claim)

    assert len(seated(session, claim)) == 5
    assert draws.waiting_for(session, claim) is None


def test_when_the_order_is_at_its_end_others_are_drawn_for_the_seats_left(session):
    claim = make_crowd_claim(session, people=5)
    refuse(session, claim, seated(session, claim)[0])
    assert draws.waiting_for(session, claim).values["needed"] == 1
    more = [make_person(session) for _ in range(3)]
    look_after(session, claim)

    assert len(set(seated(session, claim)) & set(more)) == 1
    assert [one["seats"] for one in draws.records(session, claim, None)] == [5, 1]
    assert draws.faults(session, claim) == []


def test_the_list_is_committed_to_before_the_seed_is_fixed(session):
    claim = make_crowd_claim(session)
    panel = session.scalars(sa.select(Panel)).one()
    events = session.scalars(sa.select(Event).where(Event.subject == "panel").order_by(Event.id))

    kinds = [one.kind for one in events]
    assert kinds == ["panel.frozen", "panel.drawn", *["panel.called"] * 5]
    assert draws.faults(session, claim) == []
    panel.seed = "00" * 32
    assert [name for name, _ in draws.faults(session, claim)] == [panel.public_id] * 2


@pytest.mark.parametrize("kind", ["panel.frozen", "panel.drawn"])
def test_a_draw_that_the_audit_log_does_not_know_does_not_hold(session, kind):
    claim = make_crowd_claim(session)
    session.execute(sa.delete(Event).where(Event.kind == kind))

    assert "audit log" in draws.faults(session, claim)[0][1]


def test_a_person_put_in_the_place_of_another_shows(session):
    claim = make_crowd_claim(session)
    stranger = make_person(session)
    lot_of(session, seated(session, claim)[0]).person_id = stranger.id
    session.flush()
    session.expire_all()

    assert "pseudonym" in draws.faults(session, claim)[0][1]


def test_a_record_holds_no_names_and_shows_to_reviewers_once_the_round_is_closed(session):
    claim = make_crowd_claim(session)
    reviewer, editor = make_person(session), make_person(session, "editor")

    assert draws.records(session, claim, reviewer) == []
    shown = draws.records(session, claim, editor)
    people = [person for seat in session.scalars(sa.select(Seat)) if (person := seat.person)]
    assert not [one for one in people if one.public_id in str(shown) or one.name in str(shown)]
    answer(session, claim, ["true"] * 5)
    assert len(draws.records(session, claim, reviewer)) == 1


def test_a_round_keeps_its_policy_and_others_are_dealt_as_before(session):
    claim = make_claim(session, make_article(session, policy="crowd"), state="accepted")
    edit_claim(session, claim, {"policy": "team"}, version=None, actor=None, now=NOW)
    look_after(session, claim)
    review_as(session, claim, ["true", "true"])

    assert claim.state == "decided"
    assert session.scalar(sa.select(sa.func.count(Panel.id))) == 0


@pytest.mark.parametrize(
    ("languages", "language", "reads"),
    [([], "de", True), (["en"], "en-GB", True), (["EN"], "en", True), (["en"], "", True),
     (["en"], "und", True), (["en"], "de", False), (["en"], "enm", False)],
)  # fmt: skip
def test_languages_are_understood_as_the_queue_deals(languages, language, reads):
    assert speaks(languages, language) is reads
