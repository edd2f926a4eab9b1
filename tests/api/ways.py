"""Ways beside the straight one from a post to a page, for the test that uses every call."""

from __future__ import annotations

from base64 import b64decode, b64encode

from flask import Flask

from factcheck.claims.actions import dismiss_claim
from factcheck.claims.queries import claim as claim_of
from factcheck.config import Settings
from factcheck.db import writing
from factcheck.decisions.actions import reopen_claim
from factcheck.editions import publishing
from factcheck.inbox.actions import Words, send
from factcheck.notices import making
from factcheck.runs.actions import begin
from tests.api.client import Api
from tests.api.paths import SOURCE, accepted_claim, new_article, review
from tests.claims.factories import make_article, make_claim
from tests.conftest import NOW
from tests.editions.factories import QUOTES, TEXT, make_ready_article
from tests.reviews.factories import make_ready
from tests.reviews.test_given_copies import PNG

LETTER = "The ferry figure is said everywhere and nobody knows where it comes from."


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
    given = {"source": source["source"], "file": b64encode(PNG).decode()}
    copy = rhea.post(f"{path}/copies", given).json["copy"]
    assert "PNG" in rhea.get(f"/copies/{copy['sha256']}").json["text"]
    file = rhea.get(f"/copies/{copy['sha256']}/file").json
    assert (file["content_type"], b64decode(file["file"])) == ("image/png", PNG)
    words = review()
    assert "398,000" in rhea.post("/preview", {"rationale": words["rationale"]}).json["html"]
    assert rhea.get("/me/drafts").json["items"][0]["claim"] == claim
    assert rhea.post(f"{path}/reviews", words).json["state"] == "submitted"
    assert rhea.get("/me/reviews").json["items"][0]["claim"] == claim
    assert rhea.post(f"{path}/confirm").json["wording_changed"] is False
    (source,) = edith.get(f"{path}/copies/deciding").json["items"]
    answer = edith.post(f"{path}/copies/deciding", {"source": source["source"], "text": "398,000"})
    assert answer.status_code == 201
    assert [one["kind"] for one in edith.get(f"{path}/decisions").json["items"]] == ["agreement"]
    article = edith.get(path).json["article"]
    assert edith.get(f"/articles/{article}/editions/next").json["is_new"] is False


def about_the_desk(app: Flask, settings: Settings, edith: Api, rhea: Api) -> None:
    """Accept the best, save a list, note a source, answer letters, stop a run, read notices."""
    article = new_article(edith, "The mole was built in 1911. It cost 90,000 crowns in 1912.")
    assert len(edith.post(f"/articles/{article['id']}/accept", {"best": 1}).json["accepted"]) == 1
    filters = {"state": "accepted", "article": article["slug"]}
    kept = edith.post("/lists", {"name": "The mole", "filters": filters})
    assert edith.get("/lists").json["items"] == [kept.json]
    assert edith.post(f"/lists/{kept.json['id']}/remove").status_code == 204

    note = edith.get(f"/source-notes?url={SOURCE['url']}").json
    assert edith.get(f"/source-notes/{note['id']}").json == note
    change = {"nature": "primary", "version": note["version"]}
    assert edith.patch(f"/source-notes/{note['id']}", change).json["nature"] == "primary"
    for waiting in ("sources", "questions", "corrections", "leases", "deadlines"):
        assert edith.get(f"/desk/{waiting}").status_code == 200

    slug, claim, resting = changed_and_used_elsewhere(app, settings)
    (changed,) = edith.get(f"/articles/{slug}/elsewhere").json["items"]
    assert [one["claim"] for one in changed["resting"]] == resting
    decided = {"claim": resting[0], "takes_up": True}
    assert edith.post(f"/articles/{slug}/elsewhere", decided).json["state"] == "accepted"
    mend, request = letters_about(app, claim)
    assert {one["id"] for one in edith.get("/letters").json["items"]} == {mend, request}
    assert edith.post(f"/letters/{mend}/mend", {"on": "2025-06-01"}).json["state"] == "taken-up"
    answer = {"state": "declined", "answer": "We check it already."}
    assert edith.post(f"/letters/{request}/answer", answer).json["answer"] == answer["answer"]
    run = run_under_way(app)
    assert run in {one["id"] for one in edith.get("/jobs").json["items"]}
    assert edith.post(f"/jobs/{run}/stop").status_code == 200

    with app.app_context():
        making.make_notices(settings)
    newest = rhea.get("/notices").json["items"][0]
    assert rhea.post("/notices/read", {"until": newest["id"]}).json == {"unread": 0}


def changed_and_used_elsewhere(app: Flask, settings: Settings) -> tuple[str, str, list[str]]:
    """Return an article's slug and a claim of it whose verdict changed, and two that rest on it."""
    with app.app_context():
        with writing() as session:
            article, claims = make_ready_article(session, title="The old ferry")
            slug, first = article.slug, claims[0].public_id
        publishing.publish(slug, note=None, actor_id=None, settings=settings)
        with writing() as session:
            claim, other = claim_of(session, first), make_article(session, TEXT, title="A repost")
            same = [make_claim(session, other, quote) for quote in QUOTES[:2]]
            for one in same:
                dismiss_claim(session, one, "same-as", same_as=claim, actor=None, now=NOW)
            reopen_claim(session, claim, "New minutes.", actor=None, now=NOW)
            make_ready(session, claim, "misleading")
            resting = [one.public_id for one in same]
        publishing.publish(slug, note="Why.", actor_id=None, settings=settings)
    return slug, first, resting


def letters_about(app: Flask, claim: str) -> tuple[str, str]:
    """Return the ids of two letters: that a claim was mended, and a request."""
    words = (Words(LETTER, claim=claim, is_mend=True), Words(LETTER))
    with app.app_context(), writing() as session:
        sent = [send(session, one, address="192.0.2.1", key="k" * 64, now=NOW)[0] for one in words]
        return sent[0].public_id, sent[1].public_id


def run_under_way(app: Flask) -> str:
    """Return the id of a long run that has begun."""
    with app.app_context(), writing() as session:
        return begin(session, "import-checks", "a file", actor=None, now=NOW).public_id
