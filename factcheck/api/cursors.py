"""Lists in pages: a cursor says after what to go on, and is opaque to the caller.

A cursor holds the sort key of the last item sent, so what is added or taken away meanwhile neither
repeats an item nor loses one.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any, TypeVar

import msgspec
from flask_babel import gettext as _

from factcheck.api.problems import Refusal, unprocessable

Item = TypeVar("Item")

MOST = 200
USUAL = 50

Limit = Annotated[int, msgspec.Meta(ge=1, le=MOST, description="how many items, 200 at most")]
Cursor = Annotated[str, msgspec.Meta(max_length=300, description="`next` of the page before")]


class PageQuery(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Which page of a list."""

    cursor: Cursor = ""
    limit: Limit = USUAL


def cursor_of(key: Sequence[Any]) -> str:
    """Return a sort key as a cursor."""
    data = json.dumps(list(key), separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def key_of(cursor: str, *kinds: type) -> tuple[Any, ...] | None:
    """Return the sort key in a cursor, None for the first page; raise a 422 Refusal."""
    if not cursor:
        return None
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        key = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, binascii.Error):
        raise _bad_cursor() from None
    if not isinstance(key, list) or [type(part) for part in key] != list(kinds):
        raise _bad_cursor()
    if any(isinstance(part, int) and not 0 <= part < 2**63 for part in key):
        raise _bad_cursor()
    if any(isinstance(part, str) and not part.isprintable() for part in key):
        raise _bad_cursor()
    return tuple(key)


def page(
    found: Sequence[Item], limit: int, key: Callable[[Item], Sequence[Any]]
) -> tuple[Sequence[Item], str | None]:
    """Return the items of a page and the cursor of the next.

    `found` was asked for with one item more than `limit`: that one tells whether there is more.
    """
    if len(found) <= limit:
        return found, None
    return found[:limit], cursor_of(key(found[limit - 1]))


def page_of_all(
    everything: Iterable[Item], given: PageQuery, key: Callable[[Item], tuple[Any, ...]]
) -> tuple[Sequence[Item], str | None]:
    """Return a page of a list that is at hand as a whole, in the order of `key`."""
    items = list(everything)
    kinds = [type(part) for part in key(items[0])] if items else []
    after = key_of(given.cursor, *kinds) if items else None
    rest = items if after is None else [item for item in items if key(item) > after]
    return page(rest[: given.limit + 1], given.limit, key)


def _bad_cursor() -> Refusal:
    return unprocessable("cursor", _("This is no cursor of this list."))
