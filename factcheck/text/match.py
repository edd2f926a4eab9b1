"""Earlier checks like a claim, found among tens of thousands in a few milliseconds.

Words rank by BM25, rare ones first; of the best few, letters are compared too, so that misspellings
count, and what differs (a number, a date, a name, a negation) lowers them. With the optional
embedding, meaning counts beside words. A match says in words where it differs: alike is not the
same, and nothing is merged here.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from typing import Protocol

from factcheck.text.differences import Difference, differences
from factcheck.text.match_words import Vocabulary, query_words, search_words, without_credit

_SATURATION = 1.2  # BM25's k1
_LENGTH_SHARE = 0.75  # BM25's b
_SHORT = 1.5  # times its rarity is what a word is worth in a short check
_TITLE_SHARE = 0.6  # of a word that only the title has
_MOST_POSTINGS = 12_000  # read for one query; commoner words then only rank what others found
_RANKED = 100  # checks ranked by all words of the query
_COMPARED = 20  # checks compared by letters and differences
_LETTERS_SHARE = 0.15  # of the similarity by words; the rest is BM25
_MEANING_SHARE = 0.5  # of the similarity where meaning is known; the rest is words and letters
_CUT = 4  # letters that are compared as one
_LETTERS_READ = 500
_PENALTIES = {"date": 0.05, "number": 0.05, "name": 0.03, "negation": 0.01}
_MOST_PENALTY = 0.15


class Meaning(Protocol):
    """What knows how near in meaning a claim is to each check, in their order."""

    def nearness(self, text: str, before: str) -> Sequence[float]:
        """Return a number for each check, 1 at most where it says the same."""

    def best(self, nearness: Sequence[float], most: int) -> Iterable[int]:
        """Return the places of the `most` nearest checks."""


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

    def __init__(self, checks: Iterable[Check], meaning: Meaning | None = None) -> None:
        self._checks = list(checks)
        self._meaning = meaning
        counts = [_weighted_words(check) for check in self._checks]
        lengths = [sum(count.values()) for count in counts]
        mean = sum(lengths) / len(lengths) if lengths else 1.0
        holding = Counter(word for count in counts for word in count)
        self._rarity = {
            word: math.log(1 + (len(counts) - held + 0.5) / (held + 0.5))
            for word, held in holding.items()
        }
        self._vocabulary = Vocabulary(self._rarity)
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
        share no word of substance with the claim are returned only where meaning is known.
        """
        query = self._query(text, before or "")
        worths = {number: worth for worth, number in self._best(query)} if query else {}
        claim, _ = without_credit(text)
        alike = self._alike(claim, query, worths)
        if self._meaning is not None:
            alike = self._mixed(self._meaning, claim, before or "", query, alike)
        ranked = sorted(
            (self._match(claim, number, similarity) for number, similarity in alike.items()),
            key=lambda match: (-match[0].similarity, match[1]),
        )
        return [match for match, _ in ranked[: max(0, top)]]

    def _match(self, claim: str, number: int, similarity: float) -> tuple[Match, int]:
        """Return a match lowered by what differs, and the place of its check."""
        check = self._checks[number]
        differing = differences(claim, check.text)
        penalty = min(_MOST_PENALTY, sum(_PENALTIES[one.kind] for one in differing))
        return Match(check.id, round(max(0.0, similarity - penalty), 4), differing), number

    def _alike(
        self, claim: str, query: Mapping[str, float], worths: Mapping[int, float]
    ) -> dict[int, float]:
        """Return how alike each check is by words and letters, between 0 and 1."""
        most = self._most(query)
        letters = _cuts(claim)
        return {
            number: (1 - _LETTERS_SHARE) * min(1.0, worth / most)
            + _LETTERS_SHARE * _shared(letters, _cuts(self._checks[number].text))
            for number, worth in worths.items()
        }

    def _mixed(
        self, meaning: Meaning, claim: str, before: str, query: Mapping[str, float],
        alike: Mapping[int, float],
    ) -> dict[int, float]:  # fmt: skip
        """Return how alike checks are by words, letters and meaning, the nearest ones among them.

        Words and meaning are weighed against each other by a fixed share.
        """
        nearness = meaning.nearness(claim, before)
        nearest = [number for number in meaning.best(nearness, _COMPARED) if number not in alike]
        worths = {number: self._worth(number, query, list(query)) for number in nearest}
        alike = {**alike, **self._alike(claim, query, worths)}
        return {
            number: (1 - _MEANING_SHARE) * words
            + _MEANING_SHARE * max(0.0, float(nearness[number]))
            for number, words in alike.items()
        }

    def _most(self, query: Mapping[str, float]) -> float:
        """Return what a short check with all words of a query would be worth."""
        return _SHORT * sum(share * self._rarity[word] for word, share in query.items()) or 1.0

    def _worths_of(self, count: Mapping[str, float], length: float) -> dict[str, float]:
        """Return what each word of a check is worth to a query that has it."""
        damping = _SATURATION * (1 - _LENGTH_SHARE + _LENGTH_SHARE * length)
        return {
            word: self._rarity[word] * (_SATURATION + 1) * often / (often + damping)
            for word, often in count.items()
        }

    def _query(self, text: str, before: str) -> dict[str, float]:
        """Return the words to look for with their share, the rarest first."""
        words = query_words(text, before, self._vocabulary)
        order = sorted(words, key=lambda word: (-self._rarity[word] * words[word], word))
        return {word: words[word] for word in order}

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


def _weighted_words(check: Check) -> dict[str, float]:
    """Return how often each word stands in a check; words of the title alone count for less."""
    count: dict[str, float] = dict(Counter(search_words(check.text)))
    for word in search_words(check.title):
        count.setdefault(word, _TITLE_SHARE)
    return count


def _cuts(text: str) -> set[str]:
    """Return every four characters in a row, in lower case."""
    plain = f" {text[:_LETTERS_READ].lower()} "
    return {plain[start : start + _CUT] for start in range(len(plain) - _CUT + 1)}


def _shared(one: set[str], other: set[str]) -> float:
    """Return Dice's share of what two sets have in common."""
    return 2 * len(one & other) / ((len(one) + len(other)) or 1)
