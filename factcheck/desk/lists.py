"""Which claims a list of the desk shows, as its address says, and where one of its pages begins.

Pure but for looking up the article. A cursor carries a mark of the list that gave it, so that one
of another list, or of another day where the list is of an age, is refused and not misread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from factcheck.articles.models import Article
from factcheck.claims.models import PUBLISHED
from factcheck.claims.rules import PRIORITIES, State
from factcheck.claims.tags import checked_tag
from factcheck.failures import Invalid
from factcheck.web.paging import LARGEST, cursor, key_of

AGES = ("today", "days", "week", "older")  # since 0, 1 to 3, 4 to 7, more days
FILTERS = ("state", "age", "priority", "article", "language", "tag", "person", "words", "sort")
LONGEST_WORDS = 200  # code points
Days = tuple[date | None, date | None]
Place = tuple[int | float | datetime, int]


class Sort(StrEnum):
    """In what order a list is."""

    PRIORITY = "priority"  # the most urgent first, of these the newest
    AGE = "age"  # what has waited longest first
    SCORE = "score"  # the most worth checking first


@dataclass(frozen=True, slots=True)
class ClaimsWanted:
    """Which claims a list shows; None and "" where that does not matter."""

    state: State
    article: Article | None = None
    priority: int | None = None
    days: Days = (None, None)  # since when, from and to, both included
    language: str = ""
    tag: str = ""
    person: str = ""  # the public id of whom an editor asked to review them
    words: str = ""  # all of which stand in the claim
    sort: Sort | None = None  # None: by age where an age is asked for, else by priority
    is_published: bool = False  # those that readers are told of, whatever their state

    @property
    def order(self) -> Sort:
        """Return the order of the list."""
        if self.sort is not None:
            return self.sort
        return Sort.AGE if self.days != (None, None) else Sort.PRIORITY

    @property
    def of(self) -> str:
        """Return what the address calls the claims: their state, or "published"."""
        return PUBLISHED if self.is_published else self.state.value

    @property
    def sought(self) -> list[str]:
        """Return the words that are sought, as they are compared."""
        return self.words.casefold().split()

    @property
    def mark(self) -> str:
        """Return a short mark that two lists share only if they show the same in the same order."""
        article = self.article.id if self.article else ""
        parts = (self.of, article, self.priority, *self.days, self.language, self.tag,
                 self.person, *self.sought, self.order)  # fmt: skip
        return sha256(repr([str(part) for part in parts]).encode()).hexdigest()[:12]


def wanted_by(
    asked: Mapping[str, str], *, today: date, article: Article | None = None
) -> ClaimsWanted:
    """Return what an address asks for; `article` is the one that it names.

    Raises Invalid, named by the filter, for one that there is not and for a value that is none.
    """
    for name in asked:
        if name not in FILTERS:
            raise Invalid(name[:40], "Lists cannot be narrowed by “%(name)s”.", name=name[:40])
    given = {name: value.strip() for name, value in asked.items() if value.strip()}
    words = given.get("words", "")
    if len(words) > LONGEST_WORDS:
        raise Invalid("words", "Give at most %(most)s characters.", most=LONGEST_WORDS)
    priority = given.get("priority")
    if priority is not None and priority not in {str(one) for one in PRIORITIES}:
        raise Invalid("priority", "There is no such priority.")
    age = given.get("age")
    if age is not None and age not in AGES:
        raise Invalid("age", "There is no such age.")
    state = given.get("state", "accepted")
    return ClaimsWanted(
        State.READY if state == PUBLISHED else _state(state), article,
        int(priority) if priority else None,
        days_of(age, today) if age else (None, None), given.get("language", "")[:40],
        checked_tag(given["tag"], "tag") if "tag" in given else "", given.get("person", "")[:40],
        words, _sort(given.get("sort")), state == PUBLISHED,
    )  # fmt: skip


def _state(value: str) -> State:
    if value not in set(State):
        raise Invalid("state", "There is no such state.")
    return State(value)


def _sort(value: str | None) -> Sort | None:
    if value is not None and value not in set(Sort):
        raise Invalid("sort", "Lists are in the order of %(known)s.", known=", ".join(Sort))
    return Sort(value) if value else None


def age_of(day: date, today: date) -> str:
    """Return the age that a claim has on `today` when it waits since `day`."""
    days = (today - day).days
    return AGES[0] if days <= 0 else AGES[1] if days <= 3 else AGES[2] if days <= 7 else AGES[3]


def days_of(age: str, today: date) -> Days:
    """Return the first and the last day of an age; None where it is open."""
    spans = {
        "today": (today, None),
        "days": (today - timedelta(days=3), today - timedelta(days=1)),
        "week": (today - timedelta(days=7), today - timedelta(days=4)),
        "older": (None, today - timedelta(days=8)),
    }
    return spans[age]


def cursor_of(place: Place, wanted: ClaimsWanted) -> str:
    """Return the cursor of the page behind a place."""
    first, number = place
    key = first.isoformat() if isinstance(first, datetime) else repr(first)
    return cursor(wanted.mark, key, number)


def place_in(given: str | None, wanted: ClaimsWanted) -> Place | None:
    """Return the place in a cursor, None without one; raise Invalid where it is another list's."""
    key = key_of(given, parts=3)
    if key is None:
        return None
    mark, first, number = key
    if mark != wanted.mark:
        raise Invalid(
            "cursor", "This page belongs to another list, or to another day. Begin at its start."
        )
    try:
        place = _READS[wanted.order](first), int(number)
    except (ValueError, OverflowError):
        place = (0, -1)
    if not 0 <= place[1] <= LARGEST:
        raise Invalid("cursor", "This cursor is not one that this list gave.")
    return place


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment


def _priority(text: str) -> int:
    return PRIORITIES[PRIORITIES.index(int(text))]


_READS: dict[Sort, Callable[[str], int | float | datetime]] = {
    Sort.AGE: _moment,
    Sort.PRIORITY: _priority,
    Sort.SCORE: float,
}
