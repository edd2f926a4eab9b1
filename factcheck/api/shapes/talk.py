"""Remarks in the talk of a claim as they are sent and answered."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

from factcheck.accounts.models import Person
from factcheck.api.shapes.fields import Id, Version
from factcheck.api.shapes.moments import moment
from factcheck.reviews.models import Comment
from factcheck.reviews.threads import words_for

Words = Annotated[str, msgspec.Meta(min_length=1, max_length=5_000)]
Why = Annotated[str, msgspec.Meta(min_length=1, max_length=1_000)]


class NewComment(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A remark on a claim, or an answer to one."""

    text: Words
    answers: Annotated[Id, msgspec.Meta(description="the id of a remark")] | UnsetType = UNSET


class CommentEdit(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Other words for one's own remark."""

    text: Words
    version: Version | UnsetType = UNSET


class HiddenBecause(msgspec.Struct, forbid_unknown_fields=True):
    """Why a remark is hidden; everybody is shown it in the place of the words."""

    reason: Why


class ShownBecause(msgspec.Struct, forbid_unknown_fields=True):
    """Why a hidden remark is shown again; everybody is shown it with the remark."""

    reason: Why


class PastHidingShown(msgspec.Struct, forbid_unknown_fields=True):
    """From when to when a remark was hidden, and why it was and no longer is."""

    hidden: str
    because: str
    shown: str
    shown_because: str


class EarlierShown(msgspec.Struct, forbid_unknown_fields=True):
    """What a remark said before it was edited, and since when."""

    text: str
    written: str


class CommentShown(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A remark on a claim. Of a hidden one only its author and editors have the words."""

    id: str
    claim: str
    author: str
    author_name: str
    text: str
    answers: str | None
    created: str
    edited: str | None
    earlier: list[EarlierShown]
    hidden_because: str | None
    past_hidings: list[PastHidingShown]
    version: int


class CommentPage(msgspec.Struct, forbid_unknown_fields=True):
    """A page of remarks, the oldest first."""

    items: list[CommentShown]
    next: str | None


def comment_shown(comment: Comment, viewer: Person) -> CommentShown:
    """Return a remark as it is answered to somebody who may see it."""
    words = words_for(comment, viewer)
    return CommentShown(
        id=comment.public_id,
        claim=comment.claim.public_id,
        author=comment.author.public_id,
        author_name=comment.author.name,
        text=words.text,
        answers=comment.answers.public_id if comment.answers else None,
        created=moment(comment.created_at),
        edited=moment(comment.edited_at) if comment.edited_at else None,
        earlier=[EarlierShown(one.text, moment(one.written_at)) for one in words.earlier],
        hidden_because=comment.hidden_because,
        past_hidings=[
            PastHidingShown(
                moment(one.hidden_at), one.because, moment(one.shown_at), one.shown_because
            )
            for one in comment.past_hidings
        ],
        version=comment.version,
    )
