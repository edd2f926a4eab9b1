"""Who could take what is stuck, and messages, as they are sent and answered."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from factcheck.api.cursors import Cursor
from factcheck.api.shapes.moments import moment
from factcheck.desk.suggesting import NAMED, StuckClaim
from factcheck.notices.messages import LONGEST
from factcheck.notices.models import Message

Few = Annotated[int, msgspec.Meta(ge=1, le=50, description="how many items, 50 at most")]


class StuckQuery(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Which page of the list."""

    cursor: Cursor = ""
    limit: Few = 20


class AbleQuery(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """After whom to look further."""

    cursor: Cursor = ""


class AbleShown(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Somebody who could take a claim.

    `names_language`: they named its language, and not none; `fields`: of their knowledge, that fit
    one of its tags; `seats` and `asked` as in `GET /desk`.
    """

    id: str
    name: str
    names_language: bool
    fields: list[str]
    seats: int
    asked: int


class StuckShown(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A claim that does not move, and who could take it, who fits best first.

    `reviews`: how many are in, null if you have a part in its round; `bar`: why nobody is named.
    """

    claim: str
    restated: str
    article: str
    language: str
    since: str
    version: int
    reviews: int | None
    bar: Literal["state", "withdrawn", "yours", "by-lot", "full"] | None
    asked_of: str | None
    could_take: list[AbleShown]


class StuckPage(msgspec.Struct, forbid_unknown_fields=True):
    """Claims that have waited for reviews for 14 days or more, the longest first."""

    items: list[StuckShown]
    next: str | None


class AblePage(msgspec.Struct, forbid_unknown_fields=True):
    """One claim with all who could take it among 200 people; `next` looks at the 200 after them."""

    item: StuckShown
    next: str | None


class NewMessage(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What to write, and about which claim, if about one."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST)]
    claim: Annotated[str, msgspec.Meta(max_length=16)] | UnsetType | None = UNSET


class MessageShown(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A message as it was sent."""

    id: str
    to: str
    text: str
    claim: str | None
    at: str


def stuck_shown(one: StuckClaim, *, most: int = NAMED) -> StuckShown:
    """Return a claim as it is answered, with `most` of those who could take it."""
    claim = one.claim
    return StuckShown(
        claim=claim.public_id,
        restated=claim.restated,
        article=claim.article.public_id,
        language=claim.article.language,
        since=moment(claim.state_since_at),
        version=claim.version,
        reviews=one.reviews,
        bar=one.bar.value if one.bar else None,
        asked_of=one.asked.id if one.asked else None,
        could_take=[
            AbleShown(
                id=able.person.public_id, name=able.person.name, fields=list(able.fields),
                names_language=able.names_language, seats=able.load.seats, asked=able.load.asked,
            )
            for able in one.able[:most]
        ],
    )  # fmt: skip


def message_shown(message: Message) -> MessageShown:
    """Return a message as it is answered."""
    return MessageShown(
        id=message.public_id,
        to=message.recipient.public_id,
        text=message.text,
        claim=message.claim.public_id if message.claim else None,
        at=moment(message.at),
    )
