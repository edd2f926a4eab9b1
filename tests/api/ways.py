"""Ways beside the straight one from a post to a page, for the test that uses every call."""

from __future__ import annotations

from tests.api.client import Api
from tests.api.paths import SOURCE, accepted_claim, review


def by_a_seat_of_one_s_own(edith: Api, rhea: Api) -> None:
    """Ask for a claim, draft with the pool and a copy at hand, send; then give a copy to decide."""
    claim = accepted_claim(edith, "The lock gate was closed 412 times in 2024.", policy="solo")
    path = f"/claims/{claim}"
    assert rhea.post(f"{path}/seat").json["claim"]["id"] == claim
    assert claim in {one["claim"]["id"] for one in rhea.get("/leases").json["items"]}
    put = edith.post(f"{path}/pool", {"url": SOURCE["url"], "title": "The register"}).json
    assert [one["title"] for one in rhea.get(f"{path}/pool").json["items"]] == ["The register"]
    assert edith.post(f"{path}/pool/take-out", {"source": put["source"]}).status_code == 204

    draft = rhea.get(f"{path}/draft").json
    change = {"sources": [SOURCE], "version": draft["version"]}
    assert rhea.patch(f"{path}/draft", change).json["version"] == 1
    (source,) = rhea.get(f"{path}/copies").json["items"]
    given = {"source": source["source"], "text": "398,000"}
    assert rhea.post(f"{path}/copies", given).json["copy"]["kind"] == "pasted"
    words = review()
    assert "398,000" in rhea.post("/preview", {"rationale": words["rationale"]}).json["html"]
    assert rhea.post(f"{path}/reviews", words).json["state"] == "submitted"
    assert rhea.post(f"{path}/confirm").json["wording_changed"] is False
    (source,) = edith.get(f"{path}/copies/deciding").json["items"]
    answer = edith.post(f"{path}/copies/deciding", {"source": source["source"], "text": "398,000"})
    assert answer.status_code == 201
