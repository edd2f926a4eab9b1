"""Deliveries: made once, signed, tried again for a day, and never sent where they must not go."""

from __future__ import annotations

import re
import socket
from datetime import timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from factcheck import jobs
from factcheck.accounts.events import record
from factcheck.accounts.models import Person
from factcheck.claims.models import Claim
from factcheck.db import current_session, writing
from factcheck.decisions.actions import reopen_claim
from factcheck.editions import publishing
from factcheck.notices import making
from factcheck.outbox import OutboxJob
from factcheck.webhooks import actions, sending
from factcheck.webhooks.models import Webhook, WebhookDelivery
from factcheck.webhooks.rules import CHOICES, DELIVERIES_KEPT, Trouble
from tests.accounts.factories import make_person
from tests.conftest import NOW
from tests.editions.factories import make_ready_article
from tests.notices.factories import found as notices_found
from tests.notices.factories import make_claim_under_review, read_anew
from tests.reviews.factories import make_answer, make_ready, submit_review
from tests.webhooks.receiver import FAILED, OK

KEY = "k" * 64
MINUTE = timedelta(minutes=1)
pytestmark = pytest.mark.usefixtures("service")


@pytest.fixture
def hook(receiver, settings):
    """An endpoint that is told of everything, with its secret and an admin."""
    with writing() as session:
        admin = make_person(session, "admin", name="Root")
        found, secret = actions.add(
            session, receiver.url, CHOICES, allow=settings.fetch_allow, key=KEY, actor=admin,
            now=NOW,
        )  # fmt: skip
        return SimpleNamespace(id=found.public_id, secret=secret, admin=admin.id)


@pytest.fixture
def pinged(hook):
    """A test delivery that waits, made to be tried again like others."""
    return _told(hook)


def _told(hook, count=1):
    """Have so many things told that need no article; return the ids of their deliveries."""
    with writing() as session:
        found = session.query(Webhook).one()
        admin = session.get(Person, hook.admin)
        made = [actions.ping(session, found, actor=admin, now=NOW) for _ in range(count)]
        for one in made:
            one.told = "claim.disputed"
        return [one.public_id for one in made]


def deliveries():
    current_session().rollback()
    query = sa.select(WebhookDelivery).order_by(WebhookDelivery.id)
    return list(current_session().scalars(query.execution_options(populate_existing=True)))


def endpoint():
    current_session().rollback()
    query = sa.select(Webhook).execution_options(populate_existing=True)
    return current_session().scalars(query).one()


def publish(slug, settings):
    return publishing.publish(slug, note=None, actor_id=None, settings=settings)


def test_what_is_published_and_corrected_is_told_once_and_signed(receiver, hook, settings):
    with writing() as session:
        article, claims = make_ready_article(session, ["false", "true"])
        editor = make_person(session, "editor")
        slug, article_id, claim = article.slug, article.public_id, claims[0].public_id
    first = publish(slug, settings)
    making.make_notices(settings)
    with writing() as session:
        corrected = session.query(Claim).filter_by(public_id=claim).one()
        editor = session.get(Person, editor.id)
        reopen_claim(session, corrected, "New figures.", actor=editor, now=NOW)
        make_ready(session, corrected, "true", summary="It says so.", reasons="New.", editor=editor)
    second = publish(slug, settings)
    making.make_notices(settings)
    read_anew()
    making.make_notices(settings)  # once more from the beginning, as if it had been killed
    jobs.run_due(settings)

    assert all(one.is_signed_with(hook.secret) for one in receiver.received)
    assert not receiver.received[0].is_signed_with(hook.secret + "x")
    told = [(one.headers["x-factcheck-event"], one.json["data"]) for one in receiver.received]
    url = f"http://localhost/articles/{slug}/"
    of_article = {"id": article_id, "url": url}
    of_second = {"number": 2, "sha256": second.sha256, "url": f"{url}editions/2/"}
    assert told[0][0] == "edition.published"
    assert told[0][1]["edition"]["sha256"] == first.sha256
    assert told[1:] == [
        ("edition.published",
         {"article": of_article, "edition": of_second, "changes": second.changes}),
        ("verdict.changed",
         {"claim": {"id": claim, "url": f"{url}claims/{claim}/"}, "from": "false", "to": "true",
          "article": of_article, "edition": of_second}),
    ]  # fmt: skip
    assert [one.state for one in deliveries()] == ["delivered"] * 3
    one = receiver.received[0]
    assert (one.path, one.headers["content-type"]) == ("/hook?of=factcheck", "application/json")
    assert one.headers["x-factcheck-delivery"] == one.json["id"] == deliveries()[0].public_id
    assert one.headers["x-factcheck-timestamp"] == str(int(NOW.timestamp()))
    assert "passengers" not in "".join(one.body for one in deliveries())


def test_of_a_dispute_nothing_is_told_but_that_there_is_one(receiver, hook, settings):
    with writing() as session:
        claim = make_claim_under_review(session)
        for rating in ("false", "true", "misleading"):
            submit_review(session, claim, make_person(session), make_answer(rating), now=NOW)
        ids = claim.public_id, claim.article.public_id
    making.make_notices(settings)
    jobs.run_due(settings)
    (one,) = receiver.received
    assert one.json["event"] == "claim.disputed"
    assert one.json["data"] == {
        "claim": {"id": ids[0], "url": f"http://localhost/work/claims/{ids[0]}"},
        "article": {"id": ids[1]},
    }


def test_an_edition_is_told_when_its_pages_are_there_and_not_once_it_is_withdrawn(
    receiver, hook, settings, time_passes
):
    with writing() as session:
        article, _ = make_ready_article(session, ["false"])
        edition = publishing.actions.publish_edition(
            session, article, note=None, actor=None, now=NOW
        )
        sha256 = edition.sha256
    making.make_notices(settings)
    jobs.run_due(settings)
    assert receiver.received == []
    publishing.finish_interrupted(settings)
    time_passes(MINUTE)
    jobs.run_due(settings)
    assert len(receiver.received) == 1
    with writing() as session:
        admin = session.get(Person, hook.admin)
        actions.replay(session, session.query(WebhookDelivery).one(), actor=admin, now=NOW)
    publishing.withdraw(sha256, reason="It was wrong.", actor_id=None, settings=settings)
    jobs.run_due(settings)
    (one,) = deliveries()
    assert (one.state, one.trouble) == ("given-up", Trouble.WITHDRAWN)
    assert len(receiver.received) == 1


def _slow(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n")
    connection.recv(1)  # until the other side gives up


def _breaks_off(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 2")


@pytest.mark.parametrize(
    ("answer", "trouble", "status"),
    [
        (FAILED, Trouble.STATUS, 503),
        (b"HTTP/1.1 307 Go\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n",
         Trouble.STATUS, 307),
        (_slow, Trouble.TIMED_OUT, None),
        (_breaks_off, Trouble.UNREACHABLE, None),
        (b"no HTTP at all\r\n\r\n", Trouble.UNREACHABLE, None),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n" + b"\0\xff" * 600, None, 200),
    ],
)  # fmt: skip
def test_whatever_comes_back_is_noted_and_nothing_is_followed(
    receiver, pinged, settings, monkeypatch, answer, trouble, status
):
    monkeypatch.setattr(sending, "SECONDS", 0.3)
    receiver.answer = answer
    assert jobs.run_due(settings) == 1
    (one,) = deliveries()
    assert (one.trouble, one.status, one.attempts) == (trouble, status, 1)
    assert len(receiver.received) == 1
    if trouble is None:
        assert (one.state, one.next_at, len(one.answer)) == ("delivered", None, 500)
    else:
        assert (one.state, one.next_at) == ("waiting", NOW + MINUTE)
        assert endpoint().failing_since == NOW


def test_an_address_that_came_to_lead_inside_is_not_reached(receiver, pinged, settings):
    settings = SimpleNamespace(fetch_allow=frozenset(), secret_key=KEY)
    jobs.run_due(settings)
    assert receiver.received == []
    assert deliveries()[0].trouble == Trouble.REFUSED


def test_a_secret_that_was_sealed_with_another_key_signs_nothing(receiver, pinged, settings):
    jobs.run_due(SimpleNamespace(fetch_allow=settings.fetch_allow, secret_key="j" * 64))
    assert receiver.received == []
    assert deliveries()[0].trouble == Trouble.SECRET


def test_what_fails_for_a_day_is_given_up_and_can_be_replayed_under_its_id(
    receiver, hook, pinged, settings, time_passes
):
    receiver.answer = FAILED
    while (one := deliveries()[0]).state == "waiting":
        time_passes(one.next_at - time_passes(timedelta()))
        jobs.run_due(settings)
    assert (one.state, one.attempts, one.status) == ("given-up", 9, 503)
    assert timedelta(hours=22) < one.tried_at - NOW <= timedelta(days=1)
    receiver.answer = OK
    with writing() as session:
        admin = session.get(Person, hook.admin)
        one = session.query(WebhookDelivery).one()
        actions.replay(session, one, actor=admin, now=time_passes(timedelta()))
    jobs.run_due(settings)
    assert deliveries()[0].state == "delivered"
    ids = {one.headers["x-factcheck-delivery"] for one in receiver.received}
    assert (ids, len(receiver.received)) == (set(pinged), 10)
    assert endpoint().failing_since is None


def test_a_replay_takes_the_place_of_the_attempt_that_waits(
    receiver, hook, pinged, settings, time_passes
):
    receiver.answer = FAILED
    jobs.run_due(settings)
    with writing() as session:
        admin = session.get(Person, hook.admin)
        actions.replay(session, session.query(WebhookDelivery).one(), actor=admin, now=NOW)
    jobs.run_due(settings)
    assert len(receiver.received) == 2
    time_passes(5 * MINUTE)
    jobs.run_due(settings)  # both the attempt that waited and that after the replay are due
    assert len(receiver.received) == 3
    current_session().rollback()
    assert current_session().query(OutboxJob).filter_by(done_at=None).count() == 1


def test_a_worker_that_dies_after_sending_loses_nothing(
    receiver, pinged, settings, time_passes, monkeypatch
):
    class Killed(BaseException):
        pass

    def dies(*_):
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr(sending, "_note", dies)
        with pytest.raises(Killed):
            jobs.run_due(settings)
    assert jobs.run_due(settings) == 0
    time_passes(2 * MINUTE)
    assert jobs.run_due(settings) == 1
    assert [one.json["id"] for one in receiver.received] == pinged * 2
    assert (deliveries()[0].state, deliveries()[0].attempts) == ("delivered", 2)


def test_an_endpoint_that_is_down_costs_one_attempt_a_rest_and_then_gets_all(
    receiver, hook, settings, time_passes
):
    _told(hook, 5)
    receiver.answer = FAILED
    jobs.run_due(settings)
    assert len(receiver.received) == 1
    time_passes(MINUTE)
    jobs.run_due(settings)
    assert len(receiver.received) == 2
    receiver.answer = OK
    time_passes(timedelta(minutes=30))
    jobs.run_due(settings)
    assert [one.state for one in deliveries()] == ["delivered"] * 5


def test_what_is_held_back_for_a_day_is_given_up(receiver, hook, settings, time_passes):
    _told(hook, 2)
    with writing() as session:
        session.query(Webhook).one().rests_until = NOW + timedelta(days=1, seconds=1)
    jobs.run_due(settings)
    assert [one.trouble for one in deliveries()] == [Trouble.RESTING] * 2
    assert [one.state for one in deliveries()] == ["given-up"] * 2


def test_after_a_week_of_nothing_but_failure_it_is_disabled_and_admins_are_told(
    receiver, hook, settings, time_passes
):
    receiver.answer = FAILED
    _told(hook)
    jobs.run_due(settings)
    time_passes(timedelta(days=7) - MINUTE)
    jobs.run_due(settings)
    assert endpoint().disabled_at is None
    time_passes(2 * timedelta(hours=1))
    with writing() as session:
        make_person(session, "editor", name="Edda")
        session.query(Webhook).one().rests_until = None
    _told(hook, 2)
    jobs.run_due(settings)
    assert (endpoint().disabled_because, len(receiver.received)) == ("failing", 3)
    assert {one.state for one in deliveries()} == {"given-up"}
    making.make_notices(settings)
    assert notices_found() == [("Root", "webhook-disabled")]

    with writing() as session:  # nothing is made for it, until it is enabled again
        record(session, "round.disputed", "none", actor=None, now=NOW)
    making.make_notices(settings)
    assert len(deliveries()) == 3
    with writing() as session:
        found = session.query(Webhook).one()
        with pytest.raises(actions.WebhookDisabled):
            actions.ping(session, found, actor=session.get(Person, hook.admin), now=NOW)
        actions.enable(session, found, actor=None, now=NOW)
    receiver.answer = OK
    _told(hook)
    jobs.run_due(settings)
    assert (deliveries()[-1].state, endpoint().failing_since) == ("delivered", None)


def test_a_test_is_tried_once(receiver, hook, settings):
    receiver.answer = FAILED
    with writing() as session:
        found = session.query(Webhook).one()
        actions.ping(session, found, actor=session.get(Person, hook.admin), now=NOW)
    jobs.run_due(settings)
    assert deliveries()[0].state == "given-up"
    assert receiver.received[0].json["event"] == "ping"


def test_deliveries_are_forgotten_after_a_month_and_with_their_endpoint(
    receiver, hook, settings, time_passes
):
    _told(hook)
    jobs.run_due(settings)
    _told(hook)
    with writing() as session:
        later = NOW + DELIVERIES_KEPT + MINUTE
        assert actions.forget_old(session, now=later) == 1  # not the one that waits
    with writing() as session:
        actions.delete(session, session.query(Webhook).one(), actor=None, now=NOW)
    assert deliveries() == []
    jobs.run_due(settings)
    assert len(receiver.received) == 1


def test_the_audit_log_has_no_secret_and_no_path(hook, receiver):
    current_session().rollback()
    rows = current_session().execute(sa.text("SELECT details, subject_id FROM events")).all()
    logged = re.sub(r"\s", "", str(rows))
    assert "127.0.0.1" in logged
    assert "hook?" not in logged
    kept = current_session().execute(sa.text("SELECT * FROM webhooks")).all()
    assert hook.secret not in str(kept) + str(rows)
