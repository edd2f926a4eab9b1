"""Learning where second main clauses begin, from sentences whose clauses are known.

What a parser cut in many sentences teaches first. The model then moves on, from the weights
learned so far, to the sentences of a tree bank, whose `cuts` people corrected: they are few, and
they are what counts.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from factcheck.text import clauses
from factcheck.text.clauses import Joint, Model, Walk
from factcheck.text.linear import Example, Recipe, fit, total_of
from factcheck.text.parsed import Parsed

Row = Mapping[str, Any]

_FIRST: Final = Recipe(passes=4, rate=0.05, decay=1e-3, rarest=3, smallest=0.0)
_THEN: Final = Recipe(passes=4, rate=0.05, decay=1e-3, rarest=3, smallest=0.01)
_PARTS: Final = 5  # of the documents, each held out once
_PRECISION: Final = 0.89  # at which the model speaks, on documents that it did not see


class Figures(NamedTuple):
    """How the cuts on unseen documents do: the share that is right, the share that is found."""

    precision: float
    recall: float


def clause_model(sentences: Sequence[Row], labelled: Sequence[Parsed]) -> dict[str, Any]:
    """Return the model of second main clauses.

    `sentences` are rows with `id`, `text`, `cuts` and `parataxis`; `labelled` are other
    sentences with the cuts of a parser.
    """
    start = _first_weights(labelled)
    taught = _taught(sentences)
    totals = [
        (total_of(weights, example.signs), example.sought)
        for part, weights in enumerate(_held_out_weights(taught, start))
        for example in _examples_of(taught, part)
    ]
    weights = fit([example for _, example in taught], _THEN, start)
    return {"threshold": _threshold(totals), "weights": weights}


def held_out_clauses(sentences: Sequence[Row], labelled: Sequence[Parsed]) -> Figures:
    """Return the figures of the cuts in documents that neither weights nor threshold were from.

    Precision counts a cut at one of `cuts` or `parataxis` as right; recall is the share found
    of all `cuts`, also of those where no joint stands.
    """
    taught = _taught(sentences)
    weights = _held_out_weights(taught, _first_weights(labelled))
    right = found = made = sought = 0
    for part, own in enumerate(weights):
        others = [
            (total_of(weights[other], example.signs), example.sought)
            for other in range(_PARTS)
            if other != part
            for example in _examples_of(taught, other)
        ]
        model = Model(own, _threshold(others))
        for row in _rows_of(sentences, part):
            begins = {joint.start for joint in _cuts(row, model)}
            made += len(begins)
            right += len(begins & {*row["cuts"], *row["parataxis"]})
            found += len(begins & {*row["cuts"]})
            sought += len(row["cuts"])
    return Figures(right / max(1, made), found / max(1, sought))


def _cuts(row: Row, model: Model) -> Iterator[Joint]:
    text = str(row["text"])
    return clauses.cut_joints(text, 0, len(text), model)


def _first_weights(labelled: Iterable[Parsed]) -> dict[str, float]:
    """Return what the parser's sentences teach."""
    examples = (_examples(text, cuts.__contains__) for text, _, cuts in labelled)
    return fit([example for found in examples for example in found], _FIRST)


def _taught(sentences: Sequence[Row]) -> list[tuple[int, Example]]:
    """Return each joint of the sentences with the part of the data in which it lies."""
    parts = _parts(sentences)
    return [
        (parts[_document(row)], example)
        for row in sentences
        for example in _examples(str(row["text"]), {*row["cuts"], *row["parataxis"]}.__contains__)
    ]


def _examples(text: str, begins: Callable[[int], bool]) -> Iterator[Example]:
    """Yield each joint of a sentence with whether a second main clause begins there."""
    walk = Walk(text, 0, len(text))
    for joint in walk.joints():
        sought = begins(joint.start)
        yield Example(walk.signs(joint), (), sought)
        if sought:
            walk.cut(joint)


def _held_out_weights(
    taught: Sequence[tuple[int, Example]], start: Mapping[str, float]
) -> list[dict[str, float]]:
    """Return for each part of the data the weights learned without it."""
    return [
        fit([example for own, example in taught if own != part], _THEN, start)
        for part in range(_PARTS)
    ]


def _examples_of(taught: Sequence[tuple[int, Example]], part: int) -> list[Example]:
    return [example for own, example in taught if own == part]


def _rows_of(sentences: Sequence[Row], part: int) -> list[Row]:
    parts = _parts(sentences)
    return [row for row in sentences if parts[_document(row)] == part]


def _parts(sentences: Sequence[Row]) -> dict[str, int]:
    names = sorted({_document(row) for row in sentences})
    return {name: index % _PARTS for index, name in enumerate(names)}


def _document(row: Row) -> str:
    return str(row["id"]).rsplit("-", 1)[0]


def _threshold(totals: Sequence[tuple[float, float]]) -> float:
    """Return the lowest total above which the share of the sought is high enough."""
    ranked = sorted(totals, reverse=True)
    right, threshold = 0.0, ranked[0][0]
    for count, (total, truth) in enumerate(ranked, start=1):
        right += truth
        if right >= _PRECISION * count:
            threshold = total
    return round(threshold, 3)
