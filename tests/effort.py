"""How long tests look: once as written, twenty times as long under `make soak`."""

from __future__ import annotations

import os

SOAK = os.environ.get("FACTCHECK_TEST_PROFILE") == "soak"


def examples(number: int) -> int:
    """Return how many examples a property test draws that takes `number` in the ordinary run."""
    return number * 20 if SOAK else number
