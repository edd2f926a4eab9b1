"""Reading the talk of claims, and who may see what of it.

A remark is for everybody once the round with which it opens has closed. Until then it is a question
to the editors: its author sees it, whoever asked what it answers, and those editors who have no
part in the open round.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.orm import (
    InstrumentedAttribute,
    Session,
    aliased,
    contains_eager,
    joinedload,
    selectinload,
)

from factcheck.accounts.models import Person
from factcheck.accounts.rules import Role
from factcheck.claims.models import Claim
from factcheck.claims.rules import State
from factcheck.failures import Missing
from factcheck.reviews.models import Comment, EarlierText, Round
from factcheck.reviews.queries import OwnRound
from factcheck.reviews.seal import oversees, oversees_now

SHOWN = 200  # remarks of a claim on a page


class CommentMissing(Missing):
    """There is no such remark, or it is sealed for who asks."""


@dataclass(frozen=True, slots=True)
class Thread:
    """The talk of a claim as one person may see it, the oldest remark first.

    It holds remarks on claims that were merged into this one. `closed` is how many rounds have
    ended; `is_open` whether all may talk, or only ask the editors; `oversees` whether the person is
    an editor without a part in the open round; `sealed` are the ids of remarks that are not for
    everybody yet. `older` is the place before which there are more.
    """

    claim_id: int
    closed: int
    is_open: bool
    oversees: bool
    comments: Sequence[Comment] = ()
    sealed: frozenset[int] = frozenset()
    older: int | None = None

    def part(self, *, sealed: bool) -> Thread:
        """Return what is sealed of it, or what is not."""
        kept = [one for one in self.comments if (one.id in self.sealed) is sealed]
        return replace(self, comments=kept)

    @property
    def roots(self) -> list[Comment]:
        """The remarks that answer none of those that are here."""
        here = {one.id for one in self.comments}
        return [one for one in self.comments if one.answers_id not in here]

    def answers_to(self, comment: Comment) -> list[Comment]:
        """Return the answers to a remark."""
        return [one for one in self.comments if one.answers_id == comment.id]

    def is_from_elsewhere(self, comment: Comment) -> bool:
        """Whether a remark was made on a claim that was merged into this one."""
        return comment.claim_id != self.claim_id

    def may_change(self, comment: Comment) -> bool:
        """Whether a remark may be answered, or edited by its author, as things stand."""
        is_open = self.is_open and not self.is_from_elsewhere(comment)
        return comment.hidden_at is None and (is_open or comment.id in self.sealed)


def thread_of(
    session: Session, claim: Claim, viewer: Person, rounds: Sequence[OwnRound], *,
    before: int | None = None,
) -> Thread:  # fmt: skip
    """Return the newest remarks on a claim that `viewer` may see; in one query, if not merged.

    `rounds` are all of the claim's, as `viewer` stands in them; `before` is a thread's `older`.
    """
    query = _comments(claim, viewer).add_columns(_is_sealed()).order_by(Comment.id.desc())
    if before is not None:
        query = query.where(Comment.id < before)
    found = session.execute(query.limit(SHOWN + 1)).unique().all()
    shown = [row[0] for row in found[:SHOWN]]
    return replace(
        standing(session, claim, viewer, rounds), comments=shown[::-1],
        sealed=frozenset(row[0].id for row in found if row[1]),
        older=shown[-1].id if len(found) > SHOWN else None,
    )  # fmt: skip


def standing(session: Session, claim: Claim, viewer: Person, rounds: Sequence[OwnRound]) -> Thread:
    """Return how things stand in the talk of a claim for `viewer`, without its remarks."""
    closed = max((one.round.number for one in rounds if one.round.closed_at), default=0)
    is_open = closed > 0 and claim.state != State.ACCEPTED and claim.merged_into_id is None
    return Thread(claim.id, closed, is_open, oversees_now(session, claim, viewer, rounds))


def _comments(claim: Claim, viewer: Person) -> sa.Select[Comment]:
    """Return the query for the remarks on a claim, and on those merged into it."""
    around = sa.select(Claim.id).where(Claim.id == claim.id).cte(recursive=True)
    around = around.union(sa.select(Claim.id).where(Claim.merged_into_id == around.c.id))
    return (
        sa.select(Comment)
        .where(Comment.claim_id.in_(sa.select(around.c.id)), visible_to(viewer))
        .options(
            joinedload(Comment.author), joinedload(Comment.answers), joinedload(Comment.claim),
            joinedload(Comment.earlier), joinedload(Comment.past_hidings),
        )
    )  # fmt: skip


def comments_of(
    session: Session, claim: Claim, viewer: Person, *, after_id: int = 0, limit: int = 200
) -> list[Comment]:
    """Return the remarks on a claim that `viewer` may see, the oldest first."""
    query = _comments(claim, viewer).where(Comment.id > after_id).order_by(Comment.id).limit(limit)
    return list(session.scalars(query).unique())


def _is_sealed() -> sa.ColumnElement[bool]:
    return Comment.opens_with > _closed_rounds(Comment.claim_id)


def waiting_for(viewer: Person) -> sa.Select[Comment]:
    """Return the query for the questions that wait for an answer `viewer` may give as an editor.

    Those of claims under review or not yet, that no editor has answered.
    """
    is_alive = sa.or_(
        Claim.state.in_((State.PROPOSED, State.ACCEPTED)), Claim.merged_into_id.is_not(None)
    )
    return (
        sa.select(Comment)
        .join(Comment.claim)
        .where(
            Comment.awaits_answer, Comment.hidden_at.is_(None), is_alive, _is_sealed(),
            oversees(viewer, Comment.claim_id),
        )
    )  # fmt: skip


def questions(
    session: Session, viewer: Person, *, after_id: int = 0, limit: int
) -> list[Comment]:  # fmt: skip
    """Return questions that wait for an editor's answer, the oldest first, with their claims."""
    query = waiting_for(viewer).where(Comment.id > after_id).order_by(Comment.id).limit(limit)
    with_all = query.options(
        joinedload(Comment.author), contains_eager(Comment.claim).joinedload(Claim.article)
    )
    return list(session.scalars(with_all))


def question_count(viewer: Person) -> sa.ScalarSelect[int]:
    """Return the query for how many questions wait for an editor's answer."""
    waiting = waiting_for(viewer).with_only_columns(Comment.id).subquery()
    return sa.select(sa.func.count()).select_from(waiting).scalar_subquery()


def comment(session: Session, public_id: str, viewer: Person) -> Comment:
    """Return a remark that `viewer` may see, with its claim; raise CommentMissing."""
    found = session.scalar(
        sa.select(Comment)
        .where(Comment.public_id == public_id, visible_to(viewer))
        .options(
            joinedload(Comment.author),
            joinedload(Comment.claim),
            joinedload(Comment.answers),
            selectinload(Comment.earlier),
            selectinload(Comment.past_hidings),
        )
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise CommentMissing("There is no such remark.")
    return found


def visible_to(viewer: Person) -> sa.ColumnElement[bool]:
    """Return the condition under which `viewer` may see a comment."""
    asked = aliased(Comment)
    own_question = sa.exists().where(
        asked.id == Comment.answers_id, asked.author_id == viewer.id
    )  # fmt: skip
    return sa.or_(
        sa.and_(Comment.opens_with <= _closed_rounds(Comment.claim_id), ~_was_of_gold()),
        Comment.author_id == viewer.id,
        own_question,
        oversees(viewer, Comment.claim_id),
    )


def _was_of_gold() -> sa.ColumnElement[bool]:
    """Whether a remark was made while its claim was a gold claim: it could tell of that."""
    return sa.exists().where(Round.id == Comment.round_id, Round.is_gold)


def _closed_rounds(claim_id: InstrumentedAttribute[int]) -> sa.ColumnElement[int]:
    newest = sa.select(sa.func.max(Round.number)).where(
        Round.claim_id == claim_id, Round.closed_at.is_not(None)
    )
    return sa.func.coalesce(newest.scalar_subquery(), 0)


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody may read of a remark: what it says and said, "" and nothing where hidden."""

    text: str
    earlier: Sequence[EarlierText]


def words_for(found: Comment, viewer: Person) -> Words:
    """Return what `viewer` may read of a remark that they may see."""
    if found.hidden_at and found.author_id != viewer.id and not viewer.is_at_least(Role.EDITOR):
        return Words("", ())
    return Words(found.text, found.earlier)


def who_may_see(session: Session, found: Comment, people: Collection[Person]) -> list[Person]:
    """Return those of the people who can sign in and may see a remark that is not hidden."""
    if found.hidden_at is not None:
        return []
    return [one for one in people if one.disabled_at is None and _sees(session, found, one)]


def _sees(session: Session, found: Comment, person: Person) -> bool:
    query = sa.select(Comment.id).where(Comment.id == found.id, visible_to(person))
    return session.scalar(query) is not None


def people_named(session: Session, names: Collection[str]) -> dict[str, Person]:
    """Return who goes by each of these names, in one query; a name that two share is nobody's."""
    found: dict[str, list[Person]] = {}
    query = sa.select(Person).where(
        Person.name.in_(names), Person.disabled_at.is_(None), Person.role != Role.NEWCOMER
    )
    for person in session.scalars(query):
        found.setdefault(person.name, []).append(person)
    return {name: people[0] for name, people in found.items() if len(people) == 1}


def talkers(session: Session, root: Comment) -> list[Person]:
    """Return who wrote a remark and who answered it."""
    wrote = sa.select(Comment.author_id).where(
        sa.or_(Comment.id == root.id, Comment.answers_id == root.id)
    )
    return list(session.scalars(sa.select(Person).where(Person.id.in_(wrote)).order_by(Person.id)))
