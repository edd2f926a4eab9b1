"""What readers are told, and the first draft of it from the reviews. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from factcheck.articles.rules import check_published
from factcheck.failures import Invalid
from factcheck.methods.rules import DISAGREE, Policy, Scale
from factcheck.reviews.rules import Cited, source_problems, unarchived_problems
from factcheck.text.segment import segment

LONGEST_SUMMARY = 2_000  # code points
LONGEST_REASONS = 5_000
LONGEST_SINCE_THEN = 2_000
DRAFT_SENTENCES = 3  # two to four are the advice
_READ = 4_000  # code points of a rationale from which its first sentences are taken

_LINK = re.compile(r"\[([^\]\n]{1,300})\]\([^)\s]{1,2000}\)")
_SOURCE_NUMBER = re.compile(r"[^\S\n]*\[\d{1,3}\]")
_LINE_MARKS = re.compile(r"^[^\S\n]*(?:#{1,6}|>|[-*+]|\d{1,3}[.)])[^\S\n]+", re.MULTILINE)
_MARKS = re.compile(r"\*\*|__|~~|`|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)")


@dataclass(frozen=True, slots=True)
class VerdictWords:
    """What an editor decides: the rating, what readers are told, and the sources shown.

    `rating` may be `DISAGREE.key` after a dispute, which leaves it open. `sources` None:
    those that the counted reviews cite; `as_of` None: the article's date.
    """

    rating: str
    summary: str
    sources: tuple[Cited, ...] | None = None
    as_of: str | None = None
    since_then: str | None = None
    reasons: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A rating and why, as a reviewer gave them."""

    rating: str
    rationale: str


def choices(agreed: Sequence[str] | None, scale: Scale) -> tuple[str, ...]:
    """Return what an editor may decide after a round, in scale order.

    `agreed` are the ratings that its reviews agree on; None where they do not agree: then any of
    the scale, or that reviewers disagree.
    """
    if agreed is not None:
        return tuple(agreed)
    return (*(rating.key for rating in scale.ratings), DISAGREE.key)


def verdict_problems(
    words: VerdictWords, scale: Scale, options: Collection[str], policy: Policy, *,
    needs_reasons: bool, archived: Collection[str] = (),
) -> Iterator[Invalid]:  # fmt: skip
    """Yield all that keeps a verdict from being given; `options` are the ratings allowed here.

    `archived` are the canonical addresses of which there is a copy.
    """
    if words.rating not in options:
        labels = [scale.finding(key).label for key in options]
        yield Invalid("rating", "Choose among %(ratings)s.", ratings=", ".join(labels))
    elif words.sources is not None:
        needed = policy.sources_needed(scale.finding(words.rating))
        if len(words.sources) < needed:
            yield _too_few_sources(needed)
    yield from source_problems(words.sources or ())
    if policy.archived_only:
        yield from unarchived_problems(words.sources or (), archived)
    yield from _words_problems("summary", words.summary, LONGEST_SUMMARY, _no_summary())
    no_reasons = _no_reasons(words.rating) if needs_reasons else None
    yield from _words_problems("reasons", words.reasons or "", LONGEST_REASONS, no_reasons)
    yield from _words_problems("since_then", words.since_then or "", LONGEST_SINCE_THEN, None)
    try:
        check_published(words.as_of or "", "as_of")
    except Invalid as problem:
        yield problem


def _too_few_sources(needed: int) -> Invalid:
    if needed == 1:
        return Invalid("sources", "Show readers at least one source for this rating.")
    return Invalid(
        "sources", "Show readers at least %(needed)s sources for this rating.", needed=needed
    )


def _no_summary() -> Invalid:
    return Invalid("summary", "Write what readers are told, in two to four sentences.")


def _no_reasons(rating: str) -> Invalid:
    if rating == DISAGREE.key:
        return Invalid("reasons", "Say why you leave it open.")
    return Invalid("reasons", "Say why you settle it this way.")


def _words_problems(
    field: str, value: str, longest: int, missing: Invalid | None
) -> Iterator[Invalid]:
    """Yield what is wrong with words; `missing` is what is said where there have to be some."""
    if missing is not None and not value.strip():
        yield missing
    if len(value) > longest:
        yield Invalid(
            field,
            "Use at most %(longest)s characters; this has %(length)s.",
            longest=longest,
            length=len(value),
        )
    if "\0" in value or any(0xD800 <= ord(letter) <= 0xDFFF for letter in value):
        yield Invalid(field, "There is a character in it that cannot be kept. Type it again.")


def draft_summary(told: Sequence[Told], rating: str | None = None) -> str:
    """Return a summary to start from: the first sentences of those who gave `rating`.

    Without a rating, or where nobody gave it, of those given most: of all sides where none leads.
    Marks of Markdown and numbers of sources are left out; a sentence stands in it once.
    """
    given = Counter(one.rating for one in told)
    most = max(given.values(), default=0)
    wanted = {rating} if rating in given else {key for key in given if given[key] == most}
    queues = [_sentences(one.rationale) for one in told if one.rating in wanted]
    found: list[str] = []
    for place in range(DRAFT_SENTENCES):
        for sentences in queues:
            if place < len(sentences) and sentences[place] not in found:
                found.append(sentences[place])
    draft = ""
    for sentence in found[:DRAFT_SENTENCES]:
        longer = f"{draft} {sentence}".strip()
        draft = longer if len(longer) <= LONGEST_SUMMARY else draft
    return draft


def _sentences(markdown: str) -> list[str]:
    words = _LINE_MARKS.sub("", markdown[:_READ])
    words = _SOURCE_NUMBER.sub("", _LINK.sub(r"\1", words))
    words = _MARKS.sub("", words)
    units = segment(words)
    if len(markdown) > _READ:
        units = units[:-1]  # the last one may be cut off
    return [" ".join(words[unit.start : unit.end].split()) for unit in units]
