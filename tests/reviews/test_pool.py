"""The pool of sources of a claim: who fills it, who sees it, and that nothing else is in it."""

from __future__ import annotations

from html import unescape

import pytest
import sqlalchemy as sa

from factcheck import clock
from factcheck.articles.models import ArticleLink
from factcheck.claims.models import Claim
from factcheck.db import current_session, writing
from factcheck.decisions.actions import submit_review
from factcheck.reviews import pool
from factcheck.reviews.actions import save_draft
from factcheck.reviews.models import Source
from factcheck.reviews.rules import Cited
from factcheck.reviews.snapshots import Snapshot
from tests.accounts.factories import make_person
from tests.conftest import NOW
from tests.reviews.factories import make_answer
from tests.reviews.pages import WHOLE, queries_of, send, started
from tests.reviews.panels import make_crowd_claim, seated
from tests.web.client import post_form, signed_in

POOL = "Sources that are known"


def put(app, setting, **fields):
    data = {"url": "https://archive.example/minutes", "title": "Minutes", **fields}
    editor = signed_in(app, setting["editor"])
    return post_form(editor, setting["page"] + "/pool", data, page=setting["page"])


def test_what_an_editor_puts_there_is_offered_and_taken_with_one_tap(app, client, setting):
    assert put(app, setting).status_code == 302
    page = started(client, setting).text
    assert POOL in page
    assert "Minutes" in page

    taken = send(client, setting, WHOLE | {"do": "take-https://archive.example/minutes"})

    assert taken.status_code == 200
    assert 'name="source-1-url" value="https://port.example/report"' in taken.text
    assert 'name="source-2-url" value="https://archive.example/minutes"' in taken.text
    assert 'name="source-2-title" value="Minutes"' in taken.text
    assert "The report *has* it [1]." in taken.text


def test_nothing_is_taken_that_is_not_in_the_pool(client, setting):
    started(client, setting)
    taken = send(client, setting, {"do": "take-javascript:alert(1)"})
    assert "javascript:alert" not in taken.text


def test_an_editor_takes_out_what_was_put_there(app, client, setting):
    put(app, setting, whole_article="1")
    with app.app_context():
        source = current_session().scalars(sa.select(Source)).one().public_id
    put(app, setting, out=source)
    assert POOL not in started(client, setting).text


@pytest.mark.parametrize(("whole", "seen"), [("", False), ("1", True)])
def test_it_is_of_a_claim_or_of_a_whole_article(app, setting, whole, seen):
    put(app, setting, whole_article=whole)
    with app.app_context(), writing() as session:
        first = session.get(Claim, setting["claim"])
        other = Claim(
            article_id=first.article_id, revision_id=first.revision_id, id=-1, article=first.article
        )
        found = pool.pool_of(session, other, None, make_person(session), with_sources=True)
        session.expunge_all()
    assert [one.url for one in found] == (["https://archive.example/minutes"] if seen else [])


@pytest.mark.parametrize(
    ("fields", "says"),
    [({"url": "minutes"}, "begins with https://"), ({"title": "x" * 501}, "at most 500")],
)
def test_what_cannot_be_put_there_is_said_beside_the_field(app, setting, fields, says):
    answer = put(app, setting, **fields)
    assert answer.status_code == 422
    assert says in answer.text


def test_reviewers_fill_it_and_its_order_tells_nothing(app, client, setting):
    with app.app_context(), writing() as session:
        claim = session.get(Claim, setting["claim"])
        person = make_person(session)
        cited = tuple(
            Cited(f"https://{name}.example/", "refutes", "canary", f"canary {name}")
            for name in ("zeta", "alpha", "mid")
        )
        save_draft(session, claim, person, make_answer(sources=cited), now=clock.now())
        snapshot = session.scalars(
            sa.select(Snapshot).join(Source).where(Source.url == "https://zeta.example/")
        ).one()
        snapshot.title, snapshot.sha256, snapshot.tried_at = "Beta report", "a" * 64, NOW
        snapshot.page_sha256 = snapshot.warc_sha256 = "b" * 64
    page = started(client, setting).text
    places = [page.index(name) for name in ("alpha.example", "Beta report", "mid.example")]
    assert places == sorted(places)
    assert "canary" not in page
    assert f"/work/archive/{'a' * 64}" in page
    assert client.get(f"/work/archive/{'a' * 64}").status_code == 404  # "not in the archive"
    assert "not in the archive" in client.get(f"/work/archive/{'a' * 64}").text
    stranger = signed_in(app, setting["people"][2])
    assert "There is no such copy" in stranger.get(f"/work/archive/{'a' * 64}").text
    assert POOL not in stranger.get(setting["page"]).text


def test_the_article_s_own_links_are_in_it(app, client, setting):
    with app.app_context(), writing() as session:
        claim = session.get(Claim, setting["claim"])
        session.add_all(
            ArticleLink(revision_id=claim.revision_id, start=start, end=start + 1, href=href)
            for start, href in [
                (claim.start, "https://near.example/?utm_source=a"),
                (0, "https://far.example/?utm_source=a"),
            ]
        )
    page = started(client, setting).text
    pooled = page[page.index(POOL) :]
    assert 'href="https://far.example/"' in pooled
    assert "near.example" in page[: page.index(POOL)]
    taken = send(client, setting, {"do": "take-https://near.example/?utm_source=a"}).text
    assert 'name="source-1-url" value="https://near.example/?utm_source=a"' in unescape(taken)


def test_it_is_closed_where_reviewers_are_drawn_by_lot(app):
    with app.app_context(), writing() as session:
        claim = make_crowd_claim(session, people=9, now=clock.now())
        first, second = seated(session, claim)[:2]
        pool.put(
            session, claim, "https://archive.example/minutes", "Minutes", whole_article="",
            actor=first, now=NOW,
        )  # fmt: skip
        answer = make_answer(sources=(Cited("https://canary.example/", "supports"),))
        submit_review(session, claim, first, answer, now=clock.now())
        page, email = f"/work/claims/{claim.public_id}", second.email
    client = signed_in(app, email)
    post_form(client, page + "/seat", {}, page="/queue")
    shown = client.get(page).text
    assert 'name="rating"' in shown
    assert POOL not in shown
    assert "canary.example" not in shown
    assert "archive.example" not in shown


def test_the_page_takes_few_queries_with_a_full_pool(app, client, setting):
    put(app, setting)
    started(client, setting)
    send(client, setting, WHOLE)
    assert queries_of(app, client, setting["page"]) <= 6
    assert queries_of(app, signed_in(app, setting["editor"]), setting["page"]) <= 6
