"""What an answer must hold, how long a seat is kept, when two addresses are one source. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from factcheck.failures import Invalid
from factcheck.fetch.urls import parse_url
from factcheck.methods.rules import Policy, Rating, Scale
from factcheck.reviews.captures import capture_at

LEASE = timedelta(hours=2)  # a seat on which nothing was written yet
DRAFT_LEASE = timedelta(hours=72)  # after the last edit of a draft with words or a source
CALL = timedelta(hours=72)  # a seat for which somebody was drawn, then the next in the order
LONGEST_RATIONALE = 20_000  # code points
LONGEST_NOTE = 5_000
LONGEST_QUOTE = 5_000
LONGEST_TITLE = 500
LONGEST_URL = 2_000
LONGEST_COMMENT = 5_000
LONGEST_REASON = 1_000
MOST_SOURCES = 50
ANY_LANGUAGE = ("", "und")  # articles whose language is not known go to everybody
_TRACKING = re.compile(r"(?:utm_\w*|gclid|fbclid)(?:=|$)", re.IGNORECASE)
_FIGURE = re.compile(r"\d[\d.,]*")
MOST_MENTIONS = 20  # in one remark
MOST_NAME_ENDS = 10  # places where a name behind an @ may end
LONGEST_MENTION = 200
_AT = re.compile(r"(?<!\w)@")
_NAME_END = re.compile(r"(?<=\S)(?=\s|[^\w\s]|$)")


class Stance(StrEnum):
    """What a source does to the claim."""

    SUPPORTS = "supports"
    REFUTES = "refutes"
    CONTEXT = "context"


@dataclass(frozen=True, slots=True)
class Cited:
    """A source as a review or a verdict cites it; None for what was left out."""

    url: str
    stance: str
    quote: str | None = None
    title: str | None = None
    archive_url: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reviewer answers. As a draft it may lack anything."""

    rating: str | None = None
    rationale: str = ""
    private_note: str = ""
    sources: tuple[Cited, ...] = ()

    @property
    def has_work(self) -> bool:
        """Whether it holds words or a source: such a draft keeps its seat for longer."""
        return bool(self.rationale.strip() or self.private_note.strip() or self.sources)


def lease_end(now: datetime, *, has_work: bool) -> datetime:
    """Return until when a seat is kept from `now` on: 72 hours with work in it, 2 without."""
    return now + (DRAFT_LEASE if has_work else LEASE)


def speaks(languages: Sequence[str], language: str) -> bool:
    """Whether somebody who named `languages` reads an article's; en also means en-GB.

    Who named none reads all, and everybody an article whose language is not known: so deals the
    queue.
    """
    tag = language.lower()
    if not languages or tag in ANY_LANGUAGE:
        return True
    return any(tag == one or tag.startswith(f"{one}-") for one in map(str.lower, languages))


def minutes_needed(restated: str, *, is_foreign: bool) -> int:
    """Return a guess at the minutes that a claim takes: 10 for one figure or none, more for more.

    `is_foreign`: the article is in a language that the reviewer did not name.
    """
    figures = len(_FIGURE.findall(restated))
    return 10 + 5 * max(0, min(figures, 4) - 1) + (20 if is_foreign else 0)


def draft_problems(answer: Answer, scale: Scale) -> Iterator[Invalid]:
    """Yield what cannot even be kept of an answer: too long, unknown, no address."""
    if answer.rating is not None and answer.rating not in {one.key for one in scale.ratings}:
        known = ", ".join(one.key for one in scale.ratings)
        yield Invalid("rating", "A rating of this scale is one of %(known)s.", known=known)
    yield from _text_problems("rationale", answer.rationale, LONGEST_RATIONALE)
    yield from _text_problems("private_note", answer.private_note, LONGEST_NOTE)
    yield from source_problems(answer.sources)


def answer_problems(
    answer: Answer, scale: Scale, policy: Policy, archived: Collection[str] = ()
) -> Iterator[Invalid]:
    """Yield all that keeps an answer from being submitted, in the order of the page.

    `archived` are the canonical addresses of which there is a copy.
    """
    yield from source_problems(answer.sources)
    if policy.archived_only:
        yield from unarchived_problems(answer.sources, archived)
    rating = next((one for one in scale.ratings if one.key == answer.rating), None)
    needed = policy.sources_needed(rating) if rating else 0
    if rating is not None and len(answer.sources) < needed:
        yield _too_few_sources(rating, needed)
    if answer.rating is None:
        yield Invalid("rating", "Choose a rating.")
    if not answer.rationale.strip():
        yield Invalid("rationale", "Say why, in a sentence or more.")
    unsourced = Answer(answer.rating, answer.rationale, answer.private_note)
    yield from draft_problems(unsourced, scale)


def unarchived_problems(sources: Sequence[Cited], archived: Collection[str]) -> Iterator[Invalid]:
    """Yield which sources have no copy, neither here nor at an archive."""
    for place, source in enumerate(sources[:MOST_SOURCES]):
        try:
            kept = as_kept(source)
        except Invalid:
            continue  # said already of its address
        if not kept.archive_url and kept.url not in archived:
            yield Invalid(
                f"sources[{place}].url",
                "There is no copy of it yet, and only sources with one count here. Wait a minute, "
                "give an archive’s address, or give a copy by hand.",
            )


def practice_problems(answer: Answer, scale: Scale) -> Iterator[Invalid]:
    """Yield all that keeps an answer to a practice case from being judged; words may be lacking."""
    if answer.rating is None:
        yield Invalid("rating", "Choose a rating.")
    yield from draft_problems(answer, scale)


def _too_few_sources(rating: Rating, needed: int) -> Invalid:
    if needed == 1:
        return Invalid(
            "sources",
            "“%(rating)s” needs a source: what you used, or looked in.",
            rating=rating.label,
        )
    return Invalid(
        "sources",
        "“%(rating)s” needs %(needed)s sources: what you used, or looked in.",
        rating=rating.label, needed=needed,
    )  # fmt: skip


def source_problems(sources: Sequence[Cited]) -> Iterator[Invalid]:
    """Yield what cannot be kept of cited sources; fields are written as sources[0].url."""
    if len(sources) > MOST_SOURCES:
        yield Invalid("sources", "Give at most %(most)s sources.", most=MOST_SOURCES)
    for place, source in enumerate(sources[:MOST_SOURCES]):
        field = f"sources[{place}]"
        yield from _address_problems(f"{field}.url", source.url)
        if source.archive_url:
            yield from _address_problems(f"{field}.archive_url", source.archive_url)
        if source.stance not in set(Stance):
            yield Invalid(f"{field}.stance", "Say if it supports, refutes, or gives context.")
        yield from _text_problems(f"{field}.title", source.title or "", LONGEST_TITLE)
        yield from _text_problems(f"{field}.quote", source.quote or "", LONGEST_QUOTE)


def check(problems: Iterator[Invalid]) -> None:
    """Raise the first of some problems, if there is one."""
    for problem in problems:
        raise problem


def check_text(field: str, value: str, longest: int) -> str:
    """Return a text without blanks around it; raise Invalid where it is empty or cannot be kept."""
    words = value.strip()
    if not words:
        raise Invalid(field, "Write something here.")
    check(_text_problems(field, words, longest))
    return words


def canonical_url(url: str) -> str:
    """Return the one form of an address under which its source is kept.

    Scheme and host in lower case; default port, fragment and tracking parameters off; of an
    archive's address, the page that it keeps. Raises Invalid("url", …), with a sentence, for what
    is no web address.
    """
    capture = capture_at(url)
    address = capture.original if capture else parse_url(url)
    path, _, query = address.target.partition("?")
    kept = "&".join(part for part in query.split("&") if not _TRACKING.match(part))
    found = f"{address.scheme}://{address.authority}{path}" + (f"?{kept}" if kept else "")
    if len(found) > LONGEST_URL:
        raise Invalid("url", "An address has at most %(longest)s characters.", longest=LONGEST_URL)
    return found


def is_archive_of(archive_url: str, url: str) -> bool:
    """Whether an address is that of a web archive's copy of the page at a canonical address.

    Archives drop or change the scheme, so it is not compared.
    """
    with suppress(Invalid):
        if capture_at(archive_url):
            return canonical_url(archive_url).partition(":")[2] == url.partition(":")[2]
    return False


def as_kept(cited: Cited) -> Cited:
    """Return a citation as it is kept: a source given by an archive's address keeps that too.

    Raises Invalid as `canonical_url` does.
    """
    archive_url = cited.archive_url or (cited.url if capture_at(cited.url) else None)
    return Cited(
        canonical_url(cited.url), cited.stance, cited.quote or None, cited.title or None,
        str(parse_url(archive_url)) if archive_url else None,
    )  # fmt: skip


def _address_problems(field: str, url: str) -> Iterator[Invalid]:
    if not url.strip():
        yield Invalid(field, "Give its address.")
        return
    try:
        canonical_url(url)
    except Invalid as problem:
        yield Invalid.of(field, problem)


def _text_problems(field: str, value: str, longest: int) -> Iterator[Invalid]:
    if len(value) > longest:
        yield Invalid(
            field,
            "Use at most %(longest)s characters; this has %(length)s.",
            longest=longest,
            length=len(value),
        )
    if "\0" in value or any(0xD800 <= ord(letter) <= 0xDFFF for letter in value):
        yield Invalid(field, "There is a character in it that cannot be kept. Type it again.")


def names_after_at(text: str) -> list[list[str]]:
    """Return for each @ in a text what may be the name behind it, the longest first.

    An @ inside of a word, as in a mail address, begins none.
    """
    found = []
    for place in list(_AT.finditer(text))[:MOST_MENTIONS]:
        behind = text[place.end() :].split("\n", 1)[0][:LONGEST_MENTION]
        ends = [end.start() for end in _NAME_END.finditer(behind)][:MOST_NAME_ENDS]
        found.append([behind[:end] for end in reversed(ends) if not behind[0].isspace()])
    return found
