"""Mails of notices: at once or one a day, each once, with a link that stops them."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from factcheck import jobs
from factcheck.db import current_session, writing
from factcheck.notices import actions, mailing, making, queries
from factcheck.notices.models import DailyMail
from factcheck.notices.rules import Kind, Way
from factcheck.outbox import OutboxJob, enqueue
from tests.accounts.factories import make_person
from tests.conftest import NOW
from tests.notices.factories import mails, make_claim_under_review, notices, read_anew
from tests.reviews.factories import make_answer, submit_review


@pytest.fixture
def went():
    """The letters that were sent; of one that went, the outbox keeps nothing."""
    return []


@pytest.fixture
def handlers(went):
    """Handlers of jobs that send to `went`."""
    sent = lambda payload, _: went.append(payload)  # noqa: E731
    return {"mail": sent, "daily-mail": mailing.send_daily}


@pytest.fixture
def people(service):
    """Ada wants decisions at once, Bob daily, Cleo in the service only; all three answer claims."""
    with writing() as session:
        people = [make_person(session, name=name) for name in ("Ada", "Bob", "Cleo")]
        for person, way in zip(people, (Way.AT_ONCE, Way.DAILY, Way.HERE), strict=True):
            actions.choose(session, person, {Kind.DECIDED: way}, actor=person, now=NOW)
    return people


def decide(people, now=NOW):
    """Have a new claim reviewed and decided."""
    with writing() as session:
        claim = make_claim_under_review(session, policy_key="team")
        for person in people:
            submit_review(session, claim, person, make_answer("true"), now=now)
    return claim


def daily_mails():
    query = sa.select(DailyMail.day, DailyMail.sent_at).order_by(DailyMail.id)
    current_session().rollback()
    return [tuple(row) for row in current_session().execute(query)]


def test_a_mail_at_once_says_what_and_where_and_how_to_stop_it(people, settings):
    claim = decide(people[:2])
    making.make_notices(settings)
    (letter,) = mails()
    stop = re.search(r"http://localhost/notices/stop/[\w.-]+", letter["text"])[0]
    assert letter["to"] == people[0].email
    assert letter["subject"] == "A claim that you reviewed is decided"
    assert "The reviews agree: True." in letter["text"]
    assert claim.restated in letter["text"]
    assert f"http://localhost/work/claims/{claim.public_id}\n" in letter["text"]
    assert letter["headers"] == {
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def test_without_a_mail_server_no_mail_is_asked_for(people, settings):
    decide(people[:2])
    making.make_notices(replace(settings, smtp_url=""))
    kinds = set(current_session().scalars(sa.select(OutboxJob.kind)))
    assert not kinds & {"mail", "daily-mail"}
    assert len(notices("decided")) == 2


def test_reading_the_log_again_mails_nothing_twice(people, settings):
    decide(people[:2])
    for _ in range(2):
        making.make_notices(settings)
        read_anew()
    assert len(mails()) == 1
    assert len(daily_mails()) == 1


def test_a_daily_mail_gathers_the_day_and_goes_once(people, settings, time_passes, handlers, went):
    bob, cleo = people[1:]
    for _ in range(3):
        decide([bob, cleo])
        making.make_notices(settings)
        time_passes(timedelta(hours=1))
    assert (mails(), daily_mails()) == ([], [(date(2026, 11, 21), None)])
    jobs.run_due(settings, handlers)
    assert mails() == went == []
    now = time_passes(timedelta(hours=16))
    jobs.run_due(settings, handlers)
    (letter,) = went
    assert mails() == [{}]
    assert (letter["to"], letter["subject"]) == (bob.email, "3 notices")
    assert letter["text"].count("The reviews agree: True.") == 3
    assert letter["text"].count("/notices/stop/") == 1
    assert daily_mails() == [(date(2026, 11, 21), now)]
    with writing() as session:
        enqueue(session, "daily-mail", {"daily-mail": 1}, now=now)
    jobs.run_due(settings, handlers)
    assert len(went) == 1


def test_what_was_read_or_is_not_wanted_any_more_is_not_in_the_daily_mail(
    people, settings, time_passes, handlers, went
):
    bob, cleo = people[1:]
    with writing() as session:
        actions.choose(session, cleo, {Kind.DECIDED: Way.DAILY}, actor=cleo, now=NOW)
    decide([bob, cleo])
    making.make_notices(settings)
    with writing() as session:
        actions.mark_read(session, bob, until=10**6, now=NOW)
        actions.stop_mails(session, cleo, [Kind.DECIDED], now=NOW)
    time_passes(timedelta(days=1))
    jobs.run_due(settings, handlers)
    assert mails() == went == []
    assert all(sent_at for _, sent_at in daily_mails())


def test_what_is_made_as_the_daily_mail_goes_is_in_the_next_one(
    people, settings, time_passes, handlers, went
):
    bob, cleo = people[1:]
    decide([bob, cleo])
    making.make_notices(settings)
    with writing() as session:
        session.execute(sa.update(DailyMail).values(sent_at=NOW))
    decide([bob, cleo])
    making.make_notices(settings)
    assert [day for day, _ in daily_mails()] == [date(2026, 11, 21), date(2026, 11, 22)]
    time_passes(timedelta(days=2))
    jobs.run_due(settings, handlers)
    assert [letter["subject"] for letter in went] == ["A claim that you reviewed is decided"]


def test_stopping_mails_leaves_the_notice_and_what_is_off_stays_off(people):
    ada = people[0]
    with writing() as session:
        actions.choose(session, ada, {Kind.REOPENED: Way.OFF}, actor=ada, now=NOW)
        actions.stop_mails(session, ada, list(Kind), now=NOW)
    kept = queries.choices_of(current_session(), ada)
    assert kept.pop(Kind.REOPENED) is Way.OFF
    assert set(kept.values()) == {Way.HERE}
