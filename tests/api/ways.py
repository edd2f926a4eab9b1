"""Ways beside the straight one from a post to a page, for the test that uses every call."""

from __future__ import annotations

import csv
import json
from base64 import b64decode, b64encode

from flask import Flask

from factcheck.claims.actions import dismiss_claim
from factcheck.claims.queries import claim as claim_of
from factcheck.config import Settings
from factcheck.db import writing
from factcheck.decisions.actions import reopen_claim
from factcheck.editions import publishing
from factcheck.inbox.actions import Words, send
from factcheck.jobs import run_due
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


def webhooks_told(ada: Api) -> None:
    """Add an endpoint, change it, send to it again, and delete it."""
    url, other = "https://hooks.example.org/a", "https://hooks.example.org/b"
    inside = ada.post("/webhooks", {"url": "https://10.0.0.1/", "events": ["verdict.changed"]})
    assert (inside.status_code, inside.json["errors"][0]["field"]) == (422, "url")
    added = ada.post("/webhooks", {"url": url, "events": ["verdict.changed"]})
    assert (added.status_code, added.json["secret"][:5]) == (201, "fcwh_")
    path = f"/webhooks/{added.json['id']}"
    read = ada.get(path)
    assert "secret" not in read.json
    assert ada.get("/webhooks").json["items"] == [read.json]
    tag = {"If-Match": read.headers["ETag"]}
    assert ada.patch(path, {"url": other}).status_code == 428
    changed = ada.patch(path, {"url": other}, headers=tag)
    assert (changed.json["url"], changed.json["events"]) == (other, ["verdict.changed"])
    assert ada.patch(path, {"url": url}, headers=tag).status_code == 412
    one = ada.post(f"{path}/ping").json
    assert (one["event"], one["state"], one["attempts"]) == ("ping", "waiting", 0)
    assert json.loads(one["body"])["id"] == one["id"]
    assert ada.get(f"{path}/deliveries").json["items"] == [one]
    replay = f"/webhooks/deliveries/{one['id']}/replay"
    assert ada.post(replay).json["state"] == "waiting"
    off = ada.patch(path, {"state": "disabled", "version": changed.json["version"]}).json
    assert (off["state"], off["disabled_because"]) == ("disabled", "by-hand")
    assert ada.get(f"{path}/deliveries").json["items"][0]["state"] == "given-up"
    assert ada.post(replay).json["code"] == "webhook_disabled"
    on = ada.patch(path, {"state": "active", "version": off["version"]}).json
    assert ada.delete(path, {"version": off["version"]}).status_code == 409
    assert ada.delete(path, {"version": on["version"]}).status_code == 204
    assert ada.get(path).status_code == 404


def exported(app, settings, edith: Api, article: str) -> None:
    """Have rows written into a file, one of them stopped, and fetch the other."""
    wanted = {"what": "reviews", "format": "csv", "article": article}
    stopped, asked = (edith.post("/exports", wanted) for _ in range(2))
    assert asked.status_code == 202
    assert edith.post(f"/jobs/{stopped.json['id']}/stop", {}).status_code == 200
    with app.app_context():
        run_due(settings)
    assert edith.get(f"/jobs/{stopped.json['id']}").json["state"] == "stopped"
    job = edith.get(f"/jobs/{asked.json['id']}").json
    assert job["state"] == "done"
    fetched = edith.get(asked.headers["Location"].removeprefix("/api/v1"))
    assert (fetched.status_code, fetched.content_type) == (200, "text/csv")
    assert len(list(csv.reader(fetched.text.splitlines()))) == job["progress"]["counts"]["rows"] + 1
    fetched.close()
    assert edith.get(f"/exports/{stopped.json['id']}").status_code == 404
