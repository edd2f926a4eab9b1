"""The verbs of talk: remarking, answering, editing, hiding and showing again.

While a claim is under review, and before its first round has closed, whatever is said is a question
to the editors. So nothing that somebody in an open round says reaches another in it: what was said
before stays as it is meanwhile, and is neither answered nor edited.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from factcheck.accounts.events import record
from factcheck.accounts.models import Person
from factcheck.accounts.rules import Role
from factcheck.claims.models import Claim
from factcheck.claims.queries import lock_claims
from factcheck.failures import Conflict, Forbidden, Invalid
from factcheck.reviews import threads
from factcheck.reviews.models import Comment, EarlierText, PastHiding
from factcheck.reviews.queries import lease, own_rounds
from factcheck.reviews.rounds import open_round_or_none
from factcheck.reviews.rules import LONGEST_COMMENT, LONGEST_REASON, check_text, names_after_at
from factcheck.reviews.seats import hand_back


class TalkRests(Conflict):
    """The claim is under review, so what was said before stays as it is."""


class TalkMoved(Conflict):
    """The claim was merged into another, and its talk goes on there."""


class StaleComment(Conflict):
    """The remark was edited elsewhere since it was read."""


class CommentHidden(Conflict):
    """An editor hid the remark."""


class NotYourRemark(Forbidden):
    """Somebody else wrote it, or it is not for this person to hide."""


def add_comment(
    session: Session, claim: Claim, text: str, *, actor: Person, now: datetime,
    answers: str | None = None,
) -> Comment:  # fmt: skip
    """Add a remark to a claim, or a question to the editors while it is under review; return it.

    `answers` is the id of a remark; an answer to an answer belongs to the remark that began it.
    Raises Invalid for an empty or too long text, CommentMissing, TalkRests, CommentHidden.
    """
    words = check_text("text", text, LONGEST_COMMENT)
    lock_claims(session, [claim])
    if claim.merged_into_id is not None and answers is None:
        raise TalkMoved("The claim was merged into another one. Write there.")
    now_is = _standing(session, claim, actor)
    root = _root(session, claim, now_is, answers, actor) if answers else None
    round_ = open_round_or_none(session, claim)
    added = Comment(
        claim_id=claim.id, round_id=round_.id if round_ else None, author_id=actor.id,
        text=words, created_at=now, answers_id=root.id if root else None,
        opens_with=now_is.closed if now_is.is_open else now_is.closed + 1,
        awaits_answer=root is None and not now_is.is_open and not now_is.oversees,
    )  # fmt: skip
    if root is not None and now_is.oversees:
        root.awaits_answer = False
    session.add(added)
    session.flush()
    session.refresh(added, ["author", "answers", "earlier", "past_hidings"])
    record(session, "comment.added", added.public_id, actor=actor, now=now)
    if root is None and not now_is.is_open:
        record(session, "comment.asked", added.public_id, actor=actor, now=now)
    elif root is not None:
        _tell(session, "comment.answered", added, threads.talkers(session, root), actor, now)
    _mention(session, added, is_sealed=not now_is.is_open, actor=actor, now=now)
    return added


def hand_back_unclear(
    session: Session, lease_id: str, note: str, *, actor: Person, now: datetime
) -> None:
    """Hand a seat back since the claim is unclear, which goes to the editors with a note.

    Raises Invalid for no note, LeaseMissing, and what `add_comment` raises.
    """
    if not note.strip():
        raise Invalid("reason", "Say what is unclear.")
    claim = lease(session, lease_id, actor).round.claim
    add_comment(session, claim, note, actor=actor, now=now)
    hand_back(session, lease_id, actor, reason="unclear", now=now)


def _standing(session: Session, claim: Claim, actor: Person) -> threads.Thread:
    return threads.standing(session, claim, actor, own_rounds(session, claim, actor))


def _root(
    session: Session, claim: Claim, now_is: threads.Thread, answers: str, actor: Person
) -> Comment:
    """Return the remark that an answer to `answers` belongs to, and check that it may be given."""
    answered = threads.comment(session, answers, actor)
    if answered.claim_id != claim.id:
        raise threads.CommentMissing("There is no such remark.")
    _check_may_change(now_is, answered)
    return answered.answers or answered


def _check_may_change(now_is: threads.Thread, comment: Comment) -> None:
    if comment.hidden_at is not None:
        raise CommentHidden("An editor hid this remark.")
    if now_is.is_open or comment.opens_with > now_is.closed:
        return
    if comment.claim.merged_into_id is not None:
        raise TalkMoved("The claim was merged into another one. Write there.")
    raise TalkRests("The claim is under review, so what was said before stays as it is.")


def _mention(
    session: Session, comment: Comment, *, is_sealed: bool, actor: Person, now: datetime
) -> None:
    """Note who is mentioned and is told of it, once for each remark.

    Of a question those are the editors and who asked: by their role, since by their part in the
    round its author would learn who is at work. `notices` leaves out who may not see it.
    """
    groups = names_after_at(comment.text)
    known = threads.people_named(session, {name for group in groups for name in group})
    named = {next((name for name in group if name in known), "") for group in groups} - {""}
    asker = comment.answers.author_id if comment.answers else None
    new = [
        known[name]
        for name in sorted(named.difference(comment.mentioned))
        if not is_sealed or known[name].is_at_least(Role.EDITOR) or known[name].id == asker
    ]
    comment.mentioned = [*comment.mentioned, *(one.name for one in new)]
    if not is_sealed or comment.answers:  # of a question every editor is told, named or not
        _tell(session, "comment.mentioned", comment, new, actor, now)


def _tell(
    session: Session, kind: str, comment: Comment, people: Collection[Person], actor: Person,
    now: datetime,
) -> None:  # fmt: skip
    named: Sequence[int] = [one.id for one in people if one.id != actor.id]
    if named:
        record(session, kind, comment.public_id, actor=actor, now=now, people=named)


def edit_comment(
    session: Session, comment: Comment, text: str, *, version: int | None, actor: Person,
    now: datetime,
) -> None:  # fmt: skip
    """Change one's own remark; what it said before is kept and shown with it.

    Raises NotYourRemark, Invalid, StaleComment, TalkRests, CommentHidden.
    """
    lock_claims(session, [comment.claim])
    session.refresh(comment)
    if comment.author_id != actor.id:
        raise NotYourRemark("Somebody else wrote this remark.")
    words = check_text("text", text, LONGEST_COMMENT)
    now_is = _standing(session, comment.claim, actor)
    _check_may_change(now_is, comment)
    if words == comment.text:
        return
    if version is not None and version != comment.version:
        raise StaleComment("This remark was edited in another window since. Compare the two.")
    since = comment.edited_at or comment.created_at
    comment.earlier.append(EarlierText(text=comment.text, written_at=since))
    comment.text, comment.edited_at = words, now
    comment.version += 1
    session.flush()
    record(session, "comment.edited", comment.public_id, actor=actor, now=now)
    _mention(session, comment, is_sealed=not now_is.is_open, actor=actor, now=now)


def hide_comment(
    session: Session, comment: Comment, reason: str, *, actor: Person, now: datetime
) -> None:
    """Take a remark's words from everybody's eyes but its author's and the editors'; say why.

    Raises NotYourRemark for an editor who has a part in the open round, Invalid.
    """
    why = _checked_as_editor(session, comment, reason, actor)
    if comment.hidden_at is not None:
        return
    comment.hidden_at, comment.hidden_because = now, why
    comment.version += 1
    record(session, "comment.hidden", comment.public_id, actor=actor, now=now, why=why)


def unhide_comment(
    session: Session, comment: Comment, reason: str, *, actor: Person, now: datetime
) -> None:
    """Show a hidden remark again, and say why; that it was hidden, and why, stays with it.

    Raises what `hide_comment` does.
    """
    why = _checked_as_editor(session, comment, reason, actor)
    if comment.hidden_at is None or comment.hidden_because is None:
        return
    comment.past_hidings.append(
        PastHiding(hidden_at=comment.hidden_at, because=comment.hidden_because, shown_at=now,
                   shown_because=why)
    )  # fmt: skip
    comment.hidden_at = comment.hidden_because = None
    comment.version += 1
    session.flush()
    record(session, "comment.unhidden", comment.public_id, actor=actor, now=now, why=why)


def _checked_as_editor(session: Session, comment: Comment, reason: str, actor: Person) -> str:
    """Return the reason for hiding a remark or no longer; raise where it is not for this person."""
    lock_claims(session, [comment.claim])
    session.refresh(comment)
    if not _standing(session, comment.claim, actor).oversees:
        raise NotYourRemark("You have a part in the open round, so another editor hides remarks.")
    return check_text("reason", reason, LONGEST_REASON)
