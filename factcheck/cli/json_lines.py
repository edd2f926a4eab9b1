"""JSON lines in, JSON lines out: each is answered as it comes, so any length streams.

A line that is no JSON object with the fields asked for ends the run: one line on stderr that names
the line's number, exit code 2.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

from factcheck.cli.sentences import refuse


def rows(file: BinaryIO, *fields: str) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSON lines file; `fields` names the ones that must be strings.

    Blank lines are skipped. A line that does not fit ends the command.
    """
    for number, line in enumerate(file, start=1):
        if not line.strip():
            continue
        at = str(number)
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            refuse("line %(number)s is not JSON.", number=at)
        if not isinstance(row, dict):
            refuse("line %(number)s is not a JSON object.", number=at)
        for field in fields:
            if not isinstance(row.get(field), str):
                refuse("line %(number)s has no text under %(field)s.", number=at, field=field)
        yield row


def write(answer: dict[str, Any]) -> None:
    """Print one JSON object on one line of standard output."""
    line = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    sys.stdout.buffer.write(line.encode("utf-8", "surrogatepass") + b"\n")
