"""A deadline by the API: set, shown, taken away, and what it asks for."""

from __future__ import annotations

import pytest

TEXT = "The ferry carried 412,000 passengers in 2024. It sank on 3 May 2025."
pytestmark = pytest.mark.one_database


@pytest.fixture
def path(edith):
    return f"/articles/{edith.post('/articles', {'text': TEXT, 'title': 'The ferry'}).json['id']}"


def test_a_deadline_is_set_shown_and_taken_away(edith, path):
    assert edith.get(path).json["deadline"] is None
    answer = edith.patch(path, {"deadline": "2030-05-03", "version": 1})
    assert (answer.json["deadline"], answer.json["version"]) == ("2030-05-03", 2)
    assert edith.patch(path, {"deadline": None, "version": 2}).json["deadline"] is None
    refused = edith.patch(path, {"deadline": "soon", "version": 3})
    assert refused.status_code == 422


def test_a_deadline_may_be_given_with_the_import(edith):
    given = {"text": TEXT, "title": "The ferry", "deadline": "2030-05-03"}
    assert edith.post("/articles", given).json["deadline"] == "2030-05-03"
    assert edith.post("/articles", given | {"deadline": None}).json["deadline"] is None
    refused = edith.post("/articles", given | {"deadline": "2030-02-31"})
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "deadline")


def test_a_forecast_says_what_keeping_the_deadline_takes(edith, path):
    assert edith.get(f"{path}/forecast").json["verdict"] == "done"
    for claim in edith.get(f"{path}/claims").json["items"]:
        edith.patch(f"/claims/{claim['id']}", {"state": "accepted", "version": claim["version"]})
    edith.patch(path, {"deadline": "2090-05-03", "version": edith.get(path).json["version"]})
    found = edith.get(f"{path}/forecast").json
    assert found["claims"] > 0
    assert (found["weekly"], found["done"], found["verdict"]) == (None, None, "unknown")
    assert found["change"] == {"a_week": 1, "times": None, "reviewers": None}
