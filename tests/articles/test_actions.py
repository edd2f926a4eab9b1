"""Taking in articles, revising them, and changing what is known about them."""

from __future__ import annotations

import hashlib

import pytest
import sqlalchemy as sa

from factcheck.articles import actions, queries
from factcheck.articles.intake import from_document, from_text
from factcheck.articles.models import ArticleAddress
from factcheck.failures import Invalid
from tests.articles.factories import TEXT, make_bare_article
from tests.articles.test_intake import PAGE
from tests.conftest import NOW


def test_an_article_is_kept_with_its_bytes_units_and_links(session):
    intake = from_document(PAGE, "text/html", url="https://example.org/ferry?x=1#top")

    article, revision = actions.add_article(session, intake, actor=None, now=NOW)
    session.flush()
    session.expire_all()

    assert (article.slug, article.state, article.version) == ("the-ferry", "triage", 1)
    assert revision.raw == PAGE
    assert revision.raw_sha256 == hashlib.sha256(PAGE).hexdigest()
    assert revision.text_sha256 == hashlib.sha256(revision.text.encode()).hexdigest()
    assert revision.length == len(revision.text)
    assert all(len(unit) == 5 for unit in revision.units)
    assert [link.href for link in queries.links(session, revision)] == ["https://example.org/count"]
    addresses = session.scalars(sa.select(ArticleAddress.url)).all()
    assert addresses == ["https://example.org/ferry?x=1"]


def test_two_articles_with_one_title_have_two_addresses(session):
    slugs = [make_bare_article(session, title="😀").slug for _ in range(3)]

    assert slugs == ["article", "article-2", "article-3"]


def test_a_title_of_markup_or_500_characters_is_kept_as_it_is(session):
    markup = make_bare_article(session, title="<b>Fast</b> & <i>loose</i>")
    long = make_bare_article(session, title="x" * 500)

    assert (markup.title, markup.slug) == ("<b>Fast</b> & <i>loose</i>", "b-fast-b-i-loose-i")
    assert len(long.title) == 500


def test_an_article_is_found_by_its_slug_and_by_its_id(session):
    article = make_bare_article(session)

    assert queries.article(session, article.slug) is article
    assert queries.article(session, article.public_id) is article
    assert queries.article_by_slug(session, article.slug) is article
    with pytest.raises(queries.ArticleMissing):
        queries.article(session, "nothing")
    with pytest.raises(queries.ArticleMissing):
        queries.article_by_slug(session, article.public_id)


def test_articles_are_listed_newest_first_by_state_words_and_place(session):
    made = [make_bare_article(session, title=title) for title in ("One ferry", "100% sure", "Bus")]
    actions.set_state(session, made[2], "review", actor=None, now=NOW)
    session.flush()

    assert queries.articles(session) == made[::-1]
    assert queries.articles(session, state="review") == [made[2]]
    assert queries.articles(session, q="FERRY") == [made[0]]
    assert queries.articles(session, q="100%") == [made[1]]
    assert queries.articles(session, q="%") == [made[1]]
    assert queries.articles(session, after=made[1].id) == [made[0]]
    assert queries.articles(session, limit=1) == [made[2]]


def test_what_is_known_is_changed_under_a_version_and_only_where_it_differs(session):
    article = make_bare_article(session)

    changed = actions.edit_article(
        session, article, {"title": "New", "published": "2007-05", "policy": "solo"},
        version=1, actor=None, now=NOW,
    )  # fmt: skip
    again = actions.edit_article(
        session, article, {"title": " New "}, version=2, actor=None, now=NOW
    )

    assert changed == {"title", "published", "policy_key"}
    assert again == frozenset()
    assert (article.version, article.slug) == (2, "the-harbour-of-ostrava")
    with pytest.raises(actions.StaleArticle):
        actions.edit_article(session, article, {"title": "Old"}, version=1, actor=None, now=NOW)
    assert article.title == "New"


@pytest.mark.parametrize(
    ("field", "value"), [("title", " "), ("display", "x"), ("slug", "other"), ("policy", "x")]
)
def test_a_value_that_cannot_be_kept_changes_nothing(session, field, value):
    article = make_bare_article(session)

    with pytest.raises(Invalid) as refused:
        actions.edit_article(session, article, {field: value}, actor=None, now=NOW)

    assert refused.value.field == field
    assert article.version == 1


def test_a_new_revision_is_numbered_and_the_old_one_stays(session):
    article = make_bare_article(session)
    first = queries.revision(session, article)

    second = actions.add_revision(session, article, from_text(TEXT + " More."), actor=None, now=NOW)

    assert (second.number, article.current_revision, article.version) == (2, 2, 2)
    assert queries.revision(session, article) is second
    assert first.text == TEXT
    with pytest.raises(actions.SameText):
        actions.add_revision(session, article, from_text(TEXT + " More."), actor=None, now=NOW)
