"""Practice cases: invented claims, with what their authors say to each rating. Pure.

A case is made from data that is checked whole, so that no rating is left without an answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from factcheck.failures import Invalid
from factcheck.methods.rules import Scale

FEWEST_SOURCES, MOST_SOURCES = 2, 3
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_TEXTS = ("key", "title", "language", "setting", "paragraph", "words", "restated", "why")


class BadCase(Invalid):
    """The data of a practice case lacks something, or does not fit together."""


@dataclass(frozen=True, slots=True)
class Extract:
    """What a source of a case says: its words, and where and when they were published."""

    title: str
    site: str
    published: date
    quote: str


@dataclass(frozen=True, slots=True)
class Case:
    """One claim to practise on. `feedback` says why each rating but the best is less good."""

    key: str
    place: int  # in the order in which cases are offered
    title: str
    language: str
    setting: str  # who said it, where and when
    paragraph: str
    words: str  # the claim's, as they stand once in the paragraph
    restated: str
    sources: tuple[Extract, ...]
    best: str  # a key of the scale
    why: str  # Markdown; [1] points to the first source
    feedback: Mapping[str, str]  # by the key of the rating

    @property
    def before(self) -> str:
        """What stands before the claim's words in their paragraph."""
        return self.paragraph.partition(self.words)[0]

    @property
    def after(self) -> str:
        """What stands after the claim's words in their paragraph."""
        return self.paragraph.partition(self.words)[2]


def case_of(data: Mapping[str, Any], scale: Scale) -> Case:
    """Return the case that `data` holds, for the ratings of `scale`; raise BadCase."""
    for problem in _problems(data, scale):
        raise problem
    sources = tuple(
        Extract(one["title"], one["site"], date.fromisoformat(one["date"]), one["quote"])
        for one in data["sources"]
    )
    return Case(**{**data, "sources": sources})


def _problems(data: Mapping[str, Any], scale: Scale) -> Iterator[BadCase]:
    for name in _TEXTS:
        if not _has(data, name):
            yield BadCase(name, "The practice case lacks its “%(name)s”.", name=name)
    if data["paragraph"].count(data["words"]) != 1:
        yield BadCase("words", "The claim’s words have to stand once in the paragraph.")
    yield from _rating_problems(data, {rating.key for rating in scale.ratings})
    yield from _source_problems(data.get("sources", ()))


def _rating_problems(data: Mapping[str, Any], known: set[str]) -> Iterator[BadCase]:
    best, feedback = data.get("best", ""), data.get("feedback", {})
    if best not in known:
        yield BadCase("best", "The best rating has to be one of the scale.")
    given = {key for key in feedback if _has(feedback, key)}
    for key in sorted((known - {best}) ^ given):
        yield BadCase(
            "feedback", "There has to be feedback for each rating but the best: see “%(key)s”.",
            key=key,
        )  # fmt: skip


def _source_problems(sources: Sequence[Mapping[str, Any]]) -> Iterator[BadCase]:
    if not FEWEST_SOURCES <= len(sources) <= MOST_SOURCES:
        yield BadCase(
            "sources", "A practice case has %(fewest)s to %(most)s sources.",
            fewest=FEWEST_SOURCES, most=MOST_SOURCES,
        )  # fmt: skip
    for one in sources:
        if not all(_has(one, name) for name in ("title", "site", "quote")):
            yield BadCase("sources", "Each source has a title, a site, a date and a quote.")
        if not _DAY.fullmatch(one.get("date", "")):
            yield BadCase("sources", "A source has its date as a day, such as 2026-03-31.")


def _has(data: Mapping[str, Any], name: str) -> bool:
    """Whether the data holds words under that name."""
    return bool(str(data.get(name, "")).strip())
