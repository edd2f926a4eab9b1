"""A claim that is left open, wherever readers meet it."""

from __future__ import annotations

import json
from datetime import UTC
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.claims.queries import claim as claim_of
from factcheck.db import current_session, writing
from factcheck.decisions.actions import decide_claim
from factcheck.decisions.rules import VerdictWords
from factcheck.editions import files, overlay, publishing
from factcheck.editions.article_site import standfirst
from factcheck.editions.json_ld import NoReview, claim_review
from factcheck.editions.render import sides_in_words
from factcheck.editions.shown import ShownEdition
from factcheck.editions.site import build_site
from factcheck.editions.verify import folder_reader, verify
from factcheck.folders import PACKAGE, data_folder
from factcheck.methods import queries as methods
from factcheck.methods.rules import DISAGREE
from tests.accounts.factories import make_person
from tests.claims.factories import make_claim
from tests.conftest import NOW
from tests.editions.factories import QUOTES, make_ready_article
from tests.reviews.factories import leave_open

SCALE = methods.scale("default")
KEYS = [rating.key for rating in SCALE.ratings]
SIDES = ["true", "false", "unproven"]


@pytest.fixture
def published(app, settings):
    """The folder of an article with one claim *true*, one left open, and the latter's id."""
    with app.app_context():
        with writing() as session:
            article, _ = make_ready_article(session, ["true"], title="The ferry")
            disputed = make_claim(session, article, QUOTES[1])
            leave_open(session, disputed)
            slug, claim_id = article.slug, disputed.public_id
        publishing.publish(slug, note=None, actor_id=None, settings=settings)
        yield settings.site / "articles" / slug, claim_id


def told(page: str) -> str:
    """Return a page's words without its marks, blanks made single."""
    kept = [part.partition(">")[2] for part in page.split("<")]
    return " ".join(" ".join(kept).split())


def problems(folder: Path) -> list[str]:
    return [one.sentence for one in verify(folder_reader(folder), files.paths_in(folder))]


def is_made_again(settings, folder: Path) -> bool:
    """Return whether the whole site, made from the database, has the bytes that are there."""
    build_site(current_session(), folder / "again", settings)
    here, again = (
        {path: (site / path).read_bytes() for path in files.paths_in(site)}
        for site in (settings.site, folder / "again")
    )
    return here == again


def test_the_record_says_so_with_all_ratings_of_the_round(published):
    folder, claim_id = published
    record = json.loads((folder / "edition.json").read_text())
    (claim,) = [one for one in record["claims"] if one["id"] == claim_id]

    assert (claim["rating"], claim["group"], claim["decided_by"]) == (
        "disagree", "disagree", "an editor",
    )  # fmt: skip
    assert claim["ratings"] == SIDES
    assert claim["sources"]
    content = json.loads((folder / "content.json").read_text())
    assert content[claim["summary"]]["text"] == "The register has 1923, the yard 1932."
    assert content[claim["reasons"]]["text"] == "Both books were kept with care."


def test_the_claim_s_page_shows_each_side_the_summary_and_the_reasons(published):
    folder, claim_id = published
    page = (folder / "claims" / claim_id / "index.html").read_text()
    words = told(page)

    assert "<title>Reviewers disagree: The council voted" in page
    assert "What the sides say The register has 1923, the yard 1932." in words
    assert "Why we leave it open Both books were kept with care." in words
    assert "1 True 1 False 1 Unproven" in words
    assert "True reviewer 1 False reviewer 2 Unproven reviewer 3" in words
    assert "They did not agree, and an editor left it open." in words
    assert "settled" not in words.lower()
    assert "Register, 1923/041" in words
    assert "application/ld+json" not in page


@pytest.mark.parametrize("path", ["index.html", "claims/{id}/card/index.html", "embed/index.html"])
def test_marks_cards_and_frames_name_it_and_count_the_sides(published, path):
    folder, claim_id = published
    words = told((folder / path.format(id=claim_id)).read_text())

    assert "Reviewers disagree" in words
    assert "1 True 1 False 1 Unproven" in words
    assert "Reviewers differed" not in words


def test_the_article_marks_it_in_the_text_and_filters_by_it(published):
    folder, _ = published
    page = (folder / "index.html").read_text()

    assert '<span class="claim" id="claim-2" data-verdict="disagree">' in page
    assert 'aria-label="Claim 2: Reviewers disagree"' in page
    assert 'id="show-disagree"' in page
    assert "two claims in this post: one true, one on which reviewers disagree." in page


def test_there_is_an_annotation_of_it_and_no_claim_review(published):
    folder, claim_id = published
    reviews = json.loads((folder / "claimreview.jsonld").read_text())
    notes = json.loads((folder / "annotations.jsonld").read_text())["first"]["items"]

    assert [one["reviewRating"]["alternateName"] for one in reviews] == ["True"]
    assert claim_id in notes[1]["id"]
    assert notes[1]["body"]["value"].startswith("Reviewers disagree. The register has 1923")


def test_publishers_pages_show_it_with_a_look_of_its_own(published):
    folder, _ = published
    told_ = json.loads((folder / "embed" / "claims.json").read_text())

    assert [one["rating"] for one in told_["claims"]] == ["true", "disagree"]
    assert told_["claims"][1]["summary"] == (
        "One reviewer found: True. One reviewer found: False. One reviewer found: Unproven. "
        "The register has 1923, the yard 1932."
    )
    assert told_["ratings"]["disagree"] == {
        "label": "Reviewers disagree", "line": DISAGREE.line, "colour": list(DISAGREE.colour),
    }  # fmt: skip


def test_lists_feeds_search_and_the_method_page_name_it(published, settings, app):
    for path in ("index.html", "page/1/index.html", "method/index.html"):
        assert "Reviewers disagree" in told((settings.site / path).read_text())
    for path in ("feed.atom", "feed.json"):
        assert "one on which reviewers disagree" in (settings.site / path).read_text()
    found = told(app.test_client().get("/search?q=council").text)
    assert "Reviewers disagree in The ferry" in found


def test_settled_later_it_is_a_correction_and_the_site_is_made_again(published, settings, tmp_path):
    folder, claim_id = published
    with writing() as session:
        words = VerdictWords("false", "The yard burnt in 1931.", reasons="Found since.")
        editor = make_person(session, "editor")
        decide_claim(session, claim_of(session, claim_id), words, actor=editor, now=NOW)
    publishing.publish(folder.name, note="Found.", actor_id=None, settings=settings)

    record = json.loads((folder / "edition.json").read_text())
    assert record["changes"] == [
        {"claim": claim_id, "kind": "verdict", "from": "disagree", "to": "false"}
    ]
    page = told((folder / "index.html").read_text())
    assert "was left open: Reviewers disagree ; it is now False" in page
    corrections = told((settings.site / "corrections" / "index.html").read_text())
    assert "Was Reviewers disagree is now False" in corrections
    assert is_made_again(settings, tmp_path)
    assert problems(settings.site) == []


def test_a_site_with_it_is_whole_and_made_again_byte_for_byte(published, settings, tmp_path):
    assert is_made_again(settings, tmp_path)
    assert problems(settings.site) == []


@given(st.lists(st.sampled_from([*KEYS, DISAGREE.key]), max_size=30))
def test_it_is_never_counted_as_a_rating(keys):
    edition = shown(keys)

    assert DISAGREE not in dict(edition.tally)
    assert sum(count for _, count in edition.tally) == len(keys) - keys.count(DISAGREE.key)
    assert edition.left_open == keys.count(DISAGREE.key)
    assert sum(count for _, count in edition.findings) == len(keys)
    assert (DISAGREE in dict(edition.findings)) == (DISAGREE.key in keys)
    assert ("reviewers disagree" in standfirst(edition)) == (DISAGREE.key in keys)


@given(st.lists(st.sampled_from(KEYS), max_size=30))
def test_the_sides_are_the_ratings_given_each_with_its_number(ratings):
    (claim,) = shown([DISAGREE.key], ratings).claims

    assert {rating.key: count for rating, count in claim.sides} == {
        key: ratings.count(key) for key in ratings
    }
    assert sides_in_words(claim.sides).count("found:") == len(set(ratings))
    with pytest.raises(NoReview):
        claim_review(shown([DISAGREE.key]), claim, "https://site.example", "factcheck", UTC)


def shown(keys: list[str], ratings: list[str] | None = None) -> ShownEdition:
    """Return an edition of nothing but claims with these ratings."""
    claims = [
        {"id": f"{number}", "rating": key, "ratings": ratings or []}
        for number, key in enumerate(keys)
    ]
    return ShownEdition("0" * 64, {"article": {}, "claims": claims}, {}, SCALE)


def test_every_look_it_needs_is_there():
    tokens = (PACKAGE / "static" / "tokens.css").read_text()
    look = tokens.split('[data-verdict="disagree"] {')[1].split("}")[0]

    assert f"--line: {DISAGREE.line};" in look
    assert DISAGREE.colour[1] in look
    assert f'id="{DISAGREE.shape}"' in (data_folder("templates") / "_icons.html").read_text()
    assert "#show-disagree:checked" in (PACKAGE / "static" / "public.css").read_text()
    assert overlay.newest_script().data.count(b"disagree") == 0  # it is told all looks
