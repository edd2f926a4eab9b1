"""Where a verdict that changed is used elsewhere: claims put aside as the same as the changed one.

Nothing follows by itself: an editor decides for each, to have it checked or to leave it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from factcheck.accounts.events import Event
from factcheck.accounts.events import record as write_event
from factcheck.accounts.models import Person
from factcheck.articles.models import Article
from factcheck.claims.actions import accept_claim
from factcheck.claims.models import Claim
from factcheck.claims.queries import claims_by_public_id
from factcheck.editions import queries
from factcheck.editions.models import Edition
from factcheck.failures import Conflict

LEFT = "claim.left-as-same"  # the event of an editor's decision to leave one


class NotUsedHere(Conflict):
    """The claim is not one that was put aside as the same as a claim whose verdict changed."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A claim whose verdict changed last in `edition`, and the claims elsewhere that it stands for.

    `left`: those, by public id, that an editor decided to leave since.
    """

    claim: Claim
    edition: Edition
    change: dict[str, str]
    same: list[Claim]
    left: frozenset[str]

    @property
    def waiting(self) -> list[Claim]:
        """Those that nobody has decided about."""
        return [one for one in self.same if one.public_id not in self.left]


def changed_verdicts(session: Session, article: Article) -> list[Changed]:
    """Return the claims of an article whose verdict changed and stands for others elsewhere."""
    last: dict[str, tuple[Edition, dict[str, str]]] = {}
    for edition in queries.editions_listed(session, article):  # the newest first
        for change in edition.changes if edition.withdrawn_at is None else ():
            if change["kind"] == "verdict":
                last.setdefault(change["claim"], (edition, change))
    claims = claims_by_public_id(session, last)
    same = _same_as(session, {one.id for one in claims.values()})
    found = [claim for claim in claims.values() if same.get(claim.id)]
    every = [one.public_id for claim in found for one in same[claim.id]]
    left = _left(session, every)
    return [
        Changed(
            claim, *last[claim.public_id],
            [one for one in same[claim.id] if one.article_id != article.id],
            frozenset(
                one.public_id for one in same[claim.id]
                if (one.public_id, last[claim.public_id][0].sha256) in left
            ),
        )
        for claim in found
    ]  # fmt: skip


def _same_as(session: Session, claim_ids: Collection[int]) -> dict[int, list[Claim]]:
    """Return the claims that were put aside as the same as each, also by way of another."""
    root = {claim_id: claim_id for claim_id in claim_ids}
    found: dict[int, list[Claim]] = {claim_id: [] for claim_id in claim_ids}
    newest = set(claim_ids)
    while newest:
        query = sa.select(Claim).where(Claim.same_as_id.in_(newest)).order_by(Claim.id)
        rows = session.scalars(query.options(joinedload(Claim.article))).all()
        newest = set()
        for claim in rows:
            if claim.id not in root and claim.same_as_id is not None:
                root[claim.id] = root[claim.same_as_id]
                found[root[claim.id]].append(claim)
                newest.add(claim.id)
    return found


def _left(session: Session, public_ids: Collection[str]) -> set[tuple[str, str]]:
    """Return (claim, digest of the edition) that editors decided to leave as they are."""
    rows = session.scalars(
        sa.select(Event).where(
            Event.subject == "claim", Event.subject_id.in_(public_ids), Event.kind == LEFT
        )
    )
    return {(one.subject_id, str(one.details["edition"])) for one in rows}


def decide(
    session: Session, article: Article, claim: Claim, *, takes_up: bool, actor: Person,
    now: datetime,
) -> None:  # fmt: skip
    """Have a claim elsewhere checked by itself, or leave it; raises NotUsedHere."""
    for changed in changed_verdicts(session, article):
        if claim in changed.waiting:
            break
    else:
        raise NotUsedHere("This claim does not rest on a verdict that changed, or was decided on.")
    if takes_up:
        accept_claim(session, claim, actor=actor, now=now)
        return
    write_event(
        session, LEFT, claim.public_id, actor=actor, now=now, edition=changed.edition.sha256
    )
