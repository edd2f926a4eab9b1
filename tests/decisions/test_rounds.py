"""Rounds under anything that people may do, in any order: what always holds, and the seal."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from random import Random

import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from factcheck.claims.actions import accept_claim, dismiss_claim
from factcheck.claims.models import Claim
from factcheck.claims.queries import wrong_counters
from factcheck.decisions import actions, cutting
from factcheck.decisions import queries as deciding
from factcheck.decisions.rules import VerdictWords
from factcheck.failures import Failure
from factcheck.methods import queries as methods
from factcheck.methods.rules import DISAGREE, Agreed, Disputed, Open, decide
from factcheck.reviews import actions as reviewing
from factcheck.reviews import dealing, queries, talk, threads
from factcheck.reviews.models import Review, Round, Seat
from factcheck.reviews.rules import Answer, Cited
from tests.accounts.factories import make_person
from tests.claims.factories import make_article, make_claim
from tests.conftest import NOW
from tests.effort import examples

SCALE = methods.scale("default")
KEYS = [rating.key for rating in SCALE.ratings]
OTHERS = ("The harbour", "Nobody in the town", "On 3 March", "nine to four", "Who would")
reviewers = st.integers(0, 4)
keys = st.sampled_from(KEYS)


class Rounds(RuleBasedStateMachine):
    """One claim, five reviewers, an editor and a clock; each run is rolled back at its end.

    Now and then it is split, or merged with another on which people were at work as well.
    """

    def __init__(self, session):
        super().__init__()
        dealing._draw.seed(0)  # the same steps deal the same claims
        self.session = session
        self.savepoint = session.begin_nested()
        self.now = NOW
        self.claim = make_claim(session, make_article(session), state="accepted")
        self.people = [make_person(session) for _ in range(5)]
        self.editor = make_person(session, "editor")

    def teardown(self):
        self.savepoint.rollback()
        self.session.expire_all()

    def act(self, work, *actors):
        """Do something as one or more people; others must not be able to tell, while it is open."""
        others = [person for person in self.people if person not in actors][:2]
        before = [view(self.session, self.claim, person) for person in others]
        was_open = self.claim.state == "accepted"
        with suppress(Failure), self.session.begin_nested():
            work()
        self.session.flush()
        if was_open and self.claim.state == "accepted":
            assert [view(self.session, self.claim, person) for person in others] == before

    @rule(by=reviewers)
    def ask_for_the_next(self, by):
        person = self.people[by]
        self.act(lambda: reviewing.deal_next(self.session, person, now=self.now), person)

    @rule(by=reviewers, key=keys, words=st.sampled_from(["", "Because."]))
    def draft(self, by, key, words):
        person, answer = self.people[by], Answer(key, words)
        self.act(
            lambda: reviewing.save_draft(self.session, self.claim, person, answer, now=self.now),
            person,
        )

    @rule(by=reviewers, key=keys)
    def submit(self, by, key):
        person = self.people[by]
        answer = Answer(key, "Because.", "note", (Cited(f"https://s.example/{by}", "context"),))
        self.act(
            lambda: actions.submit_review(self.session, self.claim, person, answer, now=self.now),
            person,
        )

    @precondition(lambda self: self.claim.end - self.claim.start > 20)
    @rule()
    def split(self):
        start, end = self.claim.start, self.claim.end
        spans = [(start, end - 10), (end - 10, end)]
        self.act(
            lambda: cutting.split_claim(
                self.session, self.claim, spans, actor=self.editor, now=self.now
            ),
            *self.people,
        )

    @rule(by=reviewers, other_by=reviewers, key=keys, words=st.sampled_from(OTHERS))
    def merge_with_another(self, by, other_by, key, words):
        """Have one person draft on another claim and another answer it, then merge the two."""
        person, other = self.people[by], self.people[other_by]
        answer = Answer(key, f"Of {words}.", "mine", (Cited("https://s.example/o", "context"),))
        merged: list[Claim] = []

        def work():
            made = make_claim(self.session, self.claim.article, words, "accepted", now=self.now)
            reviewing.save_draft(self.session, made, person, answer, now=self.now)
            if other is not person:
                actions.submit_review(self.session, made, other, answer, now=self.now)
            stays = cutting.merge_claims(
                self.session, [made, self.claim], actor=self.editor, now=self.now
            )
            merged.append(stays)

        before = self.texts()
        self.act(work, *self.people)
        if not merged:
            return
        (self.claim,) = merged
        kept = {(person.id, answer.rationale), (other.id, answer.rationale)}
        assert self.texts() >= before | kept
        for one in (person, other):
            around = queries.rounds_around(self.session, self.claim, one)
            assert answer.rationale in {at.review.rationale for at in around if at.review}

    def texts(self):
        """Return whose words there are in any review."""
        rows = self.session.execute(sa.select(Review.person_id, Review.rationale))
        return {tuple(row) for row in rows}

    @rule(by=reviewers)
    def withdraw(self, by):
        person = self.people[by]

        def work():
            own = queries.own_review(self.session, self.claim, person)
            actions.withdraw_review(self.session, own, reason="x", actor=person, now=self.now)

        self.act(work, person)

    @rule(by=reviewers)
    def hand_back(self, by):
        person = self.people[by]
        seat = queries.own_seat(self.session, self.claim, person)
        if seat is not None:
            lease_id = seat.lease_id
            self.act(
                lambda: reviewing.hand_back(
                    self.session, lease_id, person, reason=None, now=self.now
                ),
                person,
            )

    @rule(by=reviewers)
    def remark(self, by):
        person = self.people[by]
        self.act(
            lambda: talk.add_comment(self.session, self.claim, "?", actor=person, now=self.now),
            person,
        )

    @rule(by=reviewers, of=st.integers(0, 5), do=st.sampled_from(["answer", "edit"]))
    def talk_on(self, by, of, do):
        person = self.people[by]
        seen = threads.comments_of(self.session, self.claim, person)
        if not seen:
            return
        one = seen[of % len(seen)]

        def work():
            if do == "answer":
                talk.add_comment(self.session, self.claim, "!", actor=person, now=self.now,
                                 answers=one.public_id)  # fmt: skip
            else:
                talk.edit_comment(self.session, one, one.text + "?", version=None, actor=person,
                                  now=self.now)  # fmt: skip

        self.act(work, person)

    @rule(hours=st.sampled_from([1, 3, 80]))
    def wait(self, hours):
        self.now += timedelta(hours=hours)

    @precondition(lambda self: self.claim.state in {"decided", "disputed", "ready"})
    @rule(key=st.sampled_from([*KEYS, DISAGREE.key]))
    def decide_or_settle(self, key):
        words = VerdictWords(key, "Told.", reasons="So.")
        self.act(
            lambda: actions.decide_claim(
                self.session, self.claim, words, actor=self.editor, now=self.now
            ),
            *self.people,
        )

    @precondition(lambda self: self.claim.state in {"decided", "disputed", "ready"})
    @rule()
    def reopen(self):
        self.act(
            lambda: actions.reopen_claim(
                self.session, self.claim, "again", actor=self.editor, now=self.now
            ),
            *self.people,
        )

    @precondition(lambda self: self.claim.state in {"accepted", "dismissed"})
    @rule()
    def put_aside_or_take_up_again(self):
        open_now = self.claim.state == "accepted"
        move = {"actor": self.editor, "now": self.now}
        self.act(
            lambda: (
                dismiss_claim(self.session, self.claim, "opinion", **move)
                if open_now
                else accept_claim(self.session, self.claim, **move)
            ),
            *self.people,
        )

    @invariant()
    def seats_and_reviews_agree(self):
        session = self.session
        for round_ in queries.rounds_of(session, self.claim):
            policy = methods.policy(round_.policy_key)
            seats = queries.seats_of(session, round_)
            assert policy.seats <= len(seats) <= policy.most_seats
            filled = {seat.person_id for seat in seats if seat.person_id and not seat.expires_at}
            counted_ = queries.counted_reviews(session, round_)
            assert filled == {one.person_id for one in counted_}
            outcome = decide([one.rating for one in counted_], policy, SCALE)
            if round_.closed_at is None:
                assert isinstance(outcome, Open)
            else:
                expected = {"decided": Agreed, "disputed": Disputed}[round_.outcome]
                assert isinstance(outcome, expected)

    @invariant()
    def the_state_is_what_the_newest_round_says(self):
        rounds = queries.rounds_of(self.session, self.claim)
        assert [one.number for one in rounds] == list(range(1, len(rounds) + 1))
        if self.claim.state in {"decided", "disputed", "ready"}:
            assert rounds[-1].closed_at is not None
        if self.claim.state == "ready":
            newest = deciding.current_decision(self.session, self.claim)
            assert newest.kind in {"approval", "adjudication"}
            assert newest.rating in newest.options
            if newest.rating == DISAGREE.key:
                assert (newest.kind, rounds[-1].outcome) == ("adjudication", "disputed")
        assert not wrong_counters(self.session)

    @invariant()
    def decisions_are_one_chain(self):
        chain = deciding.decisions_by_claim(self.session, [self.claim.id])[self.claim.id]
        assert [one.supersedes_id for one in chain] == [None, *(one.id for one in chain)][
            : len(chain)
        ]


def view(session, claim, person):
    """Return all that the rooms tell `person` about the claim, in plain values."""
    seen = queries.reviews_of(session, claim, person)
    cited = queries.citations_by_review(session, [one.id for one in seen])
    try:
        source = queries.source_by_url(session, "https://s.example/0").public_id
    except queries.SourceMissing:
        source = None
    return {
        "claim": (claim.state, claim.version, claim.state_since_at),
        "reviews": [
            (one.public_id, one.rating, one.rationale, one.state, one.version,
             [(at.source.url, at.stance) for at in cited[one.id]])
            for one in seen
        ],
        "comments": [
            (one.public_id, one.text, one.version, one.answers_id, len(one.earlier))
            for one in threads.comments_of(session, claim, person)
        ],
        "count": queries.submitted_count(session, claim, person),
        "source": source,
        "decisions": [
            one.public_id for one in deciding.decisions_by_claim(session, [claim.id])[claim.id]
        ],
        "checks": [one.claim.public_id for one in deciding.earlier_checks(session, claim)],
        "latest": [one.public_id for one in queries.latest_reviews(session, person)],
    }  # fmt: skip


def test_whatever_people_do_a_round_stays_whole_and_sealed(session, monkeypatch):
    monkeypatch.setattr(dealing, "_draw", Random())
    run_state_machine_as_test(
        lambda: Rounds(session),
        settings=settings(
            max_examples=examples(25), stateful_step_count=30, deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


def test_opposite_ratings_look_the_same_to_others_until_the_round_closes(session):
    """The same script with opposite answers gives every other person the same bytes."""
    seen = []
    for key, stance in (("true", "supports"), ("false", "refutes")):
        with session.begin_nested() as savepoint:
            claim = make_claim(session, make_article(session), state="accepted")
            writer, other = make_person(session), make_person(session)
            editor = make_person(session, "editor")
            answer = Answer(key, f"It is {key}.", key, (Cited(f"https://{key}.example/", stance),))
            actions.submit_review(session, claim, writer, answer, now=NOW)
            actions.submit_review(session, claim, make_person(session), Answer(
                "unproven", "Looked.", "", (Cited("https://x.example/", "context"),)
            ), now=NOW)  # fmt: skip
            told = [view(session, claim, person) for person in (other, editor)]
            seen.append(told)
            savepoint.rollback()
        session.expunge_all()

    assert seen[0] == seen[1]
    assert seen[0][0]["count"] is None
    assert seen[0][1]["count"] == 2


def test_the_database_holds_one_open_round_and_one_review_a_person(session):
    claim = make_claim(session, make_article(session), state="accepted")
    person = make_person(session)
    reviewing.save_draft(session, claim, person, Answer("true"), now=NOW)
    round_ = queries.open_round(session, claim)
    twice = (
        Round(claim_id=claim.id, number=2, scale_key="default", scale_version=1,
              policy_key="team", opened_at=NOW),
        Review(round_id=round_.id, person_id=person.id, created_at=NOW, edited_at=NOW),
        Seat(round_id=round_.id, number=3, person_id=person.id, lease_id="x" * 16),
    )  # fmt: skip
    refused = 0
    for row in twice:
        try:
            with session.begin_nested():
                session.add(row)
        except sa.exc.IntegrityError:
            refused += 1

    assert refused == 3
