"""How much a sentence is worth checking, from 0 to 1, and why, in words.

A linear model over words, pairs of words, rows of word classes (a name, then a past tense) and
readable signs (a number, a name, a hedge), trained on sentences that people labelled: spoken in
debates, and written in articles. From 0.5 on, an article's sentence is more likely than not one
that `docs/claim-guidelines.md` calls strong. It never sees what is not a statement: headings,
credits, bylines and questions score 0 by their kind, because a model trained on sentences
gives them high scores.
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final

from factcheck.text.linear import probability, total_of
from factcheck.text.signs import signs_of
from factcheck.text.units import PROSE_KINDS
from factcheck.text.verbs import verbs
from factcheck.text.word_classes import classes_of
from factcheck.text.wordlists import words

_MODEL: Final = Path(__file__).with_name("checkworthiness.json")
_LEAST: Final = 0.0001  # of a statement, however little there is to check in it
_READ: Final = 1_200  # code points of a sentence that are weighed
_CLASSES_READ: Final = 60  # words and marks of which the classes are weighed
_TOKEN: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d[\d,.]*\d|\d|[%$€£?!]")

_INNER_CAPITAL: Final = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+")
_SUBJECTS: Final = words("i we he she they you it this that there")
_WORD: Final = re.compile(r"[\w'’]+")
_LETTERS: Final = re.compile(r"[A-Za-z]+")
_STOPPED: Final = re.compile(r"[.!?:;…。](?:[\"'”’)\]\s]|\[\d*\])*$")
_HARD: Final = words("year ratio money") | {"big number"}
_TOGETHER: Final = (
    ("report", "number"),
    ("name", "event"),
    ("name", "year"),
    ("institution", "report"),
    ("institution", "event"),
    ("self", "number"),
    ("opening quote", "self"),
    ("name", "passive"),
    ("opinion", "number"),
    ("hedge", "number"),
    ("you", "number"),
    ("future", "institution"),
    ("opinion", "us"),
)
_SMALL: Final = words(
    "the a an of to and in that is it for on we i you he they this have has was are be with as "
    "at by not or but from our my your his their will would can could do if so what there all "
    "about who no had been one more than"
)
_FOR: Final = words("number date name report comparison quantity institution event money")
_NOT_FOR: Final = words("self us you opinion hedge future courtesy")
_REASONS: Final = (
    ("number", "a number"),
    ("money", "an amount of money"),
    ("date", "a date"),
    ("name", "a named place or person"),
    ("institution", "an institution or office"),
    ("report", "a reported statement"),
    ("comparison", "a comparison"),
    ("event", "something that happened"),
    ("quantity", "a quantity in words"),
)
_AGAINST: Final = (
    ("opinion", "an opinion"),
    ("hedge", "a guarded statement"),
    ("future", "about the future"),
    ("self", "the writer's own view"),
)


@dataclass(frozen=True, slots=True)
class Score:
    """`value` from 0 (nothing to check) to 1, and the reasons, most telling first."""

    value: float
    reasons: tuple[str, ...]


def check_worthiness(sentence: str, kind: str = "sentence") -> Score:
    """Return how much `sentence` is worth checking.

    Only the kinds that state something score above 0, and of those no question does.
    """
    if kind not in PROSE_KINDS:
        return Score(0.0, (f"a {kind.replace('_', ' ')}",))
    text = " ".join(sentence[:_READ].split())
    signs = signs_of(text)
    if "question" in signs:
        return Score(0.0, ("a question",))
    model = _model()
    total = total_of(model.weights, *features(text, signs))
    value = probability(model.slope * total + model.offset)
    return Score(max(round(value, 4), _LEAST), _in_words(signs, value))


def features(text: str, shown: frozenset[str]) -> tuple[list[str], list[str]]:
    """Return what the model weighs in `text`: its signs and its words, each once."""
    tokens = [_normal(token) for token in _TOKEN.findall(text)]
    signs = [f"#{sign}" for sign in sorted(shown)]
    signs += _counts(text, tokens, shown)
    signs += _shape(text, tokens, shown)
    words = [*tokens, *(f"{a} {b}" for a, b in pairwise(tokens))]
    for token in tokens:
        if len(token) > 5:
            words += f"{token[:5]}~", f"~{token[-3:]}"
    words += f"^{' '.join(tokens[:1])}", f"^^{' '.join(tokens[:2])}"
    words += _class_rows(text)
    return list(dict.fromkeys(signs)), list(dict.fromkeys(words))


def _class_rows(text: str) -> list[str]:
    """Return each word's class, and each two and three classes that stand in a row."""
    row = f"^{classes_of(text)[:_CLASSES_READ]}"
    return [f"|{row[at : at + many]}" for many in (1, 2, 3) for at in range(len(row) - many + 1)]


def _counts(text: str, tokens: list[str], shown: frozenset[str]) -> list[str]:
    """Return how many words, figures, names and signs there are, each as a feature."""
    count = len(tokens)
    figures = sum(token.startswith("<") for token in tokens)
    names = len(_INNER_CAPITAL.findall(text))
    past = sum(token.endswith("ed") and len(token) > 4 for token in tokens)
    small = sum(token in _SMALL for token in tokens)
    opening = next((token for token in tokens[:8] if token in _SUBJECTS), "")
    return [
        "#",
        f"#words {min(8, count // 4)}",
        f"#figures {min(figures, 4)}",
        f"#names {min(names, 5)}",
        f"#past {min(past, 3)}",
        f"#small {10 * small // max(1, count)}",
        f"#for {len(shown & _FOR)}",
        f"#against {len(shown & _NOT_FOR)}",
        f"#subject {opening}",
    ]


def _shape(text: str, tokens: list[str], shown: frozenset[str]) -> list[str]:
    """Return what the build of the sentence shows, and which signs come together."""
    capitals = sum(word[0].isupper() for word in _LETTERS.findall(text))
    found = [
        f"#capitals {min(5, 10 * capitals // max(1, len(tokens)))}",
        f"#hard {len(shown & _HARD)}",
    ]
    if not _STOPPED.search(text):
        found.append("#unstopped")
    if verbs().isdisjoint(tokens):
        found.append("#verbless")
    if any(word[0].isupper() for word in _WORD.findall(text[:80])[1:2]):
        found.append("#name in front")
    found += [f"#{a}+{b}" for a, b in _TOGETHER if a in shown and b in shown]
    return found


def _normal(token: str) -> str:
    if token[0].isdigit():
        plain = token.replace(",", "")
        if len(plain) == 4 and plain.isdigit() and plain[:2] in ("18", "19", "20"):
            return "<year>"
        return "<number>"
    return token.lower().replace("’", "'")


def reasons() -> tuple[str, ...]:
    """Return all that is given as a reason, as the catalogues of pages know it."""
    return (*(words for _sign, words in (*_REASONS, *_AGAINST)), "a question")


def _in_words(signs: frozenset[str], value: float) -> tuple[str, ...]:
    reasons = [words for sign, words in _REASONS if sign in signs]
    against = [words for sign, words in _AGAINST if sign in signs]
    return tuple(reasons if value >= 0.5 else against + reasons)


@dataclass(frozen=True, slots=True)
class _Model:
    weights: dict[str, float]
    slope: float
    offset: float


@cache
def _model() -> _Model:
    data = json.loads(_MODEL.read_text(encoding="utf-8"))
    return _Model(data["weights"], data["slope"], data["offset"])
