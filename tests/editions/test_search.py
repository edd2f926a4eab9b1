"""Readers find what was published, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.db import writing
from factcheck.editions.actions import publish_edition
from factcheck.editions.search import catch_up, find, reindex
from factcheck.editions.withdrawing import withdraw_edition
from factcheck.text.sought import extract, words_in
from tests.articles.factories import TEXT
from tests.claims.factories import make_article, make_claim
from tests.conftest import NOW
from tests.editions.factories import make_ready_article

HOSTILE = (
    '"',
    "' OR 1=1 --",
    "a* NEAR(b)",
    "title:x",
    "(",
    "\\",
    "%",
    "&|!",
    "-ferry",
    "NOT",
    "\0",
)


@pytest.fixture
def published(session):
    article, _ = make_ready_article(session, ["true"])
    edition = publish_edition(session, article, note=None, actor=None, now=NOW)
    return article, edition


def found(session, typed, *, offset=0, limit=20):
    return find(session, words_in(typed), offset=offset, limit=limit)


def test_claims_and_articles_are_found_by_words_in_another_form(session, published):
    hits = found(session, "PASSENGER carrying")
    assert {hit.entry.rating for hit in hits} == {None, "true"}
    assert any("/claims/" in hit.entry.address for hit in hits)
    assert any(is_sought for text, is_sought in hits[0].extract if "passengers" in text)


def test_entries_with_all_words_hide_those_with_some(session, published):
    assert len(found(session, "ferry council")) == 1
    assert found(session, "ferry zebra")
    assert found(session, "zebra") == []


def test_what_is_not_published_is_not_found(session, published):
    draft = make_article(session, TEXT.replace("ferry", "zeppelin"))
    make_claim(session, draft, "The zeppelin carried 412,000 passengers", "ready")
    assert found(session, "zeppelin") == []


def test_a_withdrawn_edition_is_found_no_more(session, published):
    _, edition = published
    withdraw_edition(session, edition, reason="an error", actor=None, now=NOW)
    assert found(session, "ferry") == []


def test_a_second_run_adds_nothing_and_a_lost_index_is_made_anew(session, published):
    article, _ = published
    before = [hit.entry.address for hit in found(session, "ferry")]
    reindex(session, article)
    catch_up(session)
    assert [hit.entry.address for hit in found(session, "ferry")] == before


@pytest.mark.parametrize("typed", HOSTILE)
def test_nothing_that_is_typed_is_query_syntax(session, published, typed):
    assert [hit.entry.address for hit in found(session, f"{typed} ferry")]
    assert not [hit for hit in found(session, typed) if "ferry" not in hit.entry.body.casefold()]


def test_pages_follow_each_other(session, published):
    whole = [hit.entry.address for hit in found(session, "ferry council")]
    parts = [hit.entry.address for at in range(len(whole))
             for hit in found(session, "ferry council", offset=at, limit=1)]  # fmt: skip
    assert parts == whole


@given(
    st.text(max_size=600),
    st.lists(st.text(st.characters(categories=["L"]), min_size=1, max_size=8), min_size=1),
)
def test_an_extract_is_made_of_the_bodys_own_words(body, words):
    text = "".join(piece for piece, _ in extract(body, words))
    rest = text.removeprefix("… ").removesuffix(" …")
    assert rest in " ".join(body.split()) or not rest.strip()


def test_the_page_shows_what_was_found_or_says_that_nothing_was(app):
    with app.app_context(), writing() as session:
        article, _ = make_ready_article(session, ["mostly-true"])
        publish_edition(session, article, note=None, actor=None, now=NOW)
        slug = article.slug
    client = app.test_client()
    page = client.get("/search?q=ferry")
    assert page.status_code == 200
    assert "Set-Cookie" not in page.headers
    assert f"/articles/{slug}/claims/" in page.text
    assert "Mostly true" in page.text
    assert "<b>ferry</b>" in page.text
    assert "Nothing that we published" in client.get("/search?q=zebra").text
    assert 'role="status"' not in client.get("/search").text
    escaped = client.get("/search?q=%3Cscript%3Ealert(1)%3C/script%3E&page=-3").text
    assert "<script>alert" not in escaped
    assert client.get("/search?q=%00&page=99999999999999999999").status_code == 200
    assert client.get("/search?q=" + "ferry%20" * 500).status_code == 200
