"""The admin's pages: adding, the secret shown once, testing, replaying, paging, deleting."""

from __future__ import annotations

import re

import pytest

from factcheck import jobs
from factcheck.db import current_session, writing
from factcheck.webhooks import actions
from factcheck.webhooks.models import Webhook
from tests.accounts.factories import PASSWORD, make_person
from tests.conftest import NOW
from tests.web.client import form_token, post_form, signed_in
from tests.webhooks.receiver import FAILED, OK

LIST = "/admin/webhooks"


@pytest.fixture
def admin(app, time_passes):
    with app.app_context(), writing() as session:
        make_person(session, "admin", name="Root", email="root@example.org", password=PASSWORD)
    return signed_in(app, "root@example.org")


@pytest.fixture
def page(app, admin, receiver, settings):
    """The address of an endpoint's page."""
    with app.app_context(), writing() as session:
        found, _ = actions.add(
            session, receiver.url, ["verdict.changed"], allow=settings.fetch_allow, key="k" * 64,
            actor=None, now=NOW,
        )  # fmt: skip
        return f"{LIST}/{found.public_id}"


def run(app, settings):
    with app.app_context():
        return jobs.run_due(settings)


def test_an_endpoint_is_added_from_the_people_page_and_its_secret_shown_once(
    app, admin, receiver, settings
):
    assert f'href="{LIST}"' in admin.get("/admin").text
    boxes = re.findall(r'<input[^>]*type="checkbox"[^>]*>', admin.get(LIST).text)
    assert (len(boxes), [one for one in boxes if "required" in one]) == (3, [])
    for url, events in ((receiver.url, []), ("https://localhost/", ["claim.disputed"])):
        refused = post_form(admin, LIST, {"url": url, "events": events})
        assert (refused.status_code, 'class="error"' in refused.text) == (422, True)
        assert url in refused.text
    added = post_form(admin, LIST, {"url": receiver.url, "events": ["claim.disputed"]})
    assert added.status_code == 201
    secret = re.search(r"fcwh_[\w-]{43}", added.text)[0]
    page = re.search(LIST + r"/\w{16}", added.text)[0]
    assert secret not in admin.get(page).text
    assert receiver.url in admin.get(LIST).text
    post_form(admin, f"{page}/ping", {}, page=page)
    run(app, settings)
    assert receiver.received[0].is_signed_with(secret)


def test_what_came_back_is_shown_and_a_delivery_is_sent_again(app, admin, page, receiver, settings):
    receiver.answer = FAILED
    assert post_form(admin, f"{page}/ping", {}, page=page).status_code == 303
    run(app, settings)
    shown = admin.get(page).text
    assert "answer 503" in shown
    assert '<code class="words">busy</code>' in shown
    assert "Failing since" in admin.get(LIST).text
    receiver.answer = OK
    replay = re.search(LIST + r"/deliveries/\w{16}/replay", shown)[0]
    assert post_form(admin, replay, {}, page=page).headers["Location"] == page
    run(app, settings)
    assert "answer 204" in admin.get(page).text
    assert len({one.json["id"] for one in receiver.received}) == 1


def test_an_edit_of_what_was_changed_meanwhile_is_refused_with_what_is_there(app, admin, page):
    token = form_token(admin.get(page).text)
    new = {"csrf_token": token, "url": "https://hooks.example.org/new",
           "events": ["edition.published", "claim.disputed"], "version": "1"}  # fmt: skip
    assert admin.post(page, data=new).status_code == 303
    stale = admin.post(page, data=new | {"url": "https://hooks.example.org/old"})
    assert stale.status_code == 409
    assert "It is now https://hooks.example.org/new" in stale.text
    assert 'value="https://hooks.example.org/old"' in stale.text
    with app.app_context():
        found = current_session().query(Webhook).one()
        assert found.told == ["edition.published", "claim.disputed"]


def test_it_is_disabled_enabled_and_deleted(app, admin, page):
    post_form(admin, f"{page}/disable", {}, page=page)
    assert "Disabled on" in admin.get(page).text
    refused = post_form(admin, f"{page}/ping", {}, page=page)
    assert refused.status_code == 409
    post_form(admin, f"{page}/enable", {}, page=page)
    assert "Disabled on" not in admin.get(page).text
    assert post_form(admin, f"{page}/delete", {}, page=page).headers["Location"] == LIST
    assert admin.get(page).status_code == 404


def test_deliveries_come_in_pages_at_few_queries(app, admin, page):
    with app.app_context(), writing() as session:
        found, root = session.query(Webhook).one(), None
        root = make_person(session, "admin")
        made = [actions.ping(session, found, actor=root, now=NOW).public_id for _ in range(35)]
    first = admin.get(page).text
    following = re.search(r'href="([^"]+cursor=[^"]+)"', first)[1]
    second = admin.get(following).text
    on_page = [re.findall(r'id="delivery-(\w+)"', text) for text in (first, second)]
    assert [len(one) for one in on_page] == [30, 5]
    assert on_page[0] + on_page[1] == made[::-1]
