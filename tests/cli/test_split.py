"""`factcheck split` and `factcheck text …`: JSON alone on stdout, one line of error."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from factcheck.cli.split import split
from factcheck.cli.text import text as text_group
from factcheck.text.propose import PRESELECT

POST = "Valley Notes\n\nThe mill closed in 2018. It employed 900 people.\n"


def run(*arguments: str, stdin: bytes = b""):
    return CliRunner().invoke(split, list(arguments), input=stdin)


def test_split_prints_units_and_claims_with_exact_offsets(tmp_path):
    path = tmp_path / "post.txt"
    path.write_bytes(b"\xef\xbb\xbf" + POST.replace("\n", "\r\n").encode())

    result = run(str(path), "--json")

    answer = json.loads(result.stdout)
    assert result.exit_code == 0
    assert answer["length"] == len(POST)
    assert answer["language"] == "en"
    for part in (*answer["units"], *answer["claims"]):
        assert POST[part["start"] : part["end"]] == part["text"]
    assert [unit["kind"] for unit in answer["units"]] == ["title", "sentence", "sentence"]
    assert answer["units"][0]["score"] is None
    assert all(claim["score"] >= PRESELECT for claim in answer["claims"])


def test_standard_input_is_read_and_printed_for_people():
    result = run("-", stdin=POST.encode())

    assert "Proposed claims: 2, those" in result.stdout
    assert result.exit_code == 0


def test_a_markdown_file_gives_its_own_headings(tmp_path):
    path = tmp_path / "post.md"
    path.write_text("# The mill\n\nIt closed in 2018.\n", encoding="utf-8")

    answer = json.loads(run(str(path), "--json").stdout)

    assert [unit["kind"] for unit in answer["units"]][-1] == "sentence"
    assert answer["units"][0]["kind"] in ("title", "heading")


def test_a_text_without_words_has_no_units_and_no_claims():
    answer = json.loads(run("-", "--json", stdin=b" \n").stdout)

    assert (answer["units"], answer["claims"], answer["length"]) == ([], [], 2)


@pytest.mark.parametrize("data", [b"\xff\xfe\xff", b"ab\x00c", b"%PDF-1.7 x"])
def test_what_is_no_text_ends_with_one_line_and_code_2(data):
    result = run("-", "--json", stdin=data)

    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1


def test_a_file_that_is_not_there_ends_with_one_line_and_code_2(tmp_path):
    result = run(str(tmp_path / "none.txt"))

    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1


def test_an_address_that_is_refused_ends_with_one_line_and_code_2():
    result = run("http://127.0.0.1/x", "--json")

    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1


def engine(command: str, *rows: object):
    lines = "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows)
    return CliRunner().invoke(text_group, [command], input=lines)


def test_the_engine_answers_each_line_with_its_id():
    rows = [{"id": 1, "text": "It rose. It fell."}, {"id": "b", "text": ""}]

    answers = [json.loads(line) for line in engine("segment", *rows).stdout.splitlines()]

    assert answers == [
        {"id": 1, "units": [[0, 8, "sentence"], [9, 17, "sentence"]]},
        {"id": "b", "units": []},
    ]


def test_score_and_cuts_have_the_fields_of_the_contract():
    row = {"id": 7, "text": "Ana Lund said that 900 people lost their work in 2018."}

    score = json.loads(engine("score", row).stdout)
    cuts = json.loads(engine("cuts", row).stdout)

    assert score["id"] == 7
    assert score["score"] > 0.5
    assert "a number" in score["reasons"]
    assert cuts["claims"][0] == {
        "start": 0,
        "end": len(row["text"]),
        "restated": row["text"],
        "claimant": "Ana Lund",
    }


@pytest.mark.parametrize("line", ["{", "[1]", '{"id": 1}', '{"id": 1, "text": 5}', "[" * 100_000])
def test_a_line_that_does_not_fit_ends_the_run_with_its_number(line):
    result = engine("segment", {"id": 1, "text": "It rose."}, line)

    assert result.exit_code == 2
    assert "line 2" in result.stderr


def test_the_engine_starts_without_flask_and_without_a_database():
    program = (
        "import sys; import factcheck.cli, factcheck.cli.split, factcheck.cli.text; "
        "import factcheck.text.segment; "
        "sys.exit(any(name in sys.modules for name in ('flask', 'sqlalchemy', 'trafilatura')))"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
