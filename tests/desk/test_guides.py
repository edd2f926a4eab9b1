"""The guides inside the service: the words and pictures of the files, for whoever is signed in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from factcheck.db import writing
from factcheck.desk.guides import GUIDES
from tests.accounts.factories import PASSWORD, make_person
from tests.reviews.pages import queries_of
from tests.web.client import signed_in

DOCS = Path(__file__).resolve().parents[2] / "docs"
PICTURE = re.compile(r"!\[(.*?)\]\((pictures/guides/.*?)\)")
pytestmark = pytest.mark.one_database


@pytest.fixture
def client(app):
    with app.app_context(), writing() as session:
        make_person(session, "newcomer", email="nora@factcheck.example", password=PASSWORD)
    return signed_in(app, "nora@factcheck.example")


@pytest.mark.parametrize("name", GUIDES)
def test_a_guide_is_shown_with_its_pictures_and_their_words(app, client, name):
    shown = PICTURE.findall((DOCS / f"{name}.md").read_text("utf-8"))
    page = client.get(f"/help/{name}").text
    assert 4 <= len(shown) <= 6
    assert page.count("<img ") == len(shown)
    for alt, path in shown:
        assert f'alt="{alt}"' in page
        with client.get(f"/help/pictures/{path.rpartition('/')[2]}") as picture:
            assert (picture.status_code, picture.mimetype) == (200, "image/webp")
            assert len(picture.data) < 60_000
    assert "![" not in page
    assert queries_of(app, client, f"/help/{name}") == 0


def test_every_picture_that_is_kept_stands_in_a_guide(client):
    words = "".join((DOCS / f"{name}.md").read_text("utf-8") for name in GUIDES)
    kept = {file.name for file in (DOCS / "pictures" / "guides").iterdir()}
    assert kept == {path.rpartition("/")[2] for _alt, path in PICTURE.findall(words)}
    assert client.get("/help/operating").status_code == 404
    assert client.get("/help/pictures/..%2f..%2freviewing.md").status_code == 404
    assert 'href="/help/reviewing"' in client.get("/account").text
