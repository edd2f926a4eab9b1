"""The admin's pages, asked as a browser without scripts does."""

from __future__ import annotations

import dataclasses
import re
import threading

import pytest

from factcheck import clock
from factcheck.accounts import actions, queries
from factcheck.accounts.events import record
from factcheck.accounts.models import Person
from factcheck.db import current_session, writing
from factcheck.outbox import OutboxJob
from factcheck.web.paging import cursor
from tests.accounts.factories import PASSWORD, make_person
from tests.conftest import NOW
from tests.web.client import post_form, signed_in


@pytest.fixture
def admin(app):
    """A client of the only admin."""
    with app.app_context(), writing() as session:
        make_person(session, "admin", email="root@factcheck.example", password=PASSWORD)
    return signed_in(app, "root@factcheck.example")


@pytest.fixture
def ada(app):
    """Somebody to do things to: public id and address."""
    with app.app_context(), writing() as session:
        person = make_person(session, name="Ada", email="ada@factcheck.example", password=PASSWORD)
        return person.public_id, person.email


def stored(app, email):
    with app.app_context():
        return queries.person_by_email(current_session(), email)


def link_on(page: str) -> str:
    return re.search(r"http://localhost(/(?:invite|reset)/[\w-]{40,})", page)[1]


def test_an_invited_person_comes_in_by_the_link_on_the_page(app, admin):
    answer = post_form(admin, "/admin", {"email": "New@example.org", "role": "editor"})
    assert answer.status_code == 201
    link = link_on(answer.text)
    assert link not in admin.get("/admin").text

    guest = app.test_client()
    answer = post_form(guest, link, {"name": "Newt", "password": PASSWORD})
    assert answer.location == "/work"
    assert guest.get("/account").status_code == 200
    person = stored(app, "new@example.org")
    assert (person.name, person.role) == ("Newt", "editor")


@pytest.mark.parametrize(
    ("email", "sentence"),
    [("ada@factcheck.example", "has an account already"), ("nobody", "not an e-mail address")],
)
def test_an_address_that_cannot_be_invited_is_said_beside_its_field(admin, ada, email, sentence):
    answer = post_form(admin, "/admin", {"email": email, "name": "A name", "role": "reviewer"})

    assert answer.status_code == 422
    assert re.search(rf'id="email-error">[^<]*{sentence}', answer.text)
    assert f'value="{email}"' in answer.text
    assert 'value="A name"' in answer.text


def test_a_reset_link_ends_the_sessions_when_it_is_used_and_not_before(app, admin, ada):
    public_id, email = ada
    theirs = signed_in(app, email)
    answer = post_form(admin, f"/admin/people/{public_id}/reset", {}, page="/admin")
    assert theirs.get("/account").status_code == 200

    newcomer = app.test_client()
    post_form(newcomer, link_on(answer.text), {"password": "another long secret"})
    assert newcomer.get("/account").status_code == 200
    assert theirs.get("/account").status_code == 302


@pytest.mark.parametrize(
    ("verb", "data"), [("disable", {}), ("sign-out", {}), ("role", {"role": "editor"})]
)
def test_disabling_signing_out_and_another_role_end_the_sessions(app, admin, ada, verb, data):
    public_id, email = ada
    theirs = signed_in(app, email)
    answer = post_form(admin, f"/admin/people/{public_id}/{verb}", data, page="/admin")

    assert answer.location == "/admin"
    assert theirs.get("/account").status_code == 302


def test_who_was_disabled_is_let_in_again(app, admin, ada):
    public_id, email = ada
    post_form(admin, f"/admin/people/{public_id}/disable", {}, page="/admin")
    refused = post_form(app.test_client(), "/sign-in", {"email": email, "password": PASSWORD})
    assert refused.status_code == 422

    post_form(admin, f"/admin/people/{public_id}/enable", {}, page="/admin")
    signed_in(app, email)


def test_the_only_admin_stays(app, admin):
    me = stored(app, "root@factcheck.example").public_id
    for verb, data in (("disable", {}), ("role", {"role": "reviewer"})):
        answer = post_form(admin, f"/admin/people/{me}/{verb}", data, page="/admin")
        assert answer.status_code == 409
        assert "only admin" in answer.text


@pytest.mark.parametrize("role", ["", "owner"])
def test_a_role_that_there_is_not_is_refused(app, admin, ada, role):
    answer = post_form(
        admin, f"/admin/people/{ada[0]}/role", {"role": role}, page="/admin"
    )  # fmt: skip

    assert answer.status_code == 422
    assert stored(app, ada[1]).role == "reviewer"


@pytest.mark.parametrize("verb", ["disable", "enable", "reset", "role", "sign-out"])
def test_nobody_of_that_id_is_said_so(admin, verb):
    answer = post_form(admin, f"/admin/people/nothinghere/{verb}", {}, page="/admin")

    assert answer.status_code == 404


def test_a_letter_is_written_with_the_invitation_where_mail_is_set_up(app, admin, settings):
    app.extensions["factcheck"] = dataclasses.replace(settings, smtp_url="smtp://localhost:1")
    link = link_on(post_form(admin, "/admin", {"email": "n@e.example", "role": "editor"}).text)

    with app.app_context():
        [job] = current_session().query(OutboxJob)
        assert (job.kind, job.payload["to"]) == ("mail", "n@e.example")
        assert link in job.payload["text"]


def test_the_audit_log_is_paged_without_a_gap(app, admin, monkeypatch):
    monkeypatch.setattr("factcheck.desk.people.EVENTS_A_PAGE", 4)
    with app.app_context(), writing() as session:
        for number in range(10):
            record(session, "test.happened", f"subject-{number:02}", actor=None, now=NOW)
    seen, address = [], "/admin/events"
    while address:
        page = admin.get(address).text
        seen += re.findall(r"subject-\d\d", page)
        following = re.search(r'href="(/admin/events\?cursor=[^"]+)"', page)
        address = following and following[1]

    assert seen == [f"subject-{number:02}" for number in reversed(range(10))]


def test_people_are_paged_without_a_gap(app, admin, ada, monkeypatch):
    monkeypatch.setattr("factcheck.desk.people.PEOPLE_A_PAGE", 1)
    first = admin.get("/admin").text
    second = admin.get(re.search(r'href="(/admin\?cursor=[^"]+)"', first)[1]).text

    assert "root@factcheck.example" in first.partition("<main")[2]
    assert "ada@factcheck.example" in second
    assert "cursor=" not in second


@pytest.mark.parametrize("address", ["/admin", "/admin/events"])
@pytest.mark.parametrize("key", ["x", "-1", str(2**70), "٣"])
def test_a_cursor_that_no_list_gave_is_refused(admin, address, key):
    assert admin.get(f"{address}?cursor={cursor(key)}").status_code == 422
    assert admin.get(f"{address}?cursor=%00").status_code == 422


def test_two_admins_who_disable_each_other_at_once_leave_one(app):
    with app.app_context(), writing() as session:
        people = [make_person(session, "admin", password=PASSWORD).id for _ in range(2)]

    def disable(number: int) -> None:
        with app.app_context():
            try:
                with writing() as session:
                    person = session.get(Person, people[number])
                    together.wait(timeout=30) if postgres else None
                    actions.disable(session, person, actor=None, now=NOW)
            except actions.LastAdmin:
                refused.append(number)

    postgres = not app.extensions["factcheck"].is_sqlite
    refused: list[int] = []
    together = threading.Barrier(2)
    run_together([threading.Thread(target=disable, args=(number,)) for number in range(2)])

    assert len(refused) == 1
    with app.app_context():
        assert len(queries.working_admins(current_session())) == 1


def test_two_set_up_links_used_at_once_make_one_admin(app):
    now = clock.now()
    with app.app_context(), writing() as session:
        secrets = [actions.first_link(session, now=now) for _ in range(2)]

    def redeem(number: int) -> None:
        with app.app_context():
            try:
                with writing() as session:
                    actions.redeem(session, secrets[number], "set-up", password=PASSWORD,
                                   email=f"a{number}@b.example", now=now)  # fmt: skip
            except queries.LinkUsed:
                refused.append(number)

    refused: list[int] = []
    run_together([threading.Thread(target=redeem, args=(number,)) for number in range(2)])

    assert len(refused) == 1
    with app.app_context():
        assert current_session().query(Person).count() == 1


def run_together(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
