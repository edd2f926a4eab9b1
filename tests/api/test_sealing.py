"""While a round is open, nothing a reviewer can read depends on what others do in it."""

from __future__ import annotations

from factcheck.jobs import run_due
from tests.api.paths import SOURCE, accepted_claim, new_article, proposed_claims, review

OTHERS_SOURCE = {"url": "https://sealed.example/paper", "stance": "supports", "title": "Canary"}


def seen_by(api, claim: str, article: str) -> dict[str, tuple[int, str | None, bytes]]:
    """Return all that a reviewer can read about a claim, with ETags."""
    paths = [
        f"/claims/{claim}",
        f"/claims/{claim}/reviews",
        f"/claims/{claim}/comments",
        f"/claims/{claim}/matches",
        f"/claims/{claim}/draft",
        f"/claims/{claim}/pool",
        f"/claims/{claim}/copies",
        "/leases",
        "/notices",
        f"/articles/{article}",
        f"/articles/{article}/claims",
        f"/articles/{article}/text",
        "/articles",
        f"/sources?url={OTHERS_SOURCE['url']}",
    ]
    answers = {path: api.get(path) for path in paths}
    return {
        path: (answer.status_code, answer.headers.get("ETag"), answer.data)
        for path, answer in answers.items()
    }


def test_leases_drafts_reviews_and_remarks_of_others_change_nothing(caller, edith):
    rhea, rolf = caller("rhea"), caller("rolf")
    claim = accepted_claim(edith)
    article = edith.get(f"/claims/{claim}").json["article"]
    before = seen_by(rhea, claim, article)

    lease = rolf.post("/queue/next", {"article": article})
    assert lease.status_code == 200
    assert seen_by(rhea, claim, article) == before

    draft = rolf.post(f"/claims/{claim}/reviews", review(submit=False, sources=[OTHERS_SOURCE]))
    assert draft.status_code == 201
    assert seen_by(rhea, claim, article) == before

    rolf.post(f"/claims/{claim}/comments", {"text": "I rated it false."})
    assert seen_by(rhea, claim, article) == before

    sent = rolf.post(f"/claims/{claim}/reviews", review(sources=[OTHERS_SOURCE]))
    assert sent.status_code == 200
    assert seen_by(rhea, claim, article) == before


def test_a_search_finds_nothing_of_an_open_round_and_all_of_a_closed_one(caller, edith):
    claim = accepted_claim(edith)
    places = [f"/search?q={word}&kind={kind}" for word in ("register", "canary", "sealed")
              for kind in ("rationales", "sources")]  # fmt: skip
    before = [edith.get(place).data for place in places]
    caller("rolf").post(f"/claims/{claim}/reviews", review(sources=[OTHERS_SOURCE]))
    assert [edith.get(place).data for place in places] == before
    assert caller("rhea").get(places[0]).status_code == 403

    caller("rhea").post(f"/claims/{claim}/reviews", review(sources=[OTHERS_SOURCE]))
    reasons = edith.get("/search?q=registers&kind=rationales&limit=1").json
    assert (reasons["counted"], len(reasons["items"])) == (2, 1)
    following = edith.get(f"/search?q=register&kind=rationales&cursor={reasons['next']}").json
    assert following["items"][0]["id"] != reasons["items"][0]["id"]
    assert following["next"] is None
    assert edith.get("/search?q=sealed&kind=sources").json["items"][0]["url"]


def test_an_article_that_was_posted_before_is_named_in_the_answer(edith):
    first = new_article(edith)
    again = new_article(edith)
    assert first["posted_before"] == []
    assert again["posted_before"] == [{"article": first["id"], "slug": first["slug"], "share": 1.0}]


def test_an_editor_is_told_how_many_are_in_and_nothing_else(caller, edith):
    rolf = caller("rolf")
    claim = accepted_claim(edith)
    assert edith.get(f"/claims/{claim}/reviews").json == {"items": [], "next": None, "submitted": 0}
    rolf.post(f"/claims/{claim}/reviews", review())

    assert edith.get(f"/claims/{claim}/reviews").json == {"items": [], "next": None, "submitted": 1}
    assert [one["rating"] for one in rolf.get(f"/claims/{claim}/reviews").json["items"]] == [
        "false"
    ]
    assert "submitted" not in rolf.get(f"/claims/{claim}/reviews").json


def test_another_s_review_is_as_if_it_were_not_there(caller, edith):
    rhea, rolf = caller("rhea"), caller("rolf")
    claim = accepted_claim(edith)
    mine = rolf.post(f"/claims/{claim}/reviews", review()).json["id"]
    theirs = rhea.post(f"/reviews/{mine}/withdraw", {"reason": "no"})
    absent = rhea.post("/reviews/aaaaaaaaaaaaaaaa/withdraw", {"reason": "no"})

    assert (
        (theirs.status_code, theirs.data)
        == (absent.status_code, absent.data)
        == (
            404,
            absent.data,
        )
    )


def test_when_the_round_closes_everything_opens(caller, edith):
    rhea, rolf = caller("rhea"), caller("rolf")
    claim = accepted_claim(edith)
    rolf.post(f"/claims/{claim}/reviews", review(sources=[OTHERS_SOURCE]))
    rolf.post(f"/claims/{claim}/comments", {"text": "Seen."})
    rhea.post(f"/claims/{claim}/reviews", review("mostly-false"))

    assert len(rhea.get(f"/claims/{claim}/reviews").json["items"]) == 2
    assert len(rhea.get(f"/claims/{claim}/comments").json["items"]) == 1
    assert rhea.get(f"/sources?url={OTHERS_SOURCE['url']}").json["title"] == "Canary"
    shown = rhea.get(f"/claims/{claim}").json
    assert (shown["state"], shown["verdict"]["group"]) == ("decided", "lower")
    assert shown["verdict"]["rating"] is None
    assert shown["verdict"]["options"] == ["mostly-false", "false"]


def test_an_unpublished_article_answers_strangers_as_an_absent_one(caller, edith, nobody):
    claim = accepted_claim(edith)
    article = edith.get(f"/claims/{claim}").json["article"]
    slug = edith.get(f"/articles/{article}").json["slug"]
    caller("rolf").post(f"/claims/{claim}/reviews", review())
    answers = [
        nobody.get(f"/articles/{name}/editions") for name in (article, slug, "aaaaaaaaaaaaaaaa")
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.data for answer in answers}) == 1
    assert len({str(sorted(answer.headers)) for answer in answers}) == 1


def test_the_desk_counts_reviews_of_closed_rounds_only(app, caller, edith):
    claim = accepted_claim(edith)
    caller("rolf").post(f"/claims/{claim}/reviews", review())
    assert edith.get("/desk").json["reviewers"] == []
    caller("rhea").post(f"/claims/{claim}/reviews", review("true", sources=[SOURCE]))
    assert edith.get("/desk").json["reviewers"] == []
    caller("runa").post(f"/claims/{claim}/reviews", review())

    with app.app_context():
        run_due(app.extensions["factcheck"])
    desk = edith.get("/desk").json
    assert [one["reviews"] for one in desk["reviewers"]] == [1, 1, 1]
    assert desk["agreement"]["nominal"]["n"] == 1
    article = edith.get(f"/claims/{claim}").json["article"]
    assert edith.get(f"/articles/{article}/agreement").json == desk["agreement"]
    assert len(proposed_claims(edith, {"id": edith.get(f"/claims/{claim}").json["article"]})) == 2


def test_talk_is_answered_edited_and_hidden_through_the_api(caller, edith):
    rhea, rolf = caller("rhea"), caller("rolf")
    claim = accepted_claim(edith)
    asked = rolf.post(f"/claims/{claim}/comments", {"text": "Which year?"}).json
    assert rhea.get(f"/comments/{asked['id']}").status_code == 404
    answer = {"text": "2024.", "answers": asked["id"]}
    assert edith.post(f"/claims/{claim}/comments", answer).json["answers"] == asked["id"]
    assert len(rolf.get(f"/claims/{claim}/comments").json["items"]) == 2

    path = f"/comments/{asked['id']}"
    assert rolf.patch(path, {"text": "x"}).status_code == 428
    edited = rolf.patch(path, {"text": "Which year is it?", "version": 1}).json
    assert [one["text"] for one in edited["earlier"]] == ["Which year?"]
    assert rolf.patch(path, {"text": "x", "version": 1}).status_code == 409
    assert edith.patch(path, {"text": "x", "version": 2}).status_code == 403

    hidden = edith.post(f"{path}/hide", {"reason": "Asked before."}).json
    assert (hidden["text"], hidden["hidden_because"]) == ("Which year is it?", "Asked before.")
    for person in (rolf, rhea):
        person.post(f"/claims/{claim}/reviews", review())
    shown = rhea.get(path).json
    assert (shown["text"], shown["earlier"], shown["hidden_because"]) == ("", [], "Asked before.")
