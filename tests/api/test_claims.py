"""Claims through the API: what an edit may do, what it may not."""

from __future__ import annotations

import pytest

from factcheck.claims.queries import claim as claim_of
from factcheck.db import current_session, writing
from factcheck.jobs import run_due
from tests.accounts.factories import make_person
from tests.api.paths import TEXT, accepted_claim, new_article, proposed_claims, review
from tests.reviews.panels import seated

QUOTE = "It sank on 3 May 2025"


@pytest.fixture
def article(edith):
    return new_article(edith)


@pytest.fixture
def claim(edith, article):
    return proposed_claims(edith, article)[0]


def edit(api, claim, **changes):
    version = api.get(f"/claims/{claim['id']}").json["version"]
    return api.patch(f"/claims/{claim['id']}", changes | {"version": version})


def test_states_are_changed_by_an_edit_and_back(edith, claim):
    assert edit(edith, claim, state="dismissed").status_code == 422
    gone = edit(edith, claim, state="dismissed", dismissal="opinion").json
    assert (gone["state"], gone["dismissal"]) == ("dismissed", "opinion")
    same = edit(edith, claim, state="dismissed", dismissal="opinion").json
    assert same["version"] == gone["version"]
    other = edit(edith, claim, dismissal="prediction").json
    assert (other["state"], other["dismissal"]) == ("dismissed", "prediction")
    back = edit(edith, claim, state="proposed").json
    assert (back["state"], back["dismissal"]) == ("proposed", None)
    assert edit(edith, claim, state="accepted").json["state"] == "accepted"


@pytest.mark.parametrize("state", ["decided", "ready", "disputed"])
def test_an_edit_decides_nothing(edith, claim, state):
    answer = edit(edith, claim, state=state)

    assert (answer.status_code, answer.json["code"]) == (409, "wrong_state")


def test_a_claim_is_the_same_as_another_only_with_the_other(edith, article):
    one, two = proposed_claims(edith, article)[:2]
    assert edit(edith, one, state="dismissed", dismissal="same-as").status_code == 422
    answer = edit(edith, one, state="dismissed", dismissal="same-as", same_as=two["id"])
    assert answer.json["same_as"] == two["id"]
    itself = edit(edith, two, state="dismissed", dismissal="same-as", same_as=two["id"])
    assert itself.status_code == 422
    assert edit(edith, two, dismissal="opinion", state="accepted").status_code == 422


def test_all_of_an_edit_or_nothing_of_it(edith, claim):
    answer = edit(edith, claim, priority=3, restated="Other words.", state="ready")

    assert answer.status_code == 409
    assert edith.get(f"/claims/{claim['id']}").json == claim


def test_edges_move_and_the_quote_with_them(edith, article, claim):
    start = TEXT.index(QUOTE)
    for other in proposed_claims(edith, article)[1:]:
        edit(edith, other, state="dismissed", dismissal="opinion")
    moved = edit(edith, claim, start=start, end=start + len(QUOTE)).json

    assert (moved["text"], moved["selectors"][1]["exact"]) == (QUOTE, QUOTE)
    assert moved["id"] == claim["id"]
    for span in ({"start": 0, "end": len(TEXT) + 1}, {"start": 5, "end": 5}, {"end": 2**31}):
        assert edit(edith, claim, **span).status_code == 422


def test_proposing_needs_words_inside_the_text(edith, rhea, article):
    path = f"/articles/{article['id']}/claims"
    for body in (
        {"start": 3, "end": 3},
        {"start": 5, "end": 2},
        {"start": 0, "end": len(TEXT) + 1},
        {"start": -1, "end": 3},
        {"start": TEXT.index("\n\n"), "end": TEXT.index("\n\n") + 2},
        {"start": 0},
        {"start": 0, "end": 3, "restated": ""},
        {"start": "0", "end": 3},
        {"start": True, "end": 3},
        {"start": 0, "end": 10**30},
    ):
        assert rhea.post(path, body).status_code == 422, body
    made = rhea.post(path, {"start": 4, "end": 11, "restated": "Said anew.", "claimant": "Ann"})
    assert (made.json["restated"], made.json["claimant"]) == ("Said anew.", "Ann")
    again = rhea.post(path, {"start": 4, "end": 11})
    assert (again.status_code, again.json["code"]) == (409, "already_claimed")


def test_nobody_reviews_what_they_proposed(edith, rhea, article):
    made = rhea.post(f"/articles/{article['id']}/claims", {"start": 4, "end": 11}).json
    edit(edith, made, state="accepted")
    answer = rhea.post(f"/claims/{made['id']}/reviews", review())

    assert (answer.status_code, answer.json["code"]) == (403, "own_proposal")


def test_the_policy_can_be_set_until_a_round_opens(edith, rhea):
    claim = {"id": accepted_claim(edith)}
    solo = edit(edith, claim, policy="solo").json
    assert (solo["policy"], solo["reviews_needed"]) == ("solo", 1)
    assert edit(edith, claim, policy="nobody").status_code == 422
    rhea.post(f"/claims/{claim['id']}/reviews", review(submit=False))
    refused = edit(edith, claim, policy="team")
    assert (refused.status_code, refused.json["code"]) == (409, "round_opened")
    assert edit(edith, claim, policy="solo").status_code == 200


def test_where_reviewers_are_drawn_nobody_else_takes_a_seat(app, caller, edith, rhea):
    claim = {"id": accepted_claim(edith)}
    assert edit(edith, claim, policy="crowd").json["reviews_needed"] == 5
    before = rhea.post(f"/claims/{claim['id']}/reviews", review())
    assert (before.status_code, before.json["code"]) == (403, "not_drawn")
    assert rhea.post("/queue/next", {"article": article_of(rhea, claim)}).status_code == 204
    with app.app_context(), writing() as session:
        for _ in range(5):
            make_person(session)
    with app.app_context():
        run_due(app.extensions["factcheck"])
        stored = claim_of(current_session(), claim["id"])
        drawn = {person.email for person in seated(current_session(), stored)}
    answers = {name: caller(name).post(f"/claims/{claim['id']}/reviews", review())
               for name in ("rhea", "rolf", "runa")}  # fmt: skip

    assert len(drawn) == 5
    for name, answer in answers.items():
        is_drawn = f"{name}@example.org" in drawn
        assert answer.status_code == (201 if is_drawn else 403)
        assert is_drawn or answer.json["code"] == "not_drawn"


def test_the_policies_are_listed_with_the_one_by_lot(rhea):
    items = {one["key"]: one for one in rhea.get("/policies").json["items"]}

    assert list(items) == ["team", "solo", "crowd"]
    assert items["crowd"]["next"] == {"seats": 9, "agree": 6, "next": None}
    assert (items["crowd"]["seats"], items["crowd"]["agree"]) == (5, 4)


def article_of(rhea, claim):
    return rhea.get(f"/claims/{claim['id']}").json["article"]


def test_words_changed_under_review_mark_the_reviews_in_hand(edith, rhea):
    claim = {"id": accepted_claim(edith)}
    rhea.post(f"/claims/{claim['id']}/reviews", review())
    edit(edith, claim, priority=3)
    assert rhea.get(f"/claims/{claim['id']}/reviews").json["items"][0]["wording_changed"] is False
    edit(edith, claim, restated="The ferry carried 412,000 people in 2024.")
    assert rhea.get(f"/claims/{claim['id']}/reviews").json["items"][0]["wording_changed"] is True


def test_a_claim_under_review_is_split_and_its_reviewers_are_asked_to_confirm(edith, rhea):
    claim = accepted_claim(edith)
    shown = edith.get(f"/claims/{claim}").json
    rhea.post(f"/claims/{claim}/reviews", review(submit=False))
    middle = (shown["start"] + shown["end"]) // 2
    spans = [[shown["start"], middle], [middle, shown["end"]]]
    parts = edith.post(f"/claims/{claim}/split", {"spans": spans}).json["claims"]

    assert [part["state"] for part in parts] == ["accepted", "accepted"]
    assert parts[0]["id"] == claim
    assert rhea.get(f"/claims/{claim}/reviews").json["items"][0]["wording_changed"] is True


def test_a_draft_goes_over_to_the_claim_that_stays_and_the_old_address_says_where(edith, rhea):
    claim = accepted_claim(edith)
    other = proposed_claims(edith, {"id": edith.get(f"/claims/{claim}").json["article"]})[1]
    edit(edith, other, state="accepted")
    rhea.post(f"/claims/{other['id']}/reviews", review(submit=False))
    stays = edith.post("/claims/merge", {"claims": [claim, other["id"]]}).json["id"]
    gone = ({claim, other["id"]} - {stays}).pop()

    draft = rhea.get(f"/claims/{stays}/reviews").json["items"][0]
    assert (draft["state"], draft["wording_changed"]) == ("draft", True)
    answer = rhea.post(f"/claims/{gone}/reviews", review())
    assert (answer.status_code, answer.json["code"]) == (409, "merged_away")
    assert stays in answer.json["detail"]
    assert rhea.post(f"/claims/{stays}/reviews", review()).status_code == 200


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"rating": "perhaps"}, "rating"),
        ({"rationale": ""}, "rationale"),
        ({"rationale": "x" * 20_001}, "rationale"),
        ({"sources": []}, "sources"),
        ({"sources": [{"url": "ftp://x/", "stance": "refutes"}]}, "sources"),
        ({"sources": [{"url": "https://x.example/", "stance": "likes"}]}, "sources[0].stance"),
        ({"sources": [{"stance": "refutes"}]}, "sources[0].url"),
        ({"submit": "yes"}, "submit"),
        ({"note": "x"}, "note"),
    ],
)
def test_a_review_that_cannot_be_taken_names_the_field(edith, rhea, change, field):
    claim = accepted_claim(edith)
    answer = rhea.post(f"/claims/{claim}/reviews", review() | change)

    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"].startswith(field)
    assert rhea.get(f"/claims/{claim}/reviews").json["items"] == []


def test_a_third_person_finds_no_seat(caller, edith, rhea):
    claim = accepted_claim(edith)
    caller("rolf").post(f"/claims/{claim}/reviews", review(submit=False))
    rhea.post(f"/claims/{claim}/reviews", review(submit=False))
    answer = caller("runa").post(f"/claims/{claim}/reviews", review())

    assert (answer.status_code, answer.json["code"]) == (409, "no_seat")


def test_what_was_noted_in_private_is_not_lost_by_a_call(app, edith, rhea):
    import sqlalchemy as sa

    from factcheck.db import writing
    from factcheck.reviews.models import Review

    claim = accepted_claim(edith)
    rhea.post(f"/claims/{claim}/reviews", review(submit=False))
    with app.app_context(), writing() as session:
        session.scalars(sa.select(Review)).one().private_note = "for me alone"
    rhea.post(f"/claims/{claim}/reviews", review("mixed", submit=False))
    with app.app_context(), writing() as session:
        assert session.scalars(sa.select(Review)).one().private_note == "for me alone"


def test_two_articles_with_one_title_and_a_title_of_emoji(edith):
    slugs = [new_article(edith, title=title)["slug"] for title in ("A", "A", "🙂🙂", "<b>A</b>")]

    assert len(set(slugs)) == 4
    assert new_article(edith, title="x" * 500)["title"] == "x" * 500
    long = edith.post("/articles", {"text": TEXT, "title": "x" * 501})
    assert (long.status_code, long.json["errors"][0]["field"]) == (422, "title")


def test_a_page_of_the_web_is_taken_in_as_html(edith):
    html = (
        "<html><title>T</title><article><h1>The ferry</h1><p>It carried 400 in 2024.</p></article>"
    )
    article = edith.post("/articles", {"html": html, "source_url": "https://a.example/x"}).json
    text = edith.get(f"/articles/{article['id']}/text").json["text"]

    assert "It carried 400 in 2024." in text
    assert article["source_url"] == "https://a.example/x"


def test_a_file_of_markdown_is_taken_in_without_its_marks(edith):
    markdown = "# The ferry\n\nIt carried **400** in [2024](https://port.example/2024).\n"
    article = edith.post("/articles", {"markdown": markdown}).json
    assert article["title"] == "The ferry"
    text = edith.get(f"/articles/{article['id']}/text").json
    assert "It carried 400 in 2024." in text["text"]
    assert [link["href"] for link in text["links"]] == ["https://port.example/2024"]
    both = edith.post("/articles", {"markdown": markdown, "html": "<p>x</p>"})
    assert both.json["errors"][0]["field"] == "markdown"


def test_a_revision_needs_another_text_and_an_article(edith, article):
    same = edith.post(f"/articles/{article['id']}/revisions", {"text": TEXT})
    assert (same.status_code, same.json["code"]) == (409, "same_text")
    assert edith.post("/articles/nothing/revisions", {"text": TEXT}).status_code == 404
    gone = edith.post(f"/articles/{article['id']}/revisions", {"text": "Something else."}).json
    assert {claim["status"] for claim in gone["claims"]} == {"gone"}
    assert {(claim["start"], claim["end"]) for claim in gone["claims"]} == {(None, None)}
    listed = proposed_claims(edith, article)
    assert [claim["start"] for claim in listed] == [None] * len(listed)


def test_an_address_is_fetched_outside_of_any_transaction(app, edith, monkeypatch):
    from factcheck.api.resources import articles
    from factcheck.articles.intake import from_text
    from factcheck.db import current_session

    asked = []

    def fetched(url, *, allow, **details):
        asked.append((url, allow, current_session().in_transaction()))
        return from_text(TEXT, **details)

    monkeypatch.setattr(articles, "from_url", fetched)
    made = edith.post("/articles", {"url": "https://a.example/x", "title": "Fetched"})
    revised = edith.post(f"/articles/{made.json['id']}/revisions", {"url": "https://a.example/x"})

    assert (made.status_code, made.json["title"]) == (201, "Fetched")
    assert revised.json["code"] == "same_text"
    assert asked == [("https://a.example/x", frozenset(), False)] * 2
    assert edith.post("/articles/nothing/revisions", {"url": "https://a.example/"}).json[
        "code"
    ] == ("article_missing")
    assert len(asked) == 2


def test_claims_are_listed_by_any_filters_and_put_under_tags(edith, article):
    proposed = proposed_claims(edith, article)
    assert edit(edith, proposed[0], tags=["Public Health", "sea"]).json["tags"] == [
        "public-health", "sea",
    ]  # fmt: skip
    assert edit(edith, proposed[0], tags=["a/b"]).json["errors"][0]["field"] == "tags"
    every = edith.get("/claims?state=proposed&limit=1")
    assert (len(every.json["items"]), bool(every.json["next"])) == (1, len(proposed) > 1)
    following = edith.get(f"/claims?state=proposed&limit=200&cursor={every.json['next']}").json
    ids = [one["id"] for one in [*every.json["items"], *following["items"]]]
    assert sorted(ids) == sorted(one["id"] for one in proposed)
    found = edith.get(f"/claims?state=proposed&tag=sea&article={article['slug']}&sort=age").json
    assert [one["id"] for one in found["items"]] == [proposed[0]["id"]]
    other = edith.get(f"/claims?state=proposed&tag=sea&cursor={every.json['next']}")
    assert (other.status_code, other.json["errors"][0]["field"]) == (422, "cursor")
    assert edith.get("/claims?colour=red").json["errors"][0]["field"] == "colour"
    assert edith.get("/claims?age=old").json["errors"][0]["field"] == "age"


def test_a_batch_is_previewed_started_and_undone(edith, article):
    proposed = proposed_claims(edith, article)
    seen = [{"id": one["id"], "version": one["version"]} for one in proposed]
    edit(edith, proposed[0], priority=3)
    made = edith.post("/batches", {"do": "tag", "tag": "Sea", "claims": seen})
    assert (made.status_code, made.json["counts"]["waiting"]) == (201, len(seen) - 1)
    assert made.json["left_out"] == [{"claim": proposed[0]["id"], "why": "changed"}]
    place = f"/batches/{made.json['id']}"
    done = edith.post(f"{place}/start", {}).json
    assert done["counts"]["done"] == len(seen) - 1
    assert edith.post(f"{place}/start", {}).status_code == 409
    assert edith.get(f"/claims/{proposed[1]['id']}").json["tags"] == ["sea"]
    assert edith.post(f"{place}/undo", {}).json["counts"]["undone"] == len(seen) - 1
    assert edith.get(place).json["counts"]["done"] == 0

    every = edith.post("/batches", {"do": "accept", "matching": {"state": "proposed"}})
    assert every.json["counts"]["waiting"] == len(seen)
    for wrong, field in (
        ({"do": "accept"}, "claims"),
        ({"do": "tag", "tag": "a/b", "matching": {}}, "tag"),
        ({"do": "assign", "person": "Nobody", "matching": {}}, "person"),
        ({"do": "dismiss", "matching": {}}, "reason"),
        ({"do": "accept", "matching": {"age": "old"}}, "age"),
    ):
        refused = edith.post("/batches", wrong)
        assert refused.status_code == 422
        assert refused.json["errors"][0]["field"] == field
