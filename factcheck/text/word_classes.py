"""What each word of an English sentence does, guessed from the word and from its neighbours.

A class is one letter. Nouns: `n` one, `S` many, `N` a name, `9` a figure. Verbs: `v` past, `z`
third person, `f` base or present, `k` base behind another verb, `e` participle, `g` -ing form,
`a` and `m` auxiliaries, `b` "be" and "been". `p` a subject pronoun, `P` one with its verb
("it's"), `o` an object pronoun, `d` a determiner, `j` an adjective, `y` an adverb, `i` a
preposition, `s` a subordinating word, `c` a conjunction, `T` "to" before a verb. Marks stand for
themselves or for `x`. The likeliest row of classes is found in one pass (Viterbi), with costs
learned from unlabelled text; it is right often enough to find clauses by, no more.
"""

import json
import re
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from factcheck.text.wordlists import words

TOKEN: Final = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|[^\w\s]")
FINITE: Final = frozenset("vzfamP")
"""The classes that make a clause of a subject."""
_MODEL: Final = Path(__file__).with_name("word_classes.json")
_START: Final = "."
_EITHER: Final = words(
    "this that these those some many most all both each what which whose more no any her several "
    "few such another one enough"
)
_WE: Final = words("i we you they")
_SHE: Final = words("he she it who")
_BY_ENDING: Final = (
    ("yj", ("ly",)),
    ("gn", ("ing",)),
    ("njf", ("eed",)),
    ("vej", ("ed",)),
    ("n", ("tion", "ness", "ity", "ism", "ship", "sion", "ist", "ology")),
    ("nf", ("ment", "ence", "ance", "er", "or")),
    ("jn", ("ous", "ful", "ible", "able", "ical", "ic", "ish", "ive", "less", "al")),
    ("njf", ("ss", "us", "is")),
    ("Sz", ("s",)),
)


class Word(NamedTuple):
    """A word or mark of a sentence in small letters, where it starts, and its class."""

    low: str
    start: int
    sort: str
    capital: bool


def classified(sentence: str, start: int, end: int) -> list[Word]:
    """Return the words and marks of `sentence[start:end]` with their classes, in order."""
    found = list(TOKEN.finditer(sentence, start, end))
    texts = [match.group() for match in found]
    low = [small(text) for text in texts]
    sorts = _settled(_likeliest(texts), low, texts)
    return [
        Word(word, match.start(), sort, text[0].isupper())
        for word, match, sort, text in zip(low, found, sorts, texts, strict=True)
    ]


def small(word: str) -> str:
    """Return the word in small letters, its apostrophe straight."""
    return word.lower().replace("’", "'")


@lru_cache(maxsize=16_384)
def shape_classes(word: str) -> str:
    """Return the classes that a word could have, by its shape alone."""
    if not word[0].isalnum():
        return _mark_class(word)
    if word[0].isdigit():
        return "9"
    low = small(word)
    if low.endswith("'s"):
        return "d"
    if low.endswith("n't"):
        return "a"
    for sorts, endings in _BY_ENDING:
        if low.endswith(endings) and len(low) > 3 + (sorts in ("yj", "gn")):
            return sorts
    return "Sz" if low.endswith("s") and not low.endswith(("ss", "us", "is")) else "njf"


def _mark_class(mark: str) -> str:
    if mark in ",;:().":
        return mark
    return "." if mark in "!?" else '"' if mark in '"“”' else "x"


def ending(word: str) -> str:
    """Return what stands for a rare word: its last letters."""
    return "~" + (word[-3:] if len(word) > 4 else word[-2:])


def _likeliest(texts: Sequence[str]) -> str:
    """Return the row of classes that costs least."""
    model = _model()
    costs = {_START: 0}
    steps: list[dict[str, str]] = []
    for place, text in enumerate(texts):
        sorts = _costs_of(text) if place else _first_costs_of(text)
        reached: dict[str, int] = {}
        step: dict[str, str] = {}
        for sort, own in sorts.items():
            into = model.into[sort]
            least, best = min([(cost + into[before], before) for before, cost in costs.items()])
            step[sort] = best
            reached[sort] = least + own
        costs = reached
        steps.append(step)
    sort = min(costs, key=costs.__getitem__)
    row = []
    for step in reversed(steps):
        row.append(sort)
        sort = step[sort]
    return "".join(reversed(row))


@lru_cache(maxsize=16_384)
def _costs_of(text: str) -> dict[str, int]:
    """Return what each class costs a word that does not open the sentence."""
    model = _model()
    low = small(text)
    if low in model.closed:
        return model.closed[low]
    known = model.known.get(low) or _rare(text)
    if text[0].isupper():
        return {"N": known.get("N", model.unseen["N"])}
    return {sort: cost for sort, cost in known.items() if sort != "N"} or known


@lru_cache(maxsize=4_096)
def _first_costs_of(text: str) -> dict[str, int]:
    model = _model()
    low = small(text)
    if low in model.closed:
        return model.closed[low]
    known = model.known.get(low) or _rare(text)
    return {"N": model.unseen["N"], **known} if text[0].isupper() else known


def _rare(text: str) -> dict[str, int]:
    model = _model()
    by_ending = model.known.get(ending(small(text)), {})
    return {sort: by_ending.get(sort, model.unseen[sort]) for sort in shape_classes(text)}


def _settled(row: str, low: Sequence[str], texts: Sequence[str]) -> str:
    """Return the classes with what the neighbours settle beyond doubt put right."""
    settled: list[str] = []
    behind = ""  # the auxiliary or "to" whose verb is still to come
    for place, found in enumerate(row):
        sort = found
        after = row[place + 1 : place + 2]
        if sort in "amTPb":
            behind = "a" if sort in "Pb" else sort
        elif behind and sort in "vef":
            sort = "e" if sort == "v" and behind in "aT" else "k" if sort == "f" else sort
            behind = ""
        elif sort not in "yx":
            keeps = sort in "poNnSd" and behind == "a" and settled[-1] in "amT"
            behind = behind if keeps else ""
        if sort == "d" and low[place].endswith("'s"):
            sort = "N" if texts[place][0].isupper() else "n"
        before = low[place - 1] if place else ""
        sort = _pronoun(sort, low[place], settled[-1:], after)
        settled.append(_verb(sort, before, settled[-1:], after))
    return "".join(settled)


def _pronoun(sort: str, low: str, before: list[str], after: str) -> str:
    """Return the class of a word that can be a pronoun, a determiner or a subordinating word."""
    verb = after in FINITE
    if low in ("it", "you") and sort == "o" and verb:
        return "p"
    if low == "so" and sort == "s" and (not before or before[0] in "c,"):
        return "y"
    if low in ("that", "this") and sort == "s" and not before and verb:
        return "p"
    if low in _EITHER and sort in "po" and after and after in "njSN9eg":
        sort = "d"
    if sort == "o" and before == ["p"] and low.endswith(("self", "selves")):
        return "y"
    return "s" if low == "that" and sort in "pdo" and before and before[0] in "vzfkeg" else sort


def _verb(sort: str, word_before: str, before: list[str], after: str) -> str:
    """Return the class of a word behind a subject pronoun, which is a verb if it can be one."""
    if before != ["p"]:
        return sort
    if sort in "nj" and word_before in _WE and after not in FINITE:
        return "f"
    return "z" if sort == "S" and word_before in _SHE else sort


class _Model(NamedTuple):
    """Costs in tenths of a natural logarithm: of one class behind another, of a class by word."""

    into: dict[str, dict[str, int]]
    closed: dict[str, dict[str, int]]
    known: dict[str, dict[str, int]]
    unseen: dict[str, int]


@cache
def _model() -> _Model:
    data = json.loads(_MODEL.read_text(encoding="utf-8"))
    return _Model(
        {sort: _costs(listed) for sort, listed in data["into"].items()},
        {word: _costs(listed) for word, listed in data["closed"].items()},
        {word: _costs(listed) for word, listed in data["known"].items()},
        _costs(data["unseen"]),
    )


def _costs(listed: str) -> dict[str, int]:
    """Return the costs written as "n 61 f 80"."""
    parts = listed.split(" ")
    return {sort: int(cost) for sort, cost in zip(parts[::2], parts[1::2], strict=True)}
