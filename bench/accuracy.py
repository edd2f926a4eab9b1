"""T1, T2, T5, T6: sentences, exact offsets, what is worth checking, clauses in a sentence."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable
from typing import Any

from bench.figures import Figure, no_data
from bench.shared_data import ROOT, SHARED, lines, rivals_on_the_path
from factcheck.text.clause_learning import held_out_clauses
from factcheck.text.figures import average_precision
from factcheck.text.parsed import parsed, texts_parsed
from factcheck.text.segment import segment

GOALS = {"ewt-dev": (95.0, 90.0), "gum-dev": (98.5, 96.0)}
Spans = list[tuple[int, int]]


def figures() -> Iterable[Figure]:
    """Yield boundary and span F1 per data set, the golden rules, and the check of offsets."""
    for name, goals in GOALS.items():
        try:
            documents = lines(f"segmentation/{name}.jsonl")
        except FileNotFoundError:
            yield no_data(
                "T1", f"sentences, {name}", f">= {goals[0]} / {goals[1]}", "no shared data"
            )
            continue
        ours = scores(documents, our_spans)
        yield Figure(
            "T1", f"sentences, {name}: boundary / span F1", f"{ours[0]:.1f} / {ours[1]:.1f}",
            f">= {goals[0]} / {goals[1]}", ours[0] >= goals[0] and ours[1] >= goals[1],
            rival=rival_words(documents),
        )  # fmt: skip
    yield golden()
    yield offsets()
    yield ranking()
    yield clauses()


def our_spans(text: str) -> Spans:
    """Return the spans of our units, whatever their kind."""
    return [(unit.start, unit.end) for unit in segment(text)]


def scores(documents: list[dict[str, Any]], split: Callable[[str], Spans]) -> tuple[float, float]:
    """Return boundary F1 (ends, without each document's last) and exact span F1, in percent."""
    ends, spans = [0, 0, 0], [0, 0, 0]
    for document in documents:
        gold = {tuple(span) for span in document["sentences"]}
        found = set(split(document["text"]))
        add(spans, gold, found)
        last = max(end for _, end in gold)
        add(ends, {e for _, e in gold if e != last}, {e for _, e in found if e != last})
    return f1(*ends), f1(*spans)


def add(counts: list[int], gold: set[Any], found: set[Any]) -> None:
    """Add the hits, the gold ones and the found ones of one document to the counts."""
    counts[0] += len(gold & found)
    counts[1] += len(gold)
    counts[2] += len(found)


def f1(hits: int, gold: int, found: int) -> float:
    """Return the F1 score in percent."""
    return 200 * hits / (gold + found) if gold + found else 0.0


def rival_words(documents: list[dict[str, Any]]) -> str:
    """Return pysbd's scores on the same documents, in words; empty where it is not installed."""
    rivals_on_the_path()
    try:
        import pysbd
    except ImportError:
        return ""
    segmenter = pysbd.Segmenter(language="en", clean=False, char_span=True)

    def split(text: str) -> Spans:
        trimmed = []
        for span in segmenter.segment(text):
            words = span.sent.strip()
            if words:
                start = span.start + span.sent.index(words)
                trimmed.append((start, start + len(words)))
        return trimmed

    boundary, exact = scores(documents, split)
    return f"pysbd {boundary:.1f} / {exact:.1f}"


def golden() -> Figure:
    """Count the golden rules of which every sentence comes out as expected."""
    name, goal = "golden rules kept", ">= 46 of 48"
    try:
        cases = json.loads((SHARED / "segmentation/golden.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return no_data("T1", name, goal, "no shared data")
    cases = cases["cases"] if isinstance(cases, dict) else cases
    kept = sum(
        [case["text"][start:end] for start, end in our_spans(case["text"])]
        == [sentence.strip() for sentence in case["sentences"]]
        for case in cases
    )
    return Figure("T1", name, f"{kept} of {len(cases)}", goal, kept >= 46, rival="pysbd 47")


def ranking() -> Figure:
    """Rank the debates held out by how much each sentence is worth checking."""
    name, goal = "check-worthiness, average precision", ">= 0.85"
    try:
        found = average_precision(lines("checkworthiness/dev.jsonl"))
    except FileNotFoundError:
        return no_data("T5", name, goal, "no shared data")
    return Figure("T5", name, f"{found:.3f}", goal, found >= 0.85, rival="words and signs 0.84")


def clauses() -> Figure:
    """Cut at second main clauses, five-fold."""
    name, goal = "second main clauses: precision / recall", ">= 0.88 / 0.70"
    try:
        sentences = [row for part in ("train", "dev") for row in lines(f"clauses/gum-{part}.jsonl")]
        texts = texts_parsed(
            lines("segmentation/ewt-train.jsonl"),
            (SHARED / "splitting/train.tsv").read_text(encoding="utf-8").splitlines(),
            lines("checkworthiness/train.jsonl"),
        )
    except FileNotFoundError:
        return no_data("T6", name, goal, "no shared data")
    labels = (ROOT / "factcheck/text/parser_labels.txt").read_text(encoding="utf-8")
    right, found = held_out_clauses(sentences, parsed(labels.splitlines(), texts))
    return Figure(
        "T6", name, f"{right:.3f} / {found:.3f}", goal, right >= 0.88 and found >= 0.70,
        rival="spaCy 0.86 / 0.79",
    )  # fmt: skip


def offsets(texts: int = 20_000, seed: int = 2026) -> Figure:
    """Hold the partition for generated texts: each non-space character in exactly one unit."""
    dice = random.Random(seed)
    pieces = [
        "Mr. ",
        "A.",
        "b",
        " ",
        "\n",
        "\n\n",
        "“",
        "”",
        "…",
        "3.5",
        "\u00a0",
        "é",
        "👩‍👩‍👧",
        "שלום",
        "\u202e",
        "- ",
    ]
    broken = 0
    for _ in range(texts):
        text = "".join(dice.choices(pieces, k=dice.randrange(1, 40)))
        broken += not is_partition(text)
    name = f"units part {texts:,} generated texts exactly"
    return Figure("T2", name, f"{broken} broken", "0", broken == 0)


def is_partition(text: str) -> bool:
    """Return whether the units of `text` are in order, apart, and leave only white space out."""
    at = 0
    for start, end in our_spans(text):
        if start < at or end <= start or not (text[at:start].isspace() or start == at):
            return False
        at = end
    return not text[at:].strip()
