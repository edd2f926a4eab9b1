"""What an edition's record holds, what changed between two, and how passages nest. Pure.

Whatever the law may make us remove stands in the record as a salted digest, and beside it, in the
contents, with its salt. Everything else (ids, spans, ratings, dates, counts) is in clear.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from factcheck.editions.canonical import canonical, salted_digest, sha256

FORMAT = "factcheck-edition/1"
Record = dict[str, Any]
Contents = dict[str, dict[str, str]]
"""Digest → {"salt": hex, "text": words}: what content.json holds; no text where it is withheld."""

_DIGEST = re.compile(r"[0-9a-f]{64}")
_NO_WORDS = {"id", "slug", "previous", "sha256", "page_sha256"}  # digests of other things, or none
WORDS = ("restated", "claimant", "summary", "reasons", "since_then", "as_of", "sources")
MENDED = "corrected_at_source_on"
BECAME = ("reply_asked_on", "reply", "elsewhere")
ARTICLE_WORDS = (
    "title", "authors", "site", "source_url", "text", "published_on", "published_about",
    "place", "language", "display",
)  # fmt: skip


class Words:
    """Turns words into digests, and keeps them with their salts.

    Words that stood in the edition before keep their salt, so that their digest does not change.
    """

    def __init__(self, before: Contents, new_salt: Callable[[], str]) -> None:
        self._salts = {kept["text"]: kept["salt"] for kept in before.values() if "text" in kept}
        self._withheld = {key: kept["salt"] for key, kept in before.items() if "text" not in kept}
        self._new_salt = new_salt
        self.contents: Contents = {}

    def withheld(self, text: str) -> str:
        """Return the digest of words that are not to be shown: the contents have its salt alone."""
        salts = (s for digest, s in self._withheld.items() if salted_digest(s, text) == digest)
        salt = next(salts, None) or self._new_salt()
        digest = salted_digest(salt, text)
        self.contents[digest] = {"salt": salt}
        return digest

    def carry(self, digest: str, kept: Mapping[str, str]) -> None:
        """Take over what the edition before kept behind a digest."""
        if "text" in kept:
            self.digest(kept["text"])
        else:
            self.contents[digest] = dict(kept)

    def digest(self, text: str | None) -> str | None:
        """Return the digest that stands for `text` in the record; None for nothing."""
        if text is None:
            return None
        salt = self._salts.setdefault(text, "") or self._new_salt()
        self._salts[text] = salt
        digest = salted_digest(salt, text)
        self.contents[digest] = {"salt": salt, "text": text}
        return digest


@dataclass(frozen=True, slots=True)
class Change:
    """What is different about one claim: new, verdict, words (ours), text (the author's), gone."""

    claim: str
    kind: str
    from_rating: str | None = None
    to_rating: str | None = None

    def as_json(self) -> dict[str, str]:
        """Return the change as the record and the API give it."""
        moved = {"from": self.from_rating, "to": self.to_rating}
        return {"claim": self.claim, "kind": self.kind} | {k: v for k, v in moved.items() if v}

    @property
    def is_correction(self) -> bool:
        """Whether readers of the edition before must be told."""
        return self.kind != "new"


def changes(before: Record | None, after: Record) -> list[Change]:
    """Return what the claims of `after` differ in from those of `before`, in text order."""
    old = {claim["id"]: claim for claim in before["claims"]} if before else {}
    found = []
    for claim in after["claims"]:
        earlier = old.pop(claim["id"], None)
        if kind := _kind(earlier, claim):
            was = earlier["rating"] if earlier else None
            found.append(Change(claim["id"], kind, was, claim["rating"]))
    found += [Change(claim["id"], "gone", claim["rating"], None) for claim in old.values()]
    return found


def _kind(before: Record | None, after: Record) -> str | None:
    if before is None:
        return "new"
    if before["rating"] != after["rating"]:
        return "verdict"
    if _told(before) != _told(after):
        return "words"
    return "text" if before["quote"] != after["quote"] else None


def _told(claim: Record) -> list[Any]:
    """Return our words about a claim.

    That a copy of a source was kept since, or its page is gone by now, is no change of them. A copy
    comes into the next edition that has something to tell.
    """
    sources = [{**source, "copy": None, "page": None} for source in claim["sources"] or ()]
    return [sources if name == "sources" else claim[name] for name in WORDS]


def is_new(before: Record | None, after: Record) -> bool:
    """Return whether `after` tells readers anything that `before` did not."""
    if before is None or changes(before, after) or pages_differ(before, after):
        return True
    if mends_differ(before, after) or replies_differ(before, after):
        return True
    return any(before["article"][name] != after["article"][name] for name in ARTICLE_WORDS)


def mends_differ(before: Record | None, after: Record) -> list[str]:
    """Return the claims of which it is told since `before` that their author mended the words."""
    old = {claim["id"]: claim.get(MENDED) for claim in before["claims"]} if before else {}
    return [one["id"] for one in after["claims"] if one.get(MENDED) != old.get(one["id"])]


def replies_differ(before: Record | None, after: Record) -> list[str]:
    """Return the claims of which something else became since `before`: replies, other places."""
    old = {claim["id"]: _became(claim) for claim in before["claims"]} if before else {}
    return [
        claim["id"] for claim in after["claims"]
        if claim["id"] in old and old[claim["id"]] != _became(claim)
    ]  # fmt: skip


def _became(claim: Record) -> list[Any]:
    return [claim.get(name) for name in BECAME]


def pages_differ(before: Record | None, after: Record) -> list[str]:
    """Return the claims of which a source's page is gone, moved, changed or back since `before`."""
    old = {claim["id"]: _pages(claim) for claim in before["claims"]} if before else {}
    found = [claim["id"] for claim in after["claims"]]
    return [
        key for key, claim in zip(found, after["claims"], strict=True)
        if key in old and old[key] != _pages(claim)
    ]  # fmt: skip


def _pages(claim: Record) -> list[tuple[str, str]]:
    return [
        (source["url"], source["page"]["is"]) for source in claim["sources"] if source.get("page")
    ]


def sealed(record: Record) -> tuple[str, str]:
    """Return a record as its canonical JSON, and the SHA-256 of that: the edition's id."""
    text = canonical(record)
    return text, sha256(text)


def word_digests(value: Any) -> list[str]:
    """Return every digest in a part of a record that stands for words, in no order."""
    if isinstance(value, Mapping):
        parts = [item for key, item in value.items() if key not in _NO_WORDS]
        return [digest for item in parts for digest in word_digests(item)]
    if isinstance(value, list):
        return [digest for item in value for digest in word_digests(item)]
    return [value] if isinstance(value, str) and _DIGEST.fullmatch(value) else []


def digests_of_claims(record: Record, ids: Collection[str]) -> set[str]:
    """Return the digests of the words that a record has of these claims and of nothing else."""
    own = word_digests([claim for claim in record["claims"] if claim["id"] in ids])
    rest = {**record, "claims": [one for one in record["claims"] if one["id"] not in ids]}
    return set(own) - set(word_digests(rest))


def words_of(contents: Contents, digest: str | None) -> str | None:
    """Return the words behind a digest; None for none, or where they were removed or withheld."""
    kept = contents.get(digest) if digest else None
    return kept.get("text") if kept else None


@dataclass(frozen=True, slots=True)
class Segment:
    """Some words of a text and the claims, by id, that cover all of them."""

    start: int
    end: int
    claims: tuple[str, ...]


def flat_segments(start: int, end: int, spans: Mapping[str, tuple[int, int]]) -> list[Segment]:
    """Return `text[start:end]` cut where a claim begins or ends, in order, without a gap.

    `spans` are in text order; so are the claims of a segment, the one that began first first.
    """
    inside = {
        key: (max(a, start), min(b, end)) for key, (a, b) in spans.items() if a < end and b > start
    }
    edges = sorted({start, end, *(edge for span in inside.values() for edge in span)})
    return [
        Segment(a, b, tuple(key for key, (c, d) in inside.items() if c <= a and b <= d))
        for a, b in pairwise(edges)
    ]


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, heading, list or caption of the text: a kind and the spans in it, in order."""

    kind: str
    parts: tuple[tuple[int, int, str], ...]  # (start, end, kind of the unit)

    @property
    def start(self) -> int:
        """Where it begins."""
        return self.parts[0][0]

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.parts[-1][1]


RUNS_ON = {"sentence", "quotation"}  # kinds of units that stand together in a paragraph


def passages(text: str, units: Iterable[Sequence[Any]]) -> list[Passage]:
    """Return the units of a text gathered into passages, in text order.

    Sentences run on until a blank line or another kind; a caption that cuts a sentence stays
    inside its paragraph. List items in a row make one list.
    """
    found: list[list[tuple[int, int, str]]] = []
    for unit in units:
        start, end, kind = int(unit[0]), int(unit[1]), str(unit[2])
        last = found[-1] if found else None
        if last and _belongs(text, last, start, kind):
            last.append((start, end, kind))
        else:
            found.append([(start, end, kind)])
    return [Passage(_passage_kind(parts), tuple(parts)) for parts in found]


def _belongs(text: str, parts: list[tuple[int, int, str]], start: int, kind: str) -> bool:
    _, end, before = parts[-1]
    gap = text[end:start]
    if kind == "list_item" or before == "list_item":
        return kind == before
    if gap.count("\n") > 1:
        return False
    if kind in RUNS_ON:
        return before in RUNS_ON or (before == "caption" and len(parts) > 1 and "\n" not in gap)
    return kind == "caption" and before in RUNS_ON and not gap and text[end - 1] not in '.!?…”"'


def _passage_kind(parts: list[tuple[int, int, str]]) -> str:
    first = parts[0][2]
    if all(kind == "quotation" for _, _, kind in parts):
        return "quotation"
    return "sentence" if first in RUNS_ON else first
