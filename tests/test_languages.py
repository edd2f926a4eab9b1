"""Which languages there are, who is spoken to in which, and what a whole catalogue is."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from babel.messages.catalog import Catalog

from factcheck import languages
from factcheck.accounts.models import Person
from factcheck.db import current_session, writing
from factcheck.editions import choosing, making_anew, publishing
from factcheck.languages import Language, direction_of, of_environment
from factcheck.notices.mailing import language_for
from tests import pseudo
from tests.accounts.factories import make_person
from tests.catalogues import faults_in
from tests.editions.factories import make_ready_article
from tests.web.client import post_form, signed_in


@pytest.fixture
def pseudo_language(tmp_path, monkeypatch):
    """The language for tests, among those that ship."""
    pseudo.write_translations(tmp_path)
    monkeypatch.setattr(languages, "FOLDER", tmp_path)


@pytest.mark.usefixtures("pseudo_language")
@pytest.mark.parametrize(
    ("environment", "key"),
    [
        ({}, "en"),
        ({"LANG": "eo.UTF-8"}, "eo"),
        ({"LANG": "eo_XX.UTF-8@euro", "LC_ALL": "C"}, "en"),
        ({"LANGUAGE": "tlh:eo:en", "LANG": "C"}, "eo"),
    ],
)
def test_a_command_speaks_what_the_environment_asks_for_first(environment, key):
    assert of_environment(environment) == Language(key)


def test_a_language_without_a_catalogue_is_english_and_no_words_stay_none():
    assert languages.language("../../etc").key == "en"
    assert languages.language(None).catalogue.gettext("") == ""
    assert [direction_of(tag) for tag in ("ar-EG", "he", "pt-BR")] == ["rtl", "rtl", "ltr"]


@pytest.mark.usefixtures("pseudo_language")
def test_people_get_pages_in_what_they_chose_and_else_in_what_their_browser_asks_for(app):
    with app.app_context(), writing() as session:
        email = make_person(session).email
    client = signed_in(app, email)
    asking = {"Accept-Language": "eo-XX,en;q=0.5"}
    assert '<html lang="eo" dir="ltr">' in client.get("/account", headers=asking).text
    assert "⟦" in client.get("/account", headers=asking).text
    assert '<html lang="en"' in client.get("/account").text

    saved = post_form(client, "/account", {"name": "Ada", "language": "eo"})
    assert saved.status_code == 302
    assert '<html lang="eo"' in client.get("/account").text
    refused = post_form(client, "/account", {"name": "Ada", "language": "tlh"})
    assert refused.status_code == 422
    with app.app_context():
        person = current_session().query(Person).filter_by(email=email).one()
        assert language_for(current_session(), person) == "eo"


@pytest.mark.usefixtures("pseudo_language")
def test_the_site_is_made_in_the_language_that_was_chosen_around_articles_in_their_own(
    app, settings
):
    with app.app_context():
        with writing() as session:
            article, _ = make_ready_article(session, ["true"])
            slug = article.slug
        publishing.publish(slug, note=None, actor_id=None, settings=settings)
        with writing() as session:
            admin = make_person(session, role="admin").id
        publishing.write_look(
            lambda session, actor, now: choosing.set_language(
                session, "eo", actor=actor, now=now
            ),
            actor_id=admin, settings=settings,
        )  # fmt: skip
        making_anew.go_on({}, settings)

        assert language_for(current_session(), SimpleNamespace(language=None)) == "eo"
    folder = settings.site / "articles" / slug
    page = (folder / "index.html").read_text()
    assert '<html lang="eo" dir="ltr">' in page
    assert '<article class="prose" lang="en" dir="ltr"' in page
    told = json.loads((folder / "embed" / "claims.json").read_text())
    assert told["words"]["close"].startswith("⟦")
    assert told["elsewhere"]["en"]["close"] == "Close"
    assert told["elsewhere"]["en"]["ratings"] == {"true": "True"}
    for address in ("/request", "/search?q=ferry", "/follow"):
        assert '<html lang="eo"' in app.test_client().get(address).text, address


def catalogue(*messages, **more) -> Catalog:
    found = Catalog(locale="ar")
    for english, said in messages:
        found.add(english, said, **more)
    return found


SIX = ("لا شيء", "واحد", "اثنان", "%(n)s أشياء", "%(n)s شيئًا", "%(n)s شيء")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (catalogue(), "lacks"),
        (catalogue(("Open %(a)s.", "")), "is empty"),
        (catalogue(("Open %(a)s.", "افتح.")), "has other places"),
        (catalogue(("Open %(a)s.", "افتح %(b)s.")), "has other places"),
        (catalogue(("Open %(a)s.", "افتح <b>%(a)s</b>.")), "has other tags"),
        (catalogue(("Open %(a)s.", "افتح %(a)s."), flags=["fuzzy"]), "is unsure"),
        (catalogue(("Open %(a)s.", "افتح %(a)s."), ("Old.", "قديم.")), "has a message of no page"),
    ],
)
def test_a_catalogue_that_is_not_whole_is_refused(wrong, said):
    assert [one[: len(said)] for one in faults_in(wrong, {"Open %(a)s."})] == [said]


def test_a_message_that_counts_has_every_form_and_small_ones_may_leave_the_number_out():
    thing = ("%(n)s thing", "%(n)s things")
    assert list(faults_in(catalogue((thing, SIX)), {thing})) == []
    assert len(list(faults_in(catalogue((thing, SIX[:5])), {thing}))) == 1
    assert len(list(faults_in(catalogue((thing, (*SIX[:5], "شيء"))), {thing}))) == 1
