"""Rows as bytes: a JSON object a line, or a CSV no cell of which a spreadsheet takes for a formula.

Pure.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from factcheck.csv_cells import cell_of

FORMATS = ("jsonl", "csv")
MEDIA = {"jsonl": "application/jsonl", "csv": "text/csv"}
Row = Mapping[str, Any]


def head(form: str, columns: Sequence[str]) -> bytes:
    """Return what comes before all rows."""
    return _csv([columns]) if form == "csv" else b""


def body(form: str, columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    """Return rows under `columns`, which every row has, in their order."""
    return _SHAPES[form](columns, rows)


def _json_lines(columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    lines = (json.dumps({name: row[name] for name in columns}, ensure_ascii=False) for row in rows)
    return "".join(f"{line}\n" for line in lines).encode()


def _table(columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    return _csv([_flat(row[name]) for name in columns] for row in rows)


def _csv(rows: Iterable[Iterable[object]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([cell_of(one) for one in row] for row in rows)
    return out.getvalue().encode()


def _flat(value: object) -> object:
    """Return what stands in one cell: words of a list apart by "; ", a list of objects as JSON."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, list):
        return value
    if value and isinstance(value[0], dict):
        return json.dumps(value, ensure_ascii=False)
    return "; ".join(map(str, value))


_SHAPES: Mapping[str, Callable[[Sequence[str], Iterable[Row]], bytes]] = {
    "jsonl": _json_lines, "csv": _table,
}  # fmt: skip
