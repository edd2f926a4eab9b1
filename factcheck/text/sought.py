"""What somebody typed to be searched for: its words, the query of them, and where they stand.

The words are taken out first and reach an index quoted, so that nothing typed is query syntax.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

LONGEST_QUERY = 200  # code points; the rest is not read
MOST_WORDS = 16
_AROUND = 110  # code points shown on each side of the first word found
_WORD = re.compile(r"[^\W_]+")


def words_in(typed: str) -> list[str]:
    """Return the words that are sought, in small letters, each once."""
    found = dict.fromkeys(_WORD.findall(typed[:LONGEST_QUERY].casefold()))
    return list(found)[:MOST_WORDS]


def quoted(words: Sequence[str], dialect: str) -> tuple[str, str]:
    """Return the query for all of the words, and that for any: quoted, so they are only words."""
    if dialect == "sqlite":
        return " AND ".join(f'"{word}"' for word in words), " OR ".join(f'"{w}"' for w in words)
    return " & ".join(f"'{word}'" for word in words), " | ".join(f"'{word}'" for word in words)


def extract(body: str, words: Sequence[str], around: int = _AROUND) -> list[tuple[str, bool]]:
    """Return the words around the first of those sought, in pieces: (text, whether sought)."""
    stems = tuple(word[: max(3, len(word) - 2)] for word in words)
    first = next((m.start() for m in _WORD.finditer(body) if _is_sought(m[0], stems)), 0)
    start = body.rfind(" ", 0, max(0, first - around)) + 1 if first > around else 0
    text = " ".join(body[start : first + 2 * around].split())
    if first + 2 * around < len(body):
        text = text.rpartition(" ")[0] + " …"
    text = f"… {text}" if start else text
    pieces: list[tuple[str, bool]] = []
    at = 0
    for match in _WORD.finditer(text):
        if _is_sought(match[0], stems):
            pieces += [(text[at : match.start()], False), (match[0], True)]
            at = match.end()
    return [piece for piece in [*pieces, (text[at:], False)] if piece[0]]


def _is_sought(word: str, stems: tuple[str, ...]) -> bool:
    return word.casefold().startswith(stems)
