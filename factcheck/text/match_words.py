"""What a search for earlier checks reads of a claim: its words, and how much each of them counts.

Posts are noisy: addresses are dropped, "#SaveTheWolves" and "#savethewolves" give three words, the
line that says who posted ("— Ana Lund (@ana) May 2, 2029") counts like context, without its date.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from itertools import chain

from rapidfuzz.distance import DamerauLevenshtein

from factcheck.text.numerals import with_plain_numbers
from factcheck.text.same_words import one_word
from factcheck.text.words import content_words

CONTEXT_SHARE = 0.2  # of a word that stood before the claim, not in it
CONTEXT_WORDS = 40
_GUESS_SHARE = 0.7  # of a word that is only like one that was looked for
_ENTITY = re.compile(r"&\w{2,6};")
_CREDIT = re.compile(
    r"\s[—–-]{1,2}\s?(?P<who>[^—–]{1,80}?\(@\w{1,30}\))(?:\s\w{3,9}\.?\s[0-9]{1,2},\s[0-9]{4})?\s*$"
)
_LETTERS_AND_DIGITS = re.compile(r"(?<=[^\W\d_])(?=[0-9])|(?<=[0-9])(?=[^\W\d_])")
_MOST = 20_000  # code points
_LEAST_SPLIT, _LEAST_PART = 7, 3  # letters of a word that is split, and of its parts
_LEAST_GUESSED = 6
_MOST_SPLIT = 40
_MOST_GUESSES = 3


class Vocabulary:
    """The words of all checks; finds what an unknown word may have been meant to be."""

    def __init__(self, words: Iterable[str]) -> None:
        self._known = frozenset(words)
        self._shaped: dict[tuple[str, int], list[str]] = defaultdict(list)
        for word in sorted(self._known):
            self._shaped[word[0], len(word)].append(word)

    def __contains__(self, word: str) -> bool:
        """Return whether a check has the word."""
        return word in self._known

    def instead_of(self, word: str) -> list[str]:
        """Return the known words that make up an unknown one, else those one slip away from it."""
        return self._parts(word) or self._guesses(word)

    def _parts(self, word: str) -> list[str]:
        """Return the known words that a long word is made of, the fewest; [] where it is not."""
        if not _LEAST_SPLIT <= len(word) <= _MOST_SPLIT:
            return []
        best: list[list[str] | None] = [[]]
        for end in range(1, len(word) + 1):
            found = [
                [*rest, word[start:end]]
                for start in range(end - _LEAST_PART + 1)
                if (rest := best[start]) is not None and word[start:end] in self._known
            ]
            best.append(min(found, key=len, default=None))
        return best[-1] or []

    def _guesses(self, word: str) -> list[str]:
        """Return known words one letter off; the first letter is right, people seldom miss it."""
        if len(word) < _LEAST_GUESSED or not word.isalpha():
            return []
        alike = chain.from_iterable(
            self._shaped.get((word[0], length), ())
            for length in range(len(word) - 1, len(word) + 2)
        )
        return [
            other
            for other in alike
            if DamerauLevenshtein.distance(word, other, score_cutoff=1) <= 1
        ][:_MOST_GUESSES]


def search_words(text: str) -> list[str]:
    """Return a text's content words in order, numbers in digits, one word for what is the same."""
    text = _ENTITY.sub(" ", text[:_MOST])
    text = with_plain_numbers(_LETTERS_AND_DIGITS.sub(" ", text) if "@" in text else text)
    return [one_word(word) for word in content_words(text)]


def query_words(text: str, before: str, known: Vocabulary) -> dict[str, float]:
    """Return the words to look for, with their share; all of them are `known` words."""
    text, who = without_credit(text)
    shares: dict[str, float] = {}
    for word in search_words(text):
        if word in known:
            shares[word] = 1.0
        else:
            for part in known.instead_of(word):
                shares.setdefault(part, _GUESS_SHARE)
    for word in [*search_words(before)[-CONTEXT_WORDS:], *search_words(who)]:
        if word in known:
            shares.setdefault(word, CONTEXT_SHARE)
    return shares


def without_credit(text: str) -> tuple[str, str]:
    """Return a post without the line that says who posted it, and who did."""
    credit = _CREDIT.search(text[:_MOST])
    return (text[: credit.start()], credit["who"]) if credit else (text, "")
