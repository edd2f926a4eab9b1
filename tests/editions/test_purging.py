"""Words removed for good: also in odd places, where they overlap, and when something is stopped."""

from __future__ import annotations

import pytest

from factcheck.articles.models import ArticleAddress
from factcheck.claims.queries import claim as claim_of
from factcheck.db import current_session, writing
from factcheck.editions import publishing, redacting
from factcheck.editions.site import build_site
from factcheck.reviews.models import Source
from tests.conftest import NOW
from tests.editions.factories import make_ready_article
from tests.editions.test_withdrawing import checked, published, purge, tree

__all__ = ["published"]  # the fixture: an article that has edition 1
NAME = "Zebedee Quux"


def holding(folder, *words: str) -> list[str]:
    """Return the site's files in which any of the words stand."""
    sought = [one.encode() for one in words]
    return [path for path, data in tree(folder).items() if any(one in data for one in sought)]


def as_if_made_anew(settings) -> None:
    """The site holds, and is the same as one that is made from the database."""
    checked(settings.site)
    build_site(current_session(), settings.data / "again", settings)
    assert tree(settings.data / "again") == tree(settings.site)


@pytest.mark.parametrize(
    ("words", "after"),
    [
        (["Anna", "Anna Karlsson"], "████ ████████ came, ████ left. ab cd ef"),
        (["ab cd", "cd ef"], "Anna Karlsson came, Anna left. ██ ██ ██"),
        (["Anna", "█ left"], "████ Karlsson came, ████ ████. ab cd ef"),
    ],
)
def test_words_that_overlap_are_struck_out_whole(words, after):
    text = "Anna Karlsson came, Anna left. ab cd ef"
    assert redacting.struck(text, words) == after


def test_the_longer_of_two_words_is_gone_from_rows_and_is_not_published_again(published, settings):
    slug, ids = published
    with writing() as session:
        claim_of(session, ids[0]).restated = "Anna Karlsson ran the ferry."
    publishing.publish(slug, note=None, actor_id=None, settings=settings)
    purge(["Anna", "Anna Karlsson"], settings)
    assert claim_of(current_session(), ids[0]).restated == "████ ████████ ran the ferry."
    publishing.publish(slug, note=None, actor_id=None, settings=settings)
    assert not holding(settings.site, "Anna", "Karlsson")


def test_two_addresses_of_sources_that_become_the_same_bars_stay_two(app, settings):
    urls = [f"https://a.example/people/anna-{number}" for number in (1, 2)]
    with app.app_context():
        with writing() as session:
            session.add_all(Source(url=url, created_at=NOW) for url in urls)
        purge(urls, settings)
        left = current_session().query(Source).order_by(Source.id).all()
        bars = "█" * len(urls[0])
        assert [one.url for one in left] == [f"{bars}#{one.public_id}" for one in left]


@pytest.mark.parametrize("words", ["johnsmith.example", "https://johnsmith.example/ferry"])
def test_an_address_can_be_purged_and_the_site_goes_on(app, settings, words):
    with app.app_context():
        with writing() as session:
            article, claims = make_ready_article(
                session, title="The ferry", source_url="https://johnsmith.example/ferry"
            )
            slug, claim = article.slug, claims[0].public_id
        publishing.publish(slug, note=None, actor_id=None, settings=settings)
        purge([words], settings)
        assert not holding(settings.site, "johnsmith")
        assert not current_session().query(ArticleAddress).all()
        with writing() as session:
            claim_of(session, claim).restated = "Other words."
            article_id = claim_of(session, claim).article_id
            # what was purged before addresses were dropped
            session.add(ArticleAddress(article_id=article_id, url="https://████.example/ferry"))
        publishing.publish(slug, note=None, actor_id=None, settings=settings)
        as_if_made_anew(settings)
