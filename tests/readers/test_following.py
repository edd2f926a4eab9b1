"""The pages of following, from the form to the stop, in a client without scripts."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from factcheck.db import current_session, writing
from factcheck.editions.actions import publish_edition
from factcheck.notices.follower_links import Link, token
from factcheck.notices.models import Follower
from tests.claims.factories import make_article
from tests.conftest import NOW
from tests.editions.factories import make_ready_article
from tests.reviews.pages import queries_of
from tests.web.client import form_token, post_form


@pytest.fixture
def settings(settings):
    return replace(settings, smtp_url="smtp://mail.example")


@pytest.fixture
def slugs(app):
    """The slugs of a published article and of a draft."""
    with app.app_context(), writing() as session:
        article, _ = make_ready_article(session, ["true"], title="The ferry")
        publish_edition(session, article, note=None, actor=None, now=NOW)
        return article.slug, make_article(session, title="A secret draft").slug


def followers(app):
    with app.app_context():
        rows = current_session().execute(sa.select(Follower.public_id, Follower.confirmed_at))
        return [tuple(row) for row in rows]


def path(app, kind, follower):
    return f"/follow/{kind}/{token(app.config['SECRET_KEY'], kind, follower)}"


def test_from_the_form_to_the_stop(app, slugs):
    reader = app.test_client()
    assert "The ferry" in reader.get(f"/follow?article={slugs[0]}").text
    form = {"article": slugs[0], "email": "reader@example.org"}
    sent = post_form(reader, "/follow", form, page=f"/follow?article={slugs[0]}")
    assert (sent.status_code, sent.location) == (303, "/follow/asked")
    ((follower, confirmed_at),) = followers(app)
    assert confirmed_at is None

    confirm = path(app, Link.CONFIRM, follower)
    for _ in range(2):
        assert "The ferry" in reader.get(confirm).text  # opening it changes nothing
    assert followers(app)[0][1] is None
    assert "You follow" in app.test_client().post(confirm).text
    assert followers(app)[0][1] is not None
    assert (reader.get(confirm).status_code, reader.post(confirm).status_code) == (410, 410)

    stop = path(app, Link.STOP, follower)
    assert "Stop them" in reader.get(stop).text
    assert followers(app)[0][1] is not None
    for _ in range(2):  # mail programs may send it again
        answer = app.test_client().post(stop, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
    assert followers(app) == []


def test_the_answer_is_the_same_for_who_follows_and_who_does_not(app, slugs):
    answers = []
    for email in ("one@example.org", "one@example.org", "two@example.org"):
        reader = app.test_client()
        sent = post_form(reader, "/follow", {"email": email})
        answers.append((sent.status_code, sent.location, reader.get(sent.location).text))
        with app.app_context(), writing() as session:
            session.execute(sa.update(Follower).values(confirmed_at=NOW))
    assert len(set(answers)) == 1
    assert len(followers(app)) == 2


def test_a_draft_and_nothing_at_all_are_told_alike(app, slugs):
    pages = [app.test_client().get(f"/follow?article={slug}") for slug in (slugs[1], "nothing")]
    assert [page.status_code for page in pages] == [404, 404]
    assert "secret draft" not in pages[0].text
    assert len(pages[0].text) == len(pages[1].text)
    reader = app.test_client()
    given = {"article": slugs[1], "email": "reader@example.org"}
    assert post_form(reader, "/follow", given).status_code == 404
    assert followers(app) == []


def test_what_is_no_address_and_what_no_person_sends_is_refused_beside_the_field(app):
    reader = app.test_client()
    wrong = post_form(reader, "/follow", {"email": "<b>no"})
    assert wrong.status_code == 422
    assert 'id="email-error"' in wrong.text
    assert "&lt;b&gt;no" in wrong.text
    trapped = {"email": "reader@example.org", "website": "http://spam.example"}
    assert post_form(reader, "/follow", trapped).status_code == 422
    assert reader.post("/follow", data={"email": "reader@example.org"}).status_code == 400
    assert followers(app) == []


@pytest.mark.parametrize("kind", list(Link))
def test_a_link_that_we_did_not_make_does_nothing(app, slugs, kind):
    reader = app.test_client()
    post_form(reader, "/follow", {"email": "reader@example.org"})
    other = next(one for one in Link if one is not kind)
    made_for_other = token(app.config["SECRET_KEY"], other, followers(app)[0][0])
    for wrong in ("nonsense", made_for_other):
        assert reader.get(f"/follow/{kind}/{wrong}").status_code == 410
        assert reader.post(f"/follow/{kind}/{wrong}").status_code == 410
    assert followers(app)[0][1] is None


def test_without_a_mail_server_the_page_offers_the_feeds(app, app_with, slugs):
    silent = app_with(smtp_url="").test_client()
    page = silent.get(f"/follow?article={slugs[0]}")
    assert "This site sends no mails." in page.text
    assert "You get a mail" not in page.text
    assert "/feed.atom" in page.text
    assert 'name="email"' not in page.text
    given = {"email": "reader@example.org", "csrf_token": form_token(silent.get("/request").text)}
    assert silent.post("/follow", data=given).status_code == 409
    assert followers(app) == []


def test_the_form_costs_two_queries_the_article_and_the_site_s_name(app, slugs):
    assert queries_of(app, app.test_client(), f"/follow?article={slugs[0]}") == 2
