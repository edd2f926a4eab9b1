"""What a search finds, as it is answered."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from factcheck.api.cursors import PageQuery
from factcheck.api.shapes.fields import Line, State
from factcheck.claims.models import Claim
from factcheck.desk.searching import Hit
from factcheck.reviews.models import Review, Source

FoundKind = Literal["claims", "rationales", "sources"]


class SearchQuery(PageQuery, forbid_unknown_fields=True, kw_only=True):
    """What is sought, of which kind, and by what it is narrowed."""

    q: Annotated[str, msgspec.Meta(min_length=1, max_length=200, description="words, not a query")]
    kind: FoundKind = "claims"
    state: State | Literal[""] = ""
    language: Line = ""
    article: Annotated[str, msgspec.Meta(max_length=100, description="its slug")] = ""
    any: Annotated[bool, msgspec.Meta(description="one of the words is enough")] = False


class Found(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Something that has the words: a claim, a review of a closed round, or a source.

    `claim` and `article` are ids; a source belongs to none. `extract` is the words around those
    sought, in pieces: the text, and whether it was sought.
    """

    kind: FoundKind
    id: str
    claim: str | None
    article: str | None
    state: State | None
    text: str
    url: str | None
    extract: list[tuple[str, bool]]


class FoundPage(msgspec.Struct, forbid_unknown_fields=True):
    """A page of what was found, the best first; `counted` of it all, or more where `or_more`."""

    items: list[Found]
    next: str | None
    counted: int
    or_more: bool


def found_shown(hit: Hit) -> Found:
    """Return a hit as it is sent."""
    row, claim = hit.row, hit.claim
    kind: FoundKind = "sources"
    if isinstance(row, Claim):
        kind = "claims"
    elif isinstance(row, Review):
        kind = "rationales"
    return Found(
        kind=kind, id=row.public_id, claim=claim.public_id if claim else None,
        article=claim.article.public_id if claim else None,
        state=claim.state if claim else None,  # type: ignore[arg-type]  # a constraint holds it
        text="".join(text for text, _ in hit.heading),
        url=row.url if isinstance(row, Source) else None, extract=hit.extract or hit.heading,
    )  # fmt: skip
