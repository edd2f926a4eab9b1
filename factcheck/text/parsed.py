"""What a parser said of sentences, laid over the texts that it speaks of.

The labels hold no words. Their first line is the SHA-256 of the texts; each line behind it is
one sentence: the class of each word and mark (`word_classes.py`, `?` where there is none), and
the code points at which further main clauses with a subject begin. `python -m
bench.parser_labels` makes them, by a parser that is needed for nothing else.
"""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

from factcheck.text.labelled import TextChanged
from factcheck.text.written import plain

Row = Mapping[str, Any]


class Parsed(NamedTuple):
    """A sentence, the classes of its words and marks, and where further main clauses begin."""

    text: str
    sorts: str
    cuts: frozenset[int]


def texts_parsed(
    documents: Iterable[Row], pairs: Iterable[str], spoken: Iterable[Row]
) -> list[str]:
    """Return the sentences that the labels speak of, in their order, each in one line.

    They are those of the documents, the compound ones of the pairs, and those of the debates.
    """
    found = [row["text"][start:end] for row in documents for start, end in row["sentences"]]
    found += [plain(line.partition("\t")[0].split())[0] for line in pairs]
    found += [str(row["text"]) for row in spoken]
    return [text.replace("\n", " ") for text in found]


def parsed(labels: Sequence[str], texts: Sequence[str]) -> list[Parsed]:
    """Return the sentences with what the labels say; `TextChanged` where they are others."""
    if not labels or labels[0] != digest(texts):
        raise TextChanged("The sentences are not those that the parser labelled.")
    return [_parsed(text, label) for text, label in zip(texts, labels[1:], strict=True)]


def digest(texts: Iterable[str]) -> str:
    """Return what the first line of labels for these texts is."""
    return sha256("\n".join(texts).encode()).hexdigest()


def _parsed(text: str, label: str) -> Parsed:
    sorts, *cuts = label.split(" ")
    return Parsed(text, sorts, frozenset(map(int, cuts)))
