"""Gold claims by the API: what editors do with them, and that nobody else gets a byte of it."""

from __future__ import annotations

import pytest

from factcheck.api.resources import people
from factcheck.db import writing
from factcheck.methods.calibration import Calibration
from factcheck.reviews.models import GoldRate
from tests.api.paths import accepted_claim, review
from tests.api.test_sealing import OTHERS_SOURCE, seen_by

KNOWN = {"rating": "false", "reasons": "canary: settled in court."}


def test_an_editor_adds_lists_and_retires_one(caller, edith):
    claim, other = accepted_claim(edith), accepted_claim(edith, "The lock was built in 1911.")
    made = edith.post(f"/claims/{claim}/gold", KNOWN)
    assert made.status_code == 201
    assert (made.json["claim"], made.json["answers"], made.json["is_dealt"]) == (claim, 0, True)
    again = edith.post(f"/claims/{claim}/gold", KNOWN)
    assert (again.status_code, again.json["code"]) == (409, "not_for_gold")
    assert edith.post(f"/claims/{other}/gold", KNOWN | {"rating": "x"}).status_code == 422
    assert edith.post(f"/claims/{other}/gold", KNOWN | {"reasons": " "}).status_code == 422
    assert edith.post(f"/claims/{other}/gold/retire", {}).status_code == 404
    edith.post(f"/claims/{other}/gold", KNOWN)
    for name, rating in (("rhea", "false"), ("rolf", "true"), ("runa", "true")):
        assert caller(name).post(f"/claims/{claim}/reviews", review(rating)).status_code == 201

    first = edith.get("/gold?limit=1").json
    assert ([one["claim"] for one in first["items"]], first["one_in"]) == ([other], 0)
    (shown,) = edith.get(f"/gold?cursor={first['next']}").json["items"]
    assert (shown["answers"], shown["right"], shown["given"]) == (3, 1, {"false": 1, "true": 2})
    retired = edith.post(f"/claims/{claim}/gold/retire", {})
    assert (retired.status_code, retired.json["counts"]) == (200, True)
    assert not retired.json["is_dealt"]
    assert retired.json["retired_at"]
    assert not edith.post(f"/claims/{claim}/gold/retire", {"counts": False}).json["counts"]
    assert caller("rhea").get("/gold").status_code == 403
    assert caller("ada").post("/gold/rate", {"one_in": 7}).status_code == 422
    assert caller("ada").post("/gold/rate", {"one_in": 10}).status_code == 200
    assert edith.get("/gold").json["one_in"] == 10
    assert edith.post("/gold/rate", {"one_in": 10}).status_code == 403


def test_a_reviewer_s_program_gets_the_same_bytes_of_a_gold_claim(app, caller, edith):
    rhea, rolf, runa = caller("rhea"), caller("rolf"), caller("runa")
    claim = accepted_claim(edith)
    article = edith.get(f"/claims/{claim}").json["article"]

    def seen():
        mine = {path: rhea.get(path).data for path in ("/me", "/gold")}
        return seen_by(rhea, claim, article), mine

    before = seen()
    edith.post(f"/claims/{claim}/gold", KNOWN)
    assert seen() == before
    with app.app_context(), writing() as session:
        session.merge(GoldRate(id=1, one_in=5))
    for person in (rolf, runa):
        person.post(f"/claims/{claim}/comments", {"text": "canary: is this a test?"})
        sent = person.post(f"/claims/{claim}/reviews", review(sources=[OTHERS_SOURCE]))
        assert sent.status_code == 201
        assert seen() == before  # where an ordinary round had closed by now, and opened
    edith.post(f"/claims/{claim}/gold/retire", {})
    assert seen() == before
    own = rolf.get(f"/claims/{claim}/reviews").json["items"]
    assert [(one["round"], one["state"]) for one in own] == [(1, "submitted")]

    for name in ("rhea", "egon"):
        assert caller(name).post(f"/claims/{claim}/reviews", review("true")).status_code == 201
    for path in (f"/claims/{claim}", f"/claims/{claim}/reviews", f"/claims/{claim}/comments"):
        assert b"canary" not in rhea.get(path).data.lower()
    assert {one["round"] for one in rhea.get(f"/claims/{claim}/reviews").json["items"]} == {1}


@pytest.mark.one_database
def test_a_figure_is_told_to_who_it_is_of_and_to_editors(app, caller, edith, monkeypatch):
    rhea = caller("rhea")
    assert rhea.get("/me").json["calibration"] is None
    figure = Calibration(4, 5, 0.37553, 0.96381)
    monkeypatch.setattr(people, "own_figure", lambda *_given, **_more: figure)
    shown = {"right": 4, "answers": 5, "low": 0.376, "high": 0.964}
    assert rhea.get("/me").json["calibration"] == shown

    claim = accepted_claim(edith)
    for name in ("rhea", "rolf"):
        caller(name).post(f"/claims/{claim}/reviews", review())
    assert [one["calibration"] for one in edith.get("/desk").json["reviewers"]] == [None, None]
    for number in range(5):
        text = f"The lock number {number} was built in 19{number}1."
        known = accepted_claim(edith, text)
        assert edith.post(f"/claims/{known}/gold", KNOWN).status_code == 201
        rhea.post(f"/claims/{known}/reviews", review("false" if number else "true"))
    found = {one["name"]: one["calibration"] for one in edith.get("/desk").json["reviewers"]}
    assert found == {"Rhea": shown, "Rolf": None}
