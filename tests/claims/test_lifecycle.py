"""A claim's life as a machine: whatever is done in whatever order, counters equal a recount."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run

from factcheck.articles.intake import from_text
from factcheck.articles.queries import revision
from factcheck.claims import actions, days, queries
from factcheck.claims.actions.counters import follow_withdrawal
from factcheck.claims.rules import TRANSITIONS, Dismissal, State, Verb, WrongState
from factcheck.failures import Conflict, Invalid
from tests.articles.factories import TEXT
from tests.claims.factories import make_article
from tests.conftest import NOW
from tests.effort import examples

TEXTS = (
    TEXT,
    TEXT.replace("nine", "ten"),
    "Before it all. " + TEXT,
    TEXT.replace("Nobody in the town was surprised. ", ""),
    "Nothing of it is left.",
)


class Lifecycle(RuleBasedStateMachine):
    """Claims of one article under every verb of triage and of the rooms after it."""

    def __init__(self, session) -> None:
        super().__init__()
        self.session = session
        self.article = make_article(session)
        self.now = NOW

    def claims(self):
        return queries.claims_of(self.session, self.article)

    def one(self, place):
        claims = self.claims()
        return claims[place % len(claims)]

    @rule(hours=st.integers(1, 30))
    def time_passes(self, hours):
        self.now += timedelta(hours=hours)

    @rule(start=st.integers(0, 200), length=st.integers(1, 60))
    def propose(self, start, length):
        with suppress(Invalid, Conflict):
            actions.propose_claim(
                self.session, self.article, start, start + length, actor=None, now=self.now
            )

    @precondition(lambda self: self.claims())
    @rule(
        place=st.integers(0, 50),
        verb=st.sampled_from(list(Verb)),
        reason=st.sampled_from([reason for reason in Dismissal if reason != "same-as"]),
    )
    def move(self, place, verb, reason):
        claim = self.one(place)
        before, version = State(claim.state), claim.version
        dismissal = reason if verb is Verb.DISMISS else None
        known = (before, verb) in TRANSITIONS
        try:
            actions.change_state(
                self.session, claim, verb, actor=None, now=self.now, dismissal=dismissal
            )
        except WrongState:
            assert not known
            assert (claim.state, claim.version) == (before, version)
        else:
            assert claim.state == TRANSITIONS[before, verb]
            assert claim.version == version + 1

    @precondition(lambda self: self.claims())
    @rule(place=st.integers(0, 50), priority=st.integers(0, 4), start=st.integers(0, 200))
    def edit(self, place, priority, start):
        with suppress(Invalid, Conflict):
            actions.edit_claim(
                self.session, self.one(place), {"priority": priority, "start": start},
                version=None, actor=None, now=self.now,
            )  # fmt: skip

    @precondition(lambda self: self.claims())
    @rule(place=st.integers(0, 50), at=st.integers(1, 40))
    def split(self, place, at):
        claim = self.one(place)
        start, end = claim.start or 0, claim.end or 0
        spans = [(start, start + at), (start + at, end)]
        with suppress(Invalid, Conflict):
            actions.split_claim(self.session, claim, spans, actor=None, now=self.now)

    @precondition(lambda self: self.claims())
    @rule(places=st.lists(st.integers(0, 50), min_size=1, max_size=3))
    def merge(self, places):
        chosen = [self.one(place) for place in places]
        with suppress(Invalid, Conflict):
            actions.merge_claims(self.session, chosen, actor=None, now=self.now)

    @rule()
    def withdraw_or_put_back(self):
        before = self.article.state
        self.article.state = "review" if before == "withdrawn" else "withdrawn"
        queries.lock_claims(self.session, self.claims())
        follow_withdrawal(self.session, self.article, now=self.now)

    @rule(place=st.integers(0, len(TEXTS) - 1))
    def revise(self, place):
        with suppress(Conflict):
            actions.revise_article(
                self.session, self.article, from_text(TEXTS[place]), actor=None, now=self.now
            )

    @invariant()
    def counters_equal_a_recount(self):
        self.session.flush()
        assert not queries.wrong_counters(self.session)

    @invariant()
    def the_days_over_all_come_to_what_waits_now(self):
        moved = days.days(self.session, None, since=date.min)
        waits = sum(one.came - one.went for one in moved if one.what == State.ACCEPTED)
        assert waits == days.stock(self.session, None, []).states[State.ACCEPTED]

    @invariant()
    def every_claim_stands_where_it_says(self):
        text = revision(self.session, self.article).text
        for claim in self.claims():
            assert (claim.start is None) == (claim.anchor == "gone")
            assert claim.start is None or text[claim.start : claim.end] == claim.quote

    @invariant()
    def every_address_leads_to_a_claim_that_was_not_merged(self):
        for claim in self.claims():
            assert queries.standing(claim).merged_into_id is None


@pytest.mark.timeout(200)
def test_whatever_is_done_counters_anchors_and_addresses_are_right(session):
    run(
        lambda: Lifecycle(session),
        settings=settings(max_examples=examples(25), stateful_step_count=25, deadline=None),
    )
