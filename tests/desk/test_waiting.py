"""What waits for an editor is counted once, each number leads to exactly that, and no more."""

from __future__ import annotations

from datetime import timedelta

import pytest

from factcheck import clock
from factcheck.claims.actions import change_state
from factcheck.claims.queries import wrong_counters
from factcheck.claims.rules import Verb
from factcheck.db import writing
from factcheck.decisions.actions import reopen_claim, submit_review
from factcheck.decisions.queries import current_decision
from factcheck.desk.finding import asked_for, find
from factcheck.desk.queries import overview
from factcheck.desk.waiting import to_correct
from factcheck.editions.actions import publish_edition
from factcheck.editions.queries import editions_of
from factcheck.editions.withdrawing import (
    put_back_article,
    put_back_claim,
    withdraw_article,
    withdraw_claim,
    withdraw_edition,
)
from factcheck.reviews import actions
from factcheck.reviews.lapsed import lapsed
from factcheck.reviews.rules import LEASE
from tests.accounts.factories import make_person
from tests.claims.factories import make_article, make_claim
from tests.conftest import NOW
from tests.desk.test_overview import counted
from tests.editions.factories import make_ready_article
from tests.reviews.factories import make_answer, make_ready
from tests.web.client import post_form, signed_in

WHY = {"reason": "A mistake.", "actor": None, "now": NOW}


def desk(session, now=NOW):
    return overview(session, make_person(session, "editor"), now=now)


def published(session):
    """The claims of the list behind the figure, having checked that it is of as many."""
    wanted = asked_for(session, {"state": "published"}, now=NOW)
    found = find(session, wanted, limit=50)
    assert desk(session).published == len(found.claims) == found.counted.number
    assert not wrong_counters(session)
    return {one.id for one in found.claims}


def corrected(session):
    found = [claim.id for claim, _decision in to_correct(session, after=0, limit=50)]
    assert desk(session).waiting.corrections == len(found)
    return found


def publish(session, article):
    return publish_edition(session, article, note=None, actor=None, now=NOW)


def test_published_claims_are_those_that_readers_are_told_of_now(session):
    article, claims = make_ready_article(session)
    everything = {one.id for one in claims}
    assert published(session) == set()
    publish(session, article)
    assert published(session) == everything
    reopen_claim(session, claims[0], "New minutes.", actor=make_person(session), now=NOW)
    assert published(session) == everything  # readers are told of it still
    withdraw_claim(session, claims[1], **WHY)
    assert published(session) == everything - {claims[1].id}
    withdraw_article(session, article, **WHY)
    assert published(session) == set()
    put_back_article(session, article, **WHY)
    assert published(session) == everything - {claims[1].id}


def test_a_correction_waits_from_the_new_verdict_until_it_is_published(session):
    article, claims = make_ready_article(session)
    publish(session, article)
    assert corrected(session) == []
    reopen_claim(session, claims[0], "New minutes.", actor=make_person(session), now=NOW)
    assert corrected(session) == []  # nothing is decided anew yet
    make_ready(session, claims[0], "false")
    assert corrected(session) == [claims[0].id]
    newer = publish(session, article)
    assert corrected(session) == []
    withdraw_edition(session, newer, **WHY)
    assert corrected(session) == [claims[0].id]  # readers are told what the first one said
    withdraw_edition(session, editions_of(session, article)[0], **WHY)
    assert corrected(session) == []


def test_other_words_wait_to_be_told_whatever_else_of_the_article_comes_and_goes(session):
    article, (first, second, third) = make_ready_article(session)
    publish(session, article)
    summary = current_decision(session, first).summary
    make_ready(session, first, "true", summary="The yard's own book has the year.")
    assert corrected(session) == [first.id]
    withdraw_claim(session, second, **WHY)
    assert corrected(session) == [first.id]
    put_back_claim(session, second, **WHY)
    make_ready(session, third, "not-checkable", summary=current_decision(session, third).summary)
    assert corrected(session) == [first.id]  # of the third readers are told those very words
    newer = publish(session, article)
    assert corrected(session) == []
    make_ready(session, first, "true", summary=summary)
    assert corrected(session) == [first.id]
    withdraw_edition(session, newer, **WHY)
    assert corrected(session) == []  # the first edition says what stands


def test_what_is_said_as_before_rests_on_the_verdict_before(session):
    article, claims = make_ready_article(session)
    publish(session, article)
    told = claims[0].told_decision_id
    make_ready(session, claims[0], "true", summary="The yard's own book has the year.")
    reopen_claim(session, claims[0], "New minutes.", actor=make_person(session), now=NOW)
    make_ready(session, claims[1], "false", summary="The minutes have nine to five.")
    publish(session, article)
    assert claims[0].told_decision_id == told
    assert corrected(session) == []
    make_ready(session, claims[0], "true", summary="Of the year the yard is sure.")
    assert corrected(session) == [claims[0].id]


def test_to_withdraw_something_reads_and_holds_the_claims_once(session):
    article, claims = make_ready_article(session)
    publish(session, article)
    session.flush()
    with counted(session.get_bind()) as statements:
        withdraw_claim(session, claims[0], **WHY)
    whole = [one for one in statements if one.startswith("SELECT claims.id, claims.public_id")]
    held = [one for one in whole if "FOR " in one]
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    assert (len(whole) - len(held), len(held)) == (1, 0 if is_sqlite else 1)


def test_a_lease_that_ran_out_is_told_of_for_a_week_while_its_seat_is_free(session):
    article = make_article(session)
    claim = make_claim(session, article, state="accepted")
    judge = make_person(session, "editor")
    submit_review(session, claim, judge, make_answer(), now=NOW)
    actions.take_seat(session, claim, make_person(session), now=NOW)
    over = NOW + LEASE + timedelta(minutes=1)

    editor = make_person(session, "editor")

    def told(now, viewer=editor):
        found = lapsed(session, viewer, now=now, limit=9)
        assert overview(session, viewer, now=now).waiting.leases == len(found)
        return [one.claim for one in found]

    assert told(NOW) == []
    assert told(over) == [claim]
    assert told(over + timedelta(days=7)) == []
    actions.take_seat(session, claim, make_person(session), now=over)
    assert told(over) == []
    over += LEASE + timedelta(minutes=1)
    assert told(over) == [claim]
    assert told(over, judge) == []  # for who judges, the round is sealed
    change_state(session, claim, Verb.DISMISS, actor=None, now=over, dismissal="opinion")
    assert told(over) == []


@pytest.mark.one_database
def test_the_pages_behind_the_numbers_name_the_claims_and_what_to_do(app):
    with app.app_context(), writing() as session:
        article, claims = make_ready_article(session)
        publish(session, article)
        reopen_claim(session, claims[0], "New minutes.", actor=make_person(session), now=NOW)
        make_ready(session, claims[0], "false")
        held = make_claim(session, make_article(session), "nine to four", "accepted")
        began = clock.now() - LEASE - timedelta(minutes=1)
        actions.take_seat(session, held, make_person(session), now=began)
        slug, restated, version = article.slug, claims[0].restated, held.version
        email, other = make_person(session, "editor").email, make_person(session).email
        key = held.public_id
    client = signed_in(app, email)
    page = client.get("/desk").text
    for words, path in (
        ("1 correction to publish", "/desk/corrections"),
        ("1 lease that ran out this week", "/desk/leases"),
    ):
        assert f'<a href="{path}">{words}</a>' in page
    listed = client.get("/desk/corrections").text
    assert restated in listed
    assert f"/work/articles/{slug}/publish" in listed
    assert client.get("/desk/claims?state=published").text.count('name="claim"') == 3
    assert f"/work/claims/{key}" in client.get("/desk/leases").text
    asked = {"claim": f"{key}:{version}", "do": "assign", "to_person": other}
    assert post_form(client, "/desk/bulk", asked, page="/desk/leases").status_code == 303
    assert client.get("/desk/leases?cursor=abc").status_code == 422
