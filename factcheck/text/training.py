"""Remaking the models of this room from labelled data, the same to the byte each time.

Each function takes rows as the data files hold them (see `docs/` for where these come from) and
returns what is written beside the code. Nothing here runs when the service runs.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from factcheck.text.checkworthiness import features
from factcheck.text.labelled import Labelled
from factcheck.text.linear import Example, Recipe, calibrated, fit, total_of
from factcheck.text.segment import gaps
from factcheck.text.signs import signs_of
from factcheck.text.units import PROSE_KINDS
from factcheck.text.wordlists import words

Row = Mapping[str, Any]
Model = dict[str, Any]

_PARAGRAPH: Final = re.compile(r"\S(?:[^\n]*\S)?")
_WORD: Final = re.compile(r"[^\W\d_]+")
_GAPS: Final = Recipe(passes=8, rate=0.25, decay=1e-6, rarest=2)
_WORTH: Final = Recipe(passes=8, rate=0.05, decay=1e-5, rarest=2, smallest=0.01)
_TOKEN: Final = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|[^\w\s]")
_PRONOUNS: Final = words("he she it they we i you who which there")
_ARTICLES: Final = words("the a an of this his their its")
_ADVERBS: Final = _PRONOUNS | words(
    "also just still never then always already later even only often once soon guys"
)
_SOUGHT: Final = {"strong": 1.0, "weak": 0.4, "no": 0.0}
_ARTICLES_COUNT: Final = 2.0  # times as much as a sentence of a debate
_PRIVATE: Final = re.compile(r"@|://|www\.|(?:\d[\d.-]?){5}")
"""An address or a long number: of somebody whose mail was learned from, and of no use to others."""
_PARTS: Final = 5  # of the data, each held out once to calibrate


def lexicon(documents: Sequence[Row]) -> list[str]:
    """Return the words that the documents mostly write with a small letter, sorted."""
    seen: Counter[str] = Counter()
    small: Counter[str] = Counter()
    for row in documents:
        for word in _WORD.findall(str(row["text"])):
            seen[word.lower()] += 1
            small[word] += word.islower()
    return sorted(word for word, count in seen.items() if 2 * small[word] > count)


def verbs(texts: Sequence[str]) -> list[str]:
    """Return the words that follow a subject pronoun in a tenth of their places or more, sorted."""
    seen: Counter[str] = Counter()
    finite: Counter[str] = Counter()
    named: Counter[str] = Counter()
    for text in texts:
        words = [word.lower() for word in _TOKEN.findall(text)]
        for before, word in zip(["", *words], words, strict=False):
            seen[word] += 1
            finite[word] += before in _PRONOUNS
            named[word] += before in _ARTICLES
    return sorted(
        word
        for word, count in finite.items()
        if count >= 2 and 10 * count >= seen[word] and count > named[word] and _may_be_verb(word)
    )


def _may_be_verb(word: str) -> bool:
    return word.isalpha() and len(word) > 1 and not word.endswith("ly") and word not in _ADVERBS


def gap_model(documents: Sequence[Row]) -> Model:
    """Return the model of sentence ends, from documents with their `sentences`."""
    examples = [example for row in documents for example in _gaps_of(row)]
    weights = fit(examples, _GAPS)
    return {"weights": {name: w for name, w in weights.items() if not _PRIVATE.search(name)}}


def worth_model(sentences: Sequence[Row], units: Sequence[Labelled]) -> Model:
    """Return the model of check-worthiness, from sentences with their `label` and from articles.

    It is calibrated on the articles, since these are what people paste.
    """
    spoken = [_spoken(row) for row in sentences]
    stated = [unit for unit in units if _is_scored(unit)]
    written = [_written(unit) for unit in stated]
    names = {name: index for index, name in enumerate(sorted({unit.document for unit in stated}))}
    parts = [index % _PARTS for index in range(len(spoken))]
    parts += [names[unit.document] % _PARTS for unit in stated]
    totals = _held_out([*spoken, *written], parts)[len(spoken) :]
    slope, offset = calibrated(totals, [unit.label == "strong" for unit in stated])
    return {"slope": slope, "offset": offset, "weights": fit([*spoken, *written], _WORTH)}


def _gaps_of(row: Row) -> Iterator[Example]:
    text = str(row["text"])
    begins = {start for start, _ in row["sentences"]}
    for paragraph in _PARAGRAPH.finditer(text):
        start, end = paragraph.span()
        for gap, found in gaps.weighed(text, start, end, begins):
            yield Example(found, (), gap.start in begins)


def _spoken(row: Row) -> Example:
    text = " ".join(str(row["text"]).split())
    return Example(*features(text, signs_of(text)), bool(row["label"]))


def _written(unit: Labelled) -> Example:
    text = " ".join(unit.text.split())
    return Example(*features(text, signs_of(text)), _SOUGHT[unit.label], _ARTICLES_COUNT)


def _is_scored(unit: Labelled) -> bool:
    """Return whether the model is asked: headings and questions score 0 without it."""
    return unit.kind in PROSE_KINDS and "question" not in signs_of(" ".join(unit.text.split()))


def _held_out(examples: Sequence[Example], parts: Sequence[int]) -> list[float]:
    """Return for each example its total by a model that never saw its part of the data."""
    totals = [0.0] * len(examples)
    for part in range(_PARTS):
        weights = fit([e for e, own in zip(examples, parts, strict=True) if own != part], _WORTH)
        for index, own in enumerate(parts):
            if own == part:
                totals[index] = total_of(weights, examples[index].signs, examples[index].words)
    return totals
