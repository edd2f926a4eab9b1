"""Which notices there are, whom each concerns, and when a daily mail goes. Pure.

The table `TOLD` is the seal: what happens inside an open round has no row in it, but for a change
of the claim itself (other words, merged away), which everybody at work on it is told alike, and for
what is said to somebody who may see it: in an open round, between who asks and the editors.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from factcheck.accounts.rules import Role

ENDING = timedelta(hours=6)  # so long before a seat with a draft ends, its holder is told
# Who was told three months ago and has read it looks for it no more; what happened is in the audit
# log in any case. What was not read stays, as people go on leave.
READ_KEPT = timedelta(days=90)
STUCK = timedelta(days=14)  # in one state under review; then editors are told, once
DAILY_AT = time(7)  # in the installation's time zone


class Kind(StrEnum):
    """What a notice is about."""

    DECIDED = "decided"
    REOPENED = "reopened"
    WORDING_CHANGED = "wording-changed"
    MERGED = "merged"
    SEAT_ENDING = "seat-ending"
    PUBLISHED = "published"
    DISPUTED = "disputed"
    TO_SUMMARISE = "to-summarise"
    LETTER = "letter"
    MENTION = "mention"
    ANSWER = "answer"
    TO_SIGN = "to-sign"
    QUESTION = "question"
    WEBHOOK_DISABLED = "webhook-disabled"
    SECOND_ADMIN = "second-admin"
    LATE = "late"
    STUCK = "stuck"
    MESSAGE = "message"


class Way(StrEnum):
    """How somebody wants to be told; all but `OFF` are shown in the service."""

    HERE = "here"
    AT_ONCE = "at-once"  # by mail besides
    DAILY = "daily"  # in one mail a day besides
    OFF = "off"


FOR_EDITORS = frozenset(
    {
        Kind.DISPUTED,
        Kind.TO_SUMMARISE,
        Kind.LETTER,
        Kind.TO_SIGN,
        Kind.QUESTION,
        Kind.LATE,
        Kind.STUCK,
    }
)
FOR_ADMINS = frozenset({Kind.WEBHOOK_DISABLED, Kind.SECOND_ADMIN})
_URGENT = frozenset(
    {
        Kind.SEAT_ENDING,
        Kind.WORDING_CHANGED,
        Kind.MERGED,
        Kind.WEBHOOK_DISABLED,
        Kind.SECOND_ADMIN,
        Kind.MESSAGE,
    }
)
DEFAULT_WAYS: Mapping[Kind, Way] = MappingProxyType(
    {kind: Way.AT_ONCE if kind in _URGENT else Way.HERE for kind in Kind}
)


def kinds_for(role: str) -> list[Kind]:
    """Return the kinds of notices that somebody with that role may get."""
    closed = frozenset[Kind]()
    if not Role(role).includes(Role.EDITOR):
        closed |= FOR_EDITORS
    if not Role(role).includes(Role.ADMIN):
        closed |= FOR_ADMINS
    return [kind for kind in Kind if kind not in closed]


@dataclass(frozen=True, slots=True)
class Concern:
    """Whom an event may concern: ids of people.

    `reviewers` answered in the closed rounds that it is about; `holders` are at work in the open
    one, or answered in it; `spoken_to` are named or answered in what was said, and may see it;
    `admins` run the service; `actor` did it.
    """

    reviewers: frozenset[int] = frozenset()
    holders: frozenset[int] = frozenset()
    editors: frozenset[int] = frozenset()
    spoken_to: frozenset[int] = frozenset()
    actor: int | None = None
    admins: frozenset[int] = frozenset()


People = Callable[[Concern], frozenset[int]]


def _reviewers(concern: Concern) -> frozenset[int]:
    return concern.reviewers


def _holders(concern: Concern) -> frozenset[int]:
    return concern.holders


def _spoken_to(concern: Concern) -> frozenset[int]:
    return concern.spoken_to


def _admins(concern: Concern) -> frozenset[int]:
    return concern.admins


def _editors(concern: Concern) -> frozenset[int]:
    """Return the editors who may act: nobody decides a round that they reviewed."""
    return concern.editors - concern.reviewers


TOLD: Mapping[str, tuple[tuple[Kind, People], ...]] = MappingProxyType(
    {
        "round.decided": ((Kind.DECIDED, _reviewers), (Kind.TO_SUMMARISE, _editors)),
        "round.disputed": ((Kind.DISPUTED, _editors),),
        "decision.made": ((Kind.DECIDED, _reviewers),),
        "claim.reopen": ((Kind.REOPENED, _reviewers),),
        "round.wording-changed": ((Kind.WORDING_CHANGED, _holders),),
        "round.merged-away": ((Kind.MERGED, _holders),),
        "edition.published": ((Kind.PUBLISHED, _reviewers),),
        "letter.sent": ((Kind.LETTER, _editors),),
        "comment.asked": ((Kind.QUESTION, _editors),),
        "comment.mentioned": ((Kind.MENTION, _spoken_to),),
        "comment.answered": ((Kind.ANSWER, _spoken_to),),
        "decision.signed": ((Kind.TO_SIGN, _editors),),
        "webhook.disabled": ((Kind.WEBHOOK_DISABLED, _admins),),
        "person.change-asked": ((Kind.SECOND_ADMIN, _admins),),
        "article.late": ((Kind.LATE, _editors),),
        "article.stuck": ((Kind.STUCK, _editors),),
        "message.sent": ((Kind.MESSAGE, _spoken_to),),
    }
)


class About(StrEnum):
    """What followers are mailed of."""

    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"
    CLAIM = "claim"  # the withdrawal of what was said of one


FOLLOWED: Mapping[str, About] = MappingProxyType(
    {
        "edition.published": About.CORRECTION,
        "edition.withdrawn": About.WITHDRAWAL,
        "claim.withdrawn": About.CLAIM,
    }
)


def told(event: str, concern: Concern) -> dict[Kind, frozenset[int]]:
    """Return who is told of an event of that kind, by the kind of notice; never who did it."""
    actor = {concern.actor} - {None}
    return {kind: people(concern) - actor for kind, people in TOLD.get(event, ())}


def next_daily(now: datetime, zone: ZoneInfo) -> datetime:
    """Return when the next daily mail goes, strictly after `now`, as a moment in `zone`."""
    here = now.astimezone(zone)
    today = datetime.combine(here.date(), DAILY_AT, zone)
    return today if here < today else datetime.combine(
        here.date() + timedelta(days=1), DAILY_AT, zone
    )  # fmt: skip


def path_to(kind: str, subject: str, details: Mapping[str, Any]) -> str:
    """Return the root-relative address of what a notice is about.

    Of its `details`, "slug" is that of its article, "claim" the id of the claim of a message.
    """
    slug = details.get("slug", "")
    claim = details.get("claim", slug)  # where it stood in messages before
    about_article = f"/desk/pictures?article={slug}"
    elsewhere = {
        Kind.PUBLISHED: f"/articles/{slug}/",
        Kind.LETTER: f"/desk/inbox#letter-{subject}",
        Kind.WEBHOOK_DISABLED: f"/admin/webhooks/{subject}",
        Kind.SECOND_ADMIN: "/admin#waiting-h",
        Kind.LATE: about_article,
        Kind.STUCK: about_article,
        Kind.MESSAGE: f"/work/claims/{claim}" if claim else "/notices",
    }
    if kind in elsewhere:
        return elsewhere[Kind(kind)]
    page = f"/work/claims/{subject}"
    if kind in {Kind.MENTION, Kind.ANSWER, Kind.QUESTION}:
        return f"{page}#comments"
    return f"{page}/decide" if kind in FOR_EDITORS else page
