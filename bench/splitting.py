"""T3 and T4: how fast a text is cut, ranked and proposed from, beside pysbd in the same run."""

from __future__ import annotations

import math
import statistics
import tracemalloc
from collections.abc import Callable, Iterable

from bench.figures import Figure, no_data, ratios, seconds, spread
from bench.shared_data import lines, rivals_on_the_path
from factcheck.text.propose import propose
from factcheck.text.segment import segment

SIZES = (64_000, 256_000, 1_000_000)  # code points
PROSE = (
    "The council met on 3 March and voted nine to four. Mr. Hale, who chairs it, said that the "
    "U.S. figures had risen by 4.5 per cent since 2019! “Was it ever discussed?” she asked. "
    "Nobody knew. "
)
GENERATORS: dict[str, Callable[[int], str]] = {
    "dots": lambda n: "." * n,
    "dots then x": lambda n: "." * (n - 1) + "x",
    "quotes": lambda n: "“" * (n // 2) + '"' * (n // 2),
    "a.b.": lambda n: "a.b." * (n // 4),
    "numbered list": lambda n: "\n".join(f"{i}. item" for i in range(n // 12)),
    "newlines": lambda n: "\n" * n,
    "newlines and spaces": lambda n: "\n " * (n // 2),
    "no end at all": lambda n: "word " * (n // 5),
    "brackets": lambda n: "(" * (n // 2) + ")" * (n // 2),
    "combining marks": lambda n: "e" + "\u0301" * n,
}


def figures() -> Iterable[Figure]:
    """Yield throughput, linearity, and the whole engine's time and memory."""
    rivals_on_the_path()
    yield throughput()
    yield linearity()
    yield whole_engine()
    yield memory()


def prose(length: int) -> str:
    """Return paragraphs of prose of about `length` code points."""
    paragraph = PROSE * 3 + "\n\n"
    return (paragraph * (length // len(paragraph) + 1))[:length]


def pysbd_split() -> Callable[[str], object]:
    """Return pysbd's own splitting; ImportError where `bench/setup` could not install it."""
    import pysbd

    return pysbd.Segmenter(language="en", clean=False).segment


def throughput() -> Figure:
    """Segment 1 MB of prose in paragraphs, and pysbd a part of it (it takes seconds)."""
    name, goal = "segmenting with kinds, times pysbd's MB/s of CPU", ">= 15"
    try:
        rival = pysbd_split()
    except ImportError:
        return no_data("T3", name, goal, "pysbd is not installed")
    text, part = prose(1_000_000), prose(40_000)
    shares = ratios(lambda: rival(part), lambda: segment(text), rounds=3)
    times = sorted(len(text) / len(part) / share for share in shares)
    mb = len(text) / 1e6 / seconds(lambda: segment(text))
    return Figure(
        "T3", name, spread(times, 1) + f"; {mb:.1f} MB/s", goal, statistics.median(times) >= 15
    )


def linearity() -> Figure:
    """Return the worst growth of time when an adversarial text doubles."""
    worst, where = 0.0, ""
    for name, make in GENERATORS.items():
        for size in SIZES[:2]:
            growth = quickest(make(2 * size)) / max(quickest(make(size)), 1e-3)
            if growth > worst:
                worst, where = growth, f"{name} at {size:,}"
    goal = "<= 2.3"
    return Figure(
        "T3",
        "time(2n)/time(n), worst of ten generators",
        f"{worst:.2f} ({where})",
        goal,
        worst <= 2.3,
    )


def quickest(text: str) -> float:
    """Return the least CPU seconds of three that segmenting `text` takes."""
    return min(seconds(lambda: segment(text)) for _ in range(3))


def thousand_sentences() -> str:
    """Return an article of a thousand real sentences, or of made ones without the shared data."""
    try:
        texts = [document["text"] for document in lines("segmentation/gum-dev.jsonl")]
    except FileNotFoundError:
        return prose(math.ceil(1000 / 5) * len(PROSE))
    article, count = [], 0
    for text in texts * 4:
        article.append(text)
        count += len(segment(text))
        if count >= 1000:
            break
    return "\n\n".join(article)


def whole_engine() -> Figure:
    """Segment, rank and cut an article of 1,000 sentences, against pysbd's splitting alone."""
    name, goal = "segment + rank + cut 1,000 sentences / pysbd's split", "<= 0.7"
    try:
        rival = pysbd_split()
    except ImportError:
        return no_data("T4", name, goal, "pysbd is not installed")
    text = thousand_sentences()
    propose(text, segment(text))  # the models are loaded once
    found = ratios(lambda: rival(text), lambda: propose(text, segment(text)))
    return Figure("T4", name, spread(found), goal, statistics.median(found) <= 0.7)


def memory() -> Figure:
    """Return the peak memory of the whole engine as a multiple of the text."""
    text = thousand_sentences()
    propose(text, segment(text))
    tracemalloc.start()
    propose(text, segment(text))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    times = peak / len(text.encode())
    return Figure("T4", "peak memory / size of the text", f"{times:.1f}", "<= 20", times <= 20)
