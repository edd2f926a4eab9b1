"""Earlier checks like a claim, found among tens of thousands in a few milliseconds.

Words rank by BM25, rare ones first; the best few are then compared letter by letter, so that word
order and misspellings count. A match says in words where it differs: alike is not the same.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest

from rapidfuzz import fuzz

from factcheck.text.differences import Difference, differences
from factcheck.text.words import content_words

_SATURATION = 1.2  # BM25's k1
_LENGTH_SHARE = 0.4  # BM25's b: checks are all short
_TITLE_SHARE = 0.6  # of a word that only the title has
_BEFORE_SHARE = 0.2  # of a word that stood before the claim, not in it
_BEFORE_WORDS = 40
_MOST_POSTINGS = 6_000  # read for one query; commoner words then only rank what others found
_RANKED = 100  # checks ranked by all words of the query
_COMPARED = 30  # checks compared by letters
_LETTERS_SHARE = 0.3  # of the similarity; the rest is words


@dataclass(frozen=True, slots=True)
class Check:
    """An earlier check: its id, the claim checked, and the title it was published under."""

    id: str
    text: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A check like a claim; `similarity` is between 0 and 1, `differences` say in what."""

    id: str
    similarity: float
    differences: tuple[Difference, ...]


class Checks:
    """An index of earlier checks in memory; made once, then asked any number of times."""

    def __init__(self, checks: Iterable[Check]) -> None:
        self._checks = list(checks)
        counts = [_weighted_words(check) for check in self._checks]
        lengths = [sum(count.values()) for count in counts]
        mean = sum(lengths) / len(lengths) if lengths else 1.0
        holding = Counter(word for count in counts for word in count)
        self._rarity = {
            word: math.log(1 + (len(counts) - held + 0.5) / (held + 0.5))
            for word, held in holding.items()
        }
        self._worths = [
            self._worths_of(count, length / (mean or 1.0))
            for count, length in zip(counts, lengths, strict=True)
        ]
        self._postings: dict[str, list[tuple[int, float]]] = {}
        for number, worths in enumerate(self._worths):
            for word, worth in worths.items():
                self._postings.setdefault(word, []).append((number, worth))

    def like(self, text: str, *, before: str | None = None, top: int = 5) -> list[Match]:
        """Return the `top` checks most like a claim, the most alike first.

        `before` is what stood before the claim: it helps where the claim says "it". Checks that
        share no word of substance with the claim are not returned.
        """
        query = self._query(text, before)
        if not query:
            return []
        most = sum(share * self._rarity[word] * (_SATURATION + 1) for word, share in query.items())
        ranked = sorted(
            (
                (self._similarity(text, number, worth / most), number)
                for worth, number in self._best(query)
            ),
            key=lambda pair: (-pair[0], pair[1]),
        )
        return [
            Match(
                self._checks[number].id,
                round(similarity, 4),
                differences(text, self._checks[number].text),
            )
            for similarity, number in ranked[: max(0, top)]
        ]

    def _worths_of(self, count: Mapping[str, float], length: float) -> dict[str, float]:
        """Return what each word of a check is worth to a query that has it."""
        damping = _SATURATION * (1 - _LENGTH_SHARE + _LENGTH_SHARE * length)
        return {
            word: self._rarity[word] * (_SATURATION + 1) * often / (often + damping)
            for word, often in count.items()
        }

    def _query(self, text: str, before: str | None) -> dict[str, float]:
        """Return the words to look for with their share, the rarest first."""
        words = dict.fromkeys(content_words(text), 1.0)
        for word in content_words(before or "")[-_BEFORE_WORDS:]:
            words.setdefault(word, _BEFORE_SHARE)
        known = [word for word in words if word in self._rarity]
        known.sort(key=lambda word: (-self._rarity[word] * words[word], word))
        return {word: words[word] for word in known}

    def _best(self, query: Mapping[str, float]) -> list[tuple[float, int]]:
        """Return the checks worth most to a query, with their worth."""
        worths: dict[int, float] = {}
        read = 0
        words = list(query)
        while words and (not worths or read + len(self._postings[words[0]]) <= _MOST_POSTINGS):
            word = words.pop(0)
            read += len(self._postings[word])
            for number, worth in self._postings[word]:
                worths[number] = worths.get(number, 0.0) + query[word] * worth
        likely = nlargest(_RANKED, ((worth, -number) for number, worth in worths.items()))
        ranked = ((worth + self._worth(-number, query, words), number) for worth, number in likely)
        return [(worth, -number) for worth, number in nlargest(_COMPARED, ranked)]

    def _worth(self, number: int, query: Mapping[str, float], words: Sequence[str]) -> float:
        """Return what some words of a query are worth in one check."""
        worths = self._worths[number]
        return sum(query[word] * worths[word] for word in words if word in worths)

    def _similarity(self, text: str, number: int, words: float) -> float:
        """Return how alike a claim and a check are: by words, and by letters."""
        check = self._checks[number]
        letters = max(
            fuzz.token_set_ratio(text, check.text),
            fuzz.token_set_ratio(text, check.title) if check.title else 0.0,
        )
        return (1 - _LETTERS_SHARE) * min(1.0, words) + _LETTERS_SHARE * letters / 100


def _weighted_words(check: Check) -> dict[str, float]:
    """Return how often each word stands in a check; words of the title alone count for less."""
    count: dict[str, float] = dict(Counter(content_words(check.text)))
    for word in content_words(check.title):
        count.setdefault(word, _TITLE_SHARE)
    return count
