"""One thing done with many claims: previewed, started, undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from flask_babel import gettext as _
from msgspec import UNSET
from sqlalchemy.orm import Session

from factcheck.api.calls import EDITS, OVERSEES, Answer, Asked, Work, call
from factcheck.api.problems import unprocessable
from factcheck.api.shapes.batches import BatchShown, NewBatch, batch_shown
from factcheck.db import current_session, writing
from factcheck.desk.bulk import doing
from factcheck.desk.bulk.asking import action_of, all_that_match, ticked
from factcheck.desk.bulk.batches import batch_of, counts_of, items_of, prepare
from factcheck.desk.finding import asked_for


@call("POST", "/batches", EDITS, body=NewBatch, answer=BatchShown, status=201)
def prepare_batch(session: Session, asked: Asked[NewBatch]) -> Answer:
    """Prepare one thing to be done with many claims; nothing is changed before it is started.

    The answer says how many wait to be done, and which are left out and why. A preview is kept
    until you prepare another.
    """
    given = asked.given
    action, value = action_of(session, _typed(given))
    filters: dict[str, str] = {}
    if (given.claims is UNSET) == (given.matching is UNSET):
        raise unprocessable("claims", _("Give one of the two: claims, or which are matching."))
    if given.matching is not UNSET:
        filters = {name: one for name, one in msgspec.structs.asdict(given.matching).items() if one}
        chosen = all_that_match(session, asked_for(session, filters, now=asked.now))
    else:
        chosen = ticked(session, [f"{one.id}:{one.version}" for one in given.claims or ()])
    batch = prepare(session, action, value, chosen, asked=filters, actor=asked.person,
                    now=asked.now)  # fmt: skip
    location = {"Location": f"/api/v1/batches/{batch.public_id}"}
    return Answer(_shown(session, batch.public_id), headers=location)


@call("GET", "/batches/{id}", OVERSEES, answer=BatchShown)
def read_batch(session: Session, asked: Asked[Any]) -> BatchShown:
    """Read what became of a batch so far."""
    return _shown(session, asked.id)


@call("POST", "/batches/{id}/start", EDITS, answer=BatchShown, work=Work.ALONE)
def start_batch(_session: Session, asked: Asked[Any]) -> BatchShown:
    """Do it: up to fifty claims before the answer, more by a job.

    Each claim is changed by itself, if it is as it was in the preview.
    """
    return _set_off(asked, doing.start)


@call("POST", "/batches/{id}/undo", EDITS, answer=BatchShown, work=Work.ALONE)
def undo_batch(_session: Session, asked: Asked[Any]) -> BatchShown:
    """Undo it, claim by claim, where nobody changed the claim since; what waits is not done."""
    return _set_off(asked, doing.undo)


def _set_off(asked: Asked[Any], verb: Callable[..., bool]) -> BatchShown:
    with writing() as session:
        is_at_once = verb(session, asked.id, actor=asked.person, now=asked.now)
    if is_at_once:
        doing.run(asked.id, doing.AT_ONCE + 1)
    return _shown(current_session(), asked.id)


def _shown(session: Session, public_id: str) -> BatchShown:
    batch = batch_of(session, public_id)
    aside = items_of(session, batch, ("left-out", "kept"))
    return batch_shown(batch, counts_of(session, batch), aside)


def _typed(given: NewBatch) -> dict[str, str]:
    names = ("do", "reason", "person", "priority", "policy", "tag")
    values = {name: getattr(given, name) for name in names}
    return {name: str(value) for name, value in values.items() if value not in (UNSET, None)}
