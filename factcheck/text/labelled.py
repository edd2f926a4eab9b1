"""Our own labels on articles, laid over the texts they speak of.

The labels hold no words: each row names a document, the SHA-256 of its text, whether it is
held out, and its units as `[start, end, label]` in code points; where a unit states nothing,
what it is instead comes fourth (a title, a caption, a question). `docs/claim-guidelines.md` says
what the labels mean.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from factcheck.failures import Failure
from factcheck.text.segment import segment

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Labelled:
    """One unit: its document, its words, the kind that we took it for, its label.

    `part` says what it truly is where it states nothing, "" otherwise.
    """

    document: str
    text: str
    kind: str
    label: str
    part: str


class TextChanged(Failure):
    """The text of a document is gone, or is no longer the one that was labelled."""


def labelled(
    labels: Sequence[Row], documents: Sequence[Row], *, held_out: bool
) -> Iterator[Labelled]:
    """Yield the units of the documents that are held out, or of those that are not.

    Raises `TextChanged` where `documents` lacks a text or has another one.
    """
    texts = {str(row["id"]): str(row["text"]) for row in documents}
    for row in labels:
        if row["held_out"] == held_out:
            name = str(row["id"])
            text = texts.get(name, "")
            if sha256(text.encode()).hexdigest() != row["sha256"]:
                raise TextChanged("%(name)s is not the text that was labelled.", name=name)
            yield from _units(name, text, row["units"])


def _units(name: str, text: str, units: Sequence[Sequence[Any]]) -> Iterator[Labelled]:
    kinds = {(unit.start, unit.end): unit.kind for unit in segment(text)}
    for start, end, label, *part in units:
        kind = kinds.get((start, end), "sentence")
        yield Labelled(name, text[start:end], kind, label, "".join(part))
