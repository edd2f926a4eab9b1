"""The one function that moves a claim from state to state, and the verbs of triage on top of it.

A move changes the claim, the counters and the audit log in one transaction. What is locked is
taken in one order everywhere: article, claims, counters (by key).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from factcheck.accounts.events import record
from factcheck.accounts.models import Person
from factcheck.articles.actions import set_state
from factcheck.articles.queries import lock_article
from factcheck.claims.actions.counters import count_key, move_counts
from factcheck.claims.actions.days import note_verdict
from factcheck.claims.models import Claim
from factcheck.claims.queries import CountKey, lock_claims, policy_of
from factcheck.claims.rules import Dismissal, State, Verb, next_state
from factcheck.failures import Conflict, Invalid
from factcheck.methods import lots
from factcheck.outbox import enqueue
from factcheck.site_days import day_of


class StaleVersion(Conflict):
    """Somebody else changed the claim since it was opened."""


def change_state(
    session: Session,
    claim: Claim,
    verb: Verb,
    *,
    actor: Person | None,
    now: datetime,
    why: str | None = None,
    dismissal: str | None = None,
    same_as: Claim | None = None,
) -> None:
    """Move a claim by `verb`, with its counters and its event.

    `dismissal` is needed by `dismiss` alone, `same_as` by the dismissal of that name alone. Raises
    WrongState where the table of the lifecycle has no such move, and Invalid for a bad dismissal.
    """
    hold(session, claim, verb)
    moves = move(session, claim, verb, actor=actor, now=now, why=why,
                 dismissal=dismissal, same_as=same_as)  # fmt: skip
    move_counts(session, moves, now=now)
    if claim.state == State.READY:
        note_verdict(session, claim, now=now)
    if verb is Verb.ACCEPT and claim.article.state == "triage":
        set_state(session, claim.article, "review", actor=actor, now=now)


def accept_claim(
    session: Session, claim: Claim, *, version: int | None = None, actor: Person | None,
    now: datetime,
) -> None:  # fmt: skip
    """Open a claim for review. Raises StaleVersion when `version` is given and is not its own."""
    hold(session, claim, Verb.ACCEPT)
    check_version(claim, version)
    change_state(session, claim, Verb.ACCEPT, actor=actor, now=now)


def accept_claims(
    session: Session, claims: Collection[Claim], *, actor: Person | None, now: datetime
) -> list[Claim]:
    """Open those of the claims for review that are still proposed, and return them.

    The claims are of one article. One that somebody accepted or dismissed meanwhile is passed over.
    """
    if not claims:
        return []
    article = lock_article(session, next(iter(claims)).article_id)
    lock_claims(session, claims)
    moves: Counter[CountKey] = Counter()
    accepted = [claim for claim in claims if claim.state == State.PROPOSED]
    for claim in accepted:
        moves.update(move(session, claim, Verb.ACCEPT, actor=actor, now=now))
    move_counts(session, moves, now=now)
    if accepted and article.state == "triage":
        set_state(session, article, "review", actor=actor, now=now)
    return accepted


def dismiss_claim(
    session: Session,
    claim: Claim,
    dismissal: str,
    *,
    same_as: Claim | None = None,
    why: str | None = None,
    version: int | None = None,
    actor: Person | None,
    now: datetime,
) -> None:
    """Put a claim aside for one of the reasons; `same_as` is the other claim where that is why."""
    hold(session, claim, Verb.DISMISS)
    check_version(claim, version)
    change_state(session, claim, Verb.DISMISS, actor=actor, now=now, why=why,
                 dismissal=dismissal, same_as=same_as)  # fmt: skip


def take_back(
    session: Session, claim: Claim, *, version: int | None = None, actor: Person | None,
    now: datetime,
) -> None:  # fmt: skip
    """Make a dismissed claim a proposal again; one that was merged stands by itself again."""
    hold(session, claim, Verb.TAKE_BACK)
    check_version(claim, version)
    change_state(session, claim, Verb.TAKE_BACK, actor=actor, now=now)


def hold(session: Session, claim: Claim, verb: Verb | None = None) -> None:
    """Read a claim anew and keep it until the transaction ends; to accept it, the article first."""
    if verb is Verb.ACCEPT:
        lock_article(session, claim.article_id)
    lock_claims(session, [claim])


def check_version(claim: Claim, version: int | None) -> None:
    """Raise StaleVersion when `version` is given and is not the claim's."""
    if version is not None and version != claim.version:
        raise StaleVersion("Somebody else changed this claim since you opened it.")


def move(
    session: Session,
    claim: Claim,
    verb: Verb,
    *,
    actor: Person | None,
    now: datetime,
    why: str | None = None,
    dismissal: str | None = None,
    same_as: Claim | None = None,
) -> Counter[CountKey]:
    """Move a held claim and write the event; return what its move does to the counters."""
    before = State(claim.state)
    after = next_state(before, verb)
    old_key = count_key(claim)
    _dismiss(claim, verb, dismissal, same_as)
    claim.state, claim.state_since_at = after.value, now
    claim.since_on = day_of(session, now)
    claim.to_correct = False  # whoever makes it ready looks again: `decisions/corrections.py`
    claim.version += 1
    details = {"dismissal": dismissal} if dismissal else {}
    if same_as is not None:
        details["same_as"] = same_as.public_id
    record(session, f"claim.{verb}", claim.public_id, actor=actor, now=now,
           moved=(before.value, after.value), why=why, **details)  # fmt: skip
    ask_for_panel(session, claim, now=now)
    moves = Counter({old_key: -1})
    moves[count_key(claim)] += 1
    return moves


def ask_for_panel(session: Session, claim: Claim, *, now: datetime) -> None:
    """Have a panel drawn for a claim that is open for review, where its policy is by lot."""
    if claim.state == State.ACCEPTED and policy_of(claim).by_lot:
        payload = {"claim": claim.public_id, "stays": claim.state_since_at.isoformat()}
        enqueue(session, lots.JOB, payload, now=now)


def _dismiss(claim: Claim, verb: Verb, dismissal: str | None, same_as: Claim | None) -> None:
    """Set or clear why a claim is dismissed; raise Invalid for what does not go together."""
    if verb is not Verb.DISMISS:
        if dismissal or same_as:
            raise Invalid("dismissal", "Only a claim that is being dismissed has a reason for it.")
        claim.dismissal = claim.same_as = claim.merged_into = None
        return
    if dismissal not in list(Dismissal):
        raise Invalid(
            "dismissal", "Give one of the reasons: %(reasons)s.", reasons=", ".join(Dismissal)
        )
    if (dismissal == Dismissal.SAME_AS) != (same_as is not None):
        raise Invalid("same_as", "Say which claim it is the same as, and only for that reason.")
    if same_as is not None and _leads_to(same_as, claim):
        raise Invalid("same_as", "A claim cannot be the same as itself.")
    claim.dismissal = dismissal
    claim.same_as = same_as


def _leads_to(other: Claim, claim: Claim) -> bool:
    while other.same_as is not None and other.id != claim.id:
        other = other.same_as
    return other.id == claim.id
