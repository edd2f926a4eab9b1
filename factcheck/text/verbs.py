"""Words that are mostly verbs, as `factcheck text train` counts them behind subject pronouns."""

from functools import cache
from pathlib import Path
from typing import Final

_VERBS: Final = Path(__file__).with_name("verbs.txt")


@cache
def verbs() -> frozenset[str]:
    """Return the words that follow a subject pronoun so often that they are taken for verbs."""
    return frozenset(_VERBS.read_text(encoding="utf-8").split())
