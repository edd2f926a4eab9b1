"""What a measured figure is, and how a table of them is printed and kept.

Times are never compared across machines: a figure is a ratio within one run, a count or a score.
Base and target are timed in neighbouring windows, base, target, base, and the target is held
against the mean of its two neighbours.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

RESULTS = Path(__file__).parent / "results"
ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. `passed` is None where there is no data to judge."""

    target: str  # as in "T3"
    name: str
    measured: str
    goal: str
    passed: bool | None
    rival: str = ""


def no_data(target: str, name: str, goal: str, why: str) -> Figure:
    """Return the line of a figure that could not be taken here, with the reason."""
    return Figure(target, name, f"no data ({why})", goal, None)


def seconds(call: Callable[[], object]) -> float:
    """Return the CPU seconds that `call` takes in this process."""
    start = time.process_time()
    call()
    return time.process_time() - start


def ratios(
    base: Callable[[], object], target: Callable[[], object], rounds: int = ROUNDS
) -> list[float]:
    """Return target time / base time for each round, sorted; base, target, base each time."""
    found = []
    for _ in range(rounds):
        before, middle, after = seconds(base), seconds(target), seconds(base)
        found.append(middle / statistics.mean((before, after)))
    return sorted(found)


def spread(values: list[float], digits: int = 2) -> str:
    """Return "median (minimum to maximum)" of sorted values."""
    middle = statistics.median(values)
    return f"{middle:.{digits}f} ({values[0]:.{digits}f} to {values[-1]:.{digits}f})"


def table(figures: Iterable[Figure]) -> str:
    """Return the figures as text, a line each."""
    word = {True: "pass", False: "FAIL", None: "-"}
    rows = [("", "figure", "measured", "rival", "goal", "")]
    rows += [(f.target, f.name, f.measured, f.rival, f.goal, word[f.passed]) for f in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(6)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
             for row in rows]  # fmt: skip
    return "\n".join(lines)


def keep(figures: Iterable[Figure]) -> Path:
    """Write the figures as JSON lines into the results folder, and return the file."""
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / (time.strftime("%Y%m%dT%H%M%S") + ".jsonl")
    file.write_text("".join(json.dumps(asdict(figure)) + "\n" for figure in figures))
    return file
