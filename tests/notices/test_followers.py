"""Followers: asked first, mailed once an edition, forgotten when they stop or do not answer."""

from __future__ import annotations

import smtplib
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from factcheck import jobs
from factcheck.accounts.models import Person
from factcheck.claims.models import Claim
from factcheck.db import current_session, writing
from factcheck.decisions.actions import reopen_claim
from factcheck.editions import publishing, withdrawing
from factcheck.failures import Invalid
from factcheck.notices import follower_mails, following, making
from factcheck.notices.follower_links import BadFollowLink
from factcheck.notices.models import FollowAsk, Follower, FollowerMail
from factcheck.outbox import OutboxJob
from tests.accounts.factories import make_person
from tests.conftest import NOW
from tests.editions.factories import make_ready_article
from tests.notices.factories import read_anew
from tests.reviews.factories import make_ready

ADDRESS = "Reader@Example.org"
KEY = "k" * 64
pytestmark = pytest.mark.usefixtures("service")


@pytest.fixture
def sent(monkeypatch):
    """The letters that went to the mail server."""
    letters = []
    monkeypatch.setattr(jobs, "send_mail", lambda letter, _settings: letters.append(letter))
    return letters


@pytest.fixture
def article(settings):
    """A published article: (slug, key, public id of its first claim); and an editor."""
    with writing() as session:
        article, claims = make_ready_article(session, ["false", "true"], title="The ferry")
        make_person(session, "editor", name="Edda")
        found = article.slug, article.id, claims[0].public_id
    publish(found[0], settings)
    return found


def publish(slug, settings, note=None):
    return publishing.publish(slug, note=note, actor_id=None, settings=settings)


def ask(article_id=None, *, email=ADDRESS, caller="192.0.2.1", now=NOW):
    with writing() as session:
        following.ask(session, email, article_id, caller=caller, key=KEY, now=now)


def follow(article_id=None, *, email=ADDRESS, caller="192.0.2.1", now=NOW):
    ask(article_id, email=email, caller=caller, now=now)
    with writing() as session:
        waiting = session.scalars(sa.select(Follower).where(Follower.confirmed_at.is_(None)))
        return following.confirm(session, waiting.one().public_id, now=now).public_id


def correct(article, settings, rating="mostly-true", **words):
    """Give the first claim another verdict and publish it, a minute later."""
    with writing() as session:
        claim = session.query(Claim).filter_by(public_id=article[2]).one()
        editor = session.query(Person).filter_by(name="Edda").one()
        if rating != "false":
            reopen_claim(session, claim, "New figures.", actor=editor, now=NOW)
        make_ready(
            session, claim, rating, summary="The register says so.", reasons="A new count.",
            editor=editor, **words,
        )  # fmt: skip
    return publish(article[0], settings, note="We had an old figure.")


def work(settings):
    making.make_notices(settings)
    jobs.run_due(settings)


def followers():
    current_session().rollback()
    return list(current_session().scalars(sa.select(Follower)))


def test_nothing_but_the_question_goes_before_it_is_confirmed(article, settings, sent, time_passes):
    ask()
    time_passes(timedelta(minutes=1))
    correct(article, settings)
    work(settings)
    (letter,) = sent
    assert letter["to"] == "reader@example.org"
    assert letter["subject"] == "Do you want to follow corrections?"
    assert "http://localhost/follow/confirm/" in letter["text"]


def test_a_corrected_verdict_is_mailed_once_with_from_to_why_and_a_stop(
    article, settings, sent, time_passes
):
    follow(article[1])
    time_passes(timedelta(minutes=1))
    correct(article, settings)
    for _ in range(2):
        work(settings)
        read_anew()
    (letter,) = [one for one in sent if one["subject"].startswith("Correction")]
    assert letter["subject"] == "Correction: The ferry"
    for words in (
        "It was: False. It is now: Mostly true.", "Why: A new count.", "We had an old figure.",
        f"http://localhost/articles/{article[0]}/claims/{article[2]}/", "follows this article",
        f"http://localhost/articles/{article[0]}/editions/1/",
    ):  # fmt: skip
        assert words in letter["text"]
    stop = letter["headers"]["List-Unsubscribe"].strip("<>")
    assert f"{stop}\n" in letter["text"]
    assert stop.startswith("http://localhost/follow/stop/")
    assert letter["headers"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_one_address_that_follows_the_article_and_all_gets_one_mail(
    article, settings, sent, time_passes
):
    follow(article[1])
    follow()
    time_passes(timedelta(minutes=1))
    correct(article, settings)
    work(settings)
    assert [one["subject"] for one in sent if "Correction" in one["subject"]] == [
        "Correction: The ferry"
    ]


def test_what_came_out_since_is_no_correction_and_is_not_mailed(
    article, settings, sent, time_passes
):
    follow()
    time_passes(timedelta(minutes=1))
    correct(article, settings, rating="false", since_then="The ferry was sold.")
    work(settings)
    assert [one["subject"] for one in sent] == []


def test_who_follows_later_is_not_told_of_what_was_before(article, settings, sent, time_passes):
    correct(article, settings)
    follow(now=time_passes(timedelta(minutes=1)))
    work(settings)
    assert sent == []


def test_a_withdrawal_is_mailed_without_a_word_of_what_was_withdrawn(
    article, settings, sent, time_passes
):
    follow()
    time_passes(timedelta(minutes=1))
    done = correct(article, settings)
    publishing.withdraw(done.sha256, reason="A court said so.", actor_id=None, settings=settings)
    work(settings)
    (letter,) = [one for one in sent if one["subject"] != "Do you want to follow corrections?"]
    assert letter["subject"] == "Withdrawn: The ferry"
    assert "Why: A court said so." in letter["text"]
    assert "A new count." not in letter["text"]


def withdraw_claim(public_id, settings, verb=withdrawing.withdraw_claim):
    def act(session, actor, now):
        claim = session.query(Claim).filter_by(public_id=public_id).one()
        verb(session, claim, reason="A court said so.", actor=actor, now=now)

    publishing.act(act, actor_id=None, settings=settings)


def test_each_claim_that_is_withdrawn_by_itself_is_mailed_once_and_not_in_its_words(
    article, settings, sent, time_passes
):
    follow()
    time_passes(timedelta(minutes=1))
    withdraw_claim(article[2], settings)
    work(settings)
    read_anew()
    work(settings)
    (letter,) = [one for one in sent if one["subject"] != "Do you want to follow corrections?"]
    assert letter["subject"] == "Withdrawn: The ferry"
    assert "one claim" in letter["text"]
    assert "Why: A court said so." in letter["text"]
    assert f"/articles/{article[0]}/claims/{article[2]}/\n" in letter["text"]
    with writing() as session:
        claim = session.query(Claim).filter_by(public_id=article[2]).one()
        assert claim.restated not in letter["text"]


def test_a_claim_that_was_put_back_before_the_mail_is_mailed_to_nobody(
    article, settings, sent, time_passes
):
    follow()
    time_passes(timedelta(minutes=1))
    withdraw_claim(article[2], settings)
    withdraw_claim(article[2], settings, withdrawing.put_back_claim)
    work(settings)
    assert {one["subject"] for one in sent} <= {"Do you want to follow corrections?"}


def test_a_refused_mail_is_tried_again_and_one_that_went_is_not(
    article, settings, monkeypatch, time_passes
):
    follow()
    time_passes(timedelta(minutes=1))
    correct(article, settings)
    tries = []

    def post(letter, _settings):
        tries.append(letter["subject"])
        if len(tries) == 1:
            raise smtplib.SMTPServerDisconnected("gone")

    monkeypatch.setattr(jobs, "send_mail", post)
    work(settings)
    time_passes(timedelta(hours=1))
    work(settings)
    with writing() as session:
        session.execute(sa.update(OutboxJob).values(done_at=None, failed_at=None, due_at=NOW))
    jobs.run_due(settings)
    assert tries == ["Correction: The ferry"] * 2


def test_more_followers_than_one_transaction_holds_are_all_mailed(
    article, settings, sent, monkeypatch, time_passes
):
    monkeypatch.setattr(follower_mails, "AT_ONCE", 2)
    for place in range(5):
        follow(email=f"reader{place}@example.org", caller=f"192.0.2.{place}")
    time_passes(timedelta(minutes=1))
    correct(article, settings)
    work(settings)
    assert sorted(one["to"] for one in sent if "Correction" in one["subject"]) == [
        f"reader{place}@example.org" for place in range(5)
    ]


def test_a_mail_waits_until_its_pages_are_on_disk(article, settings, sent, time_passes):
    follow()
    time_passes(timedelta(minutes=1))
    correct(article, settings)
    with writing() as session:
        session.execute(sa.text("UPDATE editions SET written_at = NULL"))
    work(settings)
    assert sent == []
    publishing.finish_interrupted(settings)
    time_passes(timedelta(minutes=2))
    jobs.run_due(settings)
    assert [one["subject"] for one in sent] == ["Correction: The ferry"]


def test_without_a_mail_server_none_is_asked_for(article, settings, time_passes):
    follow()
    time_passes(timedelta(minutes=1))
    correct(article, settings)
    making.make_notices(replace(settings, smtp_url=""))
    kinds = current_session().scalars(sa.select(OutboxJob.kind)).all()
    assert follower_mails.SPREAD not in kinds


def test_the_address_is_in_its_row_alone_and_sealed(article, settings, sent, time_passes):
    follow(article[1])
    time_passes(timedelta(minutes=1))
    correct(article, settings)
    work(settings)
    assert len(sent) == 1
    current_session().rollback()
    for table in Follower.metadata.sorted_tables:
        for row in current_session().execute(sa.select(table)):
            assert "reader@example" not in repr(row).lower(), table.name


def test_stopping_deletes_the_follower_and_what_is_known_of_their_mails(
    article, settings, sent, time_passes
):
    public_id = follow()
    time_passes(timedelta(minutes=1))
    correct(article, settings)
    making.make_notices(settings)
    jobs.run_due(settings)
    for _ in range(2):
        with writing() as session:
            following.stop(session, public_id)
    assert followers() == []
    assert current_session().scalar(sa.select(sa.func.count(FollowerMail.id))) == 0
    time_passes(timedelta(minutes=1))
    correct(article, settings, rating="true")
    work(settings)
    assert len(sent) == 1


def test_who_does_not_confirm_in_time_is_deleted_and_the_link_dead(settings, sent, time_passes):
    ask()
    (waiting,) = followers()
    public_id = waiting.public_id
    now = time_passes(following.CONFIRM_WITHIN)
    with pytest.raises(BadFollowLink), writing() as session:
        following.confirm(session, public_id, now=now)
    jobs.run_due(settings)
    assert (followers(), sent) == ([], [])


def test_who_was_asked_anew_is_deleted_only_after_that(settings, sent, time_passes):
    ask()
    ask(now=time_passes(timedelta(days=1)))
    time_passes(timedelta(days=1))
    jobs.run_due(settings)
    assert len(followers()) == 1
    time_passes(timedelta(days=1))
    jobs.run_due(settings)
    assert followers() == []


def test_a_link_confirms_once():
    public_id = follow()
    with pytest.raises(BadFollowLink), writing() as session:
        following.confirm(session, public_id, now=NOW)


def test_an_address_is_asked_three_times_a_day_at_most_and_nobody_is_told(settings, sent):
    for place in range(6):
        ask(place_article(place), caller=f"192.0.2.{place}")
    jobs.run_due(settings)
    assert len(sent) == 3


def place_article(place):
    with writing() as session:
        article, _ = make_ready_article(session, ["true"], title=f"Article {place}")
        return article.id


def test_an_address_that_follows_is_not_asked_again_but_each_ask_writes(settings, sent):
    follow()
    before = current_session().scalar(sa.select(sa.func.count(FollowAsk.id)))
    ask()
    jobs.run_due(settings)
    assert sent == []
    assert current_session().scalar(sa.select(sa.func.count(FollowAsk.id))) == before + 2


def test_a_flood_from_one_network_is_held_off(monkeypatch):
    for place in range(following.PER_NETWORK[0]):
        ask(email=f"r{place}@example.org", caller="2001:db8::1")
    with pytest.raises(following.TooManyAsks):
        ask(email="one@example.org", caller="2001:db8::ffff")
    ask(email="one@example.org", caller="2001:db8::1", now=NOW + timedelta(minutes=61))
    monkeypatch.setattr(following, "MOST_UNCONFIRMED", 6)
    with pytest.raises(following.TooManyAsks):
        ask(email="two@example.org", caller="192.0.2.7")
    with pytest.raises(Invalid) as refusal:
        ask(email="no address", caller="192.0.2.8")
    assert refusal.value.field == "email"
