"""Earlier checks of others by the API: page by page, and what was wrong with a file."""

from factcheck.checks import importing
from factcheck.jobs import run_due

ROWS = [f"The ferry sank {n},https://k.example/{n},False" for n in range(5)]


def sent(app, settings, edith, rows, **more):
    table = "\n".join(["text,url,rating", *rows])
    job = edith.post("/checks/import", {"content": table, **more}).json["id"]
    with app.app_context():
        run_due(settings)
    return edith.get(f"/jobs/{job}").json


def test_what_is_found_comes_in_pages_and_each_once(app, settings, edith):
    assert sent(app, settings, edith, ROWS)["failure"] is None
    texts, cursor = [], ""
    for size in (2, 2, 1):
        page = edith.get(f"/checks?q=ferry&limit=2&cursor={cursor}").json
        assert len(page["items"]) == size
        texts += [one["text"] for one in page["items"]]
        cursor = page["next"]
    assert cursor is None
    assert len(set(texts)) == 5


def test_a_job_says_what_was_wrong_with_which_rows(app, settings, edith):
    job = sent(app, settings, edith, [*ROWS, *["No address,,False"] * 101])
    assert job["state"] == "failed"
    assert job["failure"] == "Nothing was kept, since rows are bad: 101."
    assert len(job["troubles"]) == 100
    assert job["troubles"][0] == {
        "line": 7, "field": "url",
        "sentence": "Give an address that begins with https:// or http://.",
    }  # fmt: skip
    assert sent(app, settings, edith, ["No address,,False"], format="csv", delimiter=";")["failure"]


def test_a_call_that_is_refused_leaves_no_file(app, settings, edith, rhea):
    assert rhea.post("/checks/import", {"content": "a"}).status_code == 403
    assert not importing.folder_of(settings).exists()
