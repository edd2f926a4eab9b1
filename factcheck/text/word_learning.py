"""Learning which classes English words have, from sentences that a parser labelled.

An averaged perceptron: the model guesses each sentence as it will later, and each wrong guess
moves the weights of what was seen at that word. The same sentences give the same model, byte
for byte.
"""

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from factcheck.text.parsed import Parsed
from factcheck.text.word_classes import (
    TOKEN,
    Model,
    Row,
    ending,
    heaviest,
    signs_at,
    small,
)

_PASSES: Final = 4
_RARE: Final = 5  # places up to which a word teaches what its ending can be
_FEWEST: Final = 3  # places of a word that is known by itself
_WELL_KNOWN: Final = 12  # places from which its ending says nothing more
_ENDING_SEEN: Final = 10  # places of an ending that is known
_SMALLEST: Final = 1.0  # a weight nearer to zero is dropped
_FINER: Final = 10  # the weights that are written are whole tenths
_UNKNOWN: Final = "?"
_Counts = dict[str, Counter[str]]


class _Taught(NamedTuple):
    """A sentence: what is known of its words beforehand, and their true classes."""

    row: Row
    sorts: str


def word_classes(sentences: Sequence[Parsed]) -> dict[str, Any]:
    """Return the model by which `word_classes.py` guesses, learned from `sentences`."""
    counts = _counts(sentences)
    endings = _endings(counts)
    words = _words(counts, Model({}, endings, {}))
    moving = _Moving()
    model = Model(words, endings, moving.weights)
    taught = [_Taught(model.row(TOKEN.findall(one.text)), one.sorts) for one in sentences]
    shuffler = random.Random(7)  # noqa: S311
    for _ in range(_PASSES):
        shuffler.shuffle(taught)
        for one in taught:
            _learn(one, moving)
    listed: dict[str, list[str]] = {}
    for word, sorts in sorted(words.items()):
        listed.setdefault(sorts, []).append(word)
    return {
        "words": {sorts: " ".join(listed[sorts]) for sorts in sorted(listed)},
        "endings": dict(sorted(endings.items())),
        "weights": moving.averaged(),
    }


def _counts(sentences: Iterable[Parsed]) -> _Counts:
    """Return how often each word had each class."""
    counts: _Counts = {}
    for text, sorts, _ in sentences:
        for word, sort in zip(TOKEN.findall(text), sorts, strict=True):
            if sort != _UNKNOWN:
                counts.setdefault(small(word), Counter())[sort] += 1
    return counts


def _endings(counts: Mapping[str, Counter[str]]) -> dict[str, str]:
    """Return the classes of rare words by their endings, the most frequent first."""
    found: _Counts = {}
    for word, sorts in counts.items():
        if word[0].isalpha() and sorts.total() <= _RARE:
            for last in {ending(word), word[-2:], word[-1:]}:
                found.setdefault(last, Counter()).update(sorts)
    return {
        last: _often(sorts, sorts.total() / 50)
        for last, sorts in found.items()
        if sorts.total() >= _ENDING_SEEN
    }


def _words(counts: Mapping[str, Counter[str]], by_ending: Model) -> dict[str, str]:
    """Return the classes of each word that is not too rare; a rather rare one has its ending's."""
    found = {}
    for word, sorts in counts.items():
        seen = sorts.total()
        if seen < _FEWEST or word[0].isdigit():
            continue
        kept = _often(sorts, max(seen / 40, 1 if seen < 50 else 2))
        if seen < _WELL_KNOWN:
            kept += "".join(sort for sort in by_ending.by_ending(word) if sort not in kept)
        found[word] = kept
    return found


def _often(sorts: Counter[str], least: float) -> str:
    """Return the classes counted `least` times or more, six at most, the most frequent first."""
    ranked = sorted(sorts.items(), key=lambda pair: (-pair[1], pair[0]))
    return "".join(sort for sort, count in ranked[:6] if count >= least)


def _learn(one: _Taught, moving: "_Moving") -> None:
    """Guess a sentence, and move the weights where the guess is wrong."""
    far = near = "."
    for place, choices in enumerate(one.row.choices):
        sort, true = choices, one.sorts[place]
        if len(choices) > 1:
            signs = signs_at(one.row, place, far, near)
            sort = heaviest(choices, signs, moving.weights)
            moving.moment += 1
            if sort != true and true in choices:
                moving.move(signs, true, sort)
        far, near = near, sort


class _Moving:
    """Weights that move, and the sum of each over all moments up to its last move."""

    def __init__(self) -> None:
        self.weights: dict[str, dict[str, int]] = {}
        self.moment = 0
        self._summed: dict[tuple[str, str], int] = {}
        self._moved: dict[tuple[str, str], int] = {}

    def move(self, signs: Iterable[str], towards: str, away: str) -> None:
        """Let the signs speak for one class a little more, and a little less for the other."""
        for sign in signs:
            weighed = self.weights.setdefault(sign, {})
            for sort, step in ((towards, 1), (away, -1)):
                was = weighed.get(sort, 0)
                place = sign, sort
                since = self.moment - self._moved.get(place, 0)
                self._summed[place] = self._summed.get(place, 0) + since * was
                self._moved[place] = self.moment
                weighed[sort] = was + step

    def averaged(self) -> dict[str, str]:
        """Return the mean of each weight over all moments, as "n 61 f -8"."""
        found = {}
        for sign in sorted(self.weights):
            means = {
                sort: self._mean(sign, sort, weight) for sort, weight in self.weights[sign].items()
            }
            kept = {sort: mean for sort, mean in sorted(means.items()) if abs(mean) >= _SMALLEST}
            if kept:
                found[sign] = " ".join(f"{s} {round(_FINER * mean)}" for s, mean in kept.items())
        return found

    def _mean(self, sign: str, sort: str, weight: int) -> float:
        place = sign, sort
        since = self.moment - self._moved[place]
        return (self._summed[place] + since * weight) / max(1, self.moment)
