"""Edits say which version they are of; a stale one is refused and nothing is lost."""

from __future__ import annotations

import pytest

from factcheck.api.versions import is_known, tags

TEXT = "The ferry carried 412,000 passengers in 2024. It sank on 3 May 2025."
pytestmark = pytest.mark.one_database


@pytest.fixture
def article(edith):
    return edith.post("/articles", {"text": TEXT, "title": "The ferry"})


def path(answer) -> str:
    return f"/articles/{answer.json['id']}"


def test_an_edit_without_a_version_is_428(edith, article):
    answer = edith.patch(path(article), {"title": "Other"})

    assert (answer.status_code, answer.json["code"]) == (428, "version_needed")


def test_a_stale_version_is_409_with_both_texts(edith, article):
    edith.patch(path(article), {"title": "First", "version": 1})
    answer = edith.patch(path(article), {"title": "Second", "version": 1})

    assert (answer.status_code, answer.json["code"]) == (409, "stale_version")
    assert answer.json["current"]["title"] == "First"
    assert answer.json["sent"]["title"] == "Second"


@pytest.mark.parametrize(
    "garble",
    [
        lambda tag: f"W/{tag}",
        lambda tag: tag.strip('"'),
        lambda tag: tag[:-2] + ("0" if tag[-2] != "0" else "1") + '"',
        lambda tag: f"{tag} {tag}",
        lambda tag: '"',
        lambda tag: "",
        lambda tag: "*",
        lambda tag: '""',
        lambda tag: "1",
    ],
)
def test_an_if_match_that_is_not_its_etag_is_412(edith, article, garble):
    headers = {"If-Match": garble(article.headers["ETag"])}
    answer = edith.patch(path(article), {"title": "Other", "version": 1}, headers=headers)

    assert answer.status_code == 412
    assert edith.get(path(article)).json["title"] == "The ferry"


def test_a_stale_etag_is_412_and_the_new_one_is_in_the_answer(edith, article):
    old = article.headers["ETag"]
    new = edith.patch(path(article), {"title": "First", "version": 1}).headers["ETag"]
    stale = edith.patch(path(article), {"title": "Second"}, headers={"If-Match": old})

    assert (stale.status_code, stale.headers["ETag"]) == (412, new)
    again = edith.patch(path(article), {"title": "Second"}, headers={"If-Match": f'"x", {new}'})
    assert (again.status_code, again.json["version"]) == (200, 3)


def test_an_edit_to_what_already_is_changes_nothing(edith, article):
    answer = edith.patch(path(article), {"title": "The ferry", "version": 1})

    assert (answer.status_code, answer.json["version"]) == (200, 1)
    assert answer.headers["ETag"] == article.headers["ETag"]
    assert edith.patch(path(article), {"version": 1}).json["version"] == 1


def test_who_has_the_answer_already_gets_304(edith, article):
    tag = article.headers["ETag"]
    for known in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        answer = edith.get(path(article), headers={"If-None-Match": known})
        assert (answer.status_code, answer.headers["ETag"]) == (304, tag)

    edith.patch(path(article), {"title": "Other", "version": 1})
    assert edith.get(path(article), headers={"If-None-Match": tag}).status_code == 200


def test_unknown_ids_are_404_before_428(edith):
    assert edith.patch("/articles/nothing", {"title": "x"}).status_code == 404
    assert edith.patch("/claims/nothing", {"priority": 2}).status_code == 404


def test_a_patch_cannot_clear_what_is_needed(edith, article):
    for change in ({"title": ""}, {"title": None}, {"display": None}, {"slug": "x"}):
        answer = edith.patch(path(article), change | {"version": 1})
        assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, next(iter(change)))


def test_garbled_lists_of_etags_hold_none():
    assert tags('"a", W/"b"') == ['"a"', 'W/"b"']
    assert tags('"a" "b"') == tags("a") == tags('"a", b') == []
    assert not is_known(None, '"a"')
    assert not is_known("a", '"a"')
