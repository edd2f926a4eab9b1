"""A review by the API as on its page: seats, drafts, the pool, copies, notes, and their seals."""

from __future__ import annotations

from base64 import b64encode

import pytest

from factcheck.reviews.given_copies import LARGEST_FILE_BYTES
from tests.api.paths import SOURCE, TEXT, accepted_claim, new_article, review
from tests.reviews.test_given_copies import PNG

pytestmark = pytest.mark.one_database
FILE = b64encode(PNG).decode()
MINUTES = {"url": "https://archive.example/minutes", "title": "Minutes"}


@pytest.fixture
def claim(edith) -> str:
    """A claim under review."""
    return accepted_claim(edith)


def test_a_seat_is_taken_kept_listed_and_refused_to_the_third(caller, edith, rhea, claim):
    taken = rhea.post(f"/claims/{claim}/seat").json
    assert taken["claim"]["id"] == claim
    assert rhea.post(f"/claims/{claim}/seat", {}).json["lease"] == taken["lease"]
    (held,) = rhea.get("/leases").json["items"]
    assert (held["claim"]["id"], held["lease"], held["is_asked"]) == (claim, taken["lease"], False)
    assert edith.get("/leases").json["items"] == []
    assert caller("rolf").post(f"/claims/{claim}/seat").status_code == 200
    assert caller("runa").post(f"/claims/{claim}/seat").json["code"] == "no_seat"
    assert caller("rolf", "read").post(f"/claims/{claim}/seat").status_code == 403


def test_a_draft_lacks_anything_and_no_edit_of_it_is_lost(caller, rhea, claim):
    path = f"/claims/{claim}/draft"
    empty = rhea.get(path)
    assert (empty.json["id"], empty.json["version"], empty.json["sources"]) == ("", 0, [])
    assert rhea.patch(path, {"rationale": "So far."}).status_code == 428
    assert rhea.patch(path, {"version": 0}).json == empty.json
    assert rhea.get("/leases").json["items"] == []

    first = rhea.patch(path, {"private_note": "Ask Ann.", "version": 0}).json
    assert (first["version"], first["rating"], first["round"]) == (1, None, 1)
    stale = rhea.patch(path, {"rationale": "Other.", "version": 0})
    assert (stale.status_code, stale.json["current"]["private_note"]) == (409, "Ask Ann.")
    tag = {"If-Match": rhea.get(path).headers["ETag"]}
    second = rhea.patch(path, {"rating": "false", "sources": [SOURCE]}, headers=tag)
    assert second.json["private_note"] == "Ask Ann."
    assert [one["url"] for one in second.json["sources"]] == [SOURCE["url"]]
    assert rhea.patch(path, {"rating": "true"}, headers=tag).status_code == 412
    again = rhea.patch(path, {"rating": "false", "version": 2})
    assert (again.json, again.headers["ETag"]) == (second.json, second.headers["ETag"])
    assert rhea.patch(path, {"rating": "nonsense", "version": 2}).status_code == 422
    assert caller("rolf").get(path).json == empty.json

    late = rhea.post(f"/claims/{claim}/reviews", review(version=1))
    assert (late.status_code, late.json["code"]) == (409, "stale_draft")
    sent = rhea.post(f"/claims/{claim}/reviews", review(version=2)).json
    assert (sent["state"], sent["private_note"]) == ("submitted", "Ask Ann.")
    assert rhea.patch(path, {"rationale": "x", "version": 0}).json["code"] == "already_submitted"


def test_a_draft_of_a_round_that_is_over_is_none_of_the_next(caller, edith, rhea, claim):
    rhea.patch(f"/claims/{claim}/draft", {"rationale": "Begun.", "version": 0})
    (held,) = rhea.get("/leases").json["items"]
    rhea.delete(f"/leases/{held['lease']['id']}")
    for api in (caller("rolf"), caller("runa")):
        assert api.post(f"/claims/{claim}/reviews", review()).status_code == 201
    assert rhea.get(f"/claims/{claim}/draft").json["rationale"] == "Begun."
    edith.post(f"/claims/{claim}/reopen", {"reason": "New figures."})
    assert rhea.get(f"/claims/{claim}/draft").json["version"] == 0
    begun = rhea.patch(f"/claims/{claim}/draft", {"rationale": "Anew.", "version": 0}).json
    assert (begun["round"], begun["version"]) == (2, 1)


def test_private_notes_open_to_editors_where_reviews_do_not_agree(caller, edith, rhea, claim):
    path = f"/claims/{claim}/reviews"
    for api, rating in ((rhea, "true"), (caller("rolf"), "mixed"), (caller("runa"), "false")):
        assert edith.get(path).json["items"] == []
        api.post(path, review(rating, private_note=f"canary {rating}"))
    assert edith.get(f"/claims/{claim}").json["state"] == "disputed"
    notes = {one["rating"]: one["private_note"] for one in edith.get(path).json["items"]}
    assert notes == {key: f"canary {key}" for key in ("true", "mixed", "false")}
    mine = {one["rating"]: one["private_note"] for one in rhea.get(path).json["items"]}
    assert mine == {"true": "canary true", "mixed": None, "false": None}


def test_private_notes_stay_closed_where_reviews_agree(caller, edith, rhea, claim):
    for api in (rhea, caller("rolf")):
        api.post(f"/claims/{claim}/reviews", review(private_note="canary"))
    notes = [one["private_note"] for one in edith.get(f"/claims/{claim}/reviews").json["items"]]
    assert notes == [None, None]


def test_a_review_is_confirmed_for_other_words(edith, rhea, claim):
    assert rhea.post(f"/claims/{claim}/confirm").status_code == 404
    rhea.post(f"/claims/{claim}/reviews", review())
    version = edith.get(f"/claims/{claim}").json["version"]
    edith.patch(f"/claims/{claim}", {"restated": "It carried 412,000.", "version": version})
    (marked,) = rhea.get(f"/claims/{claim}/reviews").json["items"]
    assert marked["wording_changed"] is True
    assert rhea.post(f"/claims/{claim}/confirm", {}).json["wording_changed"] is False


def test_a_preview_is_safe_and_keeps_nothing(rhea):
    asked = {"rationale": "<script>x</script> **So** [1].", "sources": 1}
    html = rhea.post("/preview", asked).json["html"]
    assert "<strong>So</strong>" in html
    assert "#source-1" in html
    assert "<script>" not in html


def test_the_pool_is_seen_by_who_writes_and_tells_not_who_found_what(caller, edith, rhea, claim):
    path = f"/claims/{claim}/pool"
    assert rhea.post(path, MINUTES).status_code == 403
    wrong = edith.post(path, {"url": "minutes"})
    assert wrong.json["errors"][0]["field"] == "url"
    put = edith.post(path, MINUTES | {"whole_article": True})
    assert (put.status_code, put.json["title"]) == (201, "Minutes")
    assert rhea.get(path).json["items"] == []

    rolf = caller("rolf")
    rolf.post(f"/claims/{claim}/reviews", review(submit=False))
    urls = {SOURCE["url"], MINUTES["url"]}
    rhea.post(f"/claims/{claim}/seat")
    seen = rhea.get(path).json["items"]
    assert {one["url"] for one in seen} == urls
    assert {one["source"] for one in seen} == {None}
    (editors,) = edith.get(path).json["items"]
    assert (editors["url"], editors["source"]) == (MINUTES["url"], put.json["source"])
    first = rhea.get(f"{path}?limit=1").json
    assert len(rhea.get(f"{path}?limit=1&cursor={first['next']}").json["items"]) == 1

    assert edith.post(f"{path}/take-out", {"source": put.json["source"]}).status_code == 204
    assert [one["url"] for one in rhea.get(path).json["items"]] == [SOURCE["url"]]


def test_a_copy_is_given_of_one_s_own_sources_alone(caller, edith, rhea, claim):
    path = f"/claims/{claim}/copies"
    rhea.patch(f"/claims/{claim}/draft", {"sources": [SOURCE], "version": 0})
    (mine,) = rhea.get(path).json["items"]
    assert (mine["url"], mine["is_fetched"], mine["refusal"]) == (SOURCE["url"], False, None)
    source = mine["source"]
    pasted = rhea.post(path, {"source": source, "text": "canary: 398,000"})
    assert (pasted.status_code, pasted.json["copy"]["kind"]) == (201, "pasted")

    rolf = caller("rolf")
    assert rolf.get(path).json["items"] == []
    assert rolf.post(path, {"source": source, "text": "Other."}).json["code"] == "not_cited"
    rolf.patch(f"/claims/{claim}/draft", {"sources": [SOURCE], "version": 0})
    (theirs,) = rolf.get(path).json["items"]
    assert theirs == mine
    place = f"/copies/{pasted.json['copy']['sha256']}"
    assert "canary: 398,000" in rhea.get(place).json["text"]
    assert rhea.get(f"{place}/file").status_code == 404  # a text has none
    assert rolf.get(place).status_code == 404
    assert edith.get(place).status_code == 200


def test_a_file_is_a_source_by_itself(rhea, claim):
    path = f"/claims/{claim}/copies"
    key = {"Idempotency-Key": "one file"}
    given = rhea.post(path, {"file": FILE, "title": "The minutes"}, headers=key)
    assert (given.status_code, given.json["title"]) == (201, "The minutes")
    assert given.json["url"].endswith(f"/archive/{given.json['copy']['sha256']}")
    again = rhea.post(path, {"file": FILE, "title": "The minutes"}, headers=key)
    assert (again.json, again.headers["Idempotent-Replay"]) == (given.json, "true")
    sources = [SOURCE | {"url": given.json["url"]}]
    assert rhea.post(f"/claims/{claim}/reviews", review(sources=sources)).status_code == 201


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "text"),
        ({"text": "Words.", "file": FILE}, "text"),
        ({"text": "Words."}, "source"),
        ({"file": FILE}, "title"),
        ({"file": b64encode(b"<svg/>").decode(), "title": "A"}, "file"),
        ({"file": "no base64", "title": "A"}, "file"),
        ({"file": "", "title": "A"}, "file"),
        ({"text": "a" * 500_001}, "text"),
    ],
)
def test_what_is_no_copy_is_refused_by_its_field(rhea, claim, fields, field):
    refused = rhea.post(f"/claims/{claim}/copies", fields)
    assert refused.status_code == 422
    assert refused.json["errors"][0]["field"] == field


def test_a_body_may_hold_a_file_of_20_mib_and_not_much_more(rhea, claim):
    path = f"/claims/{claim}/copies"
    whole = b64encode(PNG + bytes(LARGEST_FILE_BYTES - len(PNG))).decode()
    assert rhea.post(path, {"file": whole, "title": "A"}).status_code == 201
    over = rhea.post(path, {"file": whole + "AAAA", "title": "A"})
    assert over.json["errors"][0]["message"] == "This must have at most 20971520 bytes."
    much = rhea.post(path, {"file": whole + "A" * 2_000_000, "title": "A"})
    assert (much.status_code, much.json["detail"]) == (413, "The body is over 28 MiB.")
    assert rhea.post("/preview", {"rationale": "a" * 2**21}).json["detail"].endswith("2 MiB.")


def test_an_editor_gives_copies_of_what_the_reviews_cite(caller, edith, rhea, claim):
    path = f"/claims/{claim}/copies/deciding"
    rhea.post(f"/claims/{claim}/reviews", review())
    assert edith.get(path).json["items"] == []
    early = edith.post(path, {"file": FILE, "title": "A"})
    assert (early.status_code, early.json["code"]) == (409, "not_decided")
    caller("rolf").post(f"/claims/{claim}/reviews", review())
    (source,) = edith.get(path).json["items"]
    made = edith.post(path, {"source": source["source"], "text": "398,000"})
    assert made.status_code == 201
    edith.post(f"/claims/{claim}/reopen", {"reason": "New figures."})
    late = edith.post(path, {"source": source["source"], "text": "398,001"})
    assert late.json["code"] == "not_decided"
    assert rhea.get(path).status_code == 403
    assert rhea.post(path, {"file": FILE, "title": "A"}).status_code == 403


def test_who_proposed_a_claim_gives_no_file_for_it(edith, rhea):
    article = new_article(edith)
    start = TEXT.index("It sank")
    proposed = rhea.post(f"/articles/{article['id']}/claims", {"start": start, "end": start + 21})
    version = proposed.json["version"]
    edith.patch(f"/claims/{proposed.json['id']}", {"state": "accepted", "version": version})
    refused = rhea.post(f"/claims/{proposed.json['id']}/copies", {"file": FILE, "title": "A"})
    assert (refused.status_code, refused.json["code"]) == (403, "own_proposal")


def test_one_s_own_work_is_listed_and_nobody_else_s(caller, edith, rhea, claim):
    other = accepted_claim(edith, "The mole was built in 1911.")
    rhea.post(f"/claims/{claim}/reviews", review(private_note="Mine."))
    rhea.patch(f"/claims/{other}/draft", {"rationale": "Begun.", "version": 0})
    caller("rolf").post(f"/claims/{other}/reviews", review())
    (sent,) = rhea.get("/me/reviews").json["items"]
    assert (sent["claim"], sent["state"], sent["private_note"]) == (claim, "submitted", "Mine.")
    (begun,) = rhea.get("/me/drafts").json["items"]
    assert begun == rhea.get(f"/claims/{other}/draft").json
    third = accepted_claim(edith, "The lock was built in 1912.")
    rhea.post(f"/claims/{third}/reviews", review())
    page = rhea.get("/me/reviews?limit=1").json
    assert page["items"][0]["claim"] == third
    rest = rhea.get(f"/me/reviews?cursor={page['next']}").json
    assert ([one["claim"] for one in rest["items"]], rest["next"]) == ([claim], None)
    assert edith.get("/me/reviews").json["items"] == []
