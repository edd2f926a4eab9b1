"""What was typed on a review page, read without losing any of it.

The form is larger than its fields: it has as many sources as somebody adds. A row that lacks
something is not kept in the draft but comes back as it was typed, with what it lacks beside it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from factcheck.failures import Invalid
from factcheck.methods.rules import Scale
from factcheck.reviews.models import Citation, Review
from factcheck.reviews.rules import MOST_SOURCES, Answer, Cited, draft_problems
from factcheck.web.wording import worded

_ROW_FIELD = re.compile(r"source-(\d{1,4})-(url|title|stance|quote|archive_url|place|show)")
_PLACE = re.compile(r"sources\[(\d+)\]\.(\w+)")


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source as it stands on the page; `is_shown` and `place` matter to verdicts alone."""

    url: str = ""
    title: str = ""
    stance: str = ""
    quote: str = ""
    archive_url: str = ""
    place: str = ""
    is_shown: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed in it."""
        return not (self.url or self.title or self.quote or self.archive_url)

    def cited(self) -> Cited:
        """Return the row as a source that is cited."""
        return Cited(self.url, self.stance, self.quote or None, self.title or None,
                     self.archive_url or None)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form of a review. `version` is of the draft it was begun from."""

    rating: str | None = None
    rationale: str = ""
    private_note: str = ""
    rows: tuple[SourceRow, ...] = ()
    version: int = 0

    def answer(self) -> Answer:
        """Return all of it as an answer."""
        return Answer(
            self.rating, self.rationale, self.private_note,
            tuple(row.cited() for row in self.rows if not row.is_blank),
        )  # fmt: skip

    def keepable(self, scale: Scale) -> Answer:
        """Return what of it can be kept as a draft: rows that lack something are left out."""
        whole = self.answer()
        bad = {place_of(problem) for problem in draft_problems(whole, scale)}
        good = tuple(one for place, one in enumerate(whole.sources) if place not in bad)
        return replace(whole, sources=good)


@dataclass(slots=True)
class Problems:
    """Sentences about what was typed, by the field that they belong beside."""

    by_field: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, problems: Iterable[Invalid]) -> Problems:
        """Collect problems; those of a source are filed under "source-1" and so on."""
        found = cls()
        for problem in problems:
            place = place_of(problem)
            name = problem.field if place is None else f"source-{place + 1}"
            found.by_field[name].append(worded(problem))
        return found

    def __len__(self) -> int:
        return sum(len(sentences) for sentences in self.by_field.values())

    def at(self, name: str) -> str:
        """Return the sentences that belong beside a field, "" for none."""
        return " ".join(self.by_field.get(name, ()))

    @property
    def first(self) -> str:
        """The first sentence of all, with the number of the source where it is about one."""
        name, sentences = next(iter(self.by_field.items()))
        place = name.removeprefix("source-")
        return f"source {place}: {sentences[0]}" if place.isdecimal() else sentences[0]


def place_of(problem: Invalid) -> int | None:
    """Return which source (from 0) a problem is about, or None."""
    found = _PLACE.match(problem.field)
    return int(found[1]) if found else None


def typed_review(form: Mapping[str, str]) -> Typed:
    """Return what a form holds; rows left blank are dropped."""
    version = form.get("version", "")
    return Typed(
        rating=form.get("rating") or None,
        rationale=_text(form.get("rationale", "")),
        private_note=_text(form.get("private_note", "")),
        rows=tuple(row for row in source_rows(form) if not row.is_blank),
        version=int(version) if version.isdecimal() and len(version) < 10 else 0,
    )


def source_rows(form: Mapping[str, str]) -> list[SourceRow]:
    """Return the rows of sources in a form, in the order of their numbers."""
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for name, value in form.items():
        if (matched := _ROW_FIELD.fullmatch(name)) and len(found) <= MOST_SOURCES:
            found[int(matched[1])][matched[2]] = _text(value).strip()
    rows = [found[number] for number in sorted(found)]
    return [SourceRow(is_shown=bool(row.pop("show", "")), **row) for row in rows]


def _text(value: str) -> str:
    """Return what was typed with line ends as LF, as a browser shows them."""
    return value.replace("\r\n", "\n").replace("\r", "\n")


def typed_from(review: Review | None, citations: Iterable[Citation] = ()) -> Typed:
    """Return a draft as it stands in the form; an empty form for None."""
    if review is None:
        return Typed()
    return Typed(
        review.rating, review.rationale, review.private_note,
        tuple(
            row_of(Cited(one.source.url, one.stance, one.quote, one.title, one.archive_url))
            for one in citations
        ),
        review.version,
    )  # fmt: skip


def row_of(cited: Cited, *, is_shown: bool = False) -> SourceRow:
    """Return a cited source as a row of a form."""
    return SourceRow(
        cited.url, cited.title or "", cited.stance, cited.quote or "", cited.archive_url or "",
        is_shown=is_shown,
    )  # fmt: skip
