"""What the review page tells of others: nothing while the round is open, all of it afterwards."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from factcheck.claims.models import Claim
from factcheck.db import writing
from factcheck.reviews import actions
from factcheck.reviews.models import Seat
from tests.accounts.factories import make_person
from tests.conftest import NOW
from tests.reviews.factories import review_as
from tests.reviews.pages import WHOLE, queries_of, send, started
from tests.web.client import post_form, signed_in


def test_who_finds_no_seat_is_told_so_and_only_when_they_ask(app, client, setting):
    before = masked(client.get(setting["page"]).text)
    with app.app_context(), writing() as session:
        claim = session.get(Claim, setting["claim"])
        for _ in range(2):
            actions.take_seat(session, claim, make_person(session), now=NOW.replace(year=2999))
    assert masked(client.get(setting["page"]).text) == before

    answer = post_form(client, setting["page"] + "/seat", {}, page=setting["page"])

    assert answer.status_code == 409
    assert "Every seat of this claim is taken" in answer.text


def masked(page: str) -> str:
    return re.sub(r'(name="csrf_token"[^>]*value=")[^"]+', r"\1", page)


POOL = re.compile(r'<section aria-labelledby="pool-h".*?</section>', re.DOTALL)


def test_the_page_gives_no_byte_of_what_others_do_but_an_address_while_the_round_is_open(
    app, client, setting
):
    started(client, setting)
    other = signed_in(app, setting["people"][1])
    before = masked(client.get(setting["page"]).text), masked(client.get("/queue").text)

    started(other, setting)
    source = {"source-1-title": "canary 7343", "source-1-quote": "canary 7344"}
    send(other, setting, WHOLE | source | {"do": "submit", "rationale": "canary 7341"})
    post_form(other, setting["page"] + "/comments", {"text": "canary 7342"}, page=setting["page"])

    shown = masked(client.get(setting["page"]).text), masked(client.get("/queue").text)
    # The pool of sources is open under `team`: it tells an address and nothing else.
    assert POOL.search(before[0]) is None
    pool = POOL.search(shown[0])[0]
    shown = (POOL.sub("", shown[0]), shown[1])
    before = (re.sub(r"\s+", " ", before[0]), before[1])
    shown = (re.sub(r"\s+", " ", shown[0]), shown[1])
    assert re.findall(r'<a href="([^"]+)"[^>]*>([^<]*)</a>', pool) == [
        ("https://port.example/report", "https://port.example/report")
    ]
    for secret in ("canary", "supports", "reviewer ", "mostly", setting["people"][1]):
        assert secret not in pool.replace("reviewers of this claim", "")
    # The time left to one's own seat moves by itself.
    clocked = [re.sub(r"\d+ (?:second|minute|hour)s?", "", one) for one in (*before, *shown)]
    assert clocked[:2] == clocked[2:]
    editor = signed_in(app, setting["editor"])
    seen = editor.get(setting["page"]).text
    assert "Reviews in: 1" in seen
    assert "canary 7341" not in seen
    assert "canary 7342" in seen


def test_once_the_round_has_closed_all_reviews_are_open(app, client, setting):
    with app.app_context(), writing() as session:
        claim = session.get(Claim, setting["claim"])
        review_as(session, claim, ["true", "mostly-true"])

    page = client.get(setting["page"]).text

    assert page.count('<article class="answer"') == 2
    assert "An editor writes what readers are told" in page
    assert "The register has it" in page


def test_a_late_draft_can_still_be_sent(app, client, setting):
    started(client, setting)
    send(client, setting, WHOLE)
    with app.app_context(), writing() as session:
        session.execute(sa.update(Seat).values(person_id=None, lease_id=None, expires_at=None))
        session.expire_all()
        review_as(session, session.get(Claim, setting["claim"]), ["true", "true"])
    assert "The round has closed" in client.get(setting["page"]).text

    answer = send(client, setting, WHOLE | {"do": "submit", "version": "1"})

    assert answer.status_code == 302
    assert "not counted" in client.get(setting["page"]).text


@pytest.mark.parametrize("state", ["asking", "writing", "closed"])
def test_each_page_takes_few_queries(app, setting, state):
    client = signed_in(app, setting["people"][0])
    if state == "writing":
        started(client, setting)
        send(client, setting, WHOLE)
    if state == "closed":
        with app.app_context(), writing() as session:
            review_as(session, session.get(Claim, setting["claim"]), ["true", "true"])

    assert queries_of(app, client, setting["page"]) <= 6
    assert queries_of(app, client, "/queue") <= 6
