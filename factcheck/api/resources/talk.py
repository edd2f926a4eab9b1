"""The talk of claims. What is sealed while a round is open, the queries keep so."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET
from sqlalchemy.orm import Session

from factcheck.api.calls import EDITS, READS, REVIEWS, Answer, Asked, call
from factcheck.api.cursors import PageQuery, key_of, page
from factcheck.api.shapes.talk import (
    CommentEdit,
    CommentPage,
    CommentShown,
    HiddenBecause,
    NewComment,
    ShownBecause,
    comment_shown,
)
from factcheck.api.versions import require_current
from factcheck.claims.queries import claim as claim_of
from factcheck.claims.queries import lock_claims
from factcheck.reviews import threads
from factcheck.reviews.talk import add_comment, edit_comment, hide_comment, unhide_comment


@call("POST", "/claims/{id}/comments", REVIEWS, body=NewComment, answer=CommentShown, status=201)
def comment(session: Session, asked: Asked[NewComment]) -> Answer:
    """Add a remark, or with `answers` an answer to one; a name behind an @ tells that person.

    While the claim is under review, and before its first round has closed, it is a question to the
    editors: it shows to its author and to editors only, until the round closes.
    """
    given = asked.given
    added = add_comment(
        session, claim_of(session, asked.id), given.text, actor=asked.person, now=asked.now,
        answers=None if given.answers is UNSET else given.answers,
    )  # fmt: skip
    location = {"Location": f"/api/v1/comments/{added.public_id}"}
    return Answer(comment_shown(added, asked.person), headers=location)


@call("GET", "/claims/{id}/comments", READS, query=PageQuery, answer=CommentPage)
def list_comments(session: Session, asked: Asked[PageQuery]) -> CommentPage:
    """List the remarks on a claim, the oldest first, with what each said before it was edited.

    With those on claims that were merged into it; `claim` says on which each was made.
    """
    after = key_of(asked.given.cursor, int)
    found = threads.comments_of(
        session,
        claim_of(session, asked.id),
        asked.person,
        after_id=after[0] if after else 0,
        limit=asked.given.limit + 1,
    )
    items, following = page(found, asked.given.limit, lambda one: [one.id])
    return CommentPage([comment_shown(one, asked.person) for one in items], following)


@call("GET", "/comments/{id}", READS, answer=CommentShown)
def read_comment(session: Session, asked: Asked[Any]) -> CommentShown:
    """Read a remark."""
    return comment_shown(threads.comment(session, asked.id, asked.person), asked.person)


@call("PATCH", "/comments/{id}", REVIEWS, body=CommentEdit, answer=CommentShown, versioned=True)
def edit(session: Session, asked: Asked[CommentEdit]) -> CommentShown:
    """Change one's own remark; what it said before is kept and shown with it.

    While the claim is under review, remarks of before stay as they are (409).
    """
    found = threads.comment(session, asked.id, asked.person)
    lock_claims(session, [found.claim])
    found = threads.comment(session, asked.id, asked.person)
    require_current(asked, comment_shown(found, asked.person))
    edit_comment(
        session, found, asked.given.text, version=None, actor=asked.person, now=asked.now
    )  # fmt: skip
    return comment_shown(found, asked.person)


@call("POST", "/comments/{id}/hide", EDITS, body=HiddenBecause, answer=CommentShown)
def hide(session: Session, asked: Asked[HiddenBecause]) -> CommentShown:
    """Hide a remark from everybody but its author and editors, and say why in its place."""
    found = threads.comment(session, asked.id, asked.person)
    hide_comment(session, found, asked.given.reason, actor=asked.person, now=asked.now)
    return comment_shown(found, asked.person)


@call("POST", "/comments/{id}/unhide", EDITS, body=ShownBecause, answer=CommentShown)
def unhide(session: Session, asked: Asked[ShownBecause]) -> CommentShown:
    """Show a hidden remark again, and say why; that it was hidden, and why, stays with it."""
    found = threads.comment(session, asked.id, asked.person)
    unhide_comment(session, found, asked.given.reason, actor=asked.person, now=asked.now)
    return comment_shown(found, asked.person)
