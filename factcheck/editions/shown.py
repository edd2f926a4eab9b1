"""An edition as readers' pages show it: its record with the words put back. Pure.

Templates get these values and nothing else, so that a page can only say what its edition says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from factcheck.editions.language import gettext as _
from factcheck.editions.rules import (
    Contents,
    Passage,
    Record,
    Segment,
    flat_segments,
    passages,
    words_of,
)
from factcheck.languages import direction_of
from factcheck.methods.rules import DISAGREE, Rating, Scale
from factcheck.reviews.captures import captured_on

REMOVED = _("[removed]")  # in the place of words that had to go
MARKS = "-*+•◦▪–—·"  # before the items of a list


@dataclass(frozen=True, slots=True)
class ShownSource:
    """A source with a verdict."""

    url: str
    title: str
    stance: str
    quote: str | None
    archive_url: str | None
    copy: Record | None = None  # its digests, moment, and how the quoted words stand in it
    page: Record | None = None  # how the page is by now, where it is not as it was
    moved_to: str | None = None
    is_copy_removed: bool = False  # for good, by a purge

    @property
    def archived_on(self) -> str | None:
        """The day, month or year of the copy at `archive_url`, where that address says so."""
        return captured_on(self.archive_url)


class ShownClaim:
    """One claim of an edition, by its number in the text."""

    def __init__(
        self, number: int, record: Record, contents: Contents, scale: Scale,
        copies_removed: frozenset[str] = frozenset(),
    ) -> None:  # fmt: skip
        self._copies_removed = copies_removed
        self.number = number
        self.record = record
        self._contents = contents
        self.rating: Rating = scale.finding(record["rating"])
        self._scale = scale

    def _words(self, name: str) -> str | None:
        digest = self.record[name]
        return words_of(self._contents, digest) or (_(REMOVED) if digest else None)

    @property
    def is_whole(self) -> bool:
        """Whether its words are here: none of what was said or told of it had to go."""
        names = ("quote", "prefix", "suffix", "restated", "summary")
        return all(self.record[name] in self._contents for name in names)

    @property
    def id(self) -> str:
        """The claim's public id."""
        return str(self.record["id"])

    @property
    def quote(self) -> str:
        """The words as they were said."""
        return self._words("quote") or ""

    @property
    def restated(self) -> str:
        """The claim as it stands alone."""
        return self._words("restated") or ""

    @property
    def is_restated(self) -> bool:
        """Whether the restated form says more than the words themselves with a full stop."""
        return _bare(self.restated) != _bare(self.quote)

    @property
    def claimant(self) -> str | None:
        """Who said it, where that is not the article's author."""
        return self._words("claimant")

    @property
    def summary(self) -> str:
        """What was found, in an editor's words."""
        return self._words("summary") or ""

    @property
    def reasons(self) -> str | None:
        """Why an editor settled it, left it open or changed it."""
        return self._words("reasons")

    @property
    def since_then(self) -> str | None:
        """What came out later, which is no correction."""
        return self._words("since_then")

    @property
    def span(self) -> tuple[int, int] | None:
        """Where it stands in the text; None when its words are gone."""
        start, end = self.record["start"], self.record["end"]
        return None if start is None else (start, end)

    @property
    def sources(self) -> list[ShownSource]:
        """The sources shown, in their order; those whose address was removed are left out."""
        found = []
        for source in self.record["sources"]:
            url = words_of(self._contents, source["url"])
            if url:
                copy = source.get("copy")
                is_removed = bool(copy) and copy["sha256"] in self._copies_removed
                found.append(
                    ShownSource(
                        url, words_of(self._contents, source["title"]) or url, source["stance"],
                        words_of(self._contents, source["quote"]),
                        words_of(self._contents, source["archive_url"]),
                        None if is_removed else copy,
                        page := source.get("page"),
                        words_of(self._contents, page.get("at")) if page else None,
                        is_removed,
                    )
                )  # fmt: skip
        return found

    @property
    def reviewers(self) -> list[tuple[Rating, str | None]]:
        """Each rating that counted, with the name of who gave it where they want to be named."""
        keys = self.record["ratings"]
        digests = self.record.get("reviewers") or [None] * len(keys)
        pairs = zip(keys, digests, strict=True)
        return [(self._scale.rating(key), words_of(self._contents, one)) for key, one in pairs]

    @property
    def reply(self) -> tuple[str, str | None, str | None] | None:
        """What whoever made the claim replied, who that was, and the day; None without a reply."""
        kept = self.record.get("reply")
        text = words_of(self._contents, kept["text"]) if kept else None
        return (text, words_of(self._contents, kept["by"]), kept["on"]) if kept and text else None

    @property
    def elsewhere(self) -> list[tuple[str, str]]:
        """Other articles in which the same claim was found: slug and title."""
        kept = self.record.get("elsewhere", [])
        return [
            (one["slug"], words_of(self._contents, one["title"]) or one["slug"]) for one in kept
        ]

    @property
    def is_under_review(self) -> bool:
        """Whether it is being reviewed again: what is said of it was said before."""
        return bool(self.record["under_review"])

    @property
    def is_split(self) -> bool:
        """Whether its reviewers did not all give the rating that stands."""
        return not self.is_open and any(key != self.rating.key for key in self.record["ratings"])

    @property
    def is_open(self) -> bool:
        """Whether its reviewers disagree and no editor chose between them."""
        return self.rating is DISAGREE

    @property
    def sides(self) -> list[tuple[Rating, int]]:
        """What its reviewers found: each rating with how many gave it, in the scale's order."""
        return _counted(self.record["ratings"], self._scale)


def _counted(keys: Iterable[str], scale: Scale) -> list[tuple[Rating, int]]:
    counts = Counter(keys)
    return [(r, counts[r.key]) for r in scale.ratings if counts[r.key]]


def _bare(words: str) -> str:
    return words.strip(" .!?…").casefold()


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words on the page: the claims over them, those that begin here and those that end."""

    text: str
    kind: str
    claims: tuple[ShownClaim, ...]
    begins: tuple[ShownClaim, ...]
    ends: tuple[ShownClaim, ...]


@dataclass(frozen=True, slots=True)
class ShownPassage:
    """A paragraph or the like: its pieces, by part (items of a list), and the claims in it."""

    kind: str
    parts: tuple[tuple[Piece, ...], ...]
    claims: tuple[ShownClaim, ...]

    @property
    def has_own_marks(self) -> bool:
        """Whether the items of a list bring their bullets or numbers along, as in plain text."""
        return any(part[0].text[:1] in MARKS or part[0].text[:1].isdigit() for part in self.parts)


class ShownEdition:
    """An edition, as pages show it.

    `withdrawn`: what its record has of claims that were withdrawn since: {id: (reason, moment)};
    they are not among `claims`. `purged`: what was removed for good, as the edition's row has it.
    """

    def __init__(
        self, sha256: str, record: Record, contents: Contents, scale: Scale, *,
        withdrawn: Mapping[str, tuple[str, str]] | None = None,
        purged: Iterable[Record] = (),
    ) -> None:  # fmt: skip
        self.sha256 = sha256
        self.record = record
        self.article: Mapping[str, Any] = record["article"]
        self._contents = contents
        self.scale = scale
        self.withdrawn = dict(withdrawn or {})
        self.purged = list(purged)
        copies = frozenset(digest for one in self.purged for digest in one["copies"])
        left = [one for one in record["claims"] if one["id"] not in self.withdrawn]
        self.claims = [
            ShownClaim(number, one, contents, scale, copies) for number, one in enumerate(left, 1)
        ]

    def words(self, digest: str | None) -> str | None:
        """Return the words behind a digest of the record."""
        return words_of(self._contents, digest)

    @property
    def number(self) -> int:
        """The edition's number."""
        return int(self.record["number"])

    @property
    def slug(self) -> str:
        """The last part of the article's address."""
        return str(self.article["slug"])

    @property
    def title(self) -> str:
        """The article's title."""
        return self.words(self.article["title"]) or self.slug

    @property
    def authors(self) -> list[str]:
        """Who wrote the article."""
        return [name for digest in self.article["authors"] if (name := self.words(digest))]

    @property
    def direction(self) -> str:
        """How the article's language runs: "rtl" or "ltr"."""
        return direction_of(str(self.article["language"]))

    @property
    def changes(self) -> list[Record]:
        """What is different from the edition before."""
        changes: list[Record] = self.record["changes"]
        return changes

    @property
    def corrections(self) -> list[Record]:
        """Those changes that readers of the edition before must be told."""
        return [change for change in self.changes if change["kind"] != "new"]

    @cached_property
    def by_id(self) -> dict[str, ShownClaim]:
        """The claims by their id."""
        return {claim.id: claim for claim in self.claims}

    def joined_with(self, claim_id: str) -> ShownClaim | None:
        """Return the claim that an earlier one was joined with; None where it was not."""
        return self.by_id.get(self.record["merged"].get(claim_id, ""))

    @property
    def tally(self) -> list[tuple[Rating, int]]:
        """How many claims have each rating, in the scale's order, without those none has."""
        return _counted((claim.rating.key for claim in self.claims), self.scale)

    @property
    def left_open(self) -> int:
        """How many claims its reviewers disagree on."""
        return sum(claim.is_open for claim in self.claims)

    @property
    def findings(self) -> list[tuple[Rating, int]]:
        """The tally, and behind it how many claims are left open, if any."""
        return self.tally + ([(DISAGREE, self.left_open)] if self.left_open else [])

    @property
    def reviews(self) -> int:
        """How many reviews its verdicts rest on."""
        return sum(len(claim.record["ratings"]) for claim in self.claims)

    @cached_property
    def passages(self) -> list[ShownPassage]:
        """The text as it may be shown, claims marked, in order; nothing for `claims` alone."""
        text = self.words(self.article["text"])
        if text is not None:
            return [self._shown(text, 0, passage) for passage in self._whole(text)]
        return [
            self._shown(words, start, Passage("excerpt", ((start, end, "sentence"),)))
            for start, end, digest in self.article["excerpts"]
            if (words := self.words(digest))
        ]

    def _whole(self, text: str) -> list[Passage]:
        found = passages(text, self.article["units"])
        return [one for one in found if not self._is_the_title(text, one)]

    def _is_the_title(self, text: str, passage: Passage) -> bool:
        return passage.kind == "title" and text[passage.start : passage.end] == self.title

    def _shown(self, text: str, offset: int, passage: Passage) -> ShownPassage:
        """Return a passage with its claims; `text` begins at `offset` of the article's text."""
        spans = {claim.id: claim.span for claim in self.claims if claim.span}
        starts, ends = passage.start, passage.end
        inside = tuple(c for c in self.claims if c.span and c.span[0] < ends and c.span[1] > starts)
        runs = _runs(passage)
        parts = tuple(
            tuple(
                self._piece(text, offset, segment, kind)
                for start, end, kind in run
                for segment in flat_segments(start, end, spans)
            )
            for run in runs
        )
        noted = tuple(claim for claim in inside if claim.span and claim.span[0] >= starts)
        return ShownPassage(passage.kind, parts, noted)

    def _piece(self, text: str, offset: int, segment: Segment, kind: str) -> Piece:
        claims = tuple(self.by_id[key] for key in segment.claims)
        words = text[segment.start - offset : segment.end - offset]
        return Piece(
            words, kind, claims,
            begins=tuple(c for c in claims if c.span and c.span[0] == segment.start),
            ends=tuple(c for c in claims if c.span and c.span[1] == segment.end),
        )  # fmt: skip


def _runs(passage: Passage) -> list[list[tuple[int, int, str]]]:
    """Return the spans of a passage in runs: one for each item of a list, else one.

    Within a run what lies between two units (white space) goes with the first of them.
    """
    if passage.kind == "list_item":
        return [[part] for part in passage.parts]
    run: list[tuple[int, int, str]] = []
    for place, (start, end, kind) in enumerate(passage.parts):
        last = place == len(passage.parts) - 1
        run.append((start, end, kind))
        if not last and passage.parts[place + 1][0] > end:
            run.append((end, passage.parts[place + 1][0], "space"))
    return [run]
