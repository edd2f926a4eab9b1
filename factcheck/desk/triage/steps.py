"""What somebody did in triage, step by step, so that it can be undone and done again.

A step holds of each claim only what it made different, before and after. It is the person's own:
nobody undoes what another did without saying so by a verb of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from factcheck.accounts.models import Person
from factcheck.accounts.rules import Role
from factcheck.articles.models import Article
from factcheck.articles.queries import lock_article
from factcheck.claims.actions.putting_back import STATE, TAGS, WORDS, Stand, stand_of, stands_of
from factcheck.claims.models import Claim
from factcheck.claims.queries import lock_claims
from factcheck.claims.rules import Dismissal, State, WrongState, verbs_between
from factcheck.db import Base, Key, PublicId
from factcheck.failures import Missing

MOST_KEPT = 100  # steps of a person in an article
SHOWN = 10  # on the page


class Did(StrEnum):
    """What a step was."""

    EDITED = "edited"
    MOVED = "moved"  # an edge
    ACCEPTED = "accepted"
    ACCEPTED_ALL = "accepted-all"  # that were ticked: each claim by itself
    DISMISSED = "dismissed"
    TAKEN_BACK = "taken-back"
    SPLIT = "split"
    MERGED = "merged"
    PROPOSED = "proposed"


_DID = ", ".join(f"'{one}'" for one in Did)


class TriageStep(Base):
    """One step of a person in an article; `undone_at` is set while it is undone.

    `claims` lists for each claim its public id ("claim") and what differs ("before", "after"), as
    `claims.actions.putting_back` has it.
    """

    __tablename__ = "triage_steps"
    __table_args__ = (
        sa.CheckConstraint(f"did IN ({_DID})", name="did"),
        sa.Index("ix_triage_steps_person_id", "person_id", "article_id", "id"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    article_id: Mapped[int] = mapped_column(sa.ForeignKey("articles.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    did: Mapped[str] = mapped_column(sa.String(15))
    claims: Mapped[list[Any]]
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]

    article: Mapped[Article] = relationship()

    @property
    def from_side(self) -> str:
        """How its claims stand while nobody touches them: after it, or before it once undone."""
        return "before" if self.undone_at else "after"

    @property
    def to_side(self) -> str:
        """How they stand once it is turned: undone, or done again."""
        return "after" if self.undone_at else "before"


@dataclass(slots=True)
class Made:
    """The claims that a step brings into the world, with the state that undoing leaves them in."""

    claims: dict[Claim, list[Any]] = field(default_factory=dict)

    def by_split(self, first: Claim, parts: Sequence[Claim]) -> None:
        """Note parts of a split; undone, they are merged away, so that their addresses go on."""
        for part in parts:
            gone = [State.DISMISSED.value, Dismissal.SAME_AS.value, first.id, first.id]
            self.claims[part] = gone

    def by_hand(self, claim: Claim) -> None:
        """Note a claim made of words; undone, it is dismissed as a bad cut."""
        gone = [State.DISMISSED.value, Dismissal.NOT_A_STATEMENT.value, None, None]
        self.claims[claim] = gone


@contextmanager
def keeping(
    session: Session, article: Article, claims: Sequence[Claim], did: Did, *, actor: Person,
    now: datetime,
) -> Iterator[Made]:  # fmt: skip
    """Keep what is done inside to these claims as one step, where it makes any difference.

    The article and the claims are held from here on. What `actor` undid before in this article
    cannot be done again after it. Of who may not undo, no steps are kept.
    """
    lock_article(session, article.id)
    lock_claims(session, claims)
    before, made = stands_of(session, claims), Made()
    yield made
    if not actor.is_at_least(Role.EDITOR):
        return
    after = stands_of(session, [*claims, *made.claims])
    for claim, undone in made.claims.items():
        before[claim.public_id] = after[claim.public_id] | {STATE: undone}
    changed = [
        {"claim": key, **differing} for key in after
        if (differing := _differing(before[key], after[key]))["after"]
    ]  # fmt: skip
    if changed:
        _forget_what_is_over(session, article, actor)
        session.add(TriageStep(article_id=article.id, person_id=actor.id, did=did.value,
                               claims=changed, at=now))  # fmt: skip
        session.flush()


def _differing(before: Stand, after: Stand) -> dict[str, Stand]:
    keys = [key for key in after if before[key] != after[key]]
    return {
        "before": {key: before[key] for key in keys},
        "after": {key: after[key] for key in keys},
    }


def _forget_what_is_over(session: Session, article: Article, person: Person) -> None:
    """Delete the person's steps here that cannot be done again any more, and the oldest."""
    own = _own(article, person)
    oldest = session.scalar(
        sa.select(TriageStep.id).where(*own).order_by(TriageStep.id.desc())
        .offset(MOST_KEPT - 1).limit(1)
    )  # fmt: skip
    over: sa.ColumnElement[bool] = TriageStep.undone_at.is_not(None)
    if oldest is not None:
        over = sa.or_(over, TriageStep.id <= oldest)
    session.execute(sa.delete(TriageStep).where(*own, over))


def _own(article: Article, person: Person) -> list[sa.ColumnElement[bool]]:
    return [TriageStep.person_id == person.id, TriageStep.article_id == article.id]


def steps_of(session: Session, article: Article, person: Person) -> list[TriageStep]:
    """Return the steps of a person in an article, the newest first."""
    query = sa.select(TriageStep).where(*_own(article, person)).order_by(TriageStep.id.desc())
    return list(session.scalars(query))


def recent_steps(session: Session, article: Article, person: Person) -> list[TriageStep]:
    """Return the newest steps that are not undone, SHOWN at most, and the one to do again first.

    The newest first, in one query.
    """
    own, key = _own(article, person), TriageStep.id
    done = sa.select(key).where(*own, TriageStep.undone_at.is_(None)).order_by(key.desc())
    undone = sa.select(key).where(*own, TriageStep.undone_at.is_not(None))
    undone = undone.order_by(TriageStep.undone_at.desc(), key)
    chosen = sa.or_(key.in_(done.limit(SHOWN)), key.in_(undone.limit(1)))
    return list(session.scalars(sa.select(TriageStep).where(chosen).order_by(key.desc())))


def step_of(session: Session, public_id: str, person: Person) -> TriageStep:
    """Return a person's own step; raise Missing."""
    found = session.scalar(
        sa.select(TriageStep).where(
            TriageStep.public_id == public_id, TriageStep.person_id == person.id
        )
    )
    if found is None:
        raise Missing("You have no such step; the newest %(most)s are kept.", most=MOST_KEPT)
    return found


def can_be_turned(step: TriageStep, claims: Mapping[str, Claim]) -> bool:
    """Whether a step may be undone (one that is undone: done again), as far as claims tell.

    Tags and rounds are looked at when it is tried. Of many that were accepted one is enough.
    """
    ready = [_stands_so(item, step, claims.get(item["claim"])) for item in step.claims]
    return any(ready) if step.did == Did.ACCEPTED_ALL else all(ready)


def check_words_may_turn(step: TriageStep, claim: Claim, to: Mapping[str, Any]) -> None:
    """Raise WrongState where reviewers decided on the words that the step left."""
    is_decided = State(claim.state) in {State.DECIDED, State.DISPUTED, State.READY}
    if WORDS in to and is_decided and claim.state_since_at > (step.undone_at or step.at):
        raise WrongState(
            "Reviewers decided on the words of “%(claim)s” since, so they stay.",
            claim=claim.restated[:80],
        )


def _stands_so(item: Mapping[str, Any], step: TriageStep, claim: Claim | None) -> bool:
    if claim is None:
        return False
    now, there, to = stand_of(claim), item[step.from_side], item[step.to_side]
    if any(now[key] != value for key, value in there.items() if key != TAGS):
        return False
    try:
        check_words_may_turn(step, claim, to)
        verbs_between(State(claim.state), State(to.get(STATE, [claim.state])[0]))
    except WrongState:
        return False
    return True
