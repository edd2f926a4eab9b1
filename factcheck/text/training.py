"""Remaking the models of this room from labelled data, the same to the byte each time.

Each function takes rows as the data files hold them (see `docs/` for where these come from) and
returns what is written beside the code. Nothing here runs when the service runs.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from factcheck.text import checkworthiness, clauses
from factcheck.text.linear import Example, Recipe, calibrated, fit, total_of
from factcheck.text.segment import gaps
from factcheck.text.wordlists import words

Row = Mapping[str, Any]
Model = dict[str, Any]

_PARAGRAPH: Final = re.compile(r"\S(?:[^\n]*\S)?")
_WORD: Final = re.compile(r"[^\W\d_]+")
_GAPS: Final = Recipe(passes=8, rate=0.25, decay=1e-6, rarest=2)
_WORTH: Final = Recipe(passes=8, rate=0.07, decay=1e-5, rarest=2, smallest=0.01)
_CLAUSES: Final = Recipe(passes=10, rate=0.1, decay=1e-4, rarest=2, smallest=0.01)
_TOKEN: Final = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|[^\w\s]")
_PRONOUNS: Final = words("he she it they we i you who which there")
_ARTICLES: Final = words("the a an of this his their its")
_ADVERBS: Final = _PRONOUNS | words(
    "also just still never then always already later even only often once soon guys"
)
_PARTS: Final = 5  # of the data, each held out once to calibrate
_PRECISION: Final = 0.86  # at which the clause model speaks


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
    return {"weights": fit(examples, _GAPS)}


def worth_model(sentences: Sequence[Row]) -> Model:
    """Return the model of check-worthiness, from sentences with their `label`, calibrated."""
    examples = [_worth_of(row) for row in sentences]
    held_out = _held_out(
        examples, [index * _PARTS // len(examples) for index in range(len(examples))]
    )
    slope, offset = calibrated(held_out, [example.sought for example in examples])
    return {"slope": slope, "offset": offset, "weights": fit(examples, _WORTH)}


def clause_model(sentences: Sequence[Row]) -> Model:
    """Return the model of second main clauses, from sentences with their `cuts`."""
    rows = [(_document(row), example) for row in sentences for example in clause_examples(row)]
    names = sorted({name for name, _ in rows})
    part = {name: index % _PARTS for index, name in enumerate(names)}
    examples = [example for _, example in rows]
    totals = _held_out(examples, [part[name] for name, _ in rows], _CLAUSES)
    threshold = _threshold(totals, [example.sought for example in examples])
    return {"threshold": threshold, "weights": fit(examples, _CLAUSES)}


def held_out_clauses(sentences: Sequence[Row]) -> tuple[float, float]:
    """Return the precision and recall of second clauses on documents not learned from."""
    rows = [(_document(row), example) for row in sentences for example in clause_examples(row)]
    part = {name: index % _PARTS for index, name in enumerate(sorted({name for name, _ in rows}))}
    examples = [example for _, example in rows]
    totals = _held_out(examples, [part[name] for name, _ in rows], _CLAUSES)
    sought = [example.sought for example in examples]
    threshold = _threshold(totals, sought)
    found = [truth for total, truth in zip(totals, sought, strict=True) if total >= threshold]
    return sum(found) / max(1, len(found)), sum(found) / max(1, sum(sought))


def clause_examples(row: Row) -> Iterator[Example]:
    """Yield each joint of a sentence with whether a second main clause begins there."""
    text = str(row["text"])
    begins = {*row["cuts"], *row["parataxis"]}
    since = 0
    for joint in clauses.joints(text, 0, len(text)):
        found = clauses.features(text, since, joint, len(text))
        yield Example(found, (), joint.start in begins)
        if joint.start in begins:
            since = joint.start


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


def _document(row: Row) -> str:
    return str(row["id"]).rsplit("-", 1)[0]


def _held_out(
    examples: Sequence[Example], parts: Sequence[int], recipe: Recipe = _WORTH
) -> list[float]:
    """Return for each example its total by a model that never saw its part of the data."""
    totals = [0.0] * len(examples)
    for part in range(_PARTS):
        weights = fit([e for e, own in zip(examples, parts, strict=True) if own != part], recipe)
        for index, own in enumerate(parts):
            if own == part:
                totals[index] = total_of(weights, examples[index].signs, examples[index].words)
    return totals


def _threshold(totals: Sequence[float], sought: Sequence[bool]) -> float:
    """Return the lowest total above which the share of the sought is high enough."""
    ranked = sorted(zip(totals, sought, strict=True), reverse=True)
    right, threshold = 0, ranked[0][0]
    for count, (total, truth) in enumerate(ranked, start=1):
        right += truth
        if right >= _PRECISION * count:
            threshold = total
    return round(threshold, 3)
