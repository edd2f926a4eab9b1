"""Searching claims, the rationales of closed rounds, and sources."""

from __future__ import annotations

from sqlalchemy.orm import Session

from factcheck.api.calls import OVERSEES, Asked, call
from factcheck.api.cursors import cursor_of, key_of
from factcheck.api.shapes.search import FoundPage, SearchQuery, found_shown
from factcheck.decisions.words import Kind
from factcheck.desk.finding import MOST_COUNTED
from factcheck.desk.searching import Wanted, search


@call("GET", "/search", OVERSEES, query=SearchQuery, answer=FoundPage)
def find(session: Session, asked: Asked[SearchQuery]) -> FoundPage:
    """Search for words, the best first; of a round that is open nothing is found.

    All of the words must be there, in any form that has the same stem. Where more than 1,000 have
    them, the newest 1,000 are ranked and `or_more` says so. Sources have no state, language or
    article: narrowed by one, none are found.
    """
    given = asked.given
    wanted = Wanted(
        given.q, Kind(given.kind), given.state, given.language, given.article,
        "1" if given.any else "",
    )  # fmt: skip
    after = key_of(given.cursor, int)
    offset = min(after[0], MOST_COUNTED) if after else 0
    groups = search(session, wanted, offset=offset, limit=given.limit)
    if not groups:
        return FoundPage([], None, 0, or_more=False)
    group = groups[0]
    following = offset + given.limit
    return FoundPage(
        [found_shown(hit) for hit in group.hits],
        cursor_of([following]) if following < group.counted.number else None,
        group.counted.number, or_more=group.counted.or_more,
    )  # fmt: skip
