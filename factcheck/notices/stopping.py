"""The tokens of links that stop mails: signed, so that a mail needs no password to be stopped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeSerializer

from factcheck.failures import Missing
from factcheck.notices.rules import Kind

_SALT = "notices.stop"  # keeps other signed things from being taken for these


class BadStopLink(Missing):
    """The link was not made by this installation, or is cut off."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Which kinds of mails somebody wants no more of; `person` is their public id."""

    person: str
    kinds: tuple[Kind, ...]


def stop_token(key: str, person: str, kinds: Sequence[Kind]) -> str:
    """Return the token that stops mails of these kinds to the person with that public id."""
    signed = URLSafeSerializer(key, salt=_SALT).dumps([person, [kind.value for kind in kinds]])
    return signed if isinstance(signed, str) else signed.decode("ascii")


def read_stop(key: str, token: str) -> Stop:
    """Return what a token stops; raise BadStopLink. It has no end: mails are read years later."""
    try:
        person, kinds = URLSafeSerializer(key, salt=_SALT).loads(token)
        return Stop(person, tuple(Kind(kind) for kind in kinds))
    except (BadSignature, ValueError, TypeError) as error:
        raise BadStopLink(
            "This link does not work. Open your account to choose what is mailed to you."
        ) from error
