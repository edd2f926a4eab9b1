"""Moving a claim: state, counters and audit log together."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from factcheck.accounts.events import Event
from factcheck.claims.actions import (
    StaleVersion,
    accept_claim,
    accept_claims,
    change_state,
    dismiss_claim,
    take_back,
)
from factcheck.claims.queries import counted, counts_of, wrong_counters
from factcheck.claims.rules import TRANSITIONS, State, Verb, WrongState, verbs_between
from factcheck.failures import Invalid
from tests.claims.factories import make_article, make_claim
from tests.conftest import NOW


def last_event(session, claim):
    session.flush()
    return session.scalars(
        sa.select(Event).where(Event.subject_id == claim.public_id).order_by(Event.id.desc())
    ).first()


def test_accepting_moves_the_claim_its_counter_and_its_article_and_is_written_down(session):
    article = make_article(session)
    claim = make_claim(session, article)

    accept_claim(session, claim, actor=None, now=NOW + timedelta(days=1))

    assert claim.state == "accepted"
    assert claim.state_since_at == NOW + timedelta(days=1)
    assert article.state == "review"
    assert counts_of(session, article)["accepted"] == 1
    assert counts_of(session, article)["proposed"] == 0
    event = last_event(session, claim)
    assert event.kind == "claim.accept"
    assert (event.from_state, event.to_state) == ("proposed", "accepted")


def test_counters_are_kept_by_the_day_in_utc(session):
    article = make_article(session)
    claim = make_claim(session, article, now=NOW.replace(hour=23, minute=59))

    accept_claim(session, claim, actor=None, now=NOW.replace(hour=23) + timedelta(hours=2))

    assert not wrong_counters(session)
    assert {key[3].isoformat() for key in counted(session)} == {"2026-11-21"}


def test_a_move_that_the_table_does_not_know_changes_nothing(session):
    claim = make_claim(session, make_article(session))

    with pytest.raises(WrongState):
        change_state(session, claim, Verb.APPROVE, actor=None, now=NOW)

    assert claim.state == "proposed"
    assert claim.version == 1
    assert not wrong_counters(session)


def test_a_dismissal_needs_one_of_the_nine_reasons(session):
    claim = make_claim(session, make_article(session))

    for reason in (None, "", "boring"):
        with pytest.raises(Invalid) as refused:
            dismiss_claim(session, claim, reason, actor=None, now=NOW)
        assert refused.value.field == "dismissal"

    dismiss_claim(session, claim, "too-vague", why="which year?", actor=None, now=NOW)
    assert claim.dismissal == "too-vague"
    assert last_event(session, claim).why == "which year?"


def test_the_same_as_another_claim_needs_that_claim_and_never_leads_in_a_ring(session):
    article = make_article(session)
    one, other = make_claim(session, article), make_claim(session, article, "nine to four")

    with pytest.raises(Invalid):
        dismiss_claim(session, one, "same-as", actor=None, now=NOW)
    with pytest.raises(Invalid):
        dismiss_claim(session, one, "same-as", same_as=one, actor=None, now=NOW)
    with pytest.raises(Invalid):
        dismiss_claim(session, one, "opinion", same_as=other, actor=None, now=NOW)

    dismiss_claim(session, one, "same-as", same_as=other, actor=None, now=NOW)
    session.flush()
    with pytest.raises(Invalid):
        dismiss_claim(session, other, "same-as", same_as=one, actor=None, now=NOW)


def test_taking_back_a_dismissal_clears_its_reason(session):
    claim = make_claim(session, make_article(session), state="dismissed")

    take_back(session, claim, actor=None, now=NOW)
    session.flush()

    assert (claim.state, claim.dismissal, claim.same_as_id) == ("proposed", None, None)
    assert not wrong_counters(session)


def test_who_saw_an_older_version_cannot_move_the_claim(session):
    claim = make_claim(session, make_article(session))
    accept_claim(session, claim, version=1, actor=None, now=NOW)

    with pytest.raises(StaleVersion):
        dismiss_claim(session, claim, "opinion", version=1, actor=None, now=NOW)

    assert claim.state == "accepted"


def test_many_are_accepted_at_once_and_those_that_moved_meanwhile_are_passed_over(session):
    article = make_article(session, proposed=True)
    first = make_claim(session, article, "Nobody")
    second = make_claim(session, article, "the town")
    gone = make_claim(session, article, "surprised", state="dismissed")

    accepted = accept_claims(session, [first, second, gone], actor=None, now=NOW)

    assert accepted == [first, second]
    assert counts_of(session, article)["accepted"] == 2
    assert article.state == "review"
    assert not wrong_counters(session)
    assert accept_claims(session, [], actor=None, now=NOW) == []


@pytest.mark.one_database
@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("wanted", State)
def test_what_undoing_goes_through_is_in_the_table_and_never_makes_a_verdict(state, wanted):
    settled = {State.DECIDED, State.READY, State.DISPUTED}
    if state is not wanted and {state, wanted} & settled:
        with pytest.raises(WrongState):
            verbs_between(state, wanted)
        return
    at = state
    for verb in verbs_between(state, wanted):
        at = TRANSITIONS[at, verb]
    assert at is wanted
