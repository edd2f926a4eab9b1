"""Panels: drawing one, calling those drawn to their seats, and passing a seat on.

Only the job draws and calls (`panel_job.py`), never what somebody asks for: else one could ask
until one is drawn. The list is frozen in one transaction and the seed fixed in the next.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck.accounts.events import record
from factcheck.accounts.models import Person
from factcheck.claims.models import Claim
from factcheck.claims.queries import lock_claims
from factcheck.claims.rules import State
from factcheck.methods import lots
from factcheck.methods import queries as methods
from factcheck.outbox import enqueue
from factcheck.reviews import queries
from factcheck.reviews.draws import (
    Need,
    can_sit,
    eligible,
    lots_of,
    need_of,
    panels_of,
    standing_lot,
)
from factcheck.reviews.models import Lot, Panel, Review, Round, Seat
from factcheck.reviews.rounds import (
    add_seats,
    forget_skip,
    free,
    lend,
    open_new,
    open_round_or_none,
    policy_in_force,
)
from factcheck.reviews.rules import CALL


def keep_up(session: Session, claim: Claim, *, now: datetime) -> bool:
    """Do what a claim's panel needs next; True where that has to be committed and more follows.

    Ends lots whose seat is over, calls the next in the order, freezes a list where the order is
    at its end and enough can be drawn, and fixes the seed of a list that was frozen before.
    """
    lock_claims(session, [claim])
    if not is_by_lot(session, claim):
        return False
    round_ = open_round_or_none(session, claim)
    if round_ is not None:
        panels = panels_of(session, round_)
        if panels and panels[-1].seed is None:
            _fix_seed(session, panels[-1], now=now)
            return True
        _end_what_is_over(session, round_, now=now)
    need = need_of(session, claim, round_)
    if round_ is not None and need is not None:
        _call(session, round_, need, now=now)
        need = need_of(session, claim, round_)
    return need is not None and _freeze(session, claim, round_, need, now=now)


def is_by_lot(session: Session, claim: Claim) -> bool:
    """Whether a claim is open for review by people who are drawn."""
    if claim.state != State.ACCEPTED or claim.article.state == "withdrawn":
        return False
    return policy_in_force(claim, open_round_or_none(session, claim)).by_lot


def _freeze(
    session: Session, claim: Claim, round_: Round | None, need: Need, *, now: datetime
) -> bool:
    """Commit to the list of those who can be drawn now; False where they are too few."""
    people = eligible(session, claim, round_)
    if len(people) < need.seats:
        return False
    if round_ is None:
        round_, _ = open_new(session, claim, after=queries.newest_round(session, claim), now=now)
        session.flush()
    salt = secrets.token_bytes(lots.SEED_BYTES)
    names = {lots.pseudonym(salt, person.public_id): person for person in people}
    panel = Panel(
        round_id=round_.id, number=len(panels_of(session, round_)) + 1, step=need.step,
        seats=need.seats, salt=salt.hex(), list_sha256=lots.list_digest(list(names)),
        frozen_at=now,
    )  # fmt: skip
    session.add(panel)
    session.flush()
    session.add_all(
        Lot(panel_id=panel.id, person_id=names[one].id, pseudonym=one) for one in sorted(names)
    )
    record(session, "panel.frozen", panel.public_id, actor=None, now=now, people=len(names),
           round=round_.public_id, list_sha256=panel.list_sha256)  # fmt: skip
    session.flush()
    return True


def _fix_seed(session: Session, panel: Panel, *, now: datetime) -> None:
    """Fix the seed of a panel whose list is committed to, and put its lots in order."""
    seed = secrets.token_bytes(lots.SEED_BYTES)
    panel.seed, panel.seed_sha256, panel.drawn_at = seed.hex(), lots.seed_digest(seed), now
    own = session.scalars(sa.select(Lot).where(Lot.panel_id == panel.id)).all()
    by_name = {one.pseudonym: one for one in own}
    for place, name in enumerate(lots.draw(list(by_name), seed, len(by_name)), 1):
        by_name[name].place = place
    session.flush()
    record(session, "panel.drawn", panel.public_id, actor=None, now=now,
           list_sha256=panel.list_sha256, seed_sha256=panel.seed_sha256)  # fmt: skip


def _call(session: Session, round_: Round, need: Need, *, now: datetime) -> None:
    """Call those next in the order of the step's draws to the seats that nobody stands for."""
    policy = methods.policy(round_.policy_key)
    before = sum(policy.step(one).seats for one in range(1, need.step))
    waiting = [
        one
        for one in lots_of(session, round_)
        if one.panel.step == need.step and one.called_at is None and one.ended_at is None
    ]
    if not waiting:
        return
    add_seats(session, round_, before + policy.step(need.step).seats)
    vacant = [one for one in queries.seats_of(session, round_) if one.person_id is None]
    vacant = [one for one in vacant if one.number > before]
    for lot in waiting:
        if not vacant:
            break
        if can_sit(round_.claim, lot.person):
            _seat(session, vacant.pop(0), lot, now=now)
        else:
            _end(session, lot, "unable", now=now)


def _seat(session: Session, seat: Seat, lot: Lot, *, now: datetime) -> None:
    lend(session, seat, lot.person, until=now + CALL, now=now)
    forget_skip(session, lot.panel.round, lot.person)
    lot.called_at = now
    session.flush()
    record(session, "panel.called", lot.panel.public_id, actor=None, now=now,
           pseudonym=lot.pseudonym)  # fmt: skip


def _end_what_is_over(session: Session, round_: Round, *, now: datetime) -> None:
    """End the lots of those whose time is over, who cannot review any more, or who withdrew."""
    seats = {one.person_id: one for one in queries.seats_of(session, round_)}
    for lot in lots_of(session, round_):
        if lot.called_at is None or lot.ended_at is not None:
            continue
        seat = seats.get(lot.person_id)
        if seat is None:
            _end(session, lot, _why_without_seat(session, round_, lot), now=now)
        elif seat.expires_at is None:
            continue
        elif not can_sit(round_.claim, lot.person):
            free(session, seat)
            _end(session, lot, "unable", now=now)
        elif seat.expires_at <= now:
            free(session, seat)
            _end(session, lot, "lapsed", now=now)


def _why_without_seat(session: Session, round_: Round, lot: Lot) -> str:
    withdrawn = sa.select(Review.id).where(
        Review.round_id == round_.id, Review.person_id == lot.person_id, Review.state == "withdrawn"
    )
    return "unable" if session.scalar(withdrawn) is None else "withdrawn"


def _end(session: Session, lot: Lot, ended_as: str, *, now: datetime) -> None:
    lot.ended_at, lot.ended_as = now, ended_as
    session.flush()
    record(session, "panel.passed-on", lot.panel.public_id, actor=None, now=now,
           pseudonym=lot.pseudonym, ended_as=ended_as)  # fmt: skip


def accept(session: Session, round_: Round, person: Person, *, now: datetime) -> Lot | None:
    """Note that somebody who was drawn begins; return their lot, None for who was not drawn."""
    lot = standing_lot(session, round_, person)
    if lot is not None and lot.accepted_at is None:
        lot.accepted_at = now
        session.flush()
    return lot


def refuse(session: Session, round_: Round, person: Person, *, now: datetime) -> None:
    """Note that somebody who was drawn handed the seat back, and have the next called."""
    lot = standing_lot(session, round_, person)
    if lot is not None:
        _end(session, lot, "refused", now=now)
        wake(session, [round_], now=now)


def wake(session: Session, rounds: Sequence[Round], *, now: datetime) -> None:
    """Have those of the rounds looked after at once whose reviewers are drawn."""
    for round_ in rounds:
        if methods.policy(round_.policy_key).by_lot:
            enqueue(session, lots.JOB, {"claim": round_.claim.public_id}, now=now)
