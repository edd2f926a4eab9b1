"""JSON lines in, JSON lines out: each is answered as it comes, so any length streams.

A line that is no JSON object with the fields asked for ends the run: one line on stderr that names
the line's number, exit code 2.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO, NoReturn

import click

BAD_INPUT = 2


def refuse(message: str) -> NoReturn:
    """End the command with one line on stderr and exit code 2."""
    click.echo(f"factcheck: {' '.join(message.split())}", err=True)
    sys.exit(BAD_INPUT)


def rows(file: BinaryIO, *fields: str) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSON lines file; `fields` names the ones that must be strings.

    Blank lines are skipped. A line that does not fit ends the command.
    """
    for number, line in enumerate(file, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            refuse(f"line {number} is not JSON.")
        if not isinstance(row, dict):
            refuse(f"line {number} is not a JSON object.")
        for field in fields:
            if not isinstance(row.get(field), str):
                refuse(f"line {number} has no text under {field!r}.")
        yield row


def write(answer: dict[str, Any]) -> None:
    """Print one JSON object on one line of standard output."""
    line = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    sys.stdout.buffer.write(line.encode("utf-8", "surrogatepass") + b"\n")
