"""What readers are told of a source: the archive it was given by, and what became of its page."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from factcheck import clock
from factcheck.articles.models import Article
from factcheck.db import current_session, writing
from factcheck.editions import publishing
from factcheck.editions.actions import NothingNew
from factcheck.reviews.models import Source
from tests.accounts.factories import make_person
from tests.conftest import NOW
from tests.decisions.test_evidence import cite, register, register_office, run_job
from tests.web.client import signed_in


def test_a_source_given_by_an_archive_s_address_is_the_page_itself(app, settings):
    page = "https://register.example/1931/007"
    archived = f"https://web.archive.org/web/20070503112233/{page}"
    with app.app_context():
        claim = cite(archived)
        (source,) = current_session().scalars(sa.select(Source).where(Source.url == page))
        assert source.snapshots[0].source_id == source.id
        with writing() as session:
            email = make_person(session, "editor").email
        slug = current_session().scalar(sa.select(Article.slug))
        publishing.publish(slug, note=None, actor_id=None, settings=settings)
    shown = app.test_client().get(f"/articles/{slug}/claims/{claim}/").text
    assert f'<a href="{archived}" rel="nofollow noopener">As archived on 3 May 2007</a>' in shown
    assert f'data-originalurl="{page}"' in shown
    worked = signed_in(app, email).get(f"/work/claims/{claim}/decide").text
    assert "As archived on 2007-05-03" in worked


@pytest.mark.parametrize(
    ("later", "says"),
    [
        (register("Renewed on 2 May 2027."), "The page has changed since"),
        (b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n",
         "The page has moved"),
        (b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n", "The page is gone"),
    ],
)  # fmt: skip
def test_readers_are_told_by_a_new_edition_which_is_no_correction(
    app, settings, monkeypatch, later, says
):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with (
        app.app_context(),
        register_office(settings, {"/entry": register(), "/elsewhere": register()}) as office,
    ):
        allowed, url, site = office
        claim = cite(url)
        run_job(url, allowed)
        slug = current_session().scalar(sa.select(Article.slug))
        publishing.publish(slug, note=None, actor_id=None, settings=settings)
        site.answers["/entry"] = later
        monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=31))
        with pytest.raises(NothingNew):
            publishing.publish(slug, note=None, actor_id=None, settings=settings)
        run_job(url, allowed)
        with writing() as session:
            email = make_person(session, "editor").email
    editor, place = signed_in(app, email), f"/work/articles/{slug}/publish"
    assert place in editor.get("/desk/sources").text
    assert "The page of a source is no longer what it was" in editor.get(place).text
    with app.app_context():
        outcome = publishing.publish(slug, note=None, actor_id=None, settings=settings)
        assert outcome.changes == []
    shown = app.test_client().get(f"/articles/{slug}/claims/{claim}/").text
    assert says in shown
    assert shown.index(says) < shown.index('href="/archive/')
    assert ("/elsewhere" in shown) == ("moved" in says)
    before = app.test_client().get(f"/articles/{slug}/editions/1/edition.json").json
    assert "page" not in before["claims"][0]["sources"][0]
    with app.app_context(), pytest.raises(NothingNew):
        publishing.publish(slug, note=None, actor_id=None, settings=settings)
