"""oEmbed: the files beside the pages, the endpoint that makes them smaller, and what it refuses."""

from __future__ import annotations

import json
import re

import pytest

from factcheck.db import writing
from factcheck.editions import oembed, publishing
from factcheck.editions.files import paths_in
from factcheck.editions.verify import folder_reader, verify
from factcheck.readers.oembed import _folder
from tests.claims.factories import make_article
from tests.editions.factories import make_ready_article

TITLE = 'The "ferry" width="640" height="480" <b>'


@pytest.fixture
def published(app, settings):
    """The slug of a published article, the id of its claim and the digest of its edition."""
    with app.app_context():
        with writing() as session:
            article, claims = make_ready_article(session, ["false"], title=TITLE)
            slug, claim = article.slug, claims[0].public_id
            make_article(session, title="A draft")
        sha256 = publishing.publish(slug, note=None, actor_id=None, settings=settings).sha256
    return slug, claim, sha256


def asked(app, path, **more):
    return app.test_client().get("/oembed", query_string={"url": f"http://localhost{path}", **more})


def test_a_page_names_the_file_beside_it_and_the_file_says_what_the_endpoint_says(app, published):
    slug, claim, _ = published
    for path, frame in (
        (f"/articles/{slug}/", "embed/"),
        (f"/articles/{slug}/claims/{claim}/", "card/"),
    ):
        page = app.test_client().get(path).text
        found = re.search(r'type="application/json\+oembed" href="http://localhost([^"]+)"', page)[
            1
        ]
        file = app.test_client().get(found)
        assert file.headers["Access-Control-Allow-Origin"] == "*"
        answer = json.loads(file.data)
        assert answer == asked(app, path, format="json").json
        assert (answer["version"], answer["type"], answer["provider_name"]) == (
            "1.0", "rich", "factcheck",
        )  # fmt: skip
        assert f'<iframe src="http://localhost{path}{frame}" title="' in answer["html"]
        assert app.test_client().get(path + frame).status_code == 200
        assert "<b>" not in answer["html"]


@pytest.mark.parametrize(
    ("most", "size"),
    [({}, (640, 480)), ({"maxwidth": 300}, (300, 480)), ({"maxheight": 200}, (640, 200)),
     ({"maxwidth": 320, "maxheight": 100}, (320, 100)), ({"maxwidth": 9000}, (640, 480))],
)  # fmt: skip
def test_it_is_never_larger_than_asked_for(app, published, most, size):
    answer = asked(app, f"/articles/{published[0]}/", **most).json
    assert (answer["width"], answer["height"]) == size
    sizes = re.findall(r' width="(\d+)" height="(\d+)"', answer["html"])
    assert sizes == [tuple(map(str, size))]
    assert answer["title"] == TITLE


@pytest.mark.parametrize(
    ("given", "status"),
    [({"format": "xml"}, 501), ({"maxwidth": "0"}, 400), ({"maxheight": "wide"}, 400),
     ({"maxwidth": "²"}, 400)],
)  # fmt: skip
def test_what_it_does_not_speak_is_refused_in_a_line(app, published, given, status):
    answer = asked(app, f"/articles/{published[0]}/", **given)
    assert answer.status_code == status
    assert answer.content_type.startswith("text/plain")


@pytest.mark.parametrize(
    "path",
    ["/", "/articles/a-draft/", "/articles/none/", "/articles/{slug}/editions/1/", "/articles/..",
     "/articles/{slug}/claims/nothinghere00000/", "/articles/{slug}/embed/", "/articles/%00/",
     "/articles/%2e%2e/%2e%2e/", "/corrections/"],
)  # fmt: skip
def test_nothing_but_published_articles_and_claims_is_there(app, published, path):
    assert asked(app, path.format(slug=published[0])).status_code == 404


def test_an_address_of_another_site_is_not_ours(app, published):
    slug = published[0]
    elsewhere = (f"{site}/articles/{slug}/" for site in ("http://a.example", "file://localhost"))
    for url in (*elsewhere, "nonsense", "http://[", "", "http://localhost/" + "a" * 3000):
        assert app.test_client().get("/oembed", query_string={"url": url}).status_code == 404
    assert _folder("https://a.example/checks/articles/x", "http://a.example/checks") == "articles/x"
    assert _folder("https://a.example/articles/x", "http://a.example/checks") is None


def test_of_a_withdrawn_edition_no_word_stays(app, settings, published):
    slug, claim, sha256 = published
    with app.app_context():
        publishing.withdraw(sha256, reason="A court.", actor_id=None, settings=settings)
    for path in (f"/articles/{slug}/", f"/articles/{slug}/claims/{claim}/"):
        assert asked(app, path).status_code == 404
        file = app.test_client().get(f"{path}oembed.json")
        assert "ferry" not in file.text
    assert list(verify(folder_reader(settings.site), paths_in(settings.site))) == []


def test_the_words_of_a_title_are_only_words(app, published):
    answer = asked(app, f"/articles/{published[0]}/", maxwidth=10).json
    assert answer["html"].count("<") == 2
    assert oembed.within(answer, None, None) == answer
