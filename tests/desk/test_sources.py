"""What editors note of a source: kept by version, shown to reviewers and to who decides."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from factcheck.claims.models import Claim
from factcheck.db import current_session, writing
from factcheck.reviews.models import Source
from tests.reviews.conftest import client, setting  # noqa: F401 - fixtures
from tests.reviews.factories import review_as
from tests.reviews.pages import queries_of, started
from tests.web.client import post_form, signed_in

URL = "https://archive.example/minutes"


@pytest.fixture
def page(app, setting):  # noqa: F811
    editor = signed_in(app, setting["editor"])
    post_form(editor, setting["page"] + "/pool", {"url": URL}, page=setting["page"])
    with app.app_context():
        return editor, "/desk/sources/" + current_session().scalars(
            sa.select(Source.public_id).where(Source.url == URL)
        ).one()  # fmt: skip


def note(page, **fields):
    editor, place = page
    return post_form(editor, place, {"version": "0", **fields}, page=place)


def test_a_note_is_shown_to_reviewers_in_the_pool(client, setting, page):  # noqa: F811
    assert note(page, nature="primary", words="The council's own record.").status_code == 302
    shown = started(client, setting).text
    assert "Primary source." in shown
    assert "Editors say: The council&#39;s own record." in shown


def test_a_note_is_shown_to_who_decides(app, setting, page):  # noqa: F811
    with app.app_context(), writing() as session:
        review_as(session, session.get(Claim, setting["claim"]), ["true", "false", "unproven"])
        cited = session.scalars(sa.select(Source).where(Source.url != URL)).first().public_id
    editor, _ = page
    note((editor, f"/desk/sources/{cited}"), nature="secondary", words="Paid for by the port.")
    shown = editor.get(setting["page"] + "/decide").text
    assert "Secondary source." in shown
    assert "Paid for by the port." in shown


def test_a_stale_note_loses_neither_text(page):
    note(page, words="Mine.")
    answer = note(page, words="Theirs.")
    assert answer.status_code == 409
    assert "Mine." in answer.text
    assert "Theirs." in answer.text


@pytest.mark.parametrize(
    ("fields", "field"), [({"nature": "tertiary"}, "nature"), ({"words": "x" * 2_001}, "words")]
)
def test_what_cannot_be_kept_is_said_beside_its_field(page, fields, field):
    answer = note(page, **fields)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text


def test_a_source_is_found_by_its_address_or_an_archive_s(app, page):
    editor, place = page
    archived = f"https://web.archive.org/web/20070503112233/{URL}"
    for url in (URL, archived):
        assert editor.get("/desk/sources", query_string={"url": url}).location == place
    for url in ("https://unknown.example/", "nonsense"):
        answer = editor.get("/desk/sources", query_string={"url": url})
        assert answer.status_code == 422
        assert 'id="url-error"' in answer.text
    assert queries_of(app, editor, place) <= 6
