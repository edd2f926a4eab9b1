"""Panels under anything that people may do, in any order: what always holds, and the seal."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from factcheck.decisions import actions
from factcheck.failures import Failure
from factcheck.methods import queries as methods
from factcheck.methods.rules import Policy
from factcheck.reviews import actions as reviewing
from factcheck.reviews import draws, queries
from tests.accounts.factories import make_person
from tests.claims.factories import make_article, make_claim
from tests.conftest import NOW
from tests.effort import examples
from tests.reviews.factories import make_answer
from tests.reviews.panels import look_after

SMALL = Policy("crowd", "Small", "", 2, 2, Policy("crowd", "Small", "", 3, 2, None, True), True)
people = st.integers(0, 6)


class Panels(RuleBasedStateMachine):
    """One claim under two panels of two and three, seven people, and one who joins in nothing."""

    def __init__(self, session):
        super().__init__()
        self.session = session
        self.savepoint = session.begin_nested()
        self.now = NOW
        self.onlooker = make_person(session)
        self.claim = make_claim(
            session, make_article(session, policy="crowd"), actor=self.onlooker, state="accepted"
        )
        self.people = [make_person(session) for _ in range(7)]

    def teardown(self):
        self.savepoint.rollback()
        self.session.expire_all()

    def act(self, work):
        with suppress(Failure), self.session.begin_nested():
            work()
        self.session.flush()

    @rule()
    def look_after(self):
        look_after(self.session, self.claim, now=self.now)

    @rule(by=people)
    def ask_for_the_next(self, by):
        self.act(lambda: reviewing.deal_next(self.session, self.people[by], now=self.now))

    @rule(by=people, key=st.sampled_from(["true", "false", "unproven"]), is_whole=st.booleans())
    def answer(self, by, key, is_whole):
        person, given = self.people[by], make_answer(key)
        write = actions.submit_review if is_whole else reviewing.save_draft
        self.act(lambda: write(self.session, self.claim, person, given, now=self.now))

    @rule(by=people)
    def withdraw(self, by):
        def work():
            own = queries.own_review(self.session, self.claim, self.people[by])
            actions.withdraw_review(
                self.session, own, reason="x", actor=self.people[by], now=self.now
            )

        self.act(work)

    @rule(by=people)
    def refuse(self, by):
        seat = queries.own_seat(self.session, self.claim, self.people[by])
        if seat is not None:
            lease_id, who = str(seat.lease_id), self.people[by]
            self.act(
                lambda: reviewing.hand_back(self.session, lease_id, who, reason=None, now=self.now)
            )

    @rule(by=people)
    def change_sides(self, by):
        who = self.people[by]
        who.interests = [] if who.interests else [self.claim.article.slug]

    @rule(hours=st.sampled_from([1, 71, 80]))
    def wait(self, hours):
        self.now += timedelta(hours=hours)

    @invariant()
    def every_draw_holds(self):
        assert draws.faults(self.session, self.claim) == []

    @invariant()
    def only_those_drawn_sit_and_answer(self):
        for round_ in queries.rounds_of(self.session, self.claim):
            lots = draws.lots_of(self.session, round_)
            called = {lot.person_id for lot in lots if lot.called_at}
            standing = {lot.person_id for lot in lots if lot.called_at and not lot.ended_at}
            assert len(called) == sum(lot.called_at is not None for lot in lots)
            seats = queries.seats_of(self.session, round_)
            assert len(seats) <= SMALL.most_seats
            assert {seat.person_id for seat in seats if seat.person_id} <= standing
            answered = {one.person_id for one in queries.counted_reviews(self.session, round_)}
            assert answered <= called
            if round_.closed_at is not None:
                ratings, step = draws.judged(self.session, round_)
                assert len(ratings) == step.seats

    @invariant()
    def whoever_was_not_drawn_can_tell_nothing(self):
        if self.claim.state == "accepted":
            assert queries.reviews_of(self.session, self.claim, self.onlooker) == []
            assert draws.records(self.session, self.claim, self.onlooker) == []


def test_whatever_people_do_panels_are_drawn_and_passed_on_by_the_lot_alone(session, monkeypatch):
    monkeypatch.setattr(methods, "policies", lambda: (SMALL,))
    run_state_machine_as_test(
        lambda: Panels(session),
        settings=settings(
            max_examples=examples(20), stateful_step_count=30, deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


@pytest.mark.parametrize("step", [1, 2])
def test_the_shipped_policy_asks_for_four_of_five_and_six_of_nine(step):
    crowd = methods.policy("crowd")

    assert (crowd.step(step).seats, crowd.step(step).agree) == [(5, 4), (9, 6)][step - 1]
    assert crowd.most_seats == 14
    with pytest.raises(LookupError):
        crowd.step(3)
