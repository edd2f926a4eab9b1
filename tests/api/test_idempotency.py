"""Any number of equal POSTs under one key take effect once and answer alike."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from factcheck.api import idempotency
from factcheck.api.models import KeptAnswer
from factcheck.articles.models import Article
from factcheck.db import current_session, writing
from factcheck.editions.redacting import strike_everywhere
from factcheck.reviews.models import Review
from tests.api.paths import accepted_claim, review

TEXT = "The ferry carried 412,000 passengers in 2024. It sank on 3 May 2025."
KEY = {"Idempotency-Key": "7c4a-key"}


def count(app, model) -> int:
    with app.app_context():
        return current_session().scalar(sa.select(sa.func.count()).select_from(model))


def in_parallel(number: int, ask):
    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(lambda _n: ask(), range(number)))


def test_the_repeat_has_the_first_s_status_body_and_etag(app, edith):
    first = edith.post("/articles", {"text": TEXT, "title": "A"}, headers=KEY)
    again = edith.post("/articles", {"title": "A", "text": TEXT}, headers=KEY)

    assert (again.status_code, again.data) == (201, first.data)
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Location"] == first.headers["Location"]
    assert (first.headers.get("Idempotent-Replay"), again.headers["Idempotent-Replay"]) == (
        None,
        "true",
    )
    assert count(app, Article) == 1


def test_another_body_under_the_key_is_422(app, edith):
    edith.post("/articles", {"text": TEXT}, headers=KEY)
    answer = edith.post("/articles", {"text": TEXT + " More."}, headers=KEY)

    assert (answer.status_code, answer.json["code"]) == (422, "key_reused")
    assert answer.json["errors"][0]["field"] == "Idempotency-Key"
    assert count(app, Article) == 1


def test_a_key_holds_per_person_and_per_call(app, edith, caller):
    edith.post("/articles", {"text": TEXT}, headers=KEY)
    caller("egon").post("/articles", {"text": TEXT}, headers=KEY)
    claim = accepted_claim(edith)
    comment = edith.post(f"/claims/{claim}/comments", {"text": "a"}, headers=KEY)

    assert count(app, Article) == 3
    assert comment.status_code == 201


def test_a_refusal_of_the_room_is_kept_too(app, edith):
    path = "/articles/nothing/claims"
    first = edith.post(path, {"start": 0, "end": 3}, headers=KEY)
    again = edith.post(path, {"start": 0, "end": 3}, headers=KEY)

    assert (first.status_code, again.status_code) == (404, 404)
    assert again.headers["Idempotent-Replay"] == "true"
    assert again.content_type == "application/problem+json"


def test_a_body_of_the_wrong_shape_does_not_use_the_key_up(edith):
    assert edith.post("/articles", {"txt": TEXT}, headers=KEY).status_code == 422
    assert edith.post("/articles", {"text": TEXT}, headers=KEY).status_code == 201


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "a\tb", "ü"])
def test_what_is_no_key_is_422(edith, key):
    answer = edith.post("/articles", {"text": TEXT}, headers={"Idempotency-Key": key})

    assert answer.status_code == 422


def test_fifty_equal_posts_at_once_are_one_effect(app, edith):
    body = {"text": TEXT, "title": "At once"}
    answers = in_parallel(50, lambda: edith.post("/articles", body, headers=KEY))

    made = [answer for answer in answers if answer.status_code == 201]
    assert {answer.status_code for answer in answers} <= {201, 409}  # 409: the first still ran
    assert len({answer.data for answer in made}) == 1
    assert count(app, Article) == 1


def test_fifty_equal_reviews_at_once_are_one(app, edith, rhea):
    claim = accepted_claim(edith)
    answers = in_parallel(50, lambda: rhea.post(f"/claims/{claim}/reviews", review()))

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 49
    assert {answer.json["code"] for answer in answers[:50] if answer.status_code == 409} == {
        "already_submitted"
    }
    assert count(app, Review) == 1


def test_a_call_that_was_killed_is_taken_over_after_a_minute(app, edith, caller):
    edith.post("/articles", {"text": TEXT}, headers=KEY)
    with app.app_context(), writing() as session:
        row = session.scalars(sa.select(KeptAnswer)).one()
        row.status = row.body = None
        row.created_at -= idempotency.GIVEN_UP_AFTER
    answer = edith.post("/articles", {"text": TEXT}, headers=KEY)

    assert (answer.status_code, answer.headers.get("Idempotent-Replay")) == (201, None)
    assert count(app, KeptAnswer) == 1


def test_while_the_first_runs_the_second_gets_409(app, edith, monkeypatch):
    monkeypatch.setattr(idempotency, "WAIT_S", 0.1)
    edith.post("/articles", {"text": TEXT}, headers=KEY)
    with app.app_context(), writing() as session:
        row = session.scalars(sa.select(KeptAnswer)).one()
        row.status = row.body = None
    answer = edith.post("/articles", {"text": TEXT}, headers=KEY)

    assert (answer.status_code, answer.json["code"]) == (409, "still_running")
    assert count(app, Article) == 1


def test_a_call_that_was_taken_over_takes_no_effect(app, edith, monkeypatch):
    """The slow first call finds its reservation gone when it comes to keep its answer."""
    kept = idempotency.keep

    def late(session, row, response):
        session.execute(
            sa.update(KeptAnswer).values(created_at=row.created_at + timedelta(seconds=61))
        )
        kept(session, row, response)

    monkeypatch.setattr(idempotency, "keep", late)
    answer = edith.post("/articles", {"text": TEXT}, headers=KEY)

    assert (answer.status_code, answer.json["code"]) == (409, "taken_over")
    assert count(app, Article) == 0


def test_a_defect_is_not_kept(app, edith, monkeypatch):
    from factcheck.api.resources import articles

    def broken(*_args, **_kwargs):
        raise RuntimeError("a defect")

    with monkeypatch.context() as patch:
        patch.setattr(articles, "import_article", broken)
        with pytest.raises(RuntimeError):
            edith.post("/articles", {"text": TEXT}, headers=KEY)

    assert count(app, KeptAnswer) == 0
    assert edith.post("/articles", {"text": TEXT}, headers=KEY).status_code == 201


def test_a_kept_answer_can_be_read_by_the_service_alone(app, caller):
    admin = caller("ada")
    hook = {"url": "https://hooks.example.org/", "events": ["edition.published"]}
    made = admin.post("/webhooks", hook, headers=KEY)
    with app.app_context():
        kept = current_session().scalars(sa.select(KeptAnswer.body)).one()
    assert made.status_code == 201
    assert made.json["secret"] not in kept


def test_a_call_whose_answer_cannot_be_read_any_more_is_not_made_again(app, edith):
    edith.post("/articles", {"text": TEXT}, headers=KEY)
    with app.app_context():
        strike_everywhere(current_session(), ["ferry"])
        current_session().commit()
    answer = edith.post("/articles", {"text": TEXT}, headers=KEY)

    assert (answer.status_code, answer.json["code"]) == (409, "answer_gone")
    assert count(app, Article) == 1


def test_old_answers_are_forgotten_after_two_days(app, edith):
    edith.post("/articles", {"text": TEXT}, headers=KEY)
    with app.app_context(), writing() as session:
        session.scalars(sa.select(KeptAnswer)).one().created_at -= timedelta(hours=47)
    edith.post("/articles", {"text": TEXT}, headers={"Idempotency-Key": "second"})
    assert count(app, KeptAnswer) == 2

    with app.app_context(), writing() as session:
        for row in session.scalars(sa.select(KeptAnswer)):
            row.created_at -= timedelta(hours=2)
    edith.post("/articles", {"text": TEXT}, headers={"Idempotency-Key": "third"})
    assert count(app, KeptAnswer) == 2
