"""Words removed for good: also in odd places, where they overlap, and when something is stopped."""

from __future__ import annotations

import pytest

from factcheck.articles.models import ArticleAddress
from factcheck.claims.queries import claim as claim_of
from factcheck.db import current_session, writing
from factcheck.editions import publishing, purging, queries, redacting, site, withdrawing
from factcheck.editions.actions import append
from factcheck.editions.canonical import canonical
from factcheck.editions.files import SiteNotWritable
from factcheck.editions.log import BadProof
from factcheck.editions.site import build_site
from factcheck.reviews.models import Source
from tests.conftest import NOW
from tests.editions.factories import make_ready_article
from tests.editions.test_withdrawing import (
    checked,
    do,
    person,
    published,
    purge,
    the_claim,
    the_edition,
    tree,
)

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


def test_an_article_whose_pages_fail_stops_no_other_and_is_told_of(app, settings, monkeypatch):
    with app.app_context():
        with writing() as session:
            slugs = [make_ready_article(session, title=one)[0].slug for one in ("Bad", "Good")]
        real = site.write_article

        def write(session, article, settings):
            if article.slug == slugs[0]:
                raise ValueError("a defect")
            real(session, article, settings)

        monkeypatch.setattr(site, "write_article", write)
        for slug in slugs:
            with pytest.raises(SiteNotWritable, match="bad: a defect"):
                publishing.publish(slug, note=None, actor_id=None, settings=settings)
        admin = person("admin")
        publishing.write_site_page("about", "About", "Us.", actor_id=admin, settings=settings)
        assert (settings.site / "articles" / slugs[1] / "index.html").exists()
        monkeypatch.undo()
        assert publishing.finish_interrupted(settings) == 1
        assert publishing.finish_interrupted(settings) == 0
        checked(settings.site)


def test_old_look_ups_go_with_the_words_in_them(app, settings):
    with app.app_context():
        with writing() as session:
            article, _ = make_ready_article(
                session, title=f"What {NAME} did",
                source_url="https://blog.example/zebedee-quux-and-the-ferry",
            )  # fmt: skip
            slug = article.slug
        publishing.publish(slug, note=None, actor_id=None, settings=settings)
        assert [path for path in holding(settings.site, NAME) if path.startswith("by-url/")]
        done = purge([NAME, "zebedee-quux"], settings)
        assert not holding(settings.site, NAME, "zebedee-quux-and")
        assert "look_ups" not in done.removed  # an address can be guessed from its digest
        as_if_made_anew(settings)


def test_what_was_purged_goes_from_pages_that_tell_of_no_edition(published, settings):
    _, ids = published
    admin = person("admin")
    publishing.write_site_page(
        "about", "About", f"We are {NAME}.", actor_id=admin, settings=settings
    )
    do(settings, withdrawing.withdraw_claim, the_claim(ids[0]), reason=f"{NAME} asked for it.")
    half = settings.site / "about" / ".aside-index.html"
    half.write_text(NAME)
    assert len(holding(settings.site, NAME)) > 2
    purge([NAME], settings)
    assert not holding(settings.site, NAME)
    assert not half.exists()
    as_if_made_anew(settings)


def test_what_was_purged_goes_from_reasons_of_editions_and_of_other_purges(published, settings):
    slug, _ = published
    purge(["the minutes"], settings, reason=f"{NAME} asked for it.")
    assert holding(settings.site, NAME)
    do(settings, withdrawing.withdraw_edition, the_edition(slug, 1), reason=f"{NAME} said so.")
    purge([NAME], settings)
    assert not holding(settings.site, NAME)
    as_if_made_anew(settings)


def test_a_purge_that_was_stopped_is_finished_at_the_next_start(published, settings, monkeypatch):
    admin = person("admin")
    publishing.write_site_page(
        "about", "About", f"We are {NAME}.", actor_id=admin, settings=settings
    )
    with monkeypatch.context() as dying:
        dying.setattr(site, "write_after_purge", _no_room)
        with pytest.raises(SiteNotWritable):
            purge([NAME], settings)
    assert holding(settings.site, NAME)
    publishing.finish_interrupted(settings)
    assert not holding(settings.site, NAME)


def _no_room(*_args: object) -> None:
    raise SiteNotWritable("no room")


def test_a_purge_of_many_copies_and_words_is_told_in_several_entries_of_the_log(
    published, settings
):
    edition = the_edition(published[0], 1)(current_session())
    digests, copies = ([f"{kind}{n:063x}" for n in range(600)] for kind in "ab")
    entries = list(purging._entries(edition, digests, copies, NOW))
    assert max(len(canonical(one)) for one in entries) < 65_535
    assert [digest for one in entries for digest in one["digests"]] == digests
    assert [digest for one in entries for digest in one["copies"]] == copies


def test_an_entry_that_is_too_long_for_the_log_is_refused_before_it_is_in(app):
    with app.app_context(), writing() as session:
        with pytest.raises(BadProof, match="too long"):
            append(session, {"kind": "x" * 65_536}, now=NOW)
        assert queries.log_size(session) == 0
