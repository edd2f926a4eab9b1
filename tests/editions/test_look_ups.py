"""The look-ups of articles by the addresses of the pages that were checked."""

from __future__ import annotations

import hashlib
import json

import sqlalchemy as sa

from factcheck.articles.models import ArticleAddress
from factcheck.db import writing
from factcheck.editions import publishing
from tests.editions.factories import make_ready_article


def test_a_page_is_looked_up_under_its_canonical_address_however_it_was_written(app, settings):
    """Also where the address was kept as written, as it was before there was one form."""
    with app.app_context():
        slugs = []
        for url in ("http://www.paper.example/a/", "https://paper.example/a?utm_source=x"):
            with writing() as session:
                article, _ = make_ready_article(session, title=url, source_url=url)
                slugs.append(article.slug)
                if url.startswith("http:"):
                    query = sa.select(ArticleAddress).where(ArticleAddress.article == article)
                    session.scalars(query).one().url = url
        for slug in reversed(slugs):
            publishing.publish(slug, note=None, actor_id=None, settings=settings)
        found, as_written = (
            json.loads((settings.site / "by-url" / f"{digest}.json").read_text())["articles"]
            for url in (b"https://paper.example/a", b"http://www.paper.example/a/")
            for digest in (hashlib.sha256(url).hexdigest(),)
        )

    assert as_written == found
    assert found[-1]["slug"] == slugs[0]
    assert found[-1]["title"] == "http://www.paper.example/a/"
    assert found[-1]["overlay"] == f"/articles/{slugs[0]}/embed/claims.json"


def test_a_page_that_was_checked_twice_lists_both_also_from_before_there_was_one_form(
    app, settings
):
    """The older edition keeps its spelling for ever; its row was brought into the one form."""
    with app.app_context():
        slugs = []
        for url in ("http://www.paper.example/a/", "https://paper.example/a"):
            with writing() as session:
                article, _ = make_ready_article(session, title=url, source_url=url)
                slugs.append(article.slug)
                query = sa.select(ArticleAddress).where(ArticleAddress.article == article)
                session.scalars(query).one().url = url
            publishing.publish(slugs[-1], note=None, actor_id=None, settings=settings)
            with writing() as session:
                session.scalars(query).one().url = "https://paper.example/a"
        digest = hashlib.sha256(b"https://paper.example/a").hexdigest()
        found = json.loads((settings.site / "by-url" / f"{digest}.json").read_text())

    assert [one["slug"] for one in found["articles"]] == slugs
