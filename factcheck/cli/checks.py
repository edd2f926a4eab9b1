"""Earlier checks that others published: taken in, and given back as a table."""

from __future__ import annotations

import csv
import io
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any, BinaryIO

import click

from factcheck import clock
from factcheck.checks import importing, queries
from factcheck.checks.rules import COLUMNS, defused
from factcheck.cli.installation import failing_in_words, installation, print_json
from factcheck.cli.sentences import note, say, worded
from factcheck.db import current_session, writing
from factcheck.runs import actions as runs
from factcheck.runs.actions import Trouble
from factcheck.runs.models import RunTrouble


@click.group()
def checks() -> None:
    """Keep earlier checks of others, to hold claims against."""


@checks.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("--format", "form", type=click.Choice(["csv", "claimreview"]), help="Else found out.")
@click.option("--delimiter", help="Between the cells of a CSV; else found out.")
@click.option("--encoding", help="Such as windows-1252; else UTF-8, or UTF-16 with its mark.")
@click.option("--keep-good", is_flag=True, help="Keep good rows where others are bad.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@failing_in_words
def import_checks(file: str, as_json: bool, **asked: Any) -> None:  # noqa: FBT001
    """Take in the earlier checks of FILE: a CSV, or ClaimReview as JSON."""
    with (
        installation() as app,
        tempfile.TemporaryDirectory(dir=app.extensions["factcheck"].data) as aside,
    ):
        source = _on_disk(Path(aside)) if file == "-" else Path(file)
        size = source.stat().st_size
        with writing() as session:
            run = runs.begin(
                session, importing.KIND, source.name, asked={**asked, "by_command": True},
                total=size, actor=None, now=clock.now(),
            )  # fmt: skip
            public_id = run.public_id
        with source.open("rb") as data:
            counts = _with_bar(data, public_id, asked, size)
    if as_json:
        print_json({"run": public_id, **counts})
    else:
        say(
            "New: %(added)s. Renewed: %(renewed)s. Good rows: %(good)s. Bad rows: %(bad)s.",
            added=counts["added"],
            renewed=counts["renewed"],
            good=counts["good"],
            bad=counts["bad"],
        )


def _on_disk(aside: Path) -> Path:
    path = aside / "standard input"
    with path.open("wb") as out:
        shutil.copyfileobj(sys.stdin.buffer, out)
    return path


def _with_bar(data: BinaryIO, public_id: str, asked: dict[str, Any], size: int) -> dict[str, int]:
    """Read the file, with a bar on stderr where that is a terminal; each bad row is named there."""
    bar = click.progressbar(length=size, file=sys.stderr, hidden=not sys.stderr.isatty())
    seen = 0

    def told(done: int, troubles: list[Trouble]) -> None:
        nonlocal seen
        for one in troubles:
            sentence = worded(RunTrouble(sentence=one.sentence, values=dict(one.values)))
            note("line %(line)s, %(field)s: %(sentence)s",
                 line=str(one.line), field=one.field, sentence=sentence)  # fmt: skip
        bar.update(done - seen)
        seen = done

    with bar:
        return importing.bring(data, public_id, asked, told)


@checks.command("export")
@click.option(
    "--format", "form", required=True, type=click.Choice(["jsonl", "csv"]), help="The shape."
)
@failing_in_words
def export_checks(form: str) -> None:
    """Print the earlier checks, in the columns that `import` takes."""
    out = io.TextIOWrapper(sys.stdout.buffer,
                           encoding="utf-8", newline="", write_through=True)  # fmt: skip
    with installation():
        writer = csv.writer(out)
        if form == "csv":
            writer.writerow(COLUMNS)
        for one in queries.every(current_session()):
            row = (
                one.text,
                one.url,
                one.title,
                one.publisher,
                one.rating,
                one.published,
                one.language,
            )
            if form == "csv":
                writer.writerow([defused(cell or "") for cell in row])
            else:
                print_json(dict(zip(COLUMNS, row, strict=True)))
    out.detach()
