"""The feed of all ClaimReviews: in parts, each changed by its own articles alone."""

from __future__ import annotations

import io
import json

import pytest

from factcheck.articles import queries as articles
from factcheck.checks.reading import entries
from factcheck.claims.queries import claim
from factcheck.db import current_session, writing
from factcheck.editions import lists, publishing, site, withdrawing
from tests.editions.factories import make_ready_article
from tests.editions.test_site import correct, problems, tree

HOME = "http://localhost"


@pytest.fixture
def many(app, settings, monkeypatch):
    """The slugs of five articles, each published once, two to a part of the feed; claims' ids."""
    monkeypatch.setattr(lists, "A_FEED", 2)
    with app.app_context():
        with writing() as session:
            made = [make_ready_article(session, ["true", "false"]) for _ in range(5)]
            found = [(one.slug, [claim.public_id for claim in claims]) for one, claims in made]
        for slug, _ids in found:
            publishing.publish(slug, note=None, actor_id=None, settings=settings)
        yield found


def feed(settings, path: str = lists.CLAIM_REVIEWS) -> dict:
    return json.loads((settings.site / path).read_bytes())


def walked(settings) -> dict[str, dict]:
    """Return the item of each article, by its slug, from all parts of the feed."""
    found, path = {}, lists.CLAIM_REVIEWS
    while path:
        part = feed(settings, path)
        for item in part["dataFeedElement"]:
            found.setdefault(item["url"].split("/")[-2], item)
        path = part["hasPart"]["url"].removeprefix(f"{HOME}/") if "hasPart" in part else ""
    return found


def test_all_that_stands_is_found_from_the_newest_on_and_read_by_ourselves(many, settings):
    found = walked(settings)
    assert set(found) == {slug for slug, _ids in many}
    newest = [item["url"] for item in feed(settings)["dataFeedElement"]]
    assert newest == [f"{HOME}/articles/{slug}/" for slug, _ids in (many[4], many[3])]
    for slug, ids in many:
        pages = [review["url"] for review in found[slug]["item"]]
        assert pages == [f"{HOME}/articles/{slug}/claims/{one}/" for one in ids]
    part = io.BytesIO((settings.site / "claimreviews" / "1.jsonld").read_bytes())
    assert [one.rating for one in entries(part)] == ["True", "False"] * 2


def test_a_correction_changes_the_part_of_its_article_and_the_newest(many, settings):
    before = tree(settings.site)
    slug, ids = many[1]
    correct(ids, settings, slug)

    changed = {path for path, data in tree(settings.site).items() if data != before.get(path)}
    told = {path for path in changed if path.startswith("claimreviews") and path.endswith("ld")}
    assert told == {"claimreviews.jsonld", "claimreviews/1.jsonld"}
    first = feed(settings)["dataFeedElement"][0]
    assert first == walked(settings)[slug] == feed(settings, "claimreviews/1.jsonld")[
        "dataFeedElement"
    ][1]  # fmt: skip
    assert first["item"][0]["reviewRating"]["ratingExplanation"] == "Said better."


def test_what_is_withdrawn_leaves_and_the_whole_is_made_again_byte_for_byte(
    many, settings, tmp_path
):
    (slug, _), (other, ids) = many[4], many[0]

    def bury(session, actor, now):
        article = articles.article(session, slug)
        withdrawing.withdraw_article(session, article, reason="A mistake.", actor=actor, now=now)
        one = claim(session, ids[0])
        withdrawing.withdraw_claim(session, one, reason="A mistake.", actor=actor, now=now)

    publishing.act(bury, actor_id=None, settings=settings)

    found = walked(settings)
    assert found[slug]["item"] == []
    assert found[slug]["dateDeleted"] >= found[slug]["dateCreated"]
    assert [one["url"][-17:-1] for one in found[other]["item"]] == ids[1:]
    assert found[other]["dateModified"] >= found[other]["dateCreated"]
    assert problems(settings.site) == []
    site.build_site(current_session(), tmp_path / "again", settings)
    assert tree(tmp_path / "again") == tree(settings.site)


@pytest.mark.one_database
def test_a_site_of_before_the_feed_is_made_anew_by_the_job(many, settings):
    assert site.is_in_todays_look(settings.site)
    (settings.site / lists.CLAIM_REVIEWS).unlink()
    assert not site.is_in_todays_look(settings.site)
