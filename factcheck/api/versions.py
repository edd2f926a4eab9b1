"""Versions and ETags: a stale edit is told so, with what is there now, and loses nothing.

An ETag is made of the id, the version and a digest of the answer as this caller sees it, so it
holds nothing that the answer does not say.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any, Protocol

import msgspec
from flask_babel import gettext as _
from msgspec import UNSET

from factcheck.api.calls import Asked
from factcheck.api.problems import FieldError, Refusal

_ETAG = re.compile(r'\s*(W/)?("[\x21\x23-\x7e]*")\s*(?:,|$)')


class Versioned(Protocol):
    """An answer that can be edited."""

    id: str
    version: int


def etag(shown: Versioned) -> str:
    """Return the strong ETag of an answer."""
    digest = hashlib.sha256(msgspec.json.encode(shown)).hexdigest()[:16]
    return f'"{shown.id}-{shown.version}-{digest}"'


def tags(header: str) -> list[str]:
    """Return the ETags in an If-Match or If-None-Match, weak ones with W/; [] where garbled."""
    found, position = [], 0
    while position < len(header):
        match = _ETAG.match(header, position)
        if match is None:
            return []
        found.append((match[1] or "") + match[2])
        position = match.end()
    return found


def is_known(header: str | None, tag: str) -> bool:
    """Whether an If-None-Match says that the caller has this answer already (weak comparison)."""
    if header is None:
        return False
    known = [known.removeprefix("W/") for known in tags(header)]
    return header.strip() == "*" or tag.removeprefix("W/") in known


def require_current(asked: Asked[Any], shown: Versioned) -> None:
    """Refuse an edit that does not say which version it is of (428), or a stale one (412, 409).

    `shown` is the thing as it is now.
    """
    version = asked.given.version
    if asked.if_match is None and version is UNSET:
        sentence = _("Say which version you edit: its ETag in If-Match, or `version` in the body.")
        raise Refusal(428, "version_needed", sentence)
    if asked.if_match is not None and etag(shown) not in tags(asked.if_match):
        raise _stale(412, asked, shown)
    if version is not UNSET and version != shown.version:
        raise _stale(409, asked, shown)


def _stale(status: int, asked: Asked[Any], shown: Versioned) -> Refusal:
    sentence = _("It was changed since you read it. Compare what is there now with what you sent.")
    errors = (FieldError("version", _("It is at version %(version)s now.", version=shown.version)),)
    return Refusal(
        status, "stale_version", sentence, errors=errors, current=shown, sent=asked.given,
        headers={"ETag": etag(shown)},
    )  # fmt: skip
