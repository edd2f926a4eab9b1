"""Lists of claims that were saved, as they are sent and answered."""

from __future__ import annotations

from typing import Annotated

import msgspec

from factcheck.accounts.models import Person
from factcheck.api.shapes.batches import ListAsked
from factcheck.api.shapes.fields import Line
from factcheck.api.shapes.moments import moment
from factcheck.desk.saved import LONGEST_NAME, SavedList


class ListFilters(ListAsked, forbid_unknown_fields=True, kw_only=True):
    """The filters of a list and its order, as `GET /claims` takes them."""

    sort: Line = ""


class NewList(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A list to be saved under a name, for oneself or, `is_shared`, for the desk."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_NAME)]
    filters: ListFilters
    is_shared: bool = False


class ListShown(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A saved list; `is_own`: you saved it. An age is counted from the day of looking."""

    id: str
    name: str
    filters: ListFilters
    is_shared: bool
    is_own: bool
    created: str


class ListPage(msgspec.Struct, forbid_unknown_fields=True):
    """A page of saved lists: one's own by name, then those of the desk."""

    items: list[ListShown]
    next: str | None


def list_shown(one: SavedList, viewer: Person) -> ListShown:
    """Return a saved list as it is answered."""
    return ListShown(
        id=one.public_id,
        name=one.name,
        filters=msgspec.convert(one.asked, ListFilters),
        is_shared=one.is_shared,
        is_own=one.person_id == viewer.id,
        created=moment(one.created_at),
    )
