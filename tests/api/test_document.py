"""The document is valid and whole, and the page that shows it says the same."""

from __future__ import annotations

import pytest
from openapi_spec_validator import validate

from factcheck.api.calls import CALLS
from factcheck.api.openapi import document
from tests.api.client import ROOT

pytestmark = pytest.mark.one_database


def test_the_document_is_valid_and_has_every_call(nobody):
    document = nobody.document
    validate(document)

    assert document["openapi"].startswith("3.1")
    listed = {(method.upper(), path) for path, item in document["paths"].items() for method in item}
    assert listed == {(call.method, call.path) for call in CALLS}


def test_every_call_says_what_it_does_and_how_it_is_refused(nobody):
    for path, item in nobody.document["paths"].items():
        for method, operation in item.items():
            where = (method, path)
            assert operation["summary"], where
            assert operation["description"], where
            assert "422" in operation["responses"], where
            if operation["security"]:
                assert {"401", "403", "429"} <= set(operation["responses"]), where
            if method == "patch":
                assert {"409", "412", "428"} <= set(operation["responses"]), where


def test_the_document_needs_no_token_and_may_be_read_from_anywhere(app):
    answer = app.test_client().get(ROOT + "/openapi.json")

    assert (answer.status_code, answer.content_type) == (200, "application/json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_the_api_s_own_address_leads_to_the_page(app):
    for address in (ROOT, ROOT + "/"):
        answer = app.test_client().get(address, follow_redirects=True)

        assert (answer.status_code, answer.request.path) == (200, ROOT + "/docs")


def test_the_page_shows_every_call_with_an_example_and_no_script(app, nobody):
    answer = app.test_client().get(ROOT + "/docs")

    assert answer.status_code == 200
    for call in CALLS:
        assert f"{call.method} /api/v1{call.path}" in answer.text
        assert f'id="{call.name}"' in answer.text
    for name in nobody.document["components"]["schemas"]:
        assert f'id="shape-{name}"' in answer.text
    assert answer.text.count("curl") >= len(CALLS)
    assert "<script" not in answer.text
    assert "http://localhost/api/v1/articles" in answer.text


def test_links_on_the_page_lead_to_something_on_it(app):
    import re

    page = app.test_client().get(ROOT + "/docs").text
    targets = set(re.findall(r'id="([^"]+)"', page))

    assert set(re.findall(r'href="#([^"]+)"', page)) <= targets


def test_no_two_shapes_have_one_name():
    """The document names the second of them by its module, which readers cannot follow."""
    assert [name for name in document()["components"]["schemas"] if "." in name] == []
