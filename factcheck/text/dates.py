"""Relative dates made absolute, where the article's own day is exactly known.

"Yesterday" and "last year" mean nothing a year later. Each is replaced only where it can be
read in one way; anything else stays as it was written.
"""

import re
from datetime import date, timedelta
from typing import Final

_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
RELATIVE: Final = re.compile(
    r"(?:\b(?P<lead>since|until|till|by|from|of|during|in|before|after|for|through|between|and|"
    r"the|this|a|every|each|over|past)\s)?\b"
    r"(?:(?P<day>yesterday|tomorrow)|(?P<which>last|this|next)\s(?P<span>year|month)|"
    r"on\s(?P<weekday>monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b"
    r"(?!,?\s(?:\d|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|morning|evening|night))|"
    r"(?P<count>\d|two|three|four|five|six|seven|eight|nine)\sdays\sago)\b(?!['’-])",
    re.IGNORECASE,
)
"""A date that is counted from the day on which it is said, with the word that leads to it."""
_BARE: Final = frozenset(
    {"since", "until", "till", "by", "from", "before", "after", "during", "of"}
)
_NUMBERS: Final = {
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
}
_PAST: Final = re.compile(
    r"\b(?:said|was|were|had|did|told|announced|met|[a-z]{3,}ed)\b", re.IGNORECASE
)


def with_absolute_dates(words: str, published: str | None) -> str:
    """Return `words` with its relative dates made absolute by the day of publishing.

    `published` is an ISO 8601 day or moment. None, a year or a month leave the words alone.
    """
    day = _exact_day(published)
    if day is None:
        return words
    quoted = _quoted_spans(words)

    def replaced(match: re.Match[str]) -> str:
        if any(start < match.start() < end for start, end in quoted):
            return match.group()
        return _absolute(match, day, words) or match.group()

    changed = RELATIVE.sub(replaced, words)
    return changed[:1].upper() + changed[1:] if words[:1].isupper() else changed


def _exact_day(published: str | None) -> date | None:
    if published is None or len(published) < 10:
        return None
    try:
        return date.fromisoformat(published[:10])
    except ValueError:
        return None


def _quoted_spans(words: str) -> list[tuple[int, int]]:
    """Return what stands in double quotation marks: another's words, at another time."""
    return [match.span() for match in re.finditer(r"[\"“„][^\"“”„]{1,1000}[\"”]", words)]


def _absolute(match: re.Match[str], day: date, words: str) -> str:
    """Return the absolute form, or "" where the words can be read in more than one way."""
    lead = match["lead"]
    if lead and lead.lower() not in _BARE:
        return ""
    try:
        preposition, moment = _moment(match, day, words)
    except (OverflowError, ValueError):
        return ""
    if not moment:
        return ""
    return f"{lead or preposition} {moment}"


def _moment(match: re.Match[str], day: date, words: str) -> tuple[str, str]:
    if match["day"]:
        shift = -1 if match["day"].lower() == "yesterday" else 1
        return "on", _named(day + timedelta(days=shift))
    if match["which"]:
        return "in", _period(match["which"].lower(), match["span"].lower(), day)
    if match["weekday"]:
        return "on", _last_weekday(match["weekday"].lower(), day, words)
    count = match["count"].lower()
    return "on", _named(day - timedelta(days=_NUMBERS.get(count) or int(count)))


def _period(which: str, span: str, day: date) -> str:
    shift = {"last": -1, "this": 0, "next": 1}[which]
    if span == "year":
        return str(day.year + shift)
    month = day.year * 12 + day.month - 1 + shift
    return f"{_MONTHS[month % 12]} {month // 12}"


def _last_weekday(name: str, day: date, words: str) -> str:
    """Return the last such day up to the article's; only a sentence about the past says so."""
    if not _PAST.search(words):
        return ""
    return _named(day - timedelta(days=(day.weekday() - _DAYS.index(name)) % 7))


def _named(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
