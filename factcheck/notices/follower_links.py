"""The links in followers' mails: signed, with nothing in them but which follower they are for.

Nothing of a link is kept. That one which confirms works once and for a time is the row's doing.
"""

from __future__ import annotations

from enum import StrEnum

from itsdangerous import BadSignature, URLSafeSerializer

from factcheck.config import Settings
from factcheck.failures import Missing


class Link(StrEnum):
    """What a link does; it keeps one from being taken for the other."""

    CONFIRM = "confirm"
    STOP = "stop"


class BadFollowLink(Missing):
    """The link was not made by this installation, is cut off, was used, or is too old."""


def link(settings: Settings, kind: Link, follower: str) -> str:
    """Return the absolute address that confirms or stops for the follower with that public id."""
    return f"{settings.public_url}/follow/{kind}/{token(settings.secret_key, kind, follower)}"


def token(key: str, kind: Link, follower: str) -> str:
    """Return the last part of that address."""
    signed = _signer(key, kind).dumps(follower)
    return signed if isinstance(signed, str) else signed.decode("ascii")


def read(key: str, kind: Link, signed: str) -> str:
    """Return the public id of the follower that a token is for; raise BadFollowLink."""
    try:
        return str(_signer(key, kind).loads(signed))
    except BadSignature as error:
        raise BadFollowLink("This link was not made here, or is cut off.") from error


def _signer(key: str, kind: Link) -> URLSafeSerializer:
    return URLSafeSerializer(key, salt=f"followers.{kind}")
