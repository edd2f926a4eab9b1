"""Reading panels: whom a draw can be of, what it lacks, and its record, which anybody can check."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from factcheck.accounts.events import Event
from factcheck.accounts.models import Person
from factcheck.accounts.rules import Role
from factcheck.claims.models import Claim
from factcheck.claims.rules import State
from factcheck.failures import Conflict, Forbidden
from factcheck.methods import lots
from factcheck.methods import queries as methods
from factcheck.methods.rules import Policy
from factcheck.reviews import queries
from factcheck.reviews.models import Lot, Panel, Round
from factcheck.reviews.rounds import check_may_review, open_round_or_none, policy_in_force
from factcheck.reviews.rules import speaks


class NoPanelYet(Conflict):
    """Seats of the claim wait for people who can be drawn."""


@dataclass(frozen=True, slots=True)
class Need:
    """What the panel of a step lacks: how many of its seats nobody stands for."""

    step: int
    seats: int


def panels_of(session: Session, round_: Round) -> list[Panel]:
    """Return the draws of a round, the first first."""
    query = sa.select(Panel).where(Panel.round_id == round_.id).order_by(Panel.number)
    return list(session.scalars(query))


def lots_of(session: Session, round_: Round) -> list[Lot]:
    """Return the lots of a round: draw by draw, each in its order, or by pseudonym before it."""
    return list(
        session.scalars(
            sa.select(Lot)
            .join(Lot.panel)
            .where(Panel.round_id == round_.id)
            .options(joinedload(Lot.person), joinedload(Lot.panel))
            .order_by(Panel.number, Lot.place, Lot.pseudonym)
        )
    )


def standing_lot(session: Session, round_: Round, person: Person) -> Lot | None:
    """Return the lot by which `person` holds or has filled a seat of the round, if they have one.

    A person is called once in a round at most.
    """
    return session.scalar(
        sa.select(Lot)
        .join(Lot.panel)
        .where(Panel.round_id == round_.id, Lot.person_id == person.id, stands())
    )


def stands() -> sa.ColumnElement[bool]:
    """Whether a lot was called and has not ended."""
    return sa.and_(Lot.called_at.is_not(None), Lot.ended_at.is_(None))


def not_accepted(session: Session, person: Person) -> set[int]:
    """Return the ids of the open rounds for which `person` was drawn and has not said yes yet."""
    return set(
        session.scalars(
            sa.select(Panel.round_id)
            .join(Lot, Lot.panel_id == Panel.id)
            .join(Panel.round)
            .where(Lot.person_id == person.id, stands(), Lot.accepted_at.is_(None))
            .where(Round.closed_at.is_(None))
        )
    )


def judged(session: Session, round_: Round) -> tuple[list[str], Policy]:
    """Return the ratings that decide a round now, and the step of its policy they are held to.

    Where reviewers are drawn, these are the newest panel's alone.
    """
    policy = methods.policy(round_.policy_key)
    ratings = queries.counted_ratings(session, round_)
    if policy.by_lot:
        step = _last_step(panels_of(session, round_))
        policy = policy.step(step)
        seated = set(
            session.scalars(
                sa.select(Lot.person_id)
                .join(Lot.panel)
                .where(Panel.round_id == round_.id, Panel.step == step, stands())
            )
        )
        ratings = [one for one in ratings if one[0] in seated]
    return [rating for _person_id, rating in ratings], policy


def _last_step(panels: Sequence[Panel]) -> int:
    return panels[-1].step if panels else 1


def need_of(session: Session, claim: Claim, round_: Round | None) -> Need | None:
    """Return what the panel of a claim that is open for review lacks, None where nothing."""
    policy = policy_in_force(claim, round_)
    if round_ is None:
        return Need(1, policy.seats)
    step = _last_step(panels_of(session, round_))
    ratings, here = judged(session, round_)
    if len(ratings) >= here.seats and here.next is not None:
        return Need(step + 1, here.next.seats)
    missing = here.seats - _standing(session, round_.id, step)
    return Need(step, missing) if missing > 0 else None


def _standing(session: Session, round_id: int, step: int) -> int:
    """Return how many hold or have filled a seat of a step; several draws may fill it."""
    count = sa.select(sa.func.count(Lot.id)).join(Lot.panel)
    count = count.where(Panel.round_id == round_id, Panel.step == step, stands())
    return session.scalar(count) or 0


def can_sit(claim: Claim, person: Person) -> bool:
    """Whether somebody may be drawn, and called: active, of the language, with no part in it."""
    try:
        check_may_review(claim, person)
    except Forbidden:
        return False
    may = person.is_active and person.is_at_least(Role.REVIEWER)
    return may and speaks(person.languages, claim.article.language)


def eligible(session: Session, claim: Claim, round_: Round | None) -> list[Person]:
    """Return those who can be drawn now; who was called in the round before is left out."""
    people = sa.select(Person).where(Person.disabled_at.is_(None)).order_by(Person.id)
    if round_ is not None:
        called = sa.select(Lot.person_id).join(Lot.panel).where(Panel.round_id == round_.id)
        called = called.where(sa.or_(Lot.called_at.is_not(None), Lot.ended_at.is_not(None)))
        people = people.where(Person.id.not_in(called))
    return [person for person in session.scalars(people) if can_sit(claim, person)]


def waiting_for(session: Session, claim: Claim) -> NoPanelYet | None:
    """Return why a claim has no whole panel, as a sentence for editors; None where it has one.

    Also None while a draw is under way, and where nobody is drawn.
    """
    round_ = open_round_or_none(session, claim)
    if claim.state != State.ACCEPTED or not policy_in_force(claim, round_).by_lot:
        return None
    need = need_of(session, claim, round_)
    if need is None:
        return None
    able = len(eligible(session, claim, round_))
    if able >= need.seats:
        return None
    return NoPanelYet(
        "Reviewers of this claim are drawn by lot. Seats without a reviewer: %(needed)s; people who"
        " can be drawn for them: %(able)s. It is drawn as soon as there are enough.",
        needed=need.seats, able=able,
    )  # fmt: skip


def drawn(panel: Panel, its_lots: Sequence[Lot]) -> lots.Drawn | None:
    """Return a draw as it is published; None before its seed is fixed."""
    if panel.seed is None or panel.seed_sha256 is None:
        return None
    calls = tuple(
        lots.Call(one.pseudonym, _text(one.called_at), _text(one.ended_at), one.ended_as)
        for one in its_lots
        if one.called_at or one.ended_at
    )
    return lots.Drawn(
        panel.seats, panel.list_sha256, panel.seed_sha256, panel.seed,
        tuple(sorted(one.pseudonym for one in its_lots)),
        tuple(one.pseudonym for one in its_lots), calls,
    )  # fmt: skip


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="milliseconds") if moment else None


def _draws_of(
    session: Session, claim: Claim
) -> Iterator[tuple[Panel, list[Lot], lots.Drawn | None]]:
    for round_ in queries.rounds_of(session, claim):
        every = lots_of(session, round_)
        for panel in panels_of(session, round_):
            own = [one for one in every if one.panel_id == panel.id]
            yield panel, own, drawn(panel, own)


def records(session: Session, claim: Claim, viewer: Person | None) -> list[dict[str, Any]]:
    """Return every draw of a claim that `viewer` may see, as JSON has it, the first first.

    Editors see all; others those of rounds that are closed; None is the operator. Nobody's name
    is in it.
    """
    sees_all = viewer is None or viewer.is_at_least("editor")
    return [
        {
            "panel": panel.public_id, "round": panel.round.number, "number": panel.number,
            "step": panel.step, "frozen_at": _text(panel.frozen_at),
            "drawn_at": _text(panel.drawn_at), **asdict(found),
        }
        for panel, _lots, found in _draws_of(session, claim)
        if found and (sees_all or panel.round.closed_at)
    ]  # fmt: skip


def faults(session: Session, claim: Claim) -> list[tuple[str, str]]:
    """Draw every panel of a claim again from what is stored; return (panel, what is wrong).

    It looks at what is published, at the pseudonyms, and at what the audit log says was committed
    to, and when.
    """
    found: list[tuple[str, str]] = []
    for panel, its_lots, shown in _draws_of(session, claim):
        if shown is not None:
            wrong = [*lots.faults(shown), *_faults_behind(session, panel, its_lots)]
            found += [(panel.public_id, one) for one in wrong]
    return found


def _has_too_many(session: Session, panel: Panel) -> bool:
    seats = methods.policy(panel.round.policy_key).step(panel.step).seats
    return _standing(session, panel.round_id, panel.step) > seats


def _faults_behind(session: Session, panel: Panel, its_lots: Sequence[Lot]) -> Iterator[str]:
    if _has_too_many(session, panel):
        yield "more were called than there are seats"
    salt = bytes.fromhex(panel.salt)
    if any(one.pseudonym != lots.pseudonym(salt, one.person.public_id) for one in its_lots):
        yield "a pseudonym is not that of its person"
    query = sa.select(Event).where(Event.subject == "panel", Event.subject_id == panel.public_id)
    events = list(session.scalars(query.order_by(Event.id)))
    kinds = [one.kind for one in events if one.kind in {"panel.frozen", "panel.drawn"}]
    if kinds != ["panel.frozen", "panel.drawn"]:
        yield "the audit log does not say that the list was frozen, and then the seed fixed"
        return
    said = {name: value for one in events for name, value in one.details.items()}
    if said.get("list_sha256") != panel.list_sha256:
        yield "the audit log has another list"
    if said.get("seed_sha256") != panel.seed_sha256:
        yield "the audit log has another seed"
