"""The files for publishers' pages: every version of the script for ever, and what it asks for."""

from __future__ import annotations

import base64
import hashlib
import json

import pytest

from factcheck.articles.queries import article_by_slug
from factcheck.db import current_session, writing
from factcheck.editions import files, overlay, publishing, queries
from factcheck.editions.verify import folder_reader, verify
from tests.editions.factories import make_ready_article


def test_the_script_lies_at_its_digest_with_what_a_page_says_of_it():
    files = overlay.script_files()
    script = overlay.newest_script()
    index = json.loads(files["embed/index.json"])

    assert files["embed.js"] == files[script.path]
    digest = base64.b64encode(hashlib.sha384(files["embed.js"]).digest()).decode()
    assert index["integrity"][index["newest"]] == f"sha384-{digest}"


@pytest.fixture
def published(app, settings):
    """The slug of a published article; inside the app's context."""
    with app.app_context():
        with writing() as session:
            article, _ = make_ready_article(session, ["true", "false"])
            slug = article.slug
        publishing.publish(slug, note=None, actor_id=None, settings=settings)
        yield slug


def test_publishing_writes_what_the_script_asks_for_and_a_withdrawal_takes_it_away(
    published, settings
):
    folder = settings.site / "articles" / published
    told = json.loads((folder / "embed" / "claims.json").read_text())
    assert [one["rating"] for one in told["claims"]] == ["true", "false"]
    assert told["ratings"]["false"]["label"] == "False"
    assert told["words"]["head"] == "Fact-checked: 2 statements · list"
    assert told["claims"][0]["quote"] in (folder / "embed" / "index.html").read_text()
    page = (folder / "index.html").read_text()
    assert f"/articles/{published}/embed/" in page

    (edition,) = queries.editions_of(
        current_session(), article_by_slug(current_session(), published)
    )
    sha256 = edition.sha256
    publishing.withdraw(sha256, reason="A court said so.", actor_id=None, settings=settings)
    assert json.loads((folder / "embed" / "claims.json").read_text()) == {"claims": []}
    assert "412,000" not in (folder / "embed" / "index.html").read_text()
    assert list(verify(folder_reader(settings.site), files.paths_in(settings.site))) == []
