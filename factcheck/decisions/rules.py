"""What readers are told, and the first draft of it from the reviews. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from factcheck.articles.rules import check_published
from factcheck.failures import Invalid
from factcheck.methods.rules import Scale
from factcheck.reviews.rules import Cited, check_sources

LONGEST_SUMMARY = 2_000  # code points
LONGEST_REASONS = 5_000
LONGEST_SINCE_THEN = 2_000
DRAFT_SENTENCES = 3  # an approved summary has two to four


@dataclass(frozen=True, slots=True)
class VerdictWords:
    """What an editor decides: the rating, the public summary, and the sources shown.

    `sources` None means those of the counted reviews; `as_of` None means the article's date.
    """

    rating: str
    summary: str
    sources: tuple[Cited, ...] | None = None
    as_of: str | None = None
    since_then: str = ""
    reasons: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """A counted review, as a draft of the summary needs it."""

    rating: str
    rationale: str


def check_words(words: VerdictWords, scale: Scale, options: Sequence[str]) -> None:
    """Raise Invalid for a verdict that cannot be given; `options` are the ratings allowed here."""
    if words.rating not in {rating.key for rating in scale.ratings}:
        known = ", ".join(rating.key for rating in scale.ratings)
        raise Invalid("rating", f"A rating of this scale is one of {known}.")
    if words.rating not in options:
        raise Invalid("rating", f"The reviews agree on {' or '.join(options)}; choose among these.")
    _check_length(words.summary, "summary", LONGEST_SUMMARY)
    if not words.summary.strip():
        raise Invalid("summary", "Write what readers are told, in two to four sentences.")
    _check_length(words.reasons, "reasons", LONGEST_REASONS)
    _check_length(words.since_then, "since_then", LONGEST_SINCE_THEN)
    if words.as_of:
        check_published(words.as_of, "as_of")
    if words.sources is not None:
        check_sources(words.sources)
        needed = scale.rating(words.rating).sources_needed
        if len(words.sources) < needed:
            raise Invalid("sources", "Show readers at least one source for this rating.")


def _check_length(value: str, field: str, longest: int) -> None:
    if len(value) > longest:
        raise Invalid(field, f"Use at most {longest:,} characters, not {len(value):,}.")


def draft_summary(reviews: Sequence[Given], rating: str | None) -> str:
    """Return a summary to start from: first sentences of the reviews that gave `rating`.

    Where no rating is settled yet, of all. Markdown marks and numbers of sources are left out.
    """
    chosen = [one for one in reviews if one.rating == rating] or list(reviews)
    sentences: list[str] = []
    for one in chosen:
        for sentence in _sentences(one.rationale)[:DRAFT_SENTENCES]:
            if sentence not in sentences:
                sentences.append(sentence)
    draft = ""
    for sentence in sentences[:DRAFT_SENTENCES]:
        if len(draft) + len(sentence) < LONGEST_SUMMARY:
            draft = f"{draft} {sentence}".strip()
    return draft


def _sentences(markdown: str) -> list[str]:
    plain = re.sub(r"\[(\d{1,3})\](?!\()", "", markdown[: LONGEST_SUMMARY * 4])
    plain = re.sub(r"\[([^\]\n]{1,200})\]\([^)\s]{1,2000}\)", r"\1", plain)
    plain = re.sub(r"[*_`#>]+", "", plain)
    plain = re.sub(r"\s+([.,;:!?])", r"\1", " ".join(plain.split()))
    return [part for part in re.split(r"(?<=[.!?])\s+(?=[^a-z])", plain) if part]
