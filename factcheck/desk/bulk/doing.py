"""Doing a batch and undoing it, a claim at a time, through the verbs that a single claim has.

Each claim has a transaction of its own: no two people wait for each other in a ring, and what one
claim refuses does not stop the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck import clock
from factcheck.accounts.events import record, with_details
from factcheck.accounts.models import Person
from factcheck.accounts.queries import person_by_public_id
from factcheck.claims import actions
from factcheck.claims.actions.states import hold
from factcheck.claims.models import Claim
from factcheck.claims.rules import State, Verb, WrongState
from factcheck.config import Settings
from factcheck.db import current_session, writing
from factcheck.desk.bulk.batches import BulkBatch, BulkItem, batch_of, counts_of, stand_of
from factcheck.desk.bulk.rules import Action, Stand, hindrance
from factcheck.failures import Conflict, Failure, Forbidden
from factcheck.outbox import enqueue
from factcheck.runs import actions as runs
from factcheck.runs import turns

JOB = "bulk"
AT_ONCE = 50  # claims done before the page answers, where a batch has no more than these
AFTER_CRASH = timedelta(minutes=1)  # when the job looks after what was done at once
A_CHUNK = 200  # claims that one run of the job does


class _LeftOut(Exception):
    """The claim is left as it is."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def start(session: Session, public_id: str, *, actor: Person, now: datetime) -> bool:
    """Let a previewed batch begin; return whether it is small enough to be done at once.

    Raises Forbidden for a preview of somebody else's, and Conflict where it was started already.
    """
    batch = _held(session, public_id)
    if batch.person_id != actor.id:
        raise Forbidden("Somebody else prepared this. Only they can start it.")
    if batch.started_at is not None:
        raise Conflict("This was done already.")
    batch.started_at = now
    number = counts_of(session, batch)["waiting"]
    record(session, "bulk.started", public_id, actor=actor, now=now, action=batch.action,
           claims=number, **batch.value)  # fmt: skip
    return _ask_for(session, batch, number, now)


def undo(session: Session, public_id: str, *, actor: Person, now: datetime) -> bool:
    """Let a batch be undone; return whether that is little enough to be done at once.

    What waits still is not done any more. Raises Conflict where there is nothing to undo.
    """
    batch = _held(session, public_id)
    if batch.started_at is None or batch.undone_at is not None:
        raise Conflict("There is nothing to undo here.")
    batch.undone_at, batch.undone_by = now, actor
    _leave_the_rest(session, batch)
    number = counts_of(session, batch)["done"]
    record(session, "bulk.undone", public_id, actor=actor, now=now, claims=number)
    return _ask_for(session, batch, number, now)


def run(public_id: str, most: int) -> bool:
    """Do or undo up to `most` claims of a batch; return whether there may be more."""
    for _ in range(most):
        with writing() as session:
            if not _did_one(session, public_id, clock.now()):
                return False
    return True


def go_on(payload: Mapping[str, Any], _settings: Settings) -> None:
    """Do the next chunk of a batch, and ask for the one behind it: the job."""
    public_id, run_id = str(payload["batch"]), str(payload.get("run", ""))
    has_more = turns.is_stopped(current_session(), run_id) or run(public_id, A_CHUNK)
    with writing() as session:
        batch, now = batch_of(session, public_id), clock.now()
        done = int(payload.get("claims", 0)) - _left(session, batch)
        if turns.goes_on(session, run_id, done=max(done, 0), is_over=not has_more, now=now):
            enqueue(session, JOB, dict(payload), now=now)
        elif has_more:
            _leave_the_rest(session, batch)


def _left(session: Session, batch: BulkBatch) -> int:
    return counts_of(session, batch)["done" if batch.undone_at else "waiting"]


def _leave_the_rest(session: Session, batch: BulkBatch) -> None:
    waiting = (BulkItem.batch_id == batch.id, BulkItem.outcome == "waiting")
    session.execute(sa.update(BulkItem).where(*waiting).values(outcome="left-out", why="stopped"))


def _ask_for(session: Session, batch: BulkBatch, number: int, now: datetime) -> bool:
    # The job is asked for in any case: it finishes what a crash leaves half done. Where the request
    # does it at once, the job comes a while later, so that the two do not work beside each other.
    is_at_once = number <= AT_ONCE
    due = now + AFTER_CRASH if is_at_once else now
    payload: dict[str, Any] = {"batch": batch.public_id}
    if not is_at_once:
        actor = batch.undone_by or batch.person
        begun = runs.begin(session, JOB, batch.action, asked=dict(payload), total=number,
                           actor=actor, now=now)  # fmt: skip
        payload |= {"run": begun.public_id, "claims": number}
    enqueue(session, JOB, payload, now=now, due=due)
    return is_at_once


def _held(session: Session, public_id: str) -> BulkBatch:
    batch = batch_of(session, public_id)
    session.refresh(batch, ["started_at", "undone_at"], with_for_update=True)
    return batch


def _did_one(session: Session, public_id: str, now: datetime) -> bool:
    batch = batch_of(session, public_id)
    is_undoing = batch.undone_at is not None
    item = session.scalar(
        sa.select(BulkItem)
        .where(
            BulkItem.batch_id == batch.id,
            BulkItem.outcome == ("done" if is_undoing else "waiting"),
        )
        .order_by(BulkItem.claim_id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if item is None or batch.started_at is None:
        return False
    claim = session.get_one(Claim, item.claim_id)
    hold(session, claim, Verb.ACCEPT)
    try:
        with session.begin_nested(), with_details(session, batch=public_id):
            (_undo_one if is_undoing else _do_one)(session, batch, item, claim, now)
    except _LeftOut as left_out:
        item.outcome, item.why = "kept" if is_undoing else "left-out", left_out.why
    except Failure as failure:
        item.outcome, item.why = "kept" if is_undoing else "left-out", _why(failure)
    return True


def _why(failure: Failure) -> str:
    if isinstance(failure, actions.StaleVersion):
        return "changed"
    return "state" if isinstance(failure, WrongState) else "refused"


def _do_one(
    session: Session, batch: BulkBatch, item: BulkItem, claim: Claim, now: datetime
) -> None:
    action = Action(batch.action)
    if claim.version != item.version:
        raise _LeftOut("changed")
    stand = stand_of(session, action, claim)
    if why := hindrance(action, batch.value, stand):
        raise _LeftOut(why)
    item.before = {"state": stand.state, "priority": stand.priority, "policy": stand.policy_key,
                   "values": list(stand.values)}  # fmt: skip
    _act(session, action, batch, stand, claim, now)
    item.outcome, item.version_after = "done", claim.version


def _act(
    session: Session, action: Action, batch: BulkBatch, stand: Stand, claim: Claim, now: datetime
) -> None:
    value = batch.value
    who: dict[str, Any] = {"actor": batch.person, "now": now}
    if action is Action.ACCEPT:
        actions.accept_claim(session, claim, **who)
    elif action is Action.DISMISS:
        actions.dismiss_claim(session, claim, value["reason"], **who)
    elif action in {Action.ASSIGN, Action.UNASSIGN}:
        _assign(session, claim, value.get("person"), **who)
    elif action in {Action.PRIORITY, Action.POLICY}:
        actions.edit_claim(session, claim, {action.value: value[action.value]}, version=None, **who)
    else:
        tag = {value["tag"]}
        tags = {*stand.values} | tag if action is Action.TAG else {*stand.values} - tag
        actions.tag_claim(session, claim, tags, **who)


def _undo_one(
    session: Session, batch: BulkBatch, item: BulkItem, claim: Claim, now: datetime
) -> None:
    action, before = Action(batch.action), item.before
    if claim.version != item.version_after:
        raise _LeftOut("changed")
    who: dict[str, Any] = {"actor": batch.undone_by, "now": now}
    if action is Action.ACCEPT:
        _take_out_of_review(session, claim, **who)
    elif action is Action.DISMISS and before["state"] == State.PROPOSED:
        actions.take_back(session, claim, **who)
    elif action is Action.DISMISS:
        actions.accept_claim(session, claim, **who)
    elif action in {Action.ASSIGN, Action.UNASSIGN}:
        _assign(session, claim, next(iter(before["values"]), None), **who)
    elif action in {Action.TAG, Action.UNTAG}:
        actions.tag_claim(session, claim, before["values"], **who)
    else:
        if action is Action.POLICY and stand_of(session, action, claim).has_round:
            raise _LeftOut("round")
        changes = {action.value: before[action.value]}
        actions.edit_claim(session, claim, changes, version=None, **who)
    item.outcome = "undone"


def _take_out_of_review(session: Session, claim: Claim, *, actor: Person, now: datetime) -> None:
    """Make an accepted claim a proposal again, as long as nobody was given a seat for it."""
    if stand_of(session, Action.ACCEPT, claim).has_round:
        raise _LeftOut("round")
    actions.change_state(session, claim, Verb.UNACCEPT, actor=actor, now=now,
                         why="Accepted with many others, which is undone.")  # fmt: skip


def _assign(
    session: Session, claim: Claim, public_id: str | None, *, actor: Person, now: datetime
) -> None:
    person = person_by_public_id(session, public_id) if public_id else None
    actions.assign_claim(session, claim, person, actor=actor, now=now)
