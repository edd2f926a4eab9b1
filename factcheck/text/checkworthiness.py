"""How much a sentence is worth checking, from 0 to 1, and why, in words.

A linear model over words, pairs of words and readable signs (a number, a name, a hedge),
trained on sentences that people labelled. It never sees what is not a statement: headings,
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
from factcheck.text.units import PROSE_KINDS
from factcheck.text.wordlists import words

_MODEL: Final = Path(__file__).with_name("checkworthiness.json")
_LEAST: Final = 0.0001  # of a statement, however little there is to check in it
_READ: Final = 1_200  # code points of a sentence that are weighed
_TOKEN: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d[\d,.]*\d|\d|[%$€£?!]")

_MONTHS: Final = (
    "january|february|march|april|june|july|august|september|october|november|december|"
    "jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
)
_SIGNS: Final = {  # sought in the sentence in small letters
    "number": re.compile(
        r"\d|%|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|"
        r"thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|"
        r"billions?|trillions?|dozens?|half|per ?cent|percentage|twice|double[ds]?|tripled?|"
        r"(?:one|two|three)[- ](?:thirds?|quarters?|fifths?|tenths?))\b"
    ),
    "date": re.compile(
        rf"\b(?:1[5-9]|20)\d\d\b|\b(?:{_MONTHS})\b\.?\s\d|\bmay \d|\b(?:on|since|last|next|this)\s"
        r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|week|month|year|decade|"
        r"century|january|february|march|april|may|june|july|august|september|october|november|"
        r"december)\b|\b(?:yesterday|today)\b|\b(?:days?|weeks?|months?|years?|decades?) ago\b|"
        r"\b\d+ (?:days?|weeks?|months?|years?)\b|\b\d0s\b"
    ),
    "report": re.compile(
        r"\b(?:said|says|announced|announces|noted|stated|states|reported|reports|claimed|claims|"
        r"according to|told|wrote|writes|confirmed|denied|alleged|alleges|accused|testified|"
        r"informed|warned|insisted|estimates?|estimated|concluded|promised|admitted)\b"
    ),
    "comparison": re.compile(
        r"\b(?:than|highest|lowest|largest|biggest|smallest|fewest|greatest|worst|best|most|least|"
        r"first|only|surpass\w*|exceed\w*|outnumber\w*|increas\w+|decreas\w+|declin\w+|rose|risen|"
        r"rising|fell|fallen|grew|grown|dropped|gained|lost|doubled|tripled|record)\b"
    ),
    "quantity": re.compile(
        r"\b(?:all|every|none|never|always|nobody|majority|minority|average|rate|share|total|"
        r"number of|amount of|many|few|several|more|less|fewer)\b"
    ),
    "event": re.compile(
        r"\b(?:signed|ratified|passed|voted|cut|raised|spent|paid|killed|arrested|elected|founded|"
        r"built|bought|sold|won|opened|closed|launched|created|invested|imposed|banned|approved|"
        r"rejected|died|born|injured|convicted|sentenced|appointed|resigned|helped|mobilized|"
        r"became|proposed|agreed|met|visited|left|joined|caused|produced|supported|opposed)\b"
    ),
    "self": re.compile(r"\b(?:i|my|me|mine|myself)\b|\bi['’]"),
    "us": re.compile(r"\b(?:we|our|us|ours|let['’]?s)\b"),
    "you": re.compile(r"\b(?:you|your|yours)\b"),
    "opinion": re.compile(
        r"\b(?:should|must|ought|think|believe|feel|hope|wish|guess|suppose|opinion|important|"
        r"wonderful|terrible|great|excellent|proud|sad|glad|beautiful|amazing|awful|nice|love|"
        r"hate|good|bad|right|wrong|better|small wonder|of course|unfortunately|need)\b"
    ),
    "hedge": re.compile(
        r"\b(?:may|might|could|perhaps|maybe|probably|possibly|likely|seems?|appears?|if|"
        r"supposedly|often|usually|sometimes|generally|tend)\b"
    ),
    "future": re.compile(r"\b(?:will|would|shall|going to|gonna|won['’]t|tomorrow)\b|['’]ll\b"),
    "question": re.compile(r"\?[\"'”’)\]]*\s*$"),
    "courtesy": re.compile(
        r"\b(?:thank|thanks|sorry|hello|welcome|please|good evening|congratulations)\b"
    ),
    "quote": re.compile(r"[\"“”]"),
    "money": re.compile(r"[$€£]|\b(?:dollars?|euros?|usd|eur|gbp|pounds)\b"),
    "command": re.compile(
        r"(?:go|get|take|make|let|look|see|try|use|call|check|click|read|remember|imagine|think|"
        r"don['’]t|do not|come|give|keep|ask|tell|stop|consider|note|just)\b"
    ),
    "deictic": re.compile(
        r"(?:(?:this|that|it|these|those|he|she|they|there|here|and|but|so|yet|well)\b)"
    ),
}
_INSTITUTION: Final = re.compile(
    r"\b[A-Z]{2,6}\b|\b(?:Ministry|Department|University|Bank|Congress|Senate|House|Court|"
    r"Union|Government|Party|Committee|Agency|Commission|Council|Parliament|Institute|"
    r"Organi[sz]ation|Association|Corporation|Company|Police|Army|Administration|Office|"
    r"President|Minister|Prime|Secretary|Governor|Mayor|Senator)\b"
)
_AT_START: Final = frozenset({"command", "deictic"})
_NAME: Final = re.compile(r"(?<=[^.!?:\"“‘(\s]\s)[A-Z][a-z]+|^[A-Z][a-z]+\s[A-Z][a-z]+")
_INNER_CAPITAL: Final = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+")
_SUBJECTS: Final = words("i we he she they you it this that there")
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


def signs_of(text: str) -> frozenset[str]:
    """Return the readable signs that `text` shows."""
    small = text.lower()
    shown = {
        sign
        for sign, pattern in _SIGNS.items()
        if (pattern.match(small) if sign in _AT_START else pattern.search(small))
    }
    if _INSTITUTION.search(text):
        shown.add("institution")
    if _NAME.search(text):
        shown.add("name")
    return frozenset(shown)


def features(text: str, shown: frozenset[str]) -> tuple[list[str], list[str]]:
    """Return what the model weighs in `text`: its signs and its words, each once."""
    tokens = [_normal(token) for token in _TOKEN.findall(text)]
    signs = {f"#{sign}" for sign in shown}
    signs.update(_counts(text, tokens, shown))
    words = set(tokens)
    words.update(f"{a} {b}" for a, b in pairwise(tokens))
    words.update(f"{token[:5]}~" for token in tokens if len(token) > 5)
    words.update(f"~{token[-3:]}" for token in tokens if len(token) > 5)
    words.update((f"^{' '.join(tokens[:1])}", f"^^{' '.join(tokens[:2])}"))
    return sorted(signs), sorted(words)


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


def _normal(token: str) -> str:
    if token[0].isdigit():
        plain = token.replace(",", "")
        if len(plain) == 4 and plain.isdigit() and plain[:2] in ("18", "19", "20"):
            return "<year>"
        return "<number>"
    return token.lower().replace("’", "'")


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
