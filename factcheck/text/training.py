"""Remaking the models of this room from labelled data, the same to the byte each time.

Each function takes rows as the data files hold them (see `docs/` for where these come from) and
returns what is written beside the code. Nothing here runs when the service runs.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from factcheck.text import checkworthiness
from factcheck.text.linear import Example, Recipe, calibrated, fit, total_of
from factcheck.text.segment import gaps

Row = Mapping[str, Any]
Model = dict[str, Any]

_PARAGRAPH: Final = re.compile(r"\S(?:[^\n]*\S)?")
_WORD: Final = re.compile(r"[^\W\d_]+")
_GAPS: Final = Recipe(passes=8, rate=0.15, decay=1e-6, rarest=2)
_WORTH: Final = Recipe(passes=8, rate=0.07, decay=1e-5, rarest=2, smallest=0.01)
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


def gap_model(documents: Sequence[Row]) -> Model:
    """Return the model of sentence ends, from documents with their `sentences`."""
    examples = [example for row in documents for example in _gaps_of(row)]
    return {"weights": fit(examples, _GAPS)}


def worth_model(sentences: Sequence[Row]) -> Model:
    """Return the model of check-worthiness, from sentences with their `label`, calibrated."""
    examples = [_worth_of(row) for row in sentences]
    held_out = _held_out(
        examples, [index * _PARTS // len(examples) for index in range(len(examples))]
    )
    slope, offset = calibrated(held_out, [example.sought for example in examples])
    return {"slope": slope, "offset": offset, "weights": fit(examples, _WORTH)}


def _gaps_of(row: Row) -> Iterator[Example]:
    text = str(row["text"])
    begins = {start for start, _ in row["sentences"]}
    for paragraph in _PARAGRAPH.finditer(text):
        start, end = paragraph.span()
        for gap, found in gaps.weighed(text, start, end, begins):
            yield Example(found, (), gap.start in begins)


def _worth_of(row: Row) -> Example:
    text = " ".join(str(row["text"]).split())
    signs, words = checkworthiness.features(text, checkworthiness.signs_of(text))
    return Example(signs, words, bool(row["label"]))


def _held_out(examples: Sequence[Example], parts: Sequence[int]) -> list[float]:
    """Return for each example its total by a model that never saw its part of the data."""
    totals = [0.0] * len(examples)
    for part in range(_PARTS):
        weights = fit([e for e, own in zip(examples, parts, strict=True) if own != part], _WORTH)
        for index, own in enumerate(parts):
            if own == part:
                totals[index] = total_of(weights, examples[index].signs, examples[index].words)
    return totals
