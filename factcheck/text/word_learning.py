"""Learning which classes English words have, from text that nobody labelled.

A hidden Markov model over the classes of `word_classes.py`, fitted by expectation and
maximisation (Baum and Welch). What keeps it from drifting: the closed words are given, the shape
of a word says what it may be, and counts of plain contexts ("to X", "the X", "she X") say where
to start. The same sentences give the same model, byte for byte.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from factcheck.text.grammar_words import CLOSED, IRREGULAR
from factcheck.text.word_classes import TOKEN, ending, shape_classes, small
from factcheck.text.wordlists import words

Shares = dict[str, float]
_SORTS: Final = 'pPodiscamTbyjnSNvzfeg9,;:()."x'
_ROUNDS: Final = 6
_LONGEST: Final = 80  # words of a sentence that are learned from
_FEWEST: Final = 3  # places of a word that is learned by itself, not by its ending
_HELD: Final = 200.0  # places that the given shares of followers count for
_OTHERWISE: Final = 0.3  # the weight of a follower not named below
_FOLLOWERS: Final = {
    "P": "e 10 g 8 d 6 j 5 y 6 i 3 f 3 n 1 b 3 v .05",
    "d": "n 20 j 10 S 8 N 8 9 5 e 2 g 2 v .05 z .02 f .02 a .2 m .1 p .05 d 1",
    "j": "n 20 S 10 j 3 N 2 i 3 T 2 c 2 , 2 . 2 f .05 z .1 v .2 g .5",
    "n": "i 12 n 6 S 4 , 6 . 6 c 4 v 4 z 3 f .1 a 5 m 2 s 3 e 2 g 1 T 2 N 1 j .3 y 1",
    "S": "i 12 , 6 . 6 c 4 v 4 f 3 z .05 a 5 m 2 s 3 e 2 g 1 T 2 n .3 j .3 y 1 N .5",
    "N": "N 15 i 5 , 6 . 6 c 4 v 5 z 3 f .2 a 5 m 2 s 1 e .5 n 3 S 1 9 1 ( 2 y 1 j .3",
    "p": "v 8 z 5 f 6 a 10 m 6 y 3 i 1 , 1 n .1 S .1 N .1 j .1 e .3 g .1",
    "o": "i 4 , 3 . 4 T 3 c 2 y 2 v .3 z .2 f .8 s 1",
    "m": "f 12 b 8 y 4 p 1 n .05 j .05 S .02 z .02 v .02 N .1 a .8 o .1",
    "T": "f 30 b 5 y 1 n .1 S .05 N .1 j .1 d .2 a 1",
    "a": "e 10 g 4 d 6 j 5 y 6 i 4 n 2 N 1 b 2 S 1 v .05 z .02 f 1 T 2 p 2 o 1",
    "b": "e 12 g 2 d 4 j 4 i 3 n 1 v .05 y 2",
    "i": "d 12 N 8 n 5 S 5 j 4 9 5 o 3 g 3 p .8 e .3 v .02 z .02 f .02 s 1",
    "s": "p 8 P 4 d 6 N 4 v 2 z 2 f 1 a 3 m 1 n 3 S 3 j 2 i 2 y 1 g .5 e .5",
    "c": "P 1 d 5 N 5 n 6 S 5 j 4 v 4 z 2 f 2 e 2 g 2 p 3 i 2 y 2 a .5 m .5",
    "y": "v 3 z 2 f 2 e 4 j 4 i 3 , 3 . 2 y 2 a 1 m .5 n .3 d 2 g 1 9 1",
    "v": "d 8 i 7 o 3 T 3 s 4 N 3 n 2 S 2 j 2 y 2 p 2 . 2 , 2 v .05 z .05 f .05 a .1",
    "z": "d 8 i 6 o 2 T 3 s 3 N 2 n 3 S 2 j 2 y 2 p 2 . 1 , 1 v .05 z .05 f .05",
    "f": "d 9 i 6 o 4 T 2 s 2 N 2 n 3 S 3 j 2 y 2 p 2 . 2 , 2 v .05 z .05 f .05",
    "e": "i 14 T 2 , 2 . 3 d 1 n 2 S 1.5 y 2 c 1 N .5 j .5 v .05",
    "g": "d 8 i 6 n 4 S 4 N 2 o 2 T 2 j 2 y 1 , 1 . 1",
    "9": "n 8 S 9 N 3 , 4 . 3 i 4 c 2 j 2 v .5 a .5",
    ",": "P 1 c 8 d 5 N 4 s 4 p 4 i 4 n 3 S 3 j 3 g 3 e 2 y 3 v 1 z .5 f .3 a 1 9 2",
}
"""What tends to stand behind a class, as a start: rough weights, set by hand."""
_MODALS: Final = words(
    "will would can could may might must shall should don't didn't doesn't can't won't"
)
_BEFORE_BASE: Final = _MODALS | words("i we they you to not n't")
_BEFORE_NOUN: Final = words("the a an his its their our my your this of no any some")
_BEFORE_THIRD: Final = words("he she it which who there that this")
_START_SHARES: Final = {"z": 1.5, "f": 0.25, "j": 0.5, "N": 0.5}


class _Place(NamedTuple):
    """A word in its place: what stands for it, and the classes that it could have here."""

    key: str
    sorts: str


class _Contexts(NamedTuple):
    """How often each word was seen, and seen where a base form, noun or third person stands."""

    seen: Counter[str]
    base: Counter[str]
    noun: Counter[str]
    third: Counter[str]


def word_classes(sentences: Sequence[str]) -> dict[str, dict[str, str] | str]:
    """Return the costs by which `word_classes.py` guesses, learned from `sentences`."""
    given = _given()
    texts = [found for found in (TOKEN.findall(text)[:_LONGEST] for text in sentences) if found]
    contexts = _contexts(texts)
    rows = [_places(text, given, contexts) for text in texts]
    follow = {sort: _evened(weights) for sort, weights in _followers().items()}
    emit = _first_shares(rows, given, contexts)
    totals: Counter[str] = Counter()
    for _ in range(_ROUNDS):
        follow, counted = _round(rows, follow, emit)
        emit, totals = _emissions(counted)
    return _written(follow, emit, totals, given)


def _given() -> dict[str, str]:
    """Return the classes of each word given by hand, in the order of the lists."""
    given: dict[str, str] = {}
    for sort, listed in CLOSED.items():
        for word in listed.split():
            given[word] = given.get(word, "") + sort
    return given


def _contexts(texts: Sequence[Sequence[str]]) -> _Contexts:
    found = _Contexts(Counter(), Counter(), Counter(), Counter())
    for text in texts:
        found.seen.update(small(word) for word in text)
        for left, word in pairwise(text):
            before = small(left)
            if not word.islower():
                continue
            found.base[word] += (before in _BEFORE_BASE) + (before in _MODALS)
            found.noun[word] += before in _BEFORE_NOUN
            found.third[word] += before in _BEFORE_THIRD and word.endswith("s")
    return found


def _places(text: Sequence[str], given: Mapping[str, str], contexts: _Contexts) -> list[_Place]:
    irregular = {word: sorts for sorts, listed in IRREGULAR.items() for word in listed.split()}
    row = []
    for place, word in enumerate(text):
        low = small(word)
        if low in given:
            row.append(_Place(low, given[low]))
            continue
        known = low in irregular or not low[0].isalpha() or contexts.seen[low] >= _FEWEST
        key = low if known else ending(low)
        if word[0].isupper() and place:
            row.append(_Place(key, "N"))
            continue
        sorts = irregular.get(low) or _likely(low, shape_classes(word), contexts)
        row.append(_Place(key, sorts + "N" if word[0].isupper() else sorts))
    return row


def _likely(word: str, sorts: str, contexts: _Contexts) -> str:
    """Return the classes without those that the contexts of a frequent word speak against."""
    seen, base, noun = contexts.seen[word], contexts.base[word], contexts.noun[word]
    if sorts == "Sz" and seen >= 4 and not contexts.third[word]:
        stems = contexts.base[word[:-1]] + contexts.base[word[:-2]]
        return sorts if stems >= 2 else "S"
    if sorts != "njf" or seen < _FEWEST:
        return sorts
    if seen >= 5 and (base < 2 or base * 12 < noun):
        return "nj"
    return "f" if base >= 3 and base >= 2 * noun else sorts


def _followers() -> dict[str, Shares]:
    found: dict[str, Shares] = {}
    for sort in _SORTS:
        listed = _FOLLOWERS.get(sort, "").split()
        named = {
            after: float(weight) for after, weight in zip(listed[::2], listed[1::2], strict=True)
        }
        found[sort] = {after: named.get(after, _OTHERWISE) for after in _SORTS}
    return found


def _first_shares(
    rows: Iterable[Sequence[_Place]], given: Mapping[str, str], contexts: _Contexts
) -> dict[str, Shares]:
    """Return for each word how likely each of its classes is to begin with."""
    emit: dict[str, Shares] = {}
    for row in rows:
        for key, sorts in row:
            shares = emit.setdefault(key, {})
            for sort in sorts:
                shares[sort] = 1.0 if key in given else _START_SHARES.get(sort, 1.0)
    for key, shares in emit.items():
        base, noun = contexts.base[key], contexts.noun[key]
        if key in given or key[0] == "~":
            continue
        if "f" in shares:
            shares["f"] = 2.0 * (base + 0.2) / (noun + base + 1.0)
        if "z" in shares:
            third = 3 * contexts.third[key] + 0.5 * contexts.base[key[:-1]]
            nouns = noun + 0.5 * contexts.noun[key[:-1]]
            shares["z"] = 6.0 * (third + 0.2) / (nouns + third + 1.0)
    return emit


def _round(
    rows: Sequence[Sequence[_Place]], follow: Mapping[str, Shares], emit: Mapping[str, Shares]
) -> tuple[dict[str, Shares], dict[str, Shares]]:
    """Return the followers anew, and how often each word was each class, by the last guess."""
    follows = {sort: dict.fromkeys(_SORTS, 0.02) for sort in _SORTS}
    counted: dict[str, Shares] = {}
    for row in rows:
        _count(row, _forward(row, follow, emit), follow, emit, follows, counted)
    for sort, start in _followers().items():
        for after, share in _evened(start).items():
            follows[sort][after] += _HELD * share
    return {sort: _evened(weights) for sort, weights in follows.items()}, counted


def _forward(
    row: Sequence[_Place], follow: Mapping[str, Shares], emit: Mapping[str, Shares]
) -> list[Shares]:
    """Return for each place the share of each class, by what stands before it."""
    before: Shares = {".": 1.0}
    shares = []
    for key, sorts in row:
        own = emit[key]
        now = {
            sort: own[sort] * sum(share * follow[left][sort] for left, share in before.items())
            for sort in sorts
        }
        before = _evened(now)
        shares.append(before)
    return shares


def _count(
    row: Sequence[_Place],
    forward: Sequence[Shares],
    follow: Mapping[str, Shares],
    emit: Mapping[str, Shares],
    follows: dict[str, Shares],
    counted: dict[str, Shares],
) -> None:
    """Add what one sentence shows, going backwards."""
    behind = dict.fromkeys(row[-1].sorts, 1.0)
    for place in range(len(row) - 1, -1, -1):
        key = row[place].key
        own = emit[key]
        here = _evened({sort: share * behind[sort] for sort, share in forward[place].items()})
        counts = counted.setdefault(key, {})
        for sort, share in here.items():
            counts[sort] = counts.get(sort, 0.0) + share
        lefts = forward[place - 1] if place else {".": 1.0}
        steps = {
            (left, sort): follow[left][sort] * own[sort] * behind[sort]
            for left in lefts
            for sort in here
        }
        total = sum(lefts[left] * step for (left, _), step in steps.items()) or 1e-30
        into: Shares = dict.fromkeys(lefts, 0.0)
        for (left, sort), step in steps.items():
            follows[left][sort] += lefts[left] * step / total
            into[left] += step
        largest = max(into.values()) or 1e-30
        behind = {left: step / largest for left, step in into.items()}


def _emissions(counted: Mapping[str, Shares]) -> tuple[dict[str, Shares], Counter[str]]:
    """Return how likely each class is to show each word, and the number of places of each class.

    One place more is shared out over the classes of a word as its ending has them.
    """
    totals: Counter[str] = Counter()
    by_ending: dict[str, Counter[str]] = {}
    for key, counts in counted.items():
        ours = by_ending.setdefault(key if key[0] == "~" else ending(key), Counter())
        for sort, count in counts.items():
            totals[sort] += count  # type: ignore[assignment]
            ours[sort] += count  # type: ignore[assignment]
    emit = {}
    for key, counts in counted.items():
        ours = by_ending[key if key[0] == "~" else ending(key)]
        whole = sum(ours[sort] for sort in counts) or 1.0
        emit[key] = {
            sort: (count + ours[sort] / whole) / totals[sort] for sort, count in counts.items()
        }
    return emit, totals


def _evened(weights: Mapping[str, float]) -> Shares:
    total = sum(weights.values()) or 1e-30
    return {name: weight / total for name, weight in weights.items()}


def _written(
    follow: Mapping[str, Shares],
    emit: Mapping[str, Shares],
    totals: Mapping[str, float],
    given: Mapping[str, str],
) -> dict[str, dict[str, str] | str]:
    into = {after: {sort: follow[sort][after] for sort in _SORTS} for after in _SORTS}
    return {
        "into": {sort: _costs(shares) for sort, shares in into.items()},
        "unseen": _costs({sort: 0.5 / max(1.0, totals.get(sort, 0.0)) for sort in _SORTS}),
        "closed": {key: _costs(emit[key]) for key in sorted(emit) if key in given},
        "known": {
            key: _costs(emit[key])
            for key in sorted(emit)
            if key not in given and not key[0].isdigit()
        },  # a figure is told by its shape
    }


def _costs(shares: Mapping[str, float]) -> str:
    """Return the shares as costs in tenths of a natural logarithm, "n 61 f 80"."""
    return " ".join(
        f"{sort} {round(-10 * math.log(max(share, 1e-30)))}" for sort, share in shares.items()
    )
