"""Earlier checks of others at the command line: in, out, and in again."""

import csv
import io
import json

TABLE = """text,url,rating,date,language
The ferry sank,https://k.example/1,So and so,2024-05,en
=1+1,https://k.example/2,True,,
"""


def test_what_is_exported_is_imported_as_it_was(run, tmp_path):
    first = json.loads(run("checks", "import", "-", "--json", given=TABLE).stdout)
    assert (first["added"], first["bad"]) == (2, 0)
    for form in ("csv", "claimreview"):
        file = tmp_path / form
        file.write_text(run("checks", "export", "--format", form).stdout)
        again = json.loads(run("checks", "import", file, "--json").stdout)
        assert (again["good"], again["added"], again["renewed"]) == (2, 0, 0)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "csv").read_text())))
    assert [row["text"] for row in rows] == ["The ferry sank", "'=1+1"]


def test_a_bad_row_is_named_and_nothing_of_the_stream_is_left(run, data):
    result = run("checks", "import", "-", given=TABLE + "No address,,True,,\n")
    assert result.exit_code == 2
    assert "line 4, url: Give an address" in result.stderr
    assert list((data / "imports").iterdir()) == []
