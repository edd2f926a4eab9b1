"""What editors do at the desk, by the API: as on its pages, and refused as there."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from factcheck import clock
from factcheck.db import writing
from factcheck.notices import making
from factcheck.reviews.models import Seat
from factcheck.reviews.noting import source_at
from factcheck.reviews.snapshots import Snapshot
from tests.api.paths import SOURCE, TEXT, accepted_claim, new_article, proposed_claims, review
from tests.api.ways import changed_and_used_elsewhere, letters_about, run_under_way
from tests.conftest import NOW

pytestmark = pytest.mark.one_database


def test_proposals_are_accepted_by_name_by_number_or_by_score(edith):
    article = new_article(edith, TEXT + " It was bought in 1987 for 3,000,000 crowns.")
    path = f"/articles/{article['id']}/accept"
    claims = sorted(proposed_claims(edith, article), key=lambda one: -one["score"])
    assert len(claims) >= 3
    assert edith.post(path, {"best": 1}).json["accepted"] == [claims[0]["id"]]
    named = {"claims": [claims[1]["id"], claims[0]["id"]]}
    assert edith.post(path, named).json["accepted"] == [claims[1]["id"]]
    assert edith.post(path, {"least": 1}).json["accepted"] == []
    rest = edith.post(path, {"least": 0}).json["accepted"]
    assert set(rest) == {one["id"] for one in claims[2:]}
    assert edith.get(f"/articles/{article['id']}").json["state"] == "review"


@pytest.mark.parametrize(
    ("fields", "status", "field"),
    [
        ({}, 422, "claims"),
        ({"best": 1, "least": 0.5}, 422, "least"),
        ({"least": 1.5}, 422, "least"),
        ({"claims": []}, 422, "claims"),
        ({"claims": ["nothing"]}, 404, None),
    ],
)
def test_an_acceptance_that_says_not_which_is_refused(edith, fields, status, field):
    refused = edith.post(f"/articles/{new_article(edith)['id']}/accept", fields)
    assert refused.status_code == status
    assert [one["field"] for one in refused.json["errors"]] == ([field] if field else [])


def test_a_claim_of_another_article_is_not_accepted_along(edith):
    other = proposed_claims(edith, new_article(edith, "The mole was built in 1911."))[0]["id"]
    path = f"/articles/{new_article(edith)['id']}/accept"
    assert edith.post(path, {"claims": [other]}).status_code == 404
    assert edith.get(f"/claims/{other}").json["state"] == "proposed"


def test_a_list_is_one_s_own_or_the_desk_s(caller, edith):
    egon, ada = caller("egon"), caller("ada")
    mine = {"name": "Old", "filters": {"state": "accepted", "age": "older", "sort": "score"}}
    own = edith.post("/lists", mine).json
    assert (own["filters"]["sort"], own["is_own"], own["is_shared"]) == ("score", True, False)
    assert edith.post("/lists", mine).status_code == 409
    shared = edith.post("/lists", mine | {"name": "Ours", "is_shared": True}).json
    assert [one["name"] for one in edith.get("/lists").json["items"]] == ["Old", "Ours"]
    (seen,) = egon.get("/lists").json["items"]
    assert (seen["id"], seen["is_own"]) == (shared["id"], False)
    assert egon.post(f"/lists/{own['id']}/remove").status_code == 404
    assert egon.post(f"/lists/{shared['id']}/remove").status_code == 403
    assert ada.post(f"/lists/{shared['id']}/remove").status_code == 204
    bad = edith.post("/lists", {"name": "No", "filters": {"priority": "9"}})
    assert bad.json["errors"][0]["field"] == "priority"
    assert edith.post("/lists", {"name": " ", "filters": {}}).json["errors"][0]["field"] == "name"


def test_what_is_noted_of_a_source_is_edited_with_its_version(caller, edith, rhea):
    claim = accepted_claim(edith)
    rhea.post(f"/claims/{claim}/reviews", review(submit=False))
    found = edith.get(f"/source-notes?url={SOURCE['url']}")
    path = f"/source-notes/{found.json['id']}"
    assert (found.json["version"], found.json["nature"]) == (0, None)
    assert edith.patch(path, {"nature": "primary"}).status_code == 428
    first = {"words": "The port's own.", "nature": "primary", "version": 0}
    noted = edith.patch(path, first)
    assert (noted.json["version"], noted.json["words"]) == (1, "The port's own.")
    stale = caller("egon").patch(path, first | {"words": "Mine."})
    assert (stale.status_code, stale.json["current"]["words"]) == (409, "The port's own.")
    assert edith.patch(path, {"nature": "primary", "version": 1}).json == noted.json
    gone = edith.patch(path, {"nature": None}, headers={"If-Match": noted.headers["ETag"]})
    assert (gone.json["nature"], gone.json["version"]) == (None, 2)
    assert edith.get("/source-notes?url=https://nowhere.example/").status_code == 422
    assert edith.get("/source-notes/nothing").status_code == 404
    assert rhea.get(path).status_code == 403
    (pooled,) = [one for one in rhea.get(f"/claims/{claim}/pool").json["items"] if one["note"]]
    assert pooled["note"] == "The port's own."


def test_pages_that_changed_are_listed_with_the_claims_they_bear(app, caller, edith, rhea):
    claim = accepted_claim(edith, policy="solo")
    rhea.post(f"/claims/{claim}/reviews", review())
    verdict = {"rating": "false", "summary": "The register has 398,000."}
    edith.post(f"/claims/{claim}/decision", verdict)
    with app.app_context(), writing() as session:
        source = source_at(session, SOURCE["url"])
        session.add(Snapshot(source_id=source.id, asked_at=NOW, tried_at=NOW, drift="gone",
                             refusal="It is gone.", refusal_values={}))  # fmt: skip
    (one,) = edith.get("/desk/sources").json["items"]
    assert (one["url"], one["drift"], one["claims_in_all"]) == (SOURCE["url"], "gone", 1)
    assert one["claims"][0]["claim"] == claim
    assert rhea.get("/desk/sources").status_code == 403


def test_who_rests_on_a_changed_verdict_is_decided_once(app, settings, edith):
    slug, claim, (first, second) = changed_and_used_elsewhere(app, settings)
    path = f"/articles/{slug}/elsewhere"
    (changed,) = edith.get(path).json["items"]
    assert (changed["claim"], changed["was"], changed["now"]) == (claim, "true", "misleading")
    left = edith.post(path, {"claim": first, "takes_up": False})
    assert (left.status_code, left.json["state"]) == (200, "dismissed")
    assert edith.post(path, {"claim": first, "takes_up": True}).json["code"] == "not_used_here"
    assert edith.post(path, {"claim": second, "takes_up": True}).json["state"] == "accepted"
    (changed,) = edith.get(path).json["items"]
    assert [(one["claim"], one["is_left"]) for one in changed["resting"]] == [(first, True)]


def test_letters_are_answered_once_and_a_mend_is_noted(app, settings, edith, rhea):
    _slug, claim, _resting = changed_and_used_elsewhere(app, settings)
    mend, request = letters_about(app, claim)
    assert edith.post(f"/letters/{request}/mend", {"on": "2025-06-01"}).json["code"] == "no_mend"
    for day in ("then", "2999-01-01"):
        refused = edith.post(f"/letters/{mend}/mend", {"on": day})
        assert refused.json["errors"][0]["field"] == "on"
    assert edith.get(f"/claims/{claim}").json["corrected_at_source_on"] is None
    assert edith.post(f"/letters/{mend}/mend", {"on": "2025-06-01"}).status_code == 200
    assert edith.get(f"/claims/{claim}").json["corrected_at_source_on"] == "2025-06-01"
    words = {"state": "declined", "answer": "We did."}
    again = edith.post(f"/letters/{mend}/answer", words)
    assert (again.status_code, again.json["code"]) == (409, "already_answered")
    (open_one,) = edith.get("/letters?limit=1").json["items"]
    assert (open_one["id"], open_one["state"], open_one["answered_by"]) == (request, "open", None)
    (done,) = edith.get("/letters?answered=true&kind=mend").json["items"]
    assert (done["id"], done["answered_by_name"]) == (mend, "Edith")
    assert edith.get("/letters?kind=appeal").json["items"] == []
    assert rhea.get("/letters").status_code == 403
    assert edith.post("/letters/nothing/answer", words).status_code == 404


def test_a_run_is_stopped_while_it_goes_on(app, edith, rhea):
    run = run_under_way(app)
    assert rhea.post(f"/jobs/{run}/stop").status_code == 403
    edith.post(f"/jobs/{run}/stop")
    (listed,) = edith.get("/jobs").json["items"]
    assert (listed["id"], listed["state"]) == (run, "stopped")
    assert edith.post(f"/jobs/{run}/stop").status_code == 409
    assert edith.post("/jobs/nothing/stop").status_code == 404


def test_notices_are_one_s_own_and_are_read_up_to_one(app, settings, caller, edith, rhea):
    rolf = caller("rolf")
    for text in (TEXT, "The mole was built in 1911."):
        claim = accepted_claim(edith, text, policy="solo")
        rhea.post(f"/claims/{claim}/reviews", review())
    with app.app_context():
        making.make_notices(settings)
    page = rhea.get("/notices?limit=1").json
    assert page["unread"] == 2
    assert (page["items"][0]["kind"], page["items"][0]["subject"]) == ("decided", claim)
    assert page["items"][0]["path"] == f"/work/claims/{claim}"
    older = rhea.get(f"/notices?cursor={page['next']}").json["items"]
    assert rhea.post("/notices/read", {"until": older[0]["id"]}).json == {"unread": 1}
    assert rolf.post("/notices/read", {"until": page["items"][0]["id"]}).json == {"unread": 0}
    assert rhea.get("/notices").json["unread"] == 1
    assert rhea.get("/notices").json["items"][0]["read"] is None
    bad = rhea.post("/notices/read", {"until": "x"})
    assert bad.json["errors"][0]["field"] == "until"
    assert caller("rhea", "read").post("/notices/read", {"until": "x"}).status_code == 403


def test_what_waits_is_listed_kind_by_kind(app, edith, rhea):
    claim = accepted_claim(edith, deadline="2030-01-31")
    asked = rhea.post(f"/claims/{claim}/comments", {"text": "Which year?"}).json
    assert [one["id"] for one in edith.get("/desk/questions").json["items"]] == [asked["id"]]
    edith.post(f"/claims/{claim}/comments", {"text": "2024.", "answers": asked["id"]})
    assert edith.get("/desk/questions").json["items"] == []
    (due,) = edith.get("/desk/deadlines").json["items"]
    assert (due["forecast"]["deadline"], due["forecast"]["claims"]) == ("2030-01-31", 1)
    assert edith.get("/desk/deadlines?cursor=WyJub3ciLDFd").status_code == 422

    rhea.post(f"/claims/{claim}/seat")
    assert edith.get("/desk/leases").json["items"] == []
    with app.app_context(), writing() as session:
        past = clock.now() - timedelta(hours=1)
        session.execute(sa.update(Seat).where(Seat.person_id.is_not(None)).values(expires_at=past))
    (lapsed,) = edith.get("/desk/leases").json["items"]
    assert lapsed["claim"] == claim
    assert "rhea" not in str(lapsed).lower()
    for waiting in ("questions", "deadlines", "leases", "corrections"):
        assert rhea.get(f"/desk/{waiting}").status_code == 403


def test_an_edition_is_looked_at_before_it_is_published(caller, edith, rhea):
    claim = accepted_claim(edith, policy="solo")
    path = f"/articles/{edith.get(f'/claims/{claim}').json['article']}/editions"
    early = edith.get(f"{path}/next").json
    assert (early["number"], early["is_new"], early["changes"]) == (None, False, [])
    assert early["refusal"] == "No claim of this article is ready to be published."
    rhea.post(f"/claims/{claim}/reviews", review())
    verdict = {"rating": "false", "summary": "The register has 398,000."}
    edith.post(f"/claims/{claim}/decision", verdict)
    seen = edith.get(f"{path}/next").json
    done = edith.post(path, {}).json
    assert (seen["number"], seen["changes"]) == (done["number"], done["changes"])
    assert edith.get(f"{path}/next").json["is_new"] is False

    caller("egon").post(f"/claims/{claim}/decision", verdict | {"summary": "It was 398,000."})
    chain = edith.get(f"/claims/{claim}/decisions").json["items"]
    assert [one["kind"] for one in chain] == ["agreement", "approval", "approval"]
    assert rhea.get(f"/claims/{claim}/decisions").status_code == 403
    (correction,) = edith.get("/desk/corrections").json["items"]
    assert (correction["told"], correction["stands"]) == ("false", "false")
