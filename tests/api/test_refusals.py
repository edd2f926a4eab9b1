"""What the door refuses before a room is asked, in which order, and in which shape."""

from __future__ import annotations

import base64
import json

import pytest

from tests.api.client import ROOT

pytestmark = pytest.mark.one_database
TEXT = "The ferry carried 412,000 passengers in 2024. It sank on 3 May 2025."


def raw(api, data: bytes, **options):
    return api.post("/articles", data=data, **({"content_type": "application/json"} | options))


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"", 400, "not_json"),
        (b"{", 400, "not_json"),
        (b'{"text": NaN}', 400, "not_json"),
        (b'{"text": -Infinity}', 400, "not_json"),
        (b'{"text": "\xff"}', 400, "not_json"),
        (b'\xef\xbb\xbf{"text": "a"}', 400, "not_json"),
        (b'{"text": "a\nb"}', 400, "not_json"),
        (b"[" * 65 + b"]" * 65, 400, "too_deep"),
        (b"[" * 100_000 + b"]" * 100_000, 400, "too_deep"),
        (b"9" * 5000, 400, "not_json"),
        (b"[]", 422, "invalid"),
        (b"null", 422, "invalid"),
        (b"{}", 422, "invalid"),
        (b"[" * 64 + b"]" * 64, 422, "invalid"),
    ],
)
def test_a_body_that_is_no_call_is_refused(edith, data, status, code):
    answer = raw(edith, data)

    assert (answer.status_code, answer.json["code"]) == (status, code)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": TEXT, "nonsense": 1}, "nonsense"),
        ({"text": 7}, "text"),
        ({"text": TEXT, "authors": ["A", 3]}, "authors[1]"),
        ({"text": TEXT, "title": "a\0b"}, "title"),
        ({"text": TEXT, "authors": ["a", "b\0"]}, "authors[1]"),
        ({"text": TEXT, "title": "\ud800"}, "title"),
        ({"text": "\udfff"}, "text"),
        ({"text": TEXT, "a\0": 1}, "a\ufffd"),
        ({"text": "x" * (1024 * 1024 + 1)}, "text"),
        ({"text": "é" * (1024 * 512 + 1)}, "text"),
        ({"text": "   \n"}, "text"),
        ({"text": TEXT, "html": "<p>x</p>"}, "html"),
        ({"title": "no text"}, "text"),
        ({"text": TEXT, "published": "2007-13"}, "published"),
        ({"text": TEXT, "published": "2007-02-30"}, "published"),
        ({"text": TEXT, "policy": "nobody"}, "policy"),
        ({"text": TEXT, "scale": "none"}, "scale"),
        ({"text": TEXT, "display": "half"}, "display"),
        ({"text": TEXT, "ground": "none"}, "ground"),
        ({"text": TEXT, "language": "?"}, "language"),
        ({"text": TEXT, "source_url": "javascript:alert(1)"}, "source_url"),
        ({"url": "http://127.0.0.1/"}, "url"),
        ({"url": "file:///etc/passwd"}, "url"),
    ],
)
def test_a_field_that_cannot_be_taken_is_named(edith, body, field):
    answer = raw(edith, json.dumps(body, ensure_ascii="é" not in str(body)).encode())

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json["errors"]] == [field]
    assert answer.json["errors"][0]["message"]


def test_a_name_given_twice_is_refused(edith):
    answer = raw(edith, b'{"text": "a", "text": "b"}')

    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "text")


@pytest.mark.parametrize(
    "content_type",
    ["", "text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin-1"],
)
def test_another_content_type_is_415(edith, content_type):
    assert raw(edith, b'{"text": "a"}', content_type=content_type).status_code == 415


def test_json_may_say_that_it_is_utf_8(edith):
    answer = raw(
        edith, json.dumps({"text": TEXT}).encode(), content_type="application/json; charset=UTF-8"
    )

    assert answer.status_code == 201


def test_a_body_over_two_mebibytes_is_413(edith):
    assert raw(edith, b" " * (2 * 1024 * 1024 + 1)).status_code == 413


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/articles?limit=0", "limit"),
        ("/articles?limit=201", "limit"),
        ("/articles?limit=ten", "limit"),
        ("/articles?limit=-1", "limit"),
        ("/articles?limit=1.5", "limit"),
        ("/articles?limit=", "limit"),
        ("/articles?limit=99999999999999999999", "limit"),
        ("/articles?limit=5&limit=6", "limit"),
        ("/articles?cursor=zzz", "cursor"),
        ("/articles?cursor=%00", "cursor"),
        ("/articles?cursor=WzEsMl0", "cursor"),
        ("/articles?cursor=Wy0xXQ", "cursor"),
        ("/articles?cursor=WzFlNDAwXQ", "cursor"),
        ("/articles?q=%00", "q"),
        ("/articles?state=lost", "state"),
        ("/articles?sort=title", "sort"),
        ("/sources", "url"),
    ],
)
def test_a_query_that_cannot_be_taken_is_422(edith, path, field):
    answer = edith.get(path)

    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, field)


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer nonsense", "Basic YTpi", "bearer \xff", "Token x"]
)
def test_without_a_good_token_the_answer_is_401_before_all_else(app, header):
    headers = {} if header is None else {"Authorization": header}
    client = app.test_client()
    for method, path in [
        ("GET", "/articles"),
        ("GET", "/articles/nothing-here"),
        ("GET", "/claims/nothing?nonsense=1"),
        ("POST", "/articles"),
        ("PATCH", "/claims/nothing"),
        ("DELETE", "/leases/nothing"),
    ]:
        answer = client.open(ROOT + path, method=method, data=b"{", headers=headers)

        assert answer.status_code == 401, (method, path)
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert answer.content_type == "application/problem+json"


def test_the_scheme_s_case_does_not_matter(app, edith):
    headers = {"Authorization": f"bearer {edith.token}"}

    assert app.test_client().get(ROOT + "/me", headers=headers).status_code == 200


def test_a_signed_in_browser_cannot_call_the_api(app):
    from factcheck.db import writing
    from tests.accounts.factories import make_person
    from tests.web.client import signed_in

    with app.app_context(), writing() as session:
        email = make_person(session, "admin").email

    assert signed_in(app, email).get(ROOT + "/articles").status_code == 401


def test_unknown_addresses_and_methods_are_problems_too(app):
    client = app.test_client()
    missing = client.get(ROOT + "/nothing/at/all")
    wrong = client.put(ROOT + "/articles")
    slash = client.get(ROOT + "/articles/")
    one = client.post(ROOT + "/claims/x")

    assert (missing.status_code, missing.json["code"]) == (404, "not_found")
    assert missing.content_type == wrong.content_type == "application/problem+json"
    assert (wrong.status_code, wrong.headers["Allow"]) == (405, "GET, HEAD, POST")
    assert (one.status_code, one.headers["Allow"]) == (405, "GET, HEAD, PATCH")
    assert slash.status_code == 404
    assert client.options(ROOT + "/articles").headers["Allow"] == "GET, HEAD, POST"


@pytest.mark.parametrize("path", ["/articles/%00", "/claims/a%00b", "/articles/" + "x" * 500])
def test_an_id_that_no_id_can_be_is_just_missing(edith, path):
    assert edith.get(path).status_code == 404


def test_a_defect_is_500_without_a_word_of_it(app, edith, monkeypatch, caplog):
    from factcheck.api.resources import articles

    def broken(*_args, **_kwargs):
        raise RuntimeError("the secret of the defect")

    monkeypatch.setattr(articles.queries, "articles", broken)
    app.testing = False
    answer = app.test_client().get(
        ROOT + "/articles", headers={"Authorization": f"Bearer {edith.token}"}
    )

    assert (answer.status_code, answer.json["code"]) == (500, "internal")
    assert "secret" not in answer.text
    assert answer.json["id"] in caplog.text
    assert "the secret of the defect" in caplog.text


def test_a_disabled_person_s_token_is_401(app, caller):
    from factcheck.accounts.actions import disable
    from factcheck.accounts.queries import person_by_email
    from factcheck.db import writing
    from tests.conftest import NOW

    rhea = caller("rhea")
    with app.app_context(), writing() as session:
        disable(session, person_by_email(session, "rhea@example.org"), actor=None, now=NOW)

    assert rhea.get("/me").status_code == 401


def test_json_test_suite(edith, shared):
    cases = json.loads((shared / "data/hostile/json_parsing.json").read_bytes())["cases"]
    wrong = []
    for case in cases:
        answer = raw(edith, _bytes(case))
        allowed = {
            "reject": answer.status_code == 400,
            "accept": answer.status_code in {201, 422},
            "either": answer.status_code in {201, 400, 422},
        }
        if not allowed[case["expect"]]:
            wrong.append((case["id"], case["expect"], answer.status_code, answer.text))

    assert wrong == []
    assert len(cases) > 300


def _bytes(case) -> bytes:
    if "b64" in case:
        return base64.b64decode(case["b64"])
    return "".join(text * count for text, count in case["repeat"]).encode()
