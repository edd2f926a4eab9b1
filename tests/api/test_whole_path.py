"""From a pasted post to a published page through the API alone, with every call of the table."""

from __future__ import annotations

import hashlib
import json

import sqlalchemy as sa

from factcheck.api.calls import CALLS
from factcheck.db import current_session, writing
from factcheck.jobs import run_due
from factcheck.outbox import OutboxJob, enqueue
from tests.api.administering import administered
from tests.api.client import Api
from tests.api.paths import SOURCE, accepted_claim, new_article, proposed_claims, review
from tests.api.ways import about_the_desk, by_a_seat_of_one_s_own, exported, webhooks_told
from tests.conftest import NOW

POST = (
    "Halvermouth gave up its ferry\n\n"
    "The ferry carried 412,000 passengers in 2024. Nobody in the town was surprised 🙂.\n\n"
    "On 3 March 2025 the council voted nine to four to end the service. “It cost £2.3 million a "
    "year”, said Ann Barlow. The bridge at Norby opened in 1923 and was closed for two years.\n"
)


def test_a_post_goes_the_whole_way_and_every_call_is_used(app, caller, settings, nobody):
    Api.made.clear()
    ada, edith, egon = caller("ada"), caller("edith"), caller("egon")
    rhea, rolf, runa = caller("rhea"), caller("rolf"), caller("runa")

    article = _imported(edith)
    first, second, third = _triaged(edith, rhea, article)
    _agreed(edith, egon, rhea, rolf, first)
    _disputed(edith, egon, rhea, rolf, runa, second)
    edition = _published(edith, article, settings, nobody)
    _corrected(edith, egon, article, first, third, edition)
    _withdrawn(ada, edith, article, first, second, edition, nobody)
    _around(app, ada, rhea)
    administered(app, ada, edith, rhea)
    webhooks_told(ada)
    _listed(edith, first)
    _sought(app, settings, edith, first)
    by_a_seat_of_one_s_own(edith, rhea)
    about_the_desk(app, settings, edith, rhea)
    _measured(edith, rhea)
    assert ada.post("/gold/rate", {"one_in": 20}).json == {"one_in": 20}
    exported(app, settings, edith, article["id"])

    assert {call.name for call in CALLS} - Api.made == set()


def _imported(edith: Api) -> dict:
    assert edith.get("/scales").json["items"][0]["key"] == "default"
    assert edith.get("/policies").json["items"][0]["key"] == "team"
    own = {
        "name": "Pairs",
        "description": "Two agree, else three of four.",
        "steps": [[2, 2], [4, 3]],
    }
    made = edith.post("/policies", own)
    assert (made.status_code, made.json["next"]["agree"]) == (201, 3)
    assert edith.get("/policies").json["items"][-1] == made.json
    assert edith.post(f"/policies/{made.json['key']}/retire").json == made.json
    cut = edith.post("/split", {"text": POST, "published": "2025-04"}).json
    assert (cut["text"], cut["units"][0]["kind"], cut["claims"][0]["preselected"]) == (
        POST, "title", True,
    )  # fmt: skip
    assert edith.get("/articles").json["items"] == []
    article = edith.post(
        "/articles",
        {"text": POST, "published": "2025-04", "authors": ["Ann Barlow"], "ground": "own"},
    ).json
    assert article.pop("posted_before") == []
    assert (article["state"], article["revision"], article["policy"]) == ("triage", 1, "team")
    assert article["counts"]["proposed"] >= 3
    text = edith.get(f"/articles/{article['slug']}/text").json
    assert text["text"] == POST
    assert text["sha256"] == hashlib.sha256(POST.encode()).hexdigest()
    for unit in text["units"]:
        assert POST[unit["start"] : unit["end"]] == unit["text"]
    covered = {place for unit in text["units"] for place in range(unit["start"], unit["end"])}
    assert all(place in covered for place, char in enumerate(POST) if not char.isspace())
    assert edith.get(f"/articles/{article['id']}").json == article
    assert edith.get("/articles?q=halvermouth&state=triage").json["items"] == [article]
    assert edith.get("/articles?state=published").json["items"] == []
    renamed = edith.patch(f"/articles/{article['id']}", {"title": "The ferry", "version": 1}).json
    assert (renamed["title"], renamed["slug"], renamed["version"]) == (
        "The ferry",
        article["slug"],
        2,
    )
    return renamed


def _triaged(edith: Api, rhea: Api, article: dict) -> list[str]:
    """Accept three claims; propose, split, merge and dismiss others."""
    claims = proposed_claims(edith, article)
    assert [claim["start"] for claim in claims] == sorted(claim["start"] for claim in claims)
    for claim in claims:
        assert POST[claim["start"] : claim["end"]] == claim["text"]
        assert claim["selectors"][0]["start"] == claim["start"]
        assert (claim["state"], claim["reviews_needed"], claim["verdict"]) == ("proposed", 2, None)

    start = POST.index("The bridge")
    whole = (start, POST.index("two years.") + len("two years"))
    for claim in claims:
        if claim["start"] >= start:
            change = {"state": "dismissed", "dismissal": "out-of-scope", "version": 1}
            gone = edith.patch(f"/claims/{claim['id']}", change).json
            assert (gone["state"], gone["dismissal"]) == ("dismissed", "out-of-scope")
    made = rhea.post(f"/articles/{article['id']}/claims", {"start": whole[0], "end": whole[1]})
    assert made.status_code == 201
    cut = start + len("The bridge at Norby opened in 1923")
    parts = edith.post(
        f"/claims/{made.json['id']}/split", {"spans": [[start, cut], [cut + 5, whole[1]]]}
    ).json["claims"]
    assert parts[0]["id"] == made.json["id"]
    assert parts[0]["text"].endswith("1923")
    merged = edith.post("/claims/merge", {"claims": [part["id"] for part in parts]}).json
    assert merged["id"] == parts[0]["id"]
    assert edith.get(f"/claims/{parts[1]['id']}").json["id"] == merged["id"]
    step = edith.get(f"/articles/{article['id']}/steps").json["items"][0]
    assert (step["did"], step["undone"]) == ("merged", None)
    undone = edith.post(f"/steps/{step['id']}/undo", {}).json
    assert {one["state"] for one in undone["claims"]} == {"proposed"}
    assert edith.get(f"/claims/{parts[1]['id']}").json["text"] == parts[1]["text"]
    assert edith.post(f"/steps/{step['id']}/redo", {}).json["step"]["undone"] is None

    chosen = [*[claim for claim in claims if claim["start"] < start][:2], merged]
    ids = [claim["id"] for claim in chosen]
    for claim in ids:
        tag = edith.get(f"/claims/{claim}").headers["ETag"]
        change = {"state": "accepted", "priority": 2}
        answer = edith.patch(f"/claims/{claim}", change, headers={"If-Match": tag})
        assert (answer.json["state"], answer.json["priority"]) == ("accepted", 2)
    assert edith.get(f"/articles/{article['id']}").json["state"] == "review"
    desk = edith.get("/desk").json
    assert edith.get(f"/articles/{article['id']}/agreement").json["n"] == 0
    assert edith.get(f"/articles/{article['id']}/forecast").json["claims"] == 3
    assert desk["totals"]["accepted"] == 3
    assert desk["unreviewed"]["by_article"][0]["claims"] == 3
    assert desk["unreviewed"]["by_priority"] == [
        {"priority": priority, "claims": 3 if priority == 2 else 0} for priority in (3, 2, 1, 0)
    ]
    assert sum(day["claims"] for day in desk["unreviewed"]["by_age"]) == 3
    return ids


def _agreed(edith: Api, egon: Api, rhea: Api, rolf: Api, claim: str) -> None:
    dealt = rhea.post("/queue/next", {}).json
    assert dealt["claim"]["state"] == "accepted"
    assert rhea.post("/queue/next").json["lease"]["id"] == dealt["lease"]["id"]
    lease = dealt["lease"]["id"]
    assert rhea.post(f"/leases/{lease}/renew").json["id"] == lease
    assert rolf.post(f"/leases/{lease}/renew").status_code == 404
    assert rhea.delete(f"/leases/{lease}", {"reason": "not my field"}).status_code == 204
    assert rhea.delete(f"/leases/{lease}").status_code == 404

    path = f"/claims/{claim}/reviews"
    assert rhea.post(path, review("disagree", submit=False)).status_code == 422
    assert rhea.post(path, review(submit=False)).status_code == 201
    assert rhea.post(path, review("mixed", submit=False)).status_code == 200
    sent = rhea.post(path, review()).json
    assert (sent["state"], sent["rating"], sent["sources"][0]["url"]) == (
        "submitted",
        "false",
        SOURCE["url"],
    )
    assert rhea.post(path, review()).json["code"] == "already_submitted"
    back = rhea.post(f"/reviews/{sent['id']}/withdraw", {"reason": "a second look"}).json
    assert (back["state"], back["withdrawn_because"]) == ("withdrawn", "a second look")
    assert rhea.post(path, review()).status_code == 409
    assert edith.post(f"/claims/{claim}/decision", _verdict()).json["code"] == "not_decided"
    assert rolf.post(path, review()).status_code == 201
    said = rolf.post(f"/claims/{claim}/comments", {"text": "See the book."})
    remark = said.headers["Location"].removeprefix("/api/v1")
    words = {"text": "See the yearbook.", "version": rolf.get(remark).json["version"]}
    assert rolf.patch(remark, words).json["earlier"][0]["text"] == "See the book."
    assert edith.post(f"{remark}/hide", {"reason": "twice"}).json["hidden_because"] == "twice"
    again = edith.post(f"{remark}/unhide", {"reason": "not twice"}).json
    assert [one["because"] for one in again["past_hidings"]] == ["twice"]
    assert rolf.get(f"/claims/{claim}/comments").json["items"][0]["text"] == "See the yearbook."
    assert edith.post(path, review()).status_code == 201

    shown = rhea.get(f"/claims/{claim}").json
    assert (shown["state"], shown["verdict"]["rating"]) == ("decided", "false")
    assert len(rhea.get(f"/claims/{claim}/reviews").json["items"]) == 3
    assert rhea.get(f"/sources?url={SOURCE['url']}#top").status_code == 200
    assert edith.post(f"/claims/{claim}/decision", _verdict()).json["code"] == "reviewed_it"
    for rating in ("true", "disagree"):
        refused = egon.post(f"/claims/{claim}/decision", _verdict(rating) | {"reasons": "So."})
        assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "rating")
    made = egon.post(f"/claims/{claim}/decision", _verdict())
    assert (made.status_code, made.json["claim"]["state"]) == (201, "ready")
    assert made.json["sources"][0]["url"] == SOURCE["url"]
    assert egon.get(f"/claims/{claim}").json["verdict"] == {
        "rating": "false", "group": "lower", "options": ["false"], "summary": _verdict()["summary"],
        "as_of": "2025-04", "since_then": None,
    }  # fmt: skip


def _disputed(edith: Api, egon: Api, rhea: Api, rolf: Api, runa: Api, claim: str) -> None:
    path = f"/claims/{claim}/reviews"
    for api, rating in ((rhea, "true"), (rolf, "mixed")):
        assert api.post(path, review(rating)).status_code == 201
    assert runa.get(f"/claims/{claim}").json["state"] == "accepted"
    assert runa.post(path, review("false")).status_code == 201
    assert egon.post(path, review("false")).json["code"] == "not_in_review"
    assert runa.get(f"/claims/{claim}").json["state"] == "disputed"

    without = edith.post(f"/claims/{claim}/decision", _verdict("mixed"))
    assert (without.status_code, without.json["errors"][0]["field"]) == (422, "reasons")
    left = edith.post(f"/claims/{claim}/decision", _verdict("disagree") | {"reasons": "Even."})
    assert (left.json["kind"], left.json["rating"]) == ("adjudication", "disagree")
    verdict = runa.get(f"/claims/{claim}").json["verdict"]
    assert (verdict["rating"], verdict["group"]) == ("disagree", "disagree")
    settled = edith.post(f"/claims/{claim}/decision", _verdict("mixed") | {"reasons": "Both."})
    assert (settled.json["kind"], settled.json["claim"]["state"]) == ("adjudication", "ready")


def _published(edith: Api, article: dict, settings, nobody: Api) -> dict:
    path = f"/articles/{article['id']}/editions"
    answer = edith.post(path, {"note": "The first"})
    assert answer.status_code == 201
    edition = answer.json
    assert (edition["number"], len(edition["changes"])) == (1, 2)
    assert {change["kind"] for change in edition["changes"]} == {"new"}

    folder = settings.site / "articles" / article["slug"]
    assert "412,000" in (folder / "index.html").read_text("utf-8")
    record = nobody.get(f"/editions/{edition['sha256']}")
    assert hashlib.sha256(record.data).hexdigest() == edition["sha256"]
    assert record.data == (folder / "edition.json").read_bytes()
    assert record.headers["Access-Control-Allow-Origin"] == "*"
    known = {"If-None-Match": record.headers["ETag"]}
    assert nobody.get(f"/editions/{edition['sha256']}", headers=known).status_code == 304
    listed = nobody.get(f"/articles/{article['slug']}/editions").json["items"]
    assert [(one["number"], one["sha256"]) for one in listed] == [(1, edition["sha256"])]
    assert edith.post(path, {}).json["code"] == "nothing_new"
    assert edith.get(f"/articles/{article['id']}").json["state"] == "published"
    return edition


def _corrected(edith, egon, article: dict, first: str, third: str, edition: dict) -> None:
    """Revise the text, supersede a verdict, open another claim again, publish edition 2."""
    text = "News: " + POST.replace("for two years", "for three years")
    revised = edith.post(f"/articles/{article['id']}/revisions", {"text": text})
    assert revised.status_code == 201
    moved = {claim["id"]: claim for claim in revised.json["claims"]}
    assert (moved[first]["status"], revised.json["revision"]) == ("moved", 2)
    shown = edith.get(f"/claims/{first}").json
    assert (shown["start"], shown["state"]) == (moved[first]["start"], "ready")

    unchanged = edith.post(f"/claims/{first}/confirm-words", {"version": shown["version"]})
    assert unchanged.json["code"] == "nothing_to_confirm"
    assert moved[third]["status"] == "changed"
    version = edith.get(f"/claims/{third}").json["version"]
    confirmed = edith.post(f"/claims/{third}/confirm-words", {"version": version}).json
    assert confirmed["anchor"] == "unchanged"

    before = egon.get(f"/claims/{first}").json["verdict"]["summary"]
    later = egon.post(f"/claims/{first}/decision", _verdict() | {"summary": "It was 398,000."})
    assert later.status_code == 201
    assert egon.get(f"/claims/{first}").json["verdict"]["summary"] != before
    assert edith.post(f"/claims/{third}/reopen", {"reason": "why"}).status_code == 409
    assert isinstance(edith.get(f"/claims/{third}/matches").json["items"], list)
    second = edith.post(f"/articles/{article['slug']}/editions").json
    assert second["number"] == 2
    assert {change["kind"] for change in second["changes"]} >= {"words"}
    reopened = edith.post(f"/claims/{first}/reopen", {"reason": "New figures are out."}).json
    assert (reopened["state"], reopened["verdict"]) == ("accepted", None)


def _withdrawn(
    ada: Api, edith: Api, article: dict, first: str, second: str, edition: dict, nobody: Api
) -> None:
    why = {"reason": "A name had to go."}
    assert edith.post(f"/claims/{first}/mend", {"on": "2025-06-01"}).status_code == 200
    assert edith.post(f"/claims/{second}/withdraw", why).json["id"] == second
    assert edith.post(f"/claims/{second}/put-back", why).json["code"] == "another_editor"
    assert ada.post(f"/claims/{second}/put-back", why).json["id"] == second
    assert ada.post(f"/articles/{article['id']}/withdraw", why).json["state"] == "withdrawn"
    assert edith.post(f"/articles/{article['id']}/put-back", why).json["state"] == "published"
    path = f"/editions/{edition['sha256']}"
    gone = ada.post(f"{path}/withdraw", why)
    assert gone.json["withdrawn_because"] == "A name had to go."
    assert ada.post(f"{path}/withdraw", {"reason": "again"}).json["code"] == "already_withdrawn"
    assert hashlib.sha256(nobody.get(path).data).hexdigest() == edition["sha256"]
    assert edith.post(f"{path}/put-back", why).json["withdrawn"] is None


def _around(app, ada: Api, rhea: Api) -> None:
    me = rhea.get("/me").json
    changed = rhea.patch("/me", {"languages": ["en", "de"], "version": me["version"]}).json
    assert (changed["languages"], changed["version"]) == (["en", "de"], me["version"] + 1)
    invited = ada.post("/users", {"email": "New.Person@example.org", "role": "editor"})
    assert (invited.status_code, invited.json["email"]) == (201, "new.person@example.org")
    assert invited.json["invitation"].startswith("http://localhost/invite/")
    taken = ada.post("/users", {"email": "new.person@example.org"})
    assert (taken.status_code, taken.json["code"]) == (409, "email_taken")
    users = ada.get("/users?limit=2").json
    rest = ada.get(f"/users?limit=200&cursor={users['next']}").json
    emails = [user["email"] for user in users["items"] + rest["items"]]
    assert "new.person@example.org" in emails
    assert len(set(emails)) == len(emails)
    with app.app_context(), writing() as session:
        enqueue(session, "mail", {}, now=NOW)
    with app.app_context():
        job = current_session().scalars(sa.select(OutboxJob.public_id)).first()
    assert rhea.get(f"/jobs/{job}").json["state"] == "waiting"
    assert rhea.post("/queue/next", {"language": "xx"}).status_code == 204


def _listed(edith: Api, claim: str) -> None:
    state = edith.get(f"/claims/{claim}").json["state"]
    made = edith.post("/batches", {"do": "tag", "tag": "harbour", "matching": {"state": state}})
    place = f"/batches/{made.json['id']}"
    assert edith.post(f"{place}/start", {}).status_code == 200
    found = edith.get(f"/claims?state={state}&tag=harbour").json["items"]
    assert claim in {one["id"] for one in found}
    assert edith.post(f"{place}/undo", {}).status_code == 200
    assert edith.get(place).json["counts"]["undone"] == len(found)
    assert edith.get("/stuck").json == {"items": [], "next": None}
    assert edith.get(f"/claims/{claim}/could-take").json["item"]["claim"] == claim
    somebody = edith.get("/desk").json["reviewers"][0]
    sent = edith.post(f"/users/{somebody['id']}/messages", {"text": "Thanks.", "claim": claim})
    assert (sent.status_code, sent.json["claim"]) == (201, claim)


def _sought(app, settings, edith: Api, claim: str) -> None:
    """Find the claim by its words, and an earlier check of somebody else."""
    words = edith.get(f"/claims/{claim}").json["restated"].split()[-1].strip(".")
    assert claim in {one["id"] for one in edith.get(f"/search?q={words}").json["items"]}
    table = "text,url,rating\nThe ferry sank,https://checks.example/1,False\n"
    asked = edith.post("/checks/import", {"content": table})
    assert asked.status_code == 202
    with app.app_context():
        run_due(settings)
    assert edith.get(f"/jobs/{asked.json['id']}").json["state"] == "done"
    (check,) = edith.get("/checks").json["items"]
    assert (check["text"], check["rating"]) == ("The ferry sank", "False")
    assert edith.post(f"/checks/{check['id']}/remove", {}).status_code == 200
    assert edith.get("/checks").json["items"] == []


def _measured(edith: Api, rhea: Api) -> None:
    claim = accepted_claim(edith, "The lock was built in 1911.")
    known = {"rating": "true", "reasons": "It is carved over its door."}
    assert edith.post(f"/claims/{claim}/gold", known).status_code == 201
    assert rhea.post(f"/claims/{claim}/reviews", review("true")).json["state"] == "submitted"
    (shown,) = edith.get("/gold").json["items"]
    assert (shown["claim"], shown["answers"], shown["right"]) == (claim, 1, 1)
    assert edith.post(f"/claims/{claim}/gold/retire", {}).json["is_dealt"] is False


def _verdict(rating: str = "false") -> dict:
    return {"rating": rating, "summary": "The register has 398,000. The post says 412,000."}


def test_the_seed_post_is_taken_in_whole(edith, shared):
    text = (shared / "seed_post.txt").read_text("utf-8").replace("\r\n", "\n")
    article = new_article(edith, text)

    assert edith.get(f"/articles/{article['id']}/text").json["text"] == text
    claims, cursor = [], ""
    while cursor is not None:
        page = edith.get(f"/articles/{article['id']}/claims?limit=7&cursor={cursor}").json
        claims += page["items"]
        cursor = page["next"]
    assert len(claims) == article["counts"]["proposed"]
    assert len({claim["id"] for claim in claims}) == len(claims)
    for claim in claims:
        assert text[claim["start"] : claim["end"]] == claim["text"]
    assert json.dumps(claims)
