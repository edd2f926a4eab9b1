"""The words that English writes with a small letter, as far as the training texts show them.

A capital on such a word means something: a sentence begins, or a heading. On any other word
it means little.
"""

from functools import cache
from pathlib import Path
from typing import Final

_WORDS: Final = Path(__file__).with_name("lexicon.txt")


@cache
def lexicon() -> frozenset[str]:
    """Return the words, in small letters."""
    return frozenset(_WORDS.read_text(encoding="utf-8").split())
