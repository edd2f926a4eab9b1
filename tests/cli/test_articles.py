"""Import, publish, site, verify and export: the whole path from the command line."""

import csv
import io
import json

import pytest

from factcheck.app import create_app
from factcheck.articles.queries import article
from factcheck.claims.queries import claims_of
from factcheck.cli.installation import settings
from factcheck.db import db, writing
from tests.claims.factories import make_claim
from tests.editions.factories import QUOTES
from tests.reviews.factories import leave_open, make_ready


@pytest.fixture
def slug(run, post):
    """An imported article of which one claim is ready."""
    slug = json.loads(run("import", post, "--title", "The ferry", "--json").stdout)["slug"]
    app = create_app(settings())
    with app.app_context():
        with writing() as session:
            found = article(session, slug)
            by_quote = {claim.quote: claim for claim in claims_of(session, found)}
            claim = by_quote.get(QUOTES[0]) or make_claim(session, found, QUOTES[0])
            claim.restated = "=HYPERLINK(1)"
            make_ready(session, claim, "true", summary="The returns have the figure.")
        db.session.remove()
        db.engine.dispose()
    return slug


def test_import_says_what_was_made(run, post, data):
    answer = json.loads(run("import", post, "--published", "2024-05", "--json").stdout)
    assert set(answer) == {"article", "slug", "revision", "claims", "url", "posted_before"}
    assert answer["posted_before"] == []
    assert answer["claims"] > 0
    assert answer["url"] == f"http://checks.example/work/articles/{answer['slug']}"


def test_import_says_that_a_text_is_there_already(run, post, data):
    first = json.loads(run("import", post, "--json").stdout)
    again = run("import", post)
    assert first["slug"] in again.stderr
    third = json.loads(run("import", post, "--json").stdout)
    assert third["posted_before"][0]["share"] == 1.0


def test_import_reads_standard_input(run):
    result = run("import", "-", "--title", "Piped", given="The wall cost 4 million crowns in 2021.")
    assert result.exit_code == 0
    assert "Piped" in result.stdout


@pytest.mark.parametrize(
    ("words", "given"),
    [
        (["import", "/no/such/file"], None),
        (["import", "-"], " \n"),
        (["import", "-", "--published", "yesterday"], "Some words."),
        (["import", "-", "--deadline", "soon"], "Some words."),
        (["import", "http://127.0.0.1:1/"], None),
        (["publish", "nothing-here"], None),
        (["export", "--format", "jsonl", "--article", "nothing-here"], None),
        (["verify", "/no/such/folder"], None),
        (["user", "disable", "nobody@factcheck.example"], None),
        (["token", "create", "nobody@factcheck.example"], None),
        (["user", "add", "no address", "--role", "editor"], None),
    ],
)
def test_bad_input_is_one_line_on_stderr_and_exit_code_2(run, words, given):
    result = run(*words, given=given)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1


def test_publishing_before_anything_is_ready_is_refused(run, post):
    slug = json.loads(run("import", post, "--json").stdout)["slug"]
    result = run("publish", slug)
    assert result.exit_code == 2
    assert "ready" in result.stderr


def test_publish_then_verify_then_build_the_same_bytes(run, slug, data, tmp_path):
    done = json.loads(run("publish", slug, "--note", "First.", "--json").stdout)
    assert (done["number"], [change["kind"] for change in done["changes"]]) == (1, ["new"])
    assert run("publish", slug).exit_code == 2  # nothing new
    assert run("verify", data / "site").exit_code == 0
    again = tmp_path / "again"
    assert run("site", "build", again).exit_code == 0
    paths = {p.relative_to(again) for p in again.rglob("*") if p.is_file()}
    assert paths == {
        p.relative_to(data / "site") for p in (data / "site").rglob("*") if p.is_file()
    }
    assert all((again / p).read_bytes() == (data / "site" / p).read_bytes() for p in paths)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    refused = run("site", "build", tmp_path / "mine")
    assert (refused.exit_code, "something else" in refused.stderr) == (2, True)
    assert (tmp_path / "mine" / "thesis.txt").exists()


def test_verify_names_a_changed_byte_and_a_file_nobody_signed(run, slug, data):
    run("publish", slug)
    page = data / "site" / "articles" / slug / "index.html"
    page.write_bytes(page.read_bytes().replace(b"figure", b"Figure", 1))
    (data / "site" / "extra.txt").write_text("x")
    result = run("verify", data / "site")
    assert result.exit_code == 1
    assert f"articles/{slug}/index.html" in result.stdout
    assert "extra.txt" in result.stdout


def test_export_prints_each_shape_as_a_stream(run, slug):
    run("publish", slug)
    row = json.loads(run("export", "--format", "jsonl").stdout)
    assert (row["article"], row["rating"]) == (slug, "true")
    assert set(row["ratings"]) == {"true"}
    review = json.loads(run("export", "--format", "claimreview", "--article", slug).stdout)
    assert review["@type"] == "ClaimReview"
    notes = json.loads(run("export", "--format", "annotations").stdout)
    assert notes["type"] == "AnnotationCollection"


def test_export_shows_a_claim_that_was_left_open_with_its_sides(run, slug):
    app = create_app(settings())
    with app.app_context():
        with writing() as session:
            leave_open(session, make_claim(session, article(session, slug), QUOTES[1]))
        db.session.remove()
        db.engine.dispose()
    run("publish", slug)

    rows = [json.loads(line) for line in run("export", "--format", "jsonl").stdout.splitlines()]
    assert [(one["rating"], len(set(one["ratings"]))) for one in rows] == [
        ("true", 1), ("disagree", 3),
    ]  # fmt: skip
    assert len(run("export", "--format", "claimreview").stdout.splitlines()) == 1


def test_export_to_a_spreadsheet_cannot_run_as_a_formula(run, slug):
    run("publish", slug)
    rows = list(csv.DictReader(io.StringIO(run("export", "--format", "csv").stdout)))
    assert rows[0]["restated"] == "'=HYPERLINK(1)"


def test_a_full_disk_is_a_sentence_and_leaves_the_site_as_it_was(run, slug, data, monkeypatch):
    run("publish", slug)
    before = {p: p.read_bytes() for p in (data / "site").rglob("*") if p.is_file()}
    app = create_app(settings())
    with app.app_context():
        with writing() as session:
            make_ready(session, make_claim(session, article(session, slug), QUOTES[2]), "false")
        db.session.remove()
        db.engine.dispose()

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("factcheck.editions.files.os.fsync", full)
    result = run("publish", slug)
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert "No space left" in result.stderr
    now = {p: p.read_bytes() for p in (data / "site").rglob("*") if p.is_file()}
    assert now == before
