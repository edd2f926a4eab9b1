"""Words cut into the pieces that a MiniLM model knows: BERT's uncased WordPiece.

Lower case, accents and control characters off, marks and Chinese characters by themselves; then
each word as the longest known pieces from its start, "[UNK]" where it has none.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

_LONGEST_WORD = 100  # code points; a longer one is "[UNK]"
_CHINESE = (
    *((0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F)),
    *((0x2B740, 0x2B81F), (0x2B820, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F)),
)


class WordPiece:
    """A vocabulary of pieces; a piece's id is its line number, from 0."""

    def __init__(self, pieces: Sequence[str]) -> None:
        self._ids = {piece: number for number, piece in enumerate(pieces)}
        self._unknown = self._ids["[UNK]"]

    @classmethod
    def read(cls, path: Path) -> WordPiece:
        """Return the vocabulary of a file with one piece a line."""
        return cls(path.read_text(encoding="utf-8").removesuffix("\n").split("\n"))

    def ids(self, text: str, most: int) -> list[int]:
        """Return the ids of a text's pieces between "[CLS]" and "[SEP]", `most` in all."""
        found: list[int] = []
        for word in _words(text):
            found += self._pieces(word)
            if len(found) >= most - 2:
                break
        return [self._ids["[CLS]"], *found[: most - 2], self._ids["[SEP]"]]

    def _pieces(self, word: str) -> list[int]:
        if len(word) > _LONGEST_WORD:
            return [self._unknown]
        found: list[int] = []
        start = 0
        while start < len(word):
            end = len(word)
            mark = "##" if start else ""
            while end > start and mark + word[start:end] not in self._ids:
                end -= 1
            if end == start:
                return [self._unknown]
            found.append(self._ids[mark + word[start:end]])
            start = end
        return found


def _words(text: str) -> Iterator[str]:
    """Yield words and marks as BERT tells them apart."""
    kept = "".join(_cleaned(character) for character in text)
    plain = unicodedata.normalize("NFD", kept.lower())
    spaced = "".join(
        f" {character} " if _is_mark(character) else character
        for character in plain
        if unicodedata.category(character) != "Mn"
    )
    yield from spaced.split()


def _cleaned(character: str) -> str:
    if character in "\t\n\r" or unicodedata.category(character) == "Zs":
        return " "
    if character in "\x00\ufffd" or unicodedata.category(character).startswith("C"):
        return ""
    code = ord(character)
    return f" {character} " if any(low <= code <= high for low, high in _CHINESE) else character


def _is_mark(character: str) -> bool:
    """Return whether a character stands by itself: all of ASCII that is no letter or digit too."""
    code = ord(character)
    if 33 <= code <= 47 or 58 <= code <= 64 or 91 <= code <= 96 or 123 <= code <= 126:
        return True
    return unicodedata.category(character).startswith("P")
