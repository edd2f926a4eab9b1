"""What the page of a new revision shows, gathered from few queries whatever the size."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck.accounts.events import Event
from factcheck.articles.models import Article, Revision
from factcheck.articles.queries import revision_by_slug
from factcheck.claims.labels import ANCHORS
from factcheck.claims.models import Claim
from factcheck.claims.queries import claims_of
from factcheck.claims.rules import likest_of
from factcheck.desk.revised.rules import Piece, Row, rows_of, side_by_side
from factcheck.text.units import PROSE_KINDS
from factcheck.text.words import content_words

PLACES = 5  # offered for a claim that is gone
_AT_ONCE = 500  # keys in one statement
_FIRST = ("gone", "changed", "moved", "unchanged")


@dataclass(frozen=True, slots=True)
class Place:
    """A sentence of the new text on which a claim that is gone may be put."""

    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class Fate:
    """What a revision made of one claim: its words before and now, in pieces.

    `became` is what the carrying over found; `waits` says whether nobody has looked at it since.
    """

    claim: Claim
    became: str
    before: list[Piece]
    now: list[Piece]
    places: list[Place]

    @property
    def waits(self) -> bool:
        """Whether its words are others, or gone, and no editor has said anything to it."""
        return self.claim.anchor in {"changed", "gone"}


@dataclass(frozen=True, slots=True)
class Page:
    """The newest revision and the one before it; no `before`: there is one alone."""

    article: Article
    revision: Revision
    before: Revision | None
    fates: dict[str, list[Fate]]  # by what became of them, those first that wait for a look
    rows: list[Row] | None  # None: too much differs

    @property
    def waiting(self) -> int:
        """How many claims wait for a look."""
        return sum(fate.waits for fates in self.fates.values() for fate in fates)


def page_of(session: Session, slug: str) -> Page:
    """Return the page of an article; raise ArticleMissing."""
    revision = revision_by_slug(session, slug)
    before = session.scalar(
        sa.select(Revision).where(
            Revision.article_id == revision.article_id, Revision.number == revision.number - 1
        )
    )
    claims = [
        one for one in claims_of(session, revision.article) if one.created_at <= revision.created_at
    ]
    carried = _carried(session, claims, revision.number) if before else {}
    fates = [_fate(claim, carried.get(claim.public_id)) for claim in claims] if before else []
    places = _places(revision, [fate for fate in fates if fate.claim.start is None])
    found = [places.get(fate.claim.id, fate) for fate in fates]
    return Page(
        article=revision.article,
        revision=revision,
        before=before,
        fates={
            key: [one for one in found if one.became == key] for key in _FIRST if key in ANCHORS
        },
        rows=rows_of(before.text, revision.text) if before else [],
    )


def _carried(
    session: Session, claims: Sequence[Claim], number: int
) -> dict[str, Mapping[str, Any]]:
    """Return what the log says of claims that a revision carried elsewhere, by public id."""
    found: dict[str, Mapping[str, Any]] = {}
    keys = [claim.public_id for claim in claims]
    for first in range(0, len(keys), _AT_ONCE):
        events = session.execute(
            sa.select(Event.subject_id, Event.details).where(
                Event.subject == "claim",
                Event.subject_id.in_(keys[first : first + _AT_ONCE]),
                Event.kind == "claim.carried-over",
            )
        )
        found |= {key: details for key, details in events if details.get("revision") == number}
    return found


def _fate(claim: Claim, carried: Mapping[str, Any] | None) -> Fate:
    became = str(carried["status"]) if carried else "unchanged"
    if carried is None and claim.start is None:
        became = "gone"  # since an earlier revision
    before = str(carried["before"][2]) if carried else claim.quote
    now = "" if claim.start is None else claim.quote
    return Fate(claim, became, *side_by_side(before, now), [])


def _places(revision: Revision, gone: Iterable[Fate]) -> dict[int, Fate]:
    """Return the fates of claims that are gone with the sentences that are most like them."""
    waiting = list(gone)
    if not waiting:
        return {}
    text = revision.text
    units: list[tuple[int, int]] = [
        (unit[0], unit[1]) for unit in revision.units if unit[2] in PROSE_KINDS
    ]
    words = [set(content_words(text[start:end])) for start, end in units]
    found = {}
    for fate in waiting:
        likest = likest_of(set(content_words(fate.claim.quote)), words, most=PLACES)
        places = [Place(*units[one], text[slice(*units[one])]) for one in likest]
        found[fate.claim.id] = Fate(fate.claim, fate.became, fate.before, fate.now, places)
    return found
