"""Captions and headings that lost the white space around them.

Pasting a page drops the break after a picture's caption: "Jane DoeJane Doe, the minister"
or, in the middle of a sentence, "for firms, A fair trialshoppers with small claims". Such a
seam is believed only where both sides are words of their own that the text or the
language knows, and only near the start of a line or after a capital out of place.
"""

import re
from collections import Counter
from typing import Final

from factcheck.text.segment.lexicon import lexicon

_SEAM: Final = re.compile(r"[A-Z](?<=[a-z]{2}[A-Z])(?=[a-z]{2})")
_HEAD: Final = 90  # code points from a line's start in which a glued caption may end
_DROPPED: Final = re.compile(
    # One class in front lets the search leap from one such capital to the next.
    r"[AHIMPTW](?<=[a-z,;‚]\s.)(?:(?<=A)n?|(?<=T)he|(?<=H)ow|(?<=W)(?:hy|hat|here)|"
    r"(?<=I)nside|(?<=M)ap|(?<=P)hoto)\s[a-z]"
)
_LONGEST_DROPPED: Final = 80  # code points
_SMALL_WORD: Final = re.compile(r"[a-z]{6,24}(?![\w’'-])")
_WORD: Final = re.compile(r"[^\W\d_]+")


class Words:
    """The words that a text uses, known once somebody asks."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._counts: Counter[str] | None = None

    def count(self, word: str) -> int:
        """Return how often `word` stands in the text as a word of its own."""
        if self._counts is None:
            self._counts = Counter(_WORD.findall(self._text))
        return self._counts[word]

    def knows(self, word: str) -> bool:
        """Whether `word` is one of the language or stands elsewhere in the text."""
        return word.lower() in lexicon() or self.count(word) > 0


def seam_at_head(text: str, start: int, end: int, words: Words, *, prose: bool) -> int:
    """Return where a caption or heading glued to the head of `text[start:end]` ends, or -1.

    Over `prose` a name counts as a caption only if the text knows it from elsewhere.
    """
    head = min(end, start + _HEAD)
    for match in _SEAM.finditer(text, start, head):
        seam = match.start()
        if _STOP_INSIDE.search(text, start, seam):
            return -1
        if _is_seam(text, start, seam, words, prose=prose):
            return seam
    return -1


def dropped_captions(text: str, start: int, end: int, words: Words) -> list[tuple[int, int]]:
    """Return the spans of captions that fell into the middle of a sentence."""
    found: list[tuple[int, int]] = []
    for match in _DROPPED.finditer(text, start, end):
        caption = match.start()
        if found and caption < found[-1][1]:
            continue
        seam = _hidden_seam(text, caption, min(end, caption + _LONGEST_DROPPED), words)
        if seam > 0:
            found.append((caption, seam))
    return found


_NAME_PARTS: Final = frozenset({"Mac", "Fitz", "Van", "Von", "Las", "Los", "San", "Des"})
_STOP_INSIDE: Final = re.compile(r"[.!?;:]\s")


def _is_seam(text: str, start: int, seam: int, words: Words, *, prose: bool) -> bool:
    phrase = text[start:seam]
    left = _word_before(text, start, seam)
    right = _word_after(text, seam)
    if " " not in phrase or left in _NAME_PARTS or (left + right).lower() in lexicon():
        return False
    if text.startswith(phrase, seam):
        return True
    if words.count(left + right) > 1 or not (words.knows(left) and words.knows(right)):
        return False
    if left.islower():
        return True
    named = all(word[0].isupper() for word in phrase.split())
    return named and (words.count(left) > 0 or not prose)


def _word_before(text: str, start: int, seam: int) -> str:
    position = seam
    while position > start and text[position - 1].isalpha() and seam - position < 30:
        position -= 1
    return text[position:seam]


def _word_after(text: str, seam: int) -> str:
    match = _WORD.match(text, seam, seam + 30)
    return match.group() if match else ""


def _hidden_seam(text: str, start: int, end: int, words: Words) -> int:
    """Return where, in `text[start:end]`, two words of small letters run into one, or -1."""
    for match in re.finditer(r"\S+", text[start:end]):
        token = match.group()
        if not token[-1].isalnum() and token[-1] != "’":
            return -1
        small = _SMALL_WORD.fullmatch(token)
        if small and token not in lexicon() and words.count(token) <= 1:
            cut = _two_words(token)
            return start + match.start() + cut if cut else -1
    return -1


def _two_words(token: str) -> int:
    """Return where `token` parts into two common words, the longer pair first; 0 if nowhere."""
    known = lexicon()
    cuts = [
        cut for cut in range(3, len(token) - 2) if token[:cut] in known and token[cut:] in known
    ]
    return max(cuts, key=lambda cut: min(cut, len(token) - cut), default=0)
