"""Taking in an article with its proposed claims, and carrying claims over to a new revision."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from factcheck.accounts.events import record
from factcheck.accounts.models import Person
from factcheck.articles.actions import add_article, add_revision
from factcheck.articles.models import Article, Revision
from factcheck.articles.queries import lock_article
from factcheck.articles.queries import revision as current_revision
from factcheck.articles.rules import Intake
from factcheck.claims.actions.counters import added, move_counts
from factcheck.claims.actions.edits import put_at
from factcheck.claims.facets import file_under_language
from factcheck.claims.models import Claim
from factcheck.claims.queries import claims_of, lock_claims
from factcheck.claims.rules import State
from factcheck.outbox import enqueue
from factcheck.site_days import day_of
from factcheck.text.reanchor import Anchored, reanchor

REWORDED = "reworded"  # in the outbox: claims under review have other words since a new revision


def import_article(
    session: Session, intake: Intake, *, actor: Person | None, now: datetime
) -> Article:
    """Add an article with a proposed claim for each proposal of `intake`, and return it."""
    article, revision = add_article(session, intake, actor=actor, now=now)
    claims = []
    for proposal in intake.proposals:
        claim = Claim(
            article_id=article.id,
            restated=proposal.restated,
            claimant=proposal.claimant[:200] if proposal.claimant else None,
            score=proposal.score,
            reasons=list(proposal.reasons),
            state_since_at=now,
            since_on=day_of(session, now),
            created_at=now,
        )
        put_at(claim, revision, proposal.start, proposal.end)
        claims.append(claim)
    session.add_all(claims)
    session.flush()
    file_under_language(session, claims)
    move_counts(session, added(claims), now=now)
    return article


def revise_article(
    session: Session, article: Article, intake: Intake, *, actor: Person | None, now: datetime
) -> list[tuple[Claim, str]]:
    """Give the article a new revision, carry every claim over, and return what became of each.

    That is "unchanged", "moved", "changed" or "gone", in the order of the old text. State, verdict
    and history stay whatever happens to the words; a claim that is gone keeps its last quote and is
    looked for again in the next revision only where it stood in this one. Who reviews a claim whose
    words are others now is asked to confirm, by a job.
    """
    lock_article(session, article.id)
    claims = claims_of(session, article)
    lock_claims(session, claims)
    old = current_revision(session, article)
    placed = [claim for claim in claims if claim.start is not None]
    spans = [(claim.start or 0, claim.end or 0) for claim in placed]
    anchors = dict(zip((c.id for c in placed), reanchor(old.text, intake.text, spans), strict=True))
    new = add_revision(session, article, intake, actor=actor, now=now)
    for claim in claims:
        _carry_over(session, claim, anchors.get(claim.id), new, actor=actor, now=now)
    others = [one for one in claims if one.anchor == "changed" and one.state == State.ACCEPTED]
    if others:
        payload = {"claims": [one.public_id for one in others]}
        enqueue(session, REWORDED, payload, now=now)
    return [(claim, claim.anchor) for claim in claims]


def _carry_over(
    session: Session,
    claim: Claim,
    anchored: Anchored | None,
    new: Revision,
    *,
    actor: Person | None,
    now: datetime,
) -> None:
    before = (claim.start, claim.end, claim.quote)
    if anchored is None or anchored.start is None or anchored.end is None:
        claim.revision_id, claim.revision_length = new.id, new.length
        claim.start = claim.end = None
        claim.anchor = "gone"
    else:
        put_at(claim, new, anchored.start, anchored.end)
        claim.anchor = anchored.status
    after = (claim.start, claim.end, claim.quote)
    if before != after:
        claim.version += 1
        record(
            session, "claim.carried-over", claim.public_id, actor=actor, now=now,
            status=claim.anchor, revision=new.number, before=list(before), after=list(after),
        )  # fmt: skip
