"""The pool of a claim: which sources are known for it, as the review page has them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from factcheck.accounts.models import Person
from factcheck.api.calls import EDITS, READS, Answer, Asked, call
from factcheck.api.cursors import PageQuery, page_of_all
from factcheck.api.shapes.pool import (
    NewPooled,
    PoolPage,
    SourcePut,
    TakenOut,
    pooled_shown,
)
from factcheck.claims.queries import claim as claim_of
from factcheck.claims.queries import standing
from factcheck.decisions.views.review_page import Mode, Page, page_of
from factcheck.failures import Invalid
from factcheck.reviews import pool
from factcheck.reviews.pool import Pooled


@call("GET", "/claims/{id}/pool", READS, query=PageQuery, answer=PoolPage)
def list_pool(session: Session, asked: Asked[PageQuery]) -> PoolPage:
    """List the sources that are known for a claim, as its review page shows them to you.

    To who holds a seat, all, but where reviewers are drawn by lot; to an editor without one, what
    editors put there; to everybody else, the article's own links near the claim. After a round
    there is none: the reviews are open.
    """
    found = _page(session, asked.id, asked.person)
    numbered = list(enumerate(_seen(found)))
    items, following = page_of_all(numbered, asked.given, lambda one: (one[0],))
    return PoolPage([pooled_shown(one, with_source=found.may_put) for _, one in items], following)


@call("POST", "/claims/{id}/pool", EDITS, body=NewPooled, answer=SourcePut, status=201)
def put_into_pool(session: Session, asked: Asked[NewPooled]) -> SourcePut:
    """Put a source into the pool of a claim, or with `whole_article` of every one of its article.

    One that is there already stays as it is.
    """
    given, claim = asked.given, claim_of(session, asked.id)
    try:
        source = pool.put(
            session, claim, given.url, given.title, actor=asked.person, now=asked.now,
            whole_article="1" if given.whole_article else "",
        )  # fmt: skip
    except Invalid as invalid:
        raise Invalid.of(invalid.field.removeprefix("pool_"), invalid) from invalid
    session.flush()
    return SourcePut(source.public_id, source.url, source.title)


@call("POST", "/claims/{id}/pool/take-out", EDITS, body=TakenOut, status=204)
def take_out_of_pool(session: Session, asked: Asked[TakenOut]) -> Answer:
    """Take out of the pool what an editor put there; nothing where it is not there."""
    pool.take_out(
        session, claim_of(session, asked.id), asked.given.source, actor=asked.person, now=asked.now
    )
    return Answer()


def _page(session: Session, public_id: str, person: Person) -> Page:
    found = page_of(session, public_id, person)
    if found.leads_on:
        return page_of(session, standing(found.claim).public_id, person)
    return found


def _seen(found: Page) -> list[Pooled]:
    """Return what the page shows: others' sources to who writes, what was put to who may put."""
    if found.mode is Mode.WRITE:
        return list(found.pool)
    return [one for one in found.pool if one.is_near or (found.may_put and one.put)]
