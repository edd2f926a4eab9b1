"""What people did and wrote: one's own page, and for editors everybody's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from factcheck import clock
from factcheck.accounts import queries as accounts
from factcheck.accounts.browser_session import signed_in
from factcheck.accounts.models import Person
from factcheck.db import current_session
from factcheck.decisions import written
from factcheck.failures import Invalid
from factcheck.methods.queries import scale
from factcheck.reviews.gold import figures, own_figure
from factcheck.reviews.queries import held_seats
from factcheck.web.access import Caller, access
from factcheck.web.paging import cursor, number_of

A_PAGE = 30
MOST_DRAFTS = 50

bp = Blueprint("written", __name__)


@bp.get("/account/work")
@access(Caller.REVIEWER)
def own() -> ResponseReturnValue:
    """Show one's own work: what one reads, holds and has begun, and what became of the rest."""
    session, me = current_session(), signed_in()
    before = number_of(request.args.get("cursor"))
    found = written.past_reviews(session, me, before=before, limit=A_PAGE + 1)
    shown, following = _cut(found, lambda one: one.review.id)
    held = held_seats(session, me, now=clock.now())
    drafts = written.drafts(session, me, limit=MOST_DRAFTS)
    return render_template(
        "desk/own_work.html", past=shown, following=following, held=held, drafts=drafts,
        begun={one.round_id for one in drafts}, at_hand={seat.round_id for seat in held},
        is_first=before is None, scale=scale,
        figure=own_figure(session, me, now=clock.now()),
    )  # fmt: skip


def _cut(found: Sequence[Any], key: Callable[[Any], int]) -> tuple[Sequence[Any], str | None]:
    """Return a page of what was asked for with one more, and the cursor of the next page."""
    shown = found[:A_PAGE]
    return shown, cursor(key(shown[-1])) if len(found) > A_PAGE else None


def _reviews(session: Session, person: Person, **page: Any) -> Sequence[Any]:
    return written.closed_reviews(session, person, **page)


def _talk(session: Session, person: Person, **page: Any) -> Sequence[Any]:
    return written.remarks(session, person, signed_in(), **page)


Reader = Callable[..., Sequence[Any]]
KINDS: Mapping[str, tuple[Reader, Callable[[Any], int]]] = MappingProxyType(
    {
        "reviews": (_reviews, lambda one: one.review.id),
        "talk": (_talk, lambda one: one.id),
        "sources": (written.citations, lambda one: one.citation.id),
        "verdicts": (written.verdicts, lambda one: one.id),
    }
)


@bp.get("/desk/people/<public_id>")
@access(Caller.EDITOR)
def of_person(public_id: str) -> ResponseReturnValue:
    """List what somebody wrote, one kind at a time, but for what is sealed."""
    session = current_session()
    person = accounts.person_by_public_id(session, public_id)
    kind = request.args.get("kind", "reviews")
    if kind not in KINDS:
        raise Invalid("kind", "There is no such kind.")
    read, key = KINDS[kind]
    before = number_of(request.args.get("cursor"))
    shown, following = _cut(read(session, person, before=before, limit=A_PAGE + 1), key)
    return render_template(
        "desk/person.html", person=person, kind=kind, kinds=tuple(KINDS), found=shown,
        following=following, scale=scale, figure=figures(session, [person.id]).get(person.id),
    )  # fmt: skip
