"""Claims proposed from units: which words, restated how, worth what, said by whom.

A proposal is one span of the text that starts and ends inside prose. Where a caption fell into
the middle of its sentence, the span bridges it and the restated form drops it. Restating
never corrects: a wrong name or figure stays wrong.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from factcheck.text.checkworthiness import Score, check_worthiness
from factcheck.text.clauses import second_clauses
from factcheck.text.dates import with_absolute_dates
from factcheck.text.reported import sayer_of
from factcheck.text.restate import with_subject
from factcheck.text.units import PROSE_KINDS, Unit

PRESELECT: Final = 0.4
"""The score from which a proposal is preselected in triage.

From here on about half or more of what is shown deserves a review (held-out articles, calibration
of `factcheck text evaluate`). To untick one costs an editor a key; one not seen is lost.
"""
_FEWEST_WORDS: Final = 3
_LONGEST_RESTATED: Final = 2_000  # code points
_STOPS: Final = ".!?…。！？।؟"
_CLOSERS: Final = "\"'”’»)]*_"
_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Proposal:
    """One claim that an editor may accept: its span, its words, its worth, its claimant."""

    start: int
    end: int
    text: str
    restated: str
    score: float
    reasons: tuple[str, ...]
    claimant: str | None


@dataclass(frozen=True, slots=True)
class Cut:
    """One statement inside a sentence; `start` and `end` count from the sentence's start."""

    start: int
    end: int
    restated: str
    claimant: str | None


@dataclass(frozen=True, slots=True)
class _Statement:
    """A sentence as its parts: one unit, or two and more around a caption."""

    parts: tuple[Unit, ...]
    speaker: str | None


@dataclass(slots=True)
class _Before:
    """The last statement of the paragraph so far, with its subject named where that was sure."""

    words: str = ""
    end: int = 0

    def passed_to(
        self, text: str, unit: Unit, spans: Sequence[tuple[int, int, str, str | None]]
    ) -> str:
        """Return what stood before a unit in its paragraph, and take its last statement instead."""
        said = self.words if unit.kind == "sentence" else ""
        if "\n" in text[self.end : unit.start]:
            said = ""
        last = spans[-1][2] if spans else ""
        self.words = with_subject(last, said) if len(spans) == 1 else last
        self.end = spans[-1][1] if spans else unit.end
        return said


def propose(text: str, units: Sequence[Unit], *, published: str | None = None) -> list[Proposal]:
    """Return the claims that the prose of `text` states, in text order.

    `published` is the article's day (ISO 8601, "2008-04-28") where it is exactly known; only
    then are "yesterday" and "last year" made absolute. A month or a year alone changes nothing.
    """
    proposals: list[Proposal] = []
    before = _Before()
    for statement in _statements(text, units):
        proposals += _proposals_of(text, statement, published, before)
    return proposals


def unit_scores(text: str, units: Sequence[Unit]) -> list[Score | None]:
    """Return a score for each unit that could hold a claim, None for the rest.

    Headings and their like could not, and questions could not.
    """
    scores: list[Score | None] = []
    for unit in units:
        score = check_worthiness(text[unit.start : unit.end], unit.kind)
        scores.append(score if score.value > 0.0 else None)
    return scores


def cuts(sentence: str) -> list[Cut]:
    """Return the statements inside one sentence, in order: its main clauses, or the whole.

    A second main clause is cut off only where that is sure, never inside quotation marks or
    brackets. It has the claimant of the first only where it is still part of that report.
    """
    start = len(sentence) - len(sentence.lstrip())
    end = len(sentence.rstrip())
    if start >= end:
        return []
    claimant = sayer_of(sentence)
    found: list[Cut] = []
    for first, last in second_clauses(sentence, start, end):
        words = " ".join(sentence[first:last].split())
        restated = _as_sentence(words)
        if found:
            restated = with_subject(restated, found[-1].restated)
            claimant = sayer_of(words) or (claimant if _still_reported(sentence, first) else None)
        found.append(Cut(first, last, restated, claimant))
    return found


def _still_reported(sentence: str, first: int) -> bool:
    """Return whether the clause at `first` is told by whoever tells the clause before it."""
    return sentence.lstrip().startswith("According to ") or sentence.startswith("that ", first)


def _statements(text: str, units: Sequence[Unit]) -> Iterator[_Statement]:
    """Yield the sentences; parts that a caption tore apart are one."""
    speaker: str | None = None
    index = 0
    while index < len(units):
        unit = units[index]
        index += 1
        if unit.kind == "byline":
            label = text[unit.start : unit.end]
            speaker = label.rstrip(": ") if label.endswith(":") else None
            continue
        if unit.kind not in PROSE_KINDS:
            speaker = speaker if unit.kind == "caption" else None
            continue
        parts = [unit]
        while index + 1 < len(units) and _is_torn(text, parts[-1], units[index], units[index + 1]):
            parts.append(units[index + 1])
            index += 2
        yield _Statement(tuple(parts), speaker)
        if index < len(units) and _new_paragraph(text, parts[-1], units[index]):
            speaker = None


def _is_torn(text: str, part: Unit, between: Unit, following: Unit) -> bool:
    if between.kind not in ("caption", "credit") or following.kind != part.kind:
        return False
    if text[part.start : part.end].rstrip(_CLOSERS)[-1:] in tuple(_STOPS):
        return False
    return text[following.start].islower() and "\n\n" not in text[part.end : following.start]


def _new_paragraph(text: str, unit: Unit, following: Unit) -> bool:
    return "\n" in text[unit.end : following.start]


def _proposals_of(
    text: str, statement: _Statement, published: str | None, before: _Before
) -> Iterator[Proposal]:
    parts = statement.parts
    kind = parts[0].kind
    if len(parts) > 1:
        words = " ".join(" ".join(text[part.start : part.end] for part in parts).split())
        spans = [(parts[0].start, parts[-1].end, words, sayer_of(words))]
    else:
        spans = list(_spans_of(text, parts[0]))
    said = before.passed_to(text, parts[0], spans)
    for start, end, words, sayer in spans:
        if len(_WORD.findall(words[:200])) < _FEWEST_WORDS:
            continue
        score = check_worthiness(words, kind)
        if score.value <= 0.0:
            continue
        named = with_subject(words, said) if start == spans[0][0] else words
        restated = with_absolute_dates(named[:_LONGEST_RESTATED], published)
        yield Proposal(
            start=start,
            end=end,
            text=text[start:end],
            restated=restated,
            score=score.value,
            reasons=score.reasons,
            claimant=sayer or statement.speaker,
        )


def _spans_of(text: str, unit: Unit) -> Iterator[tuple[int, int, str, str | None]]:
    start = unit.start + _marker_length(text, unit)
    for cut in cuts(text[start : unit.end]):
        yield start + cut.start, start + cut.end, cut.restated, cut.claimant


_MARKER: Final = re.compile(
    r"(?:[•⁃‣▪◦●○■□➢►✓✔*+>–—-]\s?){0,3}(?:\(?(?:\d{1,3}|[a-z])[.)]{1,2}\s)?"
)


def _marker_length(text: str, unit: Unit) -> int:
    """Return the length of the bullet, number or mail mark in front of the words."""
    if unit.kind == "sentence":
        return 0
    match = _MARKER.match(text, unit.start, min(unit.end, unit.start + 16))
    return match.end() - unit.start if match and match.end() < unit.end else 0


def _as_sentence(words: str) -> str:
    """Return the words with a capital in front and a stop behind, otherwise as they are."""
    if not words:
        return words
    words = words.rstrip(" ,;:–—-") if words[-1] in ",;:–—-" else words
    if words.rstrip(_CLOSERS)[-1:] not in tuple(_STOPS):
        words += "."
    return words[0].upper() + words[1:]
