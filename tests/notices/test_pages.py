"""The list, its counter, choosing, and the links in mails."""

import re

import pytest

from factcheck.accounts.models import Person
from factcheck.db import current_session, writing
from factcheck.decisions.actions import submit_review
from factcheck.notices import making, queries, views
from factcheck.notices.rules import Kind, Way
from factcheck.notices.stopping import stop_token
from factcheck.web.paging import cursor
from tests.accounts.factories import make_person
from tests.conftest import NOW
from tests.notices.factories import make_claim_under_review, unread
from tests.reviews.factories import make_answer
from tests.reviews.pages import queries_of
from tests.web.client import post_form, signed_in

NEW = '<b class="unread">'


@pytest.fixture
def ada(app, settings):
    """A reviewer who was told three times that a claim is decided."""
    with app.app_context():
        with writing() as session:
            people = [make_person(session, name=name) for name in ("Ada", "Bob")]
        for _ in range(3):
            with writing() as session:
                claim = make_claim_under_review(session)
                for person in people:
                    submit_review(session, claim, person, make_answer(), now=NOW)
        making.make_notices(settings)
        return people[0].email


def test_the_counter_stands_on_every_page_and_goes_when_all_is_marked_as_read(app, ada):
    client = signed_in(app, ada)
    assert re.search(r'Notices <b class="n">3<span', client.get("/queue").text)
    page = client.get("/notices").text
    assert page.count(NEW) == 3
    assert page.count("The reviews agree: True.") == 3
    assert client.get("/notices").text.count(NEW) == 3  # looking changes nothing

    until = re.search(r'name="until" value="([\w-]+)"', page)[1]
    answer = post_form(client, "/notices/read", {"until": until}, page="/notices")

    assert answer.status_code == 303
    after = client.get("/notices").text
    assert NEW not in after
    assert "Mark all as read" not in after
    assert 'Notices <b class="n">' not in client.get("/queue").text


def test_the_list_is_paged_and_costs_one_query(app, ada, monkeypatch):
    monkeypatch.setattr(views, "A_PAGE", 2)
    client = signed_in(app, ada)
    first = client.get("/notices").text
    assert first.count(NEW) == 2
    second = client.get(re.search(r"/notices\?cursor=[\w-]+", first)[0]).text
    assert second.count(NEW) == 1
    assert not set(re.findall(r'id="notice-\d+"', first)) & set(
        re.findall(r'id="notice-\d+"', second)
    )
    assert "Mark all as read" not in second
    assert queries_of(app, client, "/notices") == 1
    assert client.get("/notices?cursor=nonsense").status_code == 422


def test_one_s_own_notices_are_nobody_else_s(app, ada):
    with app.app_context(), writing() as session:
        eve = make_person(session, name="Eve").email
    client = signed_in(app, eve)
    assert "The reviews agree" not in client.get("/notices").text
    page = client.get("/account").text
    assert "/account/notices" in page
    post_form(client, "/notices/read", {"until": cursor(10**6)}, page="/account")
    with app.app_context():
        assert unread() == {"Ada": 3, "Bob": 3}


@pytest.mark.parametrize("role", ["reviewer", "editor"])
def test_how_to_be_told_is_chosen_by_kind(app, role):
    with app.app_context(), writing() as session:
        person = make_person(session, role)
        email, person_id = person.email, person.id
    client = signed_in(app, email)
    page = client.get("/account/notices").text
    assert ('name="letter"' in page) == (role == "editor")
    chosen = {"decided": "daily", "reopened": "off", "letter": "at-once"}
    assert post_form(client, "/account/notices", chosen).status_code == 303
    with app.app_context():
        kept = queries.choices_of(current_session(), current_session().get(Person, person_id))
    assert (kept[Kind.DECIDED], kept[Kind.REOPENED]) == (Way.DAILY, Way.OFF)
    assert kept[Kind.WORDING_CHANGED] is Way.AT_ONCE
    assert kept[Kind.LETTER] is (Way.AT_ONCE if role == "editor" else Way.HERE)
    assert re.search(r'value="daily" selected', client.get("/account/notices").text)
    refused = post_form(client, "/account/notices", {"decided": "by pigeon"})
    assert refused.status_code == 422


@pytest.fixture
def link(app, ada):
    with app.app_context():
        person = current_session().query(Person).filter_by(email=ada).one()
        token = stop_token(app.config["SECRET_KEY"], person.public_id, [Kind.SEAT_ENDING])
        return f"/notices/stop/{token}", person.id


def chosen(app, person_id):
    with app.app_context():
        return queries.choices_of(current_session(), current_session().get(Person, person_id))


def test_opening_the_link_of_a_mail_stops_nothing_and_its_button_does(app, link):
    url, person_id = link
    page = app.test_client().get(url)
    assert page.status_code == 200
    assert "Your seat with a draft ends soon" in page.text
    assert chosen(app, person_id)[Kind.SEAT_ENDING] is Way.AT_ONCE

    # As a mail program sends it: without a cookie, without a form's token.
    answer = app.test_client().post(url, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert "These mails are stopped" in answer.text
    assert chosen(app, person_id)[Kind.SEAT_ENDING] is Way.HERE
    assert chosen(app, person_id)[Kind.WORDING_CHANGED] is Way.AT_ONCE


def test_a_link_that_was_not_made_here_stops_nothing(app, link):
    url, person_id = link
    client = app.test_client()
    for broken in (url[:-1], url + "a", "/notices/stop/" + "a" * 40, "/notices/stop/%00.x.y"):
        assert client.get(broken).status_code == 404
        assert client.post(broken).status_code == 404
    forged = stop_token("another key", "a" * 16, [Kind.SEAT_ENDING])
    assert client.post(f"/notices/stop/{forged}").status_code == 404
    assert chosen(app, person_id)[Kind.SEAT_ENDING] is Way.AT_ONCE
