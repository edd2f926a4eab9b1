"""The data that figures are taken on, where it lies beside the checkout."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data"
RIVALS = ROOT / ".bench"


def lines(name: str) -> list[dict[str, Any]]:
    """Return the rows of a JSON-lines file of the shared data; FileNotFoundError without it."""
    text = (SHARED / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def rivals_on_the_path() -> None:
    """Let the rivals that `bench/setup` installed be imported, after everything of our own."""
    for folder in RIVALS.glob("lib/python*/site-packages"):
        if str(folder) not in sys.path:
            sys.path.append(str(folder))
