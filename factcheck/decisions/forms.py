"""What an editor typed on the page where a claim is decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from factcheck.decisions.rules import VerdictWords
from factcheck.reviews.forms import SourceRow, row_of, source_rows
from factcheck.reviews.rules import Cited


@dataclass(frozen=True, slots=True)
class TypedVerdict:
    """What stands in the form; the rows that are ticked are shown to readers."""

    rating: str = ""
    summary: str = ""
    as_of: str = ""
    since_then: str = ""
    reasons: str = ""
    rows: tuple[SourceRow, ...] = ()

    def words(self) -> VerdictWords:
        """Return it as a verdict, its sources in the order of their places."""
        shown = [row for row in self.rows if row.is_shown and not row.is_blank]
        shown.sort(key=lambda row: int(row.place) if row.place.isdecimal() else len(self.rows))
        return VerdictWords(
            self.rating, self.summary, tuple(row.cited() for row in shown), self.as_of or None,
            self.since_then or None, self.reasons or None,
        )  # fmt: skip


def typed_verdict(form: Mapping[str, str]) -> TypedVerdict:
    """Return what a form holds; a blank row is dropped, one that was not ticked stays."""
    fields = {
        name: form.get(name, "").replace("\r\n", "\n").strip()
        for name in ("rating", "summary", "as_of", "since_then", "reasons")
    }
    return TypedVerdict(**fields, rows=tuple(row for row in source_rows(form) if not row.is_blank))


def prefilled(words: VerdictWords, cited: tuple[Cited, ...]) -> TypedVerdict:
    """Return the form to start from: `words`, with what else the reviews cite unticked behind."""
    shown = words.sources if words.sources is not None else cited
    taken = {one.url for one in shown}
    rows = [row_of(one, is_shown=True) for one in shown]
    rows.extend(row_of(one) for one in cited if one.url not in taken)
    return TypedVerdict(
        words.rating, words.summary, words.as_of or "", words.since_then or "",
        words.reasons or "", tuple(rows),
    )  # fmt: skip
