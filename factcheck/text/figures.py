"""How well this room does, counted against people's own cuts and labels."""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from factcheck.text.checkworthiness import check_worthiness
from factcheck.text.labelled import Labelled
from factcheck.text.segment import segment

Row = Mapping[str, Any]
Spans = list[tuple[int, int]]


@dataclass(slots=True)
class Tally:
    """What was found rightly, wrongly, and what was missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def count(self, found: set[Any], true: set[Any]) -> None:
        """Add one case: what was found in it and what is true."""
        self.right += len(found & true)
        self.wrong += len(found - true)
        self.missed += len(true - found)

    def f1(self) -> float:
        """Return the harmonic mean of precision and recall."""
        return 2 * self.right / max(1, 2 * self.right + self.wrong + self.missed)


def our_spans(text: str) -> Spans:
    """Return the spans of our units, whatever their kind."""
    return [(unit.start, unit.end) for unit in segment(text)]


def sentence_figures(
    documents: Iterable[Row], split: Callable[[str], Spans] = our_spans
) -> tuple[Tally, Tally]:
    """Return the tallies of sentence ends (a document's last one left out) and of whole spans."""
    ends, spans = Tally(), Tally()
    for row in documents:
        found = set(split(str(row["text"])))
        true = {(start, end) for start, end in row["sentences"]}
        spans.count(found, true)
        ends.count(_inner_ends(found), _inner_ends(true))
    return ends, spans


def golden_figure(cases: Iterable[Row], split: Callable[[str], Spans] = our_spans) -> int:
    """Return how many golden cases come out sentence for sentence."""
    return sum(
        [case["text"][start:end] for start, end in split(case["text"])] == case["sentences"]
        for case in cases
    )


def average_precision(sentences: Sequence[Row]) -> float:
    """Return the average precision of the check-worthiness scores over labelled sentences."""
    return _precision(
        (check_worthiness(str(row["text"])).value, bool(row["label"])) for row in sentences
    )


def article_precision(units: Sequence[Labelled], sought: Set[str]) -> float:
    """Return the average precision of the scores over units of articles with a label `sought`."""
    return _precision((_score(unit), unit.label in sought) for unit in units)


def stating_nothing(units: Sequence[Labelled]) -> float:
    """Return which share of the best-scored 30 % of units are headings, captions and their like."""
    ranked = sorted(units, key=_score, reverse=True)[: len(units) * 3 // 10]
    return sum(unit.part != "" for unit in ranked) / max(1, len(ranked))


def calibration(units: Sequence[Labelled]) -> list[tuple[int, float, float]]:
    """Return for each tenth of the scores: how many units, their mean score, the share strong.

    What scores 0 by its kind is left out, and so is a tenth without units.
    """
    tenths: list[list[tuple[float, bool]]] = [[] for _ in range(10)]
    for unit in units:
        score = _score(unit)
        if score > 0.0:
            tenths[min(9, int(10 * score))].append((score, unit.label == "strong"))
    return [
        (len(tenth), sum(s for s, _ in tenth) / len(tenth), sum(t for _, t in tenth) / len(tenth))
        for tenth in tenths
        if tenth
    ]


def _score(unit: Labelled) -> float:
    return check_worthiness(unit.text, unit.kind).value


def _precision(pairs: Iterable[tuple[float, bool]]) -> float:
    """Return the average precision of (score, sought) pairs; equal scores stand as they came."""
    right, summed = 0, 0.0
    for rank, (_, sought) in enumerate(sorted(pairs, key=lambda pair: -pair[0]), start=1):
        if sought:
            right += 1
            summed += right / rank
    return summed / max(1, right)


def _inner_ends(spans: set[tuple[int, int]]) -> set[int]:
    ends = {end for _, end in spans}
    return ends - {max(ends, default=0)}
