"""Pictures, looks and what became of a claim, from the database to the site's files."""

from __future__ import annotations

import io
import json
from datetime import date

import pytest
from PIL import Image

from factcheck.articles import queries as articles
from factcheck.claims import actions as claim_actions
from factcheck.claims.queries import claim
from factcheck.db import current_session, writing
from factcheck.decisions.actions import decide_claim
from factcheck.decisions.rules import VerdictWords
from factcheck.editions import actions, choosing, files, publishing, queries
from factcheck.editions.look import Logo, Theme, shipped_theme
from factcheck.editions.site import build_site
from factcheck.editions.verify import folder_reader, verify
from factcheck.jobs import run_due
from factcheck.reviews.models import Review
from tests.accounts.factories import make_person
from tests.claims.factories import make_article, make_claim
from tests.conftest import NOW
from tests.editions.factories import QUOTES, make_ready_article
from tests.reviews.factories import make_ready


@pytest.fixture
def published(app, settings):
    """The folder of an article that has edition 1, its slug, and its claims' ids."""
    with app.app_context():
        with writing() as session:
            article, claims = make_ready_article(session, ["true", "false"], title="The ferry")
            slug, ids = article.slug, [one.public_id for one in claims]
        publishing.publish(slug, note=None, actor_id=None, settings=settings)
        yield settings.site / "articles" / slug, slug, ids


def assert_as_built(settings, folder) -> None:
    """Hold the site against one made anew, and against its own signatures."""
    build_site(current_session(), folder, settings)
    made, kept = ({path: (place / path).read_bytes() for path in files.paths_in(place)}
                  for place in (folder, settings.site))  # fmt: skip
    assert sorted(made) == sorted(kept)
    assert [path for path in made if made[path] != kept[path]] == []
    assert list(verify(folder_reader(settings.site), files.paths_in(settings.site))) == []


def test_a_picture_changes_with_its_verdict_and_goes_with_its_edition(
    published, settings, tmp_path
):
    folder, slug, ids = published
    pictures = [folder / "claims" / one / "share.png" for one in ids]
    first = [one.read_bytes() for one in pictures]
    with writing() as session:
        words = VerdictWords("true", "Said better.", reasons="A slip.")
        decide_claim(session, claim(session, ids[0]), words,
                     actor=make_person(session, "editor"), now=NOW)  # fmt: skip
    publishing.publish(slug, note=None, actor_id=None, settings=settings)

    assert [one.read_bytes() for one in pictures] == first, "the verdicts are the same"
    old = (folder / "editions" / "1" / "index.html").read_text()
    assert 'share.png"' in old, "an edition's own page names no picture that will change"
    assert_as_built(settings, tmp_path / "again")

    for number in (2, 1):
        with writing() as session:
            article = articles.article(session, slug)
            edition = queries.editions_of(session, article)[number - 1]
            sha256 = edition.sha256
        publishing.withdraw(sha256, reason="It named a child.", actor_id=None, settings=settings)
    gone = {one.read_bytes() for one in [*pictures, folder / "share.png"]}
    assert len(gone) == 1
    assert not gone & set(first)
    assert json.loads((folder / "claims" / ids[0] / "claimreview.jsonld").read_bytes()) == []
    assert_as_built(settings, tmp_path / "once-more")


def choose(settings, verb, **chosen) -> None:
    with writing() as session:
        admin = make_person(session, "admin").id
    publishing.write_look(
        lambda session, actor, now: verb(session, actor=actor, now=now, **chosen),
        actor_id=admin, settings=settings,
    )  # fmt: skip


def logo(colour: str) -> Logo:
    file = io.BytesIO()
    Image.new("RGB", (30, 10), colour).save(file, "PNG")
    return choosing.logo_from(file.getvalue(), has_name=False)


def test_what_an_admin_chose_is_signed_made_again_and_taken_back(published, settings, tmp_path):
    site, (folder, _slug, _ids) = settings.site, published
    page, shipped = (folder / "index.html").read_bytes(), (site / "theme.css").read_bytes()
    theme = Theme({**shipped_theme().colours, "light_paper": "#fffaf0"}, "georgia", "humanist")
    choose(settings, choosing.set_theme, theme=theme)
    choose(settings, choosing.set_logo, logo=logo("red"))
    choose(settings, choosing.set_logo, logo=logo("blue"))

    assert (folder / "index.html").read_bytes() == page, "no page was touched"
    sheet = (site / "theme.css").read_text()
    assert "#fffaf0" in sheet
    (kept,) = (site / "assets").glob("logo.*.png")
    assert kept.name in sheet
    assert_as_built(settings, tmp_path / "chosen")

    choose(settings, choosing.set_theme, theme=None)
    choose(settings, choosing.set_logo, logo=None)
    assert (site / "theme.css").read_bytes() == shipped
    assert not list((site / "assets").glob("logo.*"))

    picture = (folder / "share.png").read_bytes()
    choose(settings, choosing.set_name, name=" The Harbour  Check ")
    assert run_due(settings) >= 1
    assert "– The Harbour Check</title>" in (folder / "index.html").read_text()
    assert (folder / "share.png").read_bytes() != picture
    assert json.loads((site / "feed.json").read_bytes())["title"] == "The Harbour Check"
    review = json.loads((folder / "claimreview.jsonld").read_bytes())[0]
    assert review["author"]["name"] == "The Harbour Check"
    assert_as_built(settings, tmp_path / "named")


def test_a_reply_and_where_else_a_claim_was_found_are_shown_with_the_next_edition(
    published, settings
):
    folder, slug, ids = published
    with writing() as session:
        article = articles.article(session, slug)
        with pytest.raises(actions.NothingNew):
            actions.publish_edition(session, article, note=None, actor=None, now=NOW)
        changes = {
            "reply_asked_on": "2026-11-20",
            "reply": "I was there.\n\nI saw it.",
            "reply_by": "Ines Corrie",
            "replied_on": "2026-11-22",
        }
        claim_actions.edit_claim(
            session, claim(session, ids[0]), changes, version=None, actor=None, now=NOW
        )
        assert claim(session, ids[0]).replied_on == date(2026, 11, 22)
        other = make_article(session, f"{QUOTES[1]}. It was late.", title="The vote")
        again = make_claim(session, other, QUOTES[1])
        same = claim(session, ids[1])
        claim_actions.dismiss_claim(session, again, "same-as", same_as=same, actor=None, now=NOW)
        make_ready(session, make_claim(session, other, "It was late."), "true")
        twice = make_claim(session, article, "I miss her.")
        claim_actions.dismiss_claim(session, twice, "same-as", same_as=same, actor=None, now=NOW)
        told = other.slug
    publishing.publish(told, note=None, actor_id=None, settings=settings)
    with writing() as session:
        articles.article(session, told).title = "A working title"
    outcome = publishing.publish(slug, note=None, actor_id=None, settings=settings)

    assert outcome.changes == [], "none of it is a correction of ours"
    replied, found = ((folder / "claims" / one / "index.html").read_text() for one in ids)
    assert "<p>I was there.</p><p>I saw it.</p>" in replied
    assert "<b>Ines Corrie</b>" in replied
    assert "We asked for a reply on 20 November 2026." in replied
    assert ">The vote</a>" in found, "by the title that readers know"
    said = {one["id"]: one for one in json.loads((folder / "edition.json").read_text())["claims"]}
    assert [one["slug"] for one in said[ids[1]]["elsewhere"]] == [told], "not in the article itself"
    assert "The reply" not in found
    record = (folder / "edition.json").read_text()
    assert "I was there" not in record, "the record holds digests of words"
    assert "Ines" not in record


def test_only_who_wants_to_be_named_is(published, settings):
    folder, slug, ids = published
    with writing() as session:
        reviews = session.query(Review).join(Review.round).filter_by(
            claim_id=claim(session, ids[0]).id
        ).order_by(Review.submitted_at, Review.id).all()  # fmt: skip
        people = [one.person for one in reviews]
        people[0].shows_name, people[0].name = True, "Mina Okoro"
        words = VerdictWords("true", "Said better.", reasons="A slip.")
        decide_claim(session, claim(session, ids[0]), words,
                     actor=make_person(session, "editor"), now=NOW)  # fmt: skip
        others = [one.name for one in people[1:]]
    publishing.publish(slug, note=None, actor_id=None, settings=settings)

    page = (folder / "claims" / ids[0] / "index.html").read_text()
    assert "Mina Okoro" in page
    assert "reviewer 2" in page
    assert not [name for name in others if name in page]
    assert "Mina" not in (folder / "edition.json").read_text()


def test_publishing_warns_until_somebody_wrote_method_and_contact(published, settings):
    with writing() as session:
        admin = make_person(session, "admin").id
        assert publishing.pages_missing(session) == ["method", "contact"]
    texts = {"method": "We read.", "contact": "  \n"}
    for slug, text in texts.items():
        publishing.write_site_page(slug, slug, text, actor_id=admin, settings=settings)
    assert publishing.pages_missing(current_session()) == ["contact"], "an empty page is none"
    publishing.write_site_page(
        "contact", "Contact", "desk@checks.example", actor_id=admin, settings=settings
    )
    assert publishing.pages_missing(current_session()) == []
