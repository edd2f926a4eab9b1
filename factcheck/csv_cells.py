"""Cells of a CSV that no spreadsheet takes for a formula. Pure."""

from __future__ import annotations

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def cell_of(value: object) -> str:
    """Return a value as a cell: a text that begins like a formula gets a quote before it."""
    if isinstance(value, str):
        return f"'{value}" if value.lstrip("'").startswith(_FORMULA) else value
    return "" if value is None else str(value)


def as_typed(cell: str) -> str:
    """Return the text that `cell_of` made a cell of."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(_FORMULA) else cell
