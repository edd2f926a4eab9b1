"""`factcheck text match`, `reanchor` and `extract` answer and refuse line by line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from factcheck.cli.text_documents import extract, match, reanchor


def run(command, *arguments: object, stdin: str | bytes = "") -> Result:
    return CliRunner().invoke(command, [str(one) for one in arguments], input=stdin)


def lines(result: Result) -> list[dict]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def write(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def checks(tmp_path: Path) -> Path:
    return write(
        tmp_path / "checks.jsonl",
        {"id": "a", "text": "40% of voters stayed home.", "title": "Turnout"},
        {"id": 2, "text": "Bees are dying out."},
    )


def test_match_prints_the_checks_like_each_claim(checks: Path):
    queries = '{"id":"q","text":"4% of voters stayed home","before":"x"}\n{"text":"bees"}\n'
    first, second = lines(run(match, "--checks", checks, "--top", 1, stdin=queries))

    assert first["id"] == "q"
    (found,) = first["matches"]
    assert found["id"] == "a"
    assert 0 < found["similarity"] <= 1
    assert found["differences"] == ["other number: 40 instead of 4"]
    assert second["id"] is None
    assert [one["id"] for one in second["matches"]] == ["2"]


def test_match_refuses_a_check_without_an_id(tmp_path: Path):
    checks = write(tmp_path / "checks.jsonl", {"text": "Bees are dying out."})
    result = run(match, "--checks", checks)

    assert result.exit_code == 2
    assert result.stderr == "factcheck: each check needs an id.\n"


@pytest.fixture
def revisions(tmp_path: Path) -> tuple[Path, Path]:
    old, new = tmp_path / "old.txt", tmp_path / "new.txt"
    old.write_bytes(b"It rose. It fell.\r\n")
    new.write_bytes(b"First. It rose. It fell.\r\n")
    return old, new


def test_reanchor_prints_where_each_passage_is(revisions: tuple[Path, Path], tmp_path: Path):
    spans = write(
        tmp_path / "spans.jsonl",
        {"id": 7, "start": 0, "end": 8},
        {"id": "x", "start": 9, "end": 17},
    )

    assert lines(run(reanchor, *revisions, spans)) == [
        {"id": 7, "status": "moved", "start": 7, "end": 15, "score": 1.0, "method": "exact"},
        {"id": "x", "status": "moved", "start": 16, "end": 24, "score": 1.0, "method": "exact"},
    ]


@pytest.mark.parametrize(
    ("spans", "sentence"),
    [
        ('{"start":0,"end":99}', "is no passage of a text of 18 characters"),
        ('{"start":0}', "each passage needs start and end as whole numbers."),
        ("[1]", "line 1 is not a JSON object."),
        ("{", "line 1 is not JSON."),
    ],
)
def test_reanchor_refuses_what_is_no_passage(revisions, spans: str, sentence: str):
    result = run(reanchor, *revisions, stdin=spans)

    assert result.exit_code == 2
    assert sentence in result.stderr
    assert result.stderr.count("\n") == 1


def test_reanchor_to_an_empty_text_says_gone(revisions, tmp_path: Path):
    empty = tmp_path / "empty.txt"
    empty.write_bytes(b"")
    (answer,) = lines(run(reanchor, revisions[0], empty, stdin='{"start":0,"end":8}'))

    assert (answer["status"], answer["start"], answer["end"]) == ("gone", None, None)


def test_extract_prints_text_units_links_and_facts(tmp_path: Path):
    page = tmp_path / "page.html"
    page.write_text(
        "<html lang=en><title>Rain</title><body><h1>Rain</h1><p>It rained for "
        "<a href='/d'>nine days</a> in 2019.</p></body></html>"
    )
    (answer,) = lines(run(extract, page, "--url", "https://e.org/x"))

    assert answer["text"] == "Rain\n\nIt rained for nine days in 2019."
    assert answer["units"] == [[0, 4, "title"], [6, 38, "sentence"]]
    assert answer["links"] == [{"start": 20, "end": 29, "href": "https://e.org/d"}]
    assert answer["title"] == "Rain"
    assert answer["authors"] == []
    assert answer["published"] is None
    assert answer["language"] == "en"
    assert answer["canonical_url"] is None
    assert answer["found_in"] == {"title": "h1", "language": "html lang"}


def test_extract_reads_standard_input_by_how_it_begins():
    (page,) = lines(run(extract, "-", stdin="<p>It rained for nine days."))
    (plain,) = lines(run(extract, "-", stdin="It rained for nine days."))

    assert page["text"] == plain["text"] == "It rained for nine days."


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\xfd", b"%PDF-1.7"])
def test_extract_refuses_what_is_no_text_with_one_line(data: bytes):
    result = run(extract, "-", stdin=data)

    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("factcheck: ")
    assert result.stderr.count("\n") == 1


def test_the_engines_documents_need_neither_flask_nor_a_database():
    import subprocess
    import sys

    program = (
        "import sys, factcheck.cli.text_documents as t, factcheck.text.match, "
        "factcheck.text.reanchor; "
        "print([m for m in ('flask', 'sqlalchemy', 'trafilatura') if m in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert result.stdout == "[]\n"
