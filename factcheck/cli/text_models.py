"""`factcheck text train` and `factcheck text evaluate`: the models remade, and how they do."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from factcheck import text as room
from factcheck.cli import text_peers
from factcheck.cli.json_lines import rows, write
from factcheck.cli.sentences import note, refuse, refuse_with
from factcheck.text import clause_learning, figures, training, word_learning
from factcheck.text.labelled import Labelled, TextChanged, labelled
from factcheck.text.parsed import Parsed, parsed, texts_parsed

_ROOM = Path(room.__file__).parent
_LABELS = _ROOM / "claim_labels.jsonl"
_PARSER_LABELS = _ROOM / "parser_labels.txt"
_DATA = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.option("--data", type=_DATA, required=True, help="The folder of the labelled data.")
@click.option("--out", type=_DATA, default=_ROOM, help="Where the models go; beside the code.")
def train(data: Path, out: Path) -> None:
    """Remake the models from labelled data, the same to the byte each time."""
    documents = _read(data, "segmentation/ewt-train.jsonl", "segmentation/gum-train.jsonl")
    worth = _read(data, "checkworthiness/train.jsonl")
    joined = _read(data, "clauses/gum-train.jsonl", "clauses/gum-dev.jsonl")
    pairs = _lines(data, "splitting/train.tsv", "splitting/dev.tsv")
    (out / "segment").mkdir(exist_ok=True)
    _save_words(out / "segment" / "lexicon.txt", training.lexicon(documents))
    texts = [str(row["text"]) for row in [*documents, *worth]]
    texts += [line.split("\t")[1] for line in pairs if "\t" in line]
    _save_words(out / "verbs.txt", training.verbs(texts))
    sentences = _sentences_parsed(data)
    _save(out / "word_classes.json", word_learning.word_classes(sentences))
    _save(out / "segment" / "gaps.json", training.gap_model(documents))
    _save(
        out / "checkworthiness.json", training.worth_model(worth, _articles(data, held_out=False))
    )
    _save(out / "clauses.json", clause_learning.clause_model(joined, sentences))


@click.command()
@click.option("--data", type=_DATA, required=True, help="The folder of the labelled data.")
@click.option("--peers", type=_DATA, help="An environment with other splitters, such as .bench.")
def evaluate(data: Path, peers: Path | None) -> None:
    """Print the figures of the engine on the data that it was not trained on, and its peers'."""
    for name, split in (("factcheck", figures.our_spans), *text_peers.peers(peers)):
        _evaluate_splitter(data, name, split)
    worth = _read(data, "checkworthiness/dev.jsonl")
    write({"figure": "check-worthiness", "average_precision": figures.average_precision(worth)})
    _evaluate_articles(_articles(data, held_out=True))
    joined = _read(data, "clauses/gum-train.jsonl", "clauses/gum-dev.jsonl")
    cut = clause_learning.held_out_clauses(joined, _sentences_parsed(data))
    write({"figure": "clauses, five-fold", "precision": cut.precision, "recall": cut.recall})


def _evaluate_splitter(data: Path, name: str, split: text_peers.Splitter | None) -> None:
    """Print how a splitter does: its sentences, the golden rules, megabytes a second of prose."""
    if split is None:
        write({"figure": "sentences", "by": name, "f1": "no data"})
        return
    prose = ""
    for corpus in ("ewt", "gum"):
        documents = _read(data, f"segmentation/{corpus}-dev.jsonl")
        ends, spans = figures.sentence_figures(documents, split)
        write({"figure": f"sentence ends, {corpus}", "by": name, "f1": _percent(ends.f1())})
        write({"figure": f"sentence spans, {corpus}", "by": name, "f1": _percent(spans.f1())})
        prose = "\n\n".join(str(row["text"]) for row in documents)
    golden = json.loads((data / "segmentation" / "golden.json").read_text(encoding="utf-8"))
    right = figures.golden_figure(golden["cases"], split)
    write({"figure": "golden rules", "by": name, "right": right, "of": len(golden["cases"])})
    write({"figure": "speed", "by": name, "megabytes_a_second": _speed(split, prose)})


def _evaluate_articles(units: list[Labelled]) -> None:
    """Print how the scores do on the articles that are held out."""
    for name, sought in (("strong", {"strong"}), ("strong or weak", {"strong", "weak"})):
        precision = figures.article_precision(units, sought)
        write({"figure": f"check-worthiness, articles, {name}", "average_precision": precision})
    share = figures.stating_nothing(units)
    write({"figure": "headings and their like in the best 30 %", "share": share})
    for count, score, strong in figures.calibration(units):
        write({"figure": "calibration", "units": count, "mean_score": score, "strong": strong})


def _articles(data: Path, *, held_out: bool) -> list[Labelled]:
    documents = _read(data, "segmentation/gum-train.jsonl", "segmentation/gum-dev.jsonl")
    with _LABELS.open("rb") as file:
        labels = list(rows(file, "id", "sha256"))
    try:
        return list(labelled(labels, documents, held_out=held_out))
    except TextChanged as error:
        refuse_with(error)


def _read(data: Path, *names: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for name in names:
        try:
            with (data / name).open("rb") as file:
                found += rows(file, "text")
        except OSError as error:
            refuse("%(name)s cannot be read: %(reason)s.", name=name, reason=error.strerror)
    return found


def _save(path: Path, model: dict[str, Any]) -> None:
    path.write_text(json.dumps(model, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    note("%(name)s, in bytes: %(size)s", name=path.name, size=path.stat().st_size)


def _lines(data: Path, *names: str) -> list[str]:
    found: list[str] = []
    for name in names:
        try:
            found += (data / name).read_text(encoding="utf-8").splitlines()
        except OSError as error:
            refuse("%(name)s cannot be read: %(reason)s.", name=name, reason=error.strerror)
    return found


def _sentences_parsed(data: Path) -> list[Parsed]:
    """Return the sentences that a parser labelled, with its labels."""
    texts = texts_parsed(
        _read(data, "segmentation/ewt-train.jsonl"),
        _lines(data, "splitting/train.tsv"),
        _read(data, "checkworthiness/train.jsonl"),
    )
    try:
        return parsed(_PARSER_LABELS.read_text(encoding="utf-8").splitlines(), texts)
    except TextChanged as error:
        refuse_with(error)


def _save_words(path: Path, words: list[str]) -> None:
    path.write_text("\n".join(words) + "\n", encoding="utf-8")
    note("%(name)s, in words: %(size)s", name=path.name, size=len(words))


def _percent(share: float) -> float:
    return round(100 * share, 2)


def _speed(split: Callable[[str], object], joined: str) -> float:
    began = time.process_time()
    split(joined)
    return round(len(joined.encode()) / 1e6 / (time.process_time() - began), 3)
