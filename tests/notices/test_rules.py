"""Whom an event concerns, when the daily mail goes, and where a notice leads."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.accounts.rules import Role
from factcheck.notices.rules import (
    DAILY_AT,
    DEFAULT_WAYS,
    FOR_ADMINS,
    FOR_EDITORS,
    TOLD,
    Concern,
    Kind,
    Way,
    kinds_for,
    next_daily,
    path_to,
    told,
)
from tests.conftest import NOW

IDS = st.frozensets(st.integers(1, 9))
CONCERNS = st.builds(Concern, IDS, IDS, IDS, IDS, st.none() | st.integers(1, 9), IDS)
OPEN_ROUND = [
    "round.opened", "seat.dealt", "seat.handed-back", "seat.freed", "review.submitted",
    "review.withdrawn", "review.late", "review.confirmed", "comment.added", "claim.accept",
]  # fmt: skip


def test_reviewers_hear_of_a_decision_and_the_other_editors_of_the_summary_it_waits_for():
    concern = Concern(reviewers=frozenset({1, 2}), editors=frozenset({2, 3}))
    assert told("round.decided", concern) == {Kind.DECIDED: {1, 2}, Kind.TO_SUMMARISE: {3}}


def test_of_a_dispute_only_editors_who_may_settle_it_hear():
    concern = Concern(reviewers=frozenset({1, 2}), editors=frozenset({2, 3}))
    assert told("round.disputed", concern) == {Kind.DISPUTED: {3}}


def test_who_did_it_is_not_told_of_it():
    concern = Concern(reviewers=frozenset({1, 2}), actor=2)
    assert told("claim.reopen", concern) == {Kind.REOPENED: {1}}


@pytest.mark.parametrize("event", OPEN_ROUND)
def test_what_happens_inside_an_open_round_concerns_nobody(event):
    everybody = frozenset(range(9))
    assert told(event, Concern(everybody, everybody, everybody, everybody)) == {}


@given(st.sampled_from(sorted(TOLD)), CONCERNS)
def test_everybody_told_is_concerned_and_did_not_do_it(event, concern):
    for kind, people in told(event, concern).items():
        assert concern.actor not in people
        if kind in FOR_EDITORS:
            assert people <= concern.editors - concern.reviewers
        elif kind in FOR_ADMINS:
            assert people <= concern.admins
        elif kind in {Kind.MENTION, Kind.ANSWER, Kind.MESSAGE}:
            assert people <= concern.spoken_to
        else:
            assert people <= concern.reviewers | concern.holders


@given(st.sampled_from(sorted(TOLD)), CONCERNS, IDS)
def test_who_is_at_work_in_an_open_round_moves_no_notice_but_that_of_its_claim(
    event, concern, others
):
    more = replace(concern, holders=others)
    if not told(event, concern).keys() & {Kind.WORDING_CHANGED, Kind.MERGED}:
        assert told(event, concern) == told(event, more)


def test_every_kind_has_a_default_and_only_what_is_urgent_is_mailed():
    mailed = {kind for kind in Kind if DEFAULT_WAYS[kind] is not Way.HERE}
    assert mailed == {
        Kind.SEAT_ENDING, Kind.WORDING_CHANGED, Kind.MERGED, Kind.WEBHOOK_DISABLED,
        Kind.SECOND_ADMIN, Kind.MESSAGE,
    }  # fmt: skip
    assert set(kinds_for(Role.EDITOR)) - set(kinds_for(Role.REVIEWER)) == FOR_EDITORS
    assert kinds_for(Role.ADMIN) == list(Kind)


@given(
    st.integers(0, 3 * 366 * 24 * 60).map(lambda minutes: NOW + timedelta(minutes=minutes)),
    st.sampled_from(["UTC", "Europe/Stockholm", "Pacific/Auckland", "America/St_Johns"]),
)
def test_the_next_daily_mail_goes_at_its_hour_within_a_day(now, name):
    zone = ZoneInfo(name)
    due = next_daily(now, zone)
    assert due > now
    assert due - now <= timedelta(hours=25)
    assert due.astimezone(zone).time() == DAILY_AT
    assert next_daily(due - timedelta(microseconds=1), zone) == due


def test_a_notice_leads_to_what_is_to_be_done():
    assert path_to("decided", "abc", {}) == "/work/claims/abc"
    assert path_to("disputed", "abc", {}) == path_to("to-summarise", "abc", {}) == (
        "/work/claims/abc/decide"
    )  # fmt: skip
    assert path_to("letter", "abc", {}) == "/desk/inbox#letter-abc"
    assert path_to("webhook-disabled", "abc", {}) == "/admin/webhooks/abc"
    assert path_to("published", "0" * 64, {"slug": "a-ferry"}) == "/articles/a-ferry/"
    assert path_to("message", "abc", {"claim": "xyz"}) == "/work/claims/xyz"
    assert path_to("message", "abc", {"claim": ""}) == "/notices"
