"""Who could take what is stuck, and writing to them, by the API."""

from __future__ import annotations

import pytest

from factcheck.db import writing
from factcheck.notices import messages
from tests.desk.test_stuck import build

pytestmark = pytest.mark.one_database


def test_the_list_and_one_claim_say_who_could_take_them(app, caller):
    with app.app_context(), writing() as session:
        place = build(session)
        place.add(session, "Ada", ("sv",))
        claim = place.claims[0].public_id
    edith = caller("edith")
    first = edith.get("/stuck?limit=2").json
    assert first["items"][0]["claim"] == claim
    assert first["items"][0]["could_take"][0]["name"] == "Ada"
    second = edith.get(f"/stuck?limit=2&cursor={first['next']}").json
    assert (len(second["items"]), second["next"]) == (1, None)
    one = edith.get(f"/claims/{claim}/could-take").json
    assert {able["name"] for able in one["item"]["could_take"]} == {"Ada", "Edda", "Edith"}
    assert one["next"] is None
    assert edith.get("/stuck?cursor=WyJub3ciLDFd").status_code == 422
    assert caller("rhea").get("/stuck").status_code == 403


def test_a_program_writes_to_somebody_and_is_told_to_wait(caller, monkeypatch):
    edith, rhea = caller("edith"), caller("rhea")
    path = f"/users/{rhea.get('/me').json['id']}/messages"
    answer = edith.post(path, {"text": "Could you take it?"})
    assert answer.status_code == 201
    assert (answer.json["text"], answer.json["claim"]) == ("Could you take it?", None)
    assert edith.post(path, {"text": " "}).status_code == 422
    assert rhea.post(path, {"text": "No."}).status_code == 403
    monkeypatch.setattr(messages, "MOST_AN_HOUR", 1)
    many = edith.post(path, {"text": "Again."})
    assert (many.status_code, many.headers["Retry-After"]) == (429, "3600")
