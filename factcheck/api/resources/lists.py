"""Lists of claims that editors saved, for themselves or for the desk."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy.orm import Session

from factcheck.api.calls import EDITS, OVERSEES, Answer, Asked, call
from factcheck.api.cursors import PageQuery, page_of_all
from factcheck.api.shapes.lists import ListPage, ListShown, NewList, list_shown
from factcheck.desk import saved
from factcheck.desk.finding import asked_for
from factcheck.desk.queries import lists_of
from factcheck.site_days import day_of


@call("GET", "/lists", OVERSEES, query=PageQuery, answer=ListPage)
def list_lists(session: Session, asked: Asked[PageQuery]) -> ListPage:
    """List the saved lists: one's own, and those that are for the whole desk."""
    _named, found = lists_of(session, asked.person, today=day_of(session, asked.now))
    items, following = page_of_all(enumerate(found), asked.given, lambda one: (one[0],))
    return ListPage([list_shown(one, asked.person) for _number, one in items], following)


@call("POST", "/lists", EDITS, body=NewList, answer=ListShown, status=201)
def save_list(session: Session, asked: Asked[NewList]) -> ListShown:
    """Save the filters of a list under a name; at most 30 lists, each under a name of its own."""
    given = asked.given
    filters = {name: one for name, one in msgspec.structs.asdict(given.filters).items() if one}
    asked_for(session, filters, now=asked.now)  # only a list that there is can be saved
    kept = saved.save_list(
        session, given.name, filters, is_shared=given.is_shared, actor=asked.person, now=asked.now
    )
    return list_shown(kept, asked.person)


@call("POST", "/lists/{id}/remove", EDITS, status=204)
def remove_list(session: Session, asked: Asked[Any]) -> Answer:
    """Delete a list that one saved; an admin any that they are shown."""
    saved.delete_list(session, asked.id, actor=asked.person, now=asked.now)
    return Answer()
