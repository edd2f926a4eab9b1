"""Undoing a step of triage where reviewers, or the editor, went on since."""

# ruff: noqa: F811 - fixtures that another file defines

from __future__ import annotations

from datetime import timedelta

import pytest

from factcheck.claims import actions
from factcheck.claims.queries import claims_of
from factcheck.claims.rules import WrongState
from factcheck.desk.triage.steps import Did, can_be_turned, recent_steps, steps_of
from factcheck.desk.triage.undoing import SeatTaken, undo
from tests.accounts.factories import make_person
from tests.claims.factories import make_claim
from tests.conftest import NOW
from tests.desk.test_undoing import (  # noqa: F401 - fixtures
    WORDS,
    article,
    claim,
    draft_of,
    ed,
    split_place,
    triage,
)
from tests.reviews.factories import review_as


def test_words_on_which_reviewers_decided_since_stay(session, triage, article):
    split = make_claim(session, article, WORDS, "accepted")
    triage.split(split, split_place(split))
    review_as(session, split, ["true", "true"], now=NOW + timedelta(hours=1))
    short, (step,) = split.quote, steps_of(session, article, triage.actor)
    assert split.state == "decided"
    assert not can_be_turned(step, {one.public_id: one for one in claims_of(session, article)})
    with pytest.raises(WrongState), session.begin_nested():
        triage.undo()
    assert split.quote == short


def test_who_was_given_a_claim_that_was_dismissed_before_keeps_it(
    session,
    triage,
    article,
):
    accepted = make_claim(session, article, WORDS, "dismissed")
    with triage.keeping(Did.ACCEPTED, accepted):
        actions.accept_claim(session, accepted, **triage.who)
    draft_of(session, accepted, make_person(session))
    with pytest.raises(SeatTaken), session.begin_nested():
        triage.undo()
    assert accepted.state == "accepted"


def test_of_steps_undone_out_of_order_the_last_one_comes_back_first(
    session,
    triage,
    claim,
    ed,
):
    triage.edit(claim, priority=3)
    triage.edit(claim, claimant="Ann")
    triage.undo(place=1)
    undo(session, triage.step(0), actor=ed, now=NOW + timedelta(minutes=1))
    (shown,) = recent_steps(session, triage.article, ed)
    assert "claimant" in shown.claims[0]["after"]
