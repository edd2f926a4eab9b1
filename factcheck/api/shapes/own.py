"""One's own tokens, sessions and choices of notices, as they are sent and answered."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from factcheck.accounts.models import SignInSession, Token
from factcheck.api.shapes.moments import moment

WayKey = Literal["here", "at-once", "daily", "off"]


class TokenShown(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A token of one's own; its secret was shown once, when it was made."""

    id: str
    name: str
    prefix: str
    scope: Literal["read", "review", "edit", "admin"]
    created: str
    expires: str | None


class TokenPage(msgspec.Struct, forbid_unknown_fields=True):
    """A page of one's own tokens that work."""

    items: list[TokenShown]
    next: str | None


class SessionShown(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A browser in which one is signed in."""

    id: str
    created: str
    used: str


class SessionPage(msgspec.Struct, forbid_unknown_fields=True):
    """A page of the browsers in which one is signed in."""

    items: list[SessionShown]
    next: str | None


class NoticeChoices(msgspec.Struct, forbid_unknown_fields=True):
    """How one is told of each kind of thing, by the kind's key; a kind left out stays as it is."""

    ways: dict[str, WayKey]


def token_shown(token: Token) -> TokenShown:
    """Return a token without its secret."""
    return TokenShown(
        id=token.public_id,
        name=token.name,
        prefix=token.prefix,
        scope=token.scope,  # type: ignore[arg-type]  # the table allows these alone
        created=moment(token.created_at),
        expires=_moment_or_none(token.expires_at),
    )


def _moment_or_none(at: datetime | None) -> str | None:
    return moment(at) if at else None


def session_shown(found: SignInSession) -> SessionShown:
    """Return a browser in which one is signed in."""
    return SessionShown(
        id=str(found.id), created=moment(found.created_at), used=moment(found.seen_at)
    )
