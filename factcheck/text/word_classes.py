"""What each word of an English sentence does, guessed from the word and from its neighbours.

A class is one letter. Nouns: `n` one, `S` many, `N` a name, `9` a figure. Verbs: `v` past, `z`
third person, `f` present, `k` base behind another verb, `e` participle, `g` -ing form,
`a` and `m` auxiliaries, `b` "be" and "been". `p` a subject pronoun, `P` one with its verb
("it's"), `o` an object pronoun, `d` a determiner, `j` an adjective, `y` an adverb, `i` a
preposition, `s` a subordinating word, `c` a conjunction, `T` "to" before a verb. Marks stand for
themselves or for `x`. Most words can be of few classes; where there is a choice, a linear model
chooses, going forward, by the word, the classes chosen before it and those possible behind it.
"""

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from factcheck.text.grammar_words import closed_classes

TOKEN: Final = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|[^\w\s]")
FINITE: Final = frozenset("vzfamP")
"""The classes that make a clause of a subject."""
_MODEL: Final = Path(__file__).with_name("word_classes.json")
_NOTHING: Final = "."  # stands in front of a sentence and behind it
_UNHEARD_OF: Final = "nN"  # the classes of a word that nothing is known about
_REMEMBERED: Final = 16_384  # words
_SENTENCES: Final = 64  # the last ones, whose classes are remembered


class Word(NamedTuple):
    """A word or mark of a sentence in small letters, where it starts, and its class."""

    low: str
    start: int
    sort: str
    capital: bool


Weights = Mapping[str, Mapping[str, int]]


class Row(NamedTuple):
    """The words of a sentence in small letters, their shapes, and the classes each could have."""

    lows: Sequence[str]
    shapes: Sequence[str]
    choices: Sequence[str]


class Look(NamedTuple):
    """A word in small letters, the sign of its shape, and the classes that it could have."""

    low: str
    shape: str
    choices: str


class Model:
    """What is known of words (the classes each can have) and endings, and what each sign weighs."""

    def __init__(
        self, words: Mapping[str, str], endings: Mapping[str, str], weights: Weights
    ) -> None:
        self.weights = weights
        self._words, self._endings = words, endings
        self._look = lru_cache(_REMEMBERED)(self._look_of)

    def row(self, texts: Sequence[str]) -> Row:
        """Return what is known of the words of a sentence before any choice is made."""
        looks = [self._look(text, not place) for place, text in enumerate(texts)]
        return Row(
            [look.low for look in looks],
            [look.shape for look in looks],
            [look.choices for look in looks],
        )

    def likeliest(self, row: Row) -> list[str]:
        """Return the class of each word, each chosen in the light of those before it."""
        chosen: list[str] = []
        far = near = _NOTHING
        for place, choices in enumerate(row.choices):
            sort = choices
            if len(choices) > 1:
                sort = heaviest(choices, signs_at(row, place, far, near), self.weights)
            chosen.append(sort)
            far, near = near, sort
        return chosen

    def _look_of(self, text: str, opens: bool) -> Look:  # noqa: FBT001
        low = small(text)
        shape = f"S{_shape(text)}{low[-1]}"
        return Look(low, shape, self._choices(text, low, opens=opens))

    def _choices(self, text: str, low: str, *, opens: bool) -> str:
        if not text[0].isalnum():
            return mark_class(text)
        if text[0].isdigit():
            return "9"
        choices = self._words.get(low) or closed_classes(low)
        capital = text[0].isupper()
        if not choices:
            choices = self.by_ending(low)
            return f"{choices}N" if capital and "N" not in choices else choices
        if opens or not capital or "'" in low or closed_classes(low):
            return choices
        return "Nj" if "j" in choices else "N"

    def by_ending(self, low: str) -> str:
        """Return the classes that a word could have by its ending."""
        known = self._endings
        return known.get(ending(low)) or known.get(low[-2:]) or known.get(low[-1:], _UNHEARD_OF)


def classified(sentence: str, start: int, end: int) -> list[Word]:
    """Return the words and marks of `sentence[start:end]` with their classes, in order."""
    found = list(TOKEN.finditer(sentence, start, end))
    texts = tuple(match.group() for match in found)
    return [
        Word(low, match.start(), _of_owner(sort, low, text), text[0].isupper())
        for (low, sort), match, text in zip(_guessed(texts), found, texts, strict=True)
    ]


def classes_of(sentence: str) -> str:
    """Return the classes of the words and marks of a sentence; an owner ("Ana's") has `d`."""
    return "".join([sort for _, sort in _guessed(tuple(TOKEN.findall(sentence)))])


@lru_cache(maxsize=_SENTENCES)
def _guessed(texts: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return each word in small letters with its class; a sentence is asked for more than once."""
    known = model()
    row = known.row(texts)
    return tuple(zip(row.lows, known.likeliest(row), strict=True))


def small(word: str) -> str:
    """Return the word in small letters, its apostrophe straight."""
    return word.lower().replace("’", "'")


def signs_at(row: Row, place: int, far: str, near: str) -> tuple[str, ...]:
    """Return what is weighed at a word; `far` and `near` are the classes of the two before it."""
    lows, choices = row.lows, row.choices
    low = lows[place]
    last = len(lows) - 1
    after = choices[place + 1] if place < last else _NOTHING
    return (
        f"w{low}",
        f"s{low[-3:]}",
        row.shapes[place],
        f"q{far}{near}",
        f"b{lows[place - 1] if place else _NOTHING}",
        f"n{lows[place + 1] if place < last else _NOTHING}",
        f"f{low}{near}",
        f"d{after}|{choices[place + 2] if place + 1 < last else _NOTHING}",
        f"k{choices[place]}|{near}{after[0]}",
    )


def heaviest(choices: str, signs: Sequence[str], weights: Weights) -> str:
    """Return the class for which the signs weigh most, the first of equals."""
    found = [weights[sign] for sign in signs if sign in weights]
    best, most = choices[0], -1_000_000
    for sort in choices:
        total = 0
        for weighed in found:
            if sort in weighed:
                total += weighed[sort]
        if total > most:
            best, most = sort, total
    return best


def mark_class(mark: str) -> str:
    """Return the class of a mark."""
    if mark in ",;:().":
        return mark
    return "." if mark in "!?" else '"' if mark in '"“”' else "x"


def ending(word: str) -> str:
    """Return what stands for a rare word: its last letters."""
    return word[-3:] if len(word) > 4 else word[-2:]


def _shape(text: str) -> str:
    if len(text) > 1 and text.isupper():
        return "A"
    return "C" if text[0].isupper() else "h" if "-" in text else "l"


def _of_owner(sort: str, low: str, text: str) -> str:
    """Return the class of a word; that of an owner ("Ana's") is a determiner's until here."""
    if sort != "d" or not low.endswith("'s"):
        return sort
    return "N" if text[0].isupper() else "n"


@cache
def model() -> Model:
    """Return the model that is shipped."""
    data = json.loads(_MODEL.read_text(encoding="utf-8"))
    words = {word: sorts for sorts, listed in data["words"].items() for word in listed.split()}
    weights = {sign: _weights(listed) for sign, listed in data["weights"].items()}
    return Model(words, data["endings"], weights)


def _weights(listed: str) -> dict[str, int]:
    """Return the weights written as "n 61 f -8"."""
    parts = listed.split(" ")
    return {sort: int(weight) for sort, weight in zip(parts[::2], parts[1::2], strict=True)}
