"""The page that shows what publishing would change, and publishes."""

import json

import pytest

from factcheck.articles.queries import article_by_slug
from factcheck.db import writing
from tests.accounts.factories import make_person
from tests.claims.factories import make_claim
from tests.editions.factories import QUOTES, make_ready_article
from tests.reviews.factories import make_ready
from tests.web.client import post_form, signed_in


@pytest.fixture
def slug(app):
    with app.app_context(), writing() as session:
        return make_ready_article(session, ["true"], title="The ferry")[0].slug


@pytest.fixture
def client(app):
    with app.app_context(), writing() as session:
        email = make_person(session, "editor").email
    return signed_in(app, email)


@pytest.fixture
def address(slug):
    return f"/work/articles/{slug}/publish"


def one_more(app, slug, quote, rating="false"):
    with app.app_context(), writing() as session:
        make_ready(session, make_claim(session, article_by_slug(session, slug), quote), rating)


def test_it_says_what_the_first_edition_will_hold_and_publishes_it(app, client, address, slug):
    page = client.get(address).text
    assert "What edition 1 will change" in page
    assert QUOTES[0] in page
    answer = post_form(client, address, {"note": "First."})
    assert answer.status_code == 302
    assert "Edition 1 is published." in client.get(answer.location).text
    published = client.get(f"/articles/{slug}/edition.json")
    assert json.loads(published.data)["number"] == 1
    after = client.get(address).text
    assert "Nothing has changed since the newest edition." in after
    assert f"/articles/{slug}/editions/1/" in after


def test_a_change_of_verdict_is_shown_from_and_to(app, client, address, slug):
    post_form(client, address, {"note": ""})
    with app.app_context(), writing() as session:
        from factcheck.claims.queries import claims_of
        from factcheck.decisions.actions import reopen_claim

        (claim,) = claims_of(session, article_by_slug(session, slug))
        reopen_claim(session, claim, "A new document.", actor=make_person(session, "editor"),
                     now=__import__("tests.conftest", fromlist=["NOW"]).NOW)  # fmt: skip
        make_ready(session, claim, "misleading")
    page = client.get(address).text
    assert "Verdict changed" in page
    assert page.index("True") < page.index("Misleading")


def test_nothing_ready_is_said_and_cannot_be_published(app, client):
    from tests.claims.factories import make_article

    with app.app_context(), writing() as session:
        slug = make_article(session, title="Bare").slug
    page = client.get(f"/work/articles/{slug}/publish").text
    assert "No claim of this article is ready" in page
    assert "Publish edition" not in page


def test_what_is_still_open_is_counted_and_leads_to_the_work(app, client, address, slug):
    with app.app_context(), writing() as session:
        make_claim(session, article_by_slug(session, slug), QUOTES[1], "disputed")
    page = client.get(address).text
    assert f'/desk/claims?state=disputed&amp;article={slug}">1 disputed' in page


def test_two_who_publish_at_once_make_one_edition(client, address, slug):
    shown = client.get(address).text
    from tests.web.client import form_token

    token = form_token(shown)
    first = client.post(address, data={"csrf_token": token})
    second = client.post(address, data={"csrf_token": token})
    assert (first.status_code, second.status_code) == (302, 409)


def test_a_note_that_is_too_long_stays_in_the_form(client, address):
    note = "long " * 500
    answer = post_form(client, address, {"note": note})
    assert answer.status_code == 422
    assert note.strip() in answer.text


def test_a_withdrawn_edition_needs_a_reason_and_leaves_a_tombstone(app, client, address, slug):
    post_form(client, address, {"note": ""})
    sha256 = json.loads(client.get(f"/api/v1/articles/{slug}/editions").data)["items"][0]["sha256"]
    refused = post_form(client, f"/work/editions/{sha256}/withdraw", {"reason": " "}, page=address)
    assert refused.status_code == 422
    done = post_form(
        client, f"/work/editions/{sha256}/withdraw", {"reason": "A court said so."}, page=address
    )
    assert done.status_code == 302
    assert "A court said so." in client.get(address).text
    tomb = client.get(f"/articles/{slug}/editions/1/").text
    assert "A court said so." in tomb
    assert QUOTES[0] not in tomb


def test_a_full_disk_is_told_in_words_and_the_edition_follows_later(
    app, client, address, slug, monkeypatch
):
    post_form(client, address, {"note": ""})
    one_more(app, slug, QUOTES[1])
    before = client.get(f"/articles/{slug}/").data

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("factcheck.editions.files.os.fsync", full)
        answer = post_form(client, address, {"note": ""})
    assert answer.status_code == 503
    assert "disk" in answer.text or "space" in answer.text
    assert client.get(f"/articles/{slug}/").data == before
    from factcheck.editions import publishing

    with app.app_context():
        assert publishing.finish_interrupted(app.extensions["factcheck"]) == 1
    assert json.loads(client.get(f"/articles/{slug}/edition.json").data)["number"] == 2


def test_reviewers_do_not_publish(app, address):
    with app.app_context(), writing() as session:
        email = make_person(session).email
    assert signed_in(app, email).get(address).status_code == 403
