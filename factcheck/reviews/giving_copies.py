"""The verbs of giving a copy by hand: of a source in one's own draft, or a file by itself.

Editors also give copies of the sources of a claim that they decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck.accounts.events import record
from factcheck.accounts.models import Person
from factcheck.claims.models import Claim
from factcheck.claims.queries import lock_claims
from factcheck.claims.rules import State
from factcheck.failures import Conflict
from factcheck.reviews import snapshots
from factcheck.reviews.given_copies import PASTED, Given
from factcheck.reviews.known_sources import Known, keep_source
from factcheck.reviews.models import Citation, GivenCopy, Review, Snapshot, Source
from factcheck.reviews.seats import place_of

MOST_A_DAY = 50  # of 20 MiB each at most: one person fills no disk in an afternoon


class EnoughForToday(Conflict):
    """Somebody gave as many copies within a day as one person may."""


class CopyIsThere(Conflict):
    """The page was fetched, so that no text is taken in its place."""


class NotCited(Conflict):
    """Copies are taken of sources in one's own draft, or of those of a claim to decide, alone."""


class NotDecided(Conflict):
    """The claim is not one to decide."""


def check_allowance(session: Session, person: Person, *, now: datetime) -> None:
    """Raise EnoughForToday for who gave many copies since this time yesterday."""
    query = (
        sa.select(sa.func.count(GivenCopy.id))
        .join(GivenCopy.snapshot)
        .where(
            GivenCopy.person_id == person.id,
            Snapshot.asked_at > now - timedelta(days=1),
            Snapshot.asked_at <= now,  # a clock that was wrong bars nobody
        )
    )
    if (session.scalar(query) or 0) >= MOST_A_DAY:
        raise EnoughForToday(
            "You gave %(most)s copies within a day. Give this one tomorrow.", most=MOST_A_DAY
        )


def own_sources(session: Session, claim: Claim, person: Person) -> list[Source]:
    """Return the sources that the person's newest review of a claim cites, in their order."""
    newest = (
        sa.select(Review.id)
        .join(Review.round)
        .where(Review.person_id == person.id, Review.round.has(claim_id=claim.id))
        .order_by(Review.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = (
        sa.select(Source)
        .join(Citation, Citation.source_id == Source.id)
        .where(Citation.review_id == newest)
        .options(sa.orm.joinedload(Source.snapshots))
        .order_by(Citation.position)
    )
    return list(session.scalars(query).unique())


def is_fetched(source: Source) -> bool:
    """Whether there is a copy of a source that was fetched."""
    return any(one.sha256 and one.given is None for one in source.snapshots)


def chosen(sources: Sequence[Source], source_id: str) -> Source:
    """Return the source with that id among those of which one may give copies; raise NotCited."""
    for source in sources:
        if source.public_id == source_id:
            return source
    raise NotCited("Put the page among your sources first, and save the draft.")


def check_may_decide(claim: Claim) -> None:
    """Raise NotDecided unless the reviews of a claim are in, so that an editor tells of it."""
    if claim.state not in {State.DECIDED, State.DISPUTED, State.READY}:
        raise NotDecided("Its reviews are not all in yet.")


def give_copy(
    session: Session, sources: Sequence[Source], source_id: str, given: Given, *, actor: Person,
    now: datetime, as_editor: bool = False,
) -> Snapshot:  # fmt: skip
    """Keep what somebody gave as a copy of one of those sources, and return it.

    `sources` are those that their draft cites; `as_editor`, those of the claim that they decide,
    and the copy is open to all. Raises NotCited, and CopyIsThere for a text where the page itself
    could be fetched.
    """
    source = chosen(sources, source_id)
    if given.kind == PASTED and is_fetched(source):
        raise CopyIsThere("There is a copy of this page, so no text is taken in its place.")
    snapshot = snapshots.add_given(session, source, given, actor, as_editor=as_editor)
    record(session, "source.copy-given", source.public_id, actor=actor, now=now,
           given_as=given.kind, sha256=given.page_sha256)  # fmt: skip
    if as_editor:  # a verdict may stand by now, and wait for it
        snapshots.ask(session, [Known.of(source)], now=now, pin=True)
    return snapshot


def give_source(
    session: Session, claim: Claim, given: Given, base: str, *, actor: Person, now: datetime,
    as_editor: bool = False,
) -> Source:  # fmt: skip
    """Make a file that somebody gave a source by itself, and return it.

    Its address is where its copy will be read on the site at `base`. Raises what `take_seat` does,
    for an editor who decides NotDecided.
    """
    lock_claims(session, [claim])
    if as_editor:
        check_may_decide(claim)
    else:
        place_of(session, claim, actor, now=now)
    url = f"{base}{snapshots.PLACE}{given.sha256}"
    source = keep_source(session, url, now=now)
    snapshots.add_given(session, source, given, actor, as_editor=as_editor)
    record(session, "source.uploaded", source.public_id, actor=actor, now=now,
           claim=claim.public_id, sha256=given.page_sha256)  # fmt: skip
    return source
