"""Learning where second main clauses begin, from sentences whose clauses are known.

Two kinds of rows teach: sentences with their `cuts` (the clauses of a tree bank), and pairs of
a compound sentence with the two sentences into which an editor split it. The pairs are many and
noisy, so each counts little.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from factcheck.text import clauses
from factcheck.text.clauses import Joint, Model
from factcheck.text.linear import Example, Recipe, fit, total_of
from factcheck.text.wordlists import words

Row = Mapping[str, Any]

_RECIPE: Final = Recipe(passes=6, rate=0.05, decay=1e-3, rarest=3, smallest=0.01)
_PARTS: Final = 5  # of the documents, each held out once
_PRECISION: Final = 0.9  # at which the model speaks, on documents that it did not see
_PAIR_WEIGHT: Final = 0.05
_BETWEEN: Final = words(", ; : - -- – — and but or so yet nor while whereas")
_NO_SPACE_BEFORE: Final = words(", . ; : ! ? ) ] % 's n't 're 'll 've 'd 'm '")
_QUOTE: Final = words("'' `` \"")
_SUBJECTS: Final = words("he she it they this these we i you")


class Figures(NamedTuple):
    """How the cuts on unseen documents do: the share that is right, the share that is found."""

    precision: float
    recall: float


def clause_model(sentences: Sequence[Row], pairs: Sequence[str]) -> dict[str, Any]:
    """Return the model of second main clauses.

    `sentences` are rows with `id`, `text`, `cuts` and `parataxis`; `pairs` are lines "compound
    TAB first <::::> second" of words parted by spaces.
    """
    taught = _taught(sentences)
    more = [example for line in pairs for example in _pair_examples(line)]
    totals = [
        (total_of(weights, example.signs), example.sought)
        for part, weights in enumerate(_held_out_weights(taught, more))
        for example in _examples_of(taught, part)
    ]
    weights = fit([*(example for _, example in taught), *more], _RECIPE)
    return {"threshold": _threshold(totals), "weights": weights}


def held_out_clauses(sentences: Sequence[Row], pairs: Sequence[str]) -> Figures:
    """Return the figures of the cuts in documents that neither weights nor threshold were from.

    Precision counts a cut at one of `cuts` or `parataxis` as right; recall is the share found
    of all `cuts`, also of those where no joint stands.
    """
    taught = _taught(sentences)
    more = [example for line in pairs for example in _pair_examples(line)]
    weights = _held_out_weights(taught, more)
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


def _taught(sentences: Sequence[Row]) -> list[tuple[int, Example]]:
    """Return each joint of the sentences with the part of the data in which it lies."""
    parts = _parts(sentences)
    return [(parts[_document(row)], example) for row in sentences for example in _row_examples(row)]


def _row_examples(row: Row) -> Iterator[Example]:
    """Yield each joint of a sentence with whether a second main clause begins there."""
    text = str(row["text"])
    begins = {*row["cuts"], *row["parataxis"]}
    since = 0
    for joint in clauses.joints(text, 0, len(text)):
        if clauses.may_part(text, since, joint, len(text)):
            yield Example(clauses.joint_signs(joint, since), (), joint.start in begins)
            since = joint.start if joint.start in begins else since


def _pair_examples(line: str) -> Iterator[Example]:
    """Yield the joints of a compound sentence up to the one where an editor split it.

    Where the second sentence begins as the rest of the compound does, its clause had a subject
    of its own; where the editor put a pronoun there, it had none. Other splits teach nothing.
    """
    compound, _, split = line.partition("\t")
    first, _, second = split.partition(" <::::> ")
    tokens, opening = compound.split(), [word.lower() for word in second.split()]
    cut = _common(tokens, first.split())
    while cut < len(tokens) and tokens[cut] in _BETWEEN:
        cut += 1
    if cut == len(tokens) or not opening:
        return
    follows = [word.lower() for word in tokens[cut : cut + 3]]
    own_subject = opening[: len(follows)] == follows
    if not own_subject and (opening[0] not in _SUBJECTS or follows[0] in _SUBJECTS):
        return
    text, starts = plain(tokens)
    found = [joint for joint in clauses.joints(text, 0, len(text)) if joint.start <= starts[cut]]
    if found and found[-1].start == starts[cut]:
        for joint in found:
            sought = own_subject and joint is found[-1]
            yield Example(clauses.joint_signs(joint, 0), (), sought, _PAIR_WEIGHT)


def plain(tokens: Sequence[str]) -> tuple[str, list[int]]:
    """Return a row of words and marks as it is written, and where each word starts in it."""
    text = ""
    starts = []
    within = False  # quotation marks
    spaced = False
    for token in tokens:
        mark = '"' if token in _QUOTE else token
        within = within is not (mark == '"')
        closes = token in _NO_SPACE_BEFORE or (mark == '"' and not within)
        if spaced and not closes:
            text += " "
        starts.append(len(text))
        text += mark
        spaced = not (mark in ("(", "[") or (mark == '"' and within))
    return text, starts


def _common(tokens: Sequence[str], others: Sequence[str]) -> int:
    """Return how many words both rows begin with."""
    shared = 0
    while shared < min(len(tokens), len(others)) and tokens[shared] == others[shared]:
        shared += 1
    return shared


def _held_out_weights(
    taught: Sequence[tuple[int, Example]], more: Sequence[Example]
) -> list[dict[str, float]]:
    """Return for each part of the data the weights learned without it."""
    return [
        fit([*(example for own, example in taught if own != part), *more], _RECIPE)
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
