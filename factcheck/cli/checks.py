"""Earlier checks that others published: taken in, and given back as a table."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, BinaryIO

import click

from factcheck import clock
from factcheck.checks import importing, queries
from factcheck.checks.models import EarlierCheck
from factcheck.checks.rules import COLUMNS, claim_review_of
from factcheck.cli.installation import csv_out, failing_in_words, installation, print_json
from factcheck.cli.sentences import note, say, worded
from factcheck.config import Settings
from factcheck.db import current_session, writing
from factcheck.runs import actions as runs
from factcheck.runs.actions import Trouble


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
    with installation() as app, _opened(file, app.extensions["factcheck"]) as data:
        size = os.fstat(data.fileno()).st_size
        title = "standard input" if file == "-" else Path(file).name
        with writing() as session:
            run = runs.begin(session, importing.KIND, title, asked=asked, total=size, actor=None,
                             now=clock.now())  # fmt: skip
            public_id = run.public_id
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


@contextmanager
def _opened(file: str, settings: Settings) -> Iterator[BinaryIO]:
    """Give a block the file; a stream is put aside first, since its beginning is read twice."""
    if file != "-" and Path(file).is_file():
        with Path(file).open("rb") as data:
            yield data
        return
    with nullcontext(sys.stdin.buffer) if file == "-" else Path(file).open("rb") as stream:
        path = importing.aside(settings, stream)
    with path.open("rb") as data:
        path.unlink()  # it lasts as long as it is open
        yield data


def _with_bar(data: BinaryIO, public_id: str, asked: dict[str, Any], size: int) -> dict[str, int]:
    """Read the file, with a bar on stderr where that is a terminal; each bad row is named there."""
    bar = click.progressbar(length=size, file=sys.stderr, hidden=not sys.stderr.isatty())
    seen = 0

    def told(done: int, troubles: list[Trouble]) -> None:
        nonlocal seen
        for one in troubles:
            note("line %(line)s, %(field)s: %(sentence)s",
                 line=str(one.line), field=one.field, sentence=worded(one))  # fmt: skip
        bar.update(done - seen)
        seen = done

    with bar:
        return importing.bring(data, public_id, asked, told)


@checks.command("export")
@click.option(
    "--format", "form", required=True, type=click.Choice(["csv", "claimreview"]), help="The shape."
)
@failing_in_words
def export_checks(form: str) -> None:
    """Print the earlier checks as `import` takes them: a CSV, or a ClaimReview a line."""
    with installation():
        rows = (_row(one) for one in queries.every(current_session()))
        if form == "claimreview":
            for row in rows:
                print_json(claim_review_of(row))
            return
        with csv_out() as write:
            write(COLUMNS)
            for row in rows:
                write(row.values())


def _row(one: EarlierCheck) -> dict[str, str | None]:
    told = (one.text, one.url, one.title, one.publisher, one.rating, one.published, one.language)
    return dict(zip(COLUMNS, told, strict=True))
