"""Who says it: the person or body to whom a sentence ascribes its statement.

Only plain forms are read ("X said that …", "according to X", "… ," said X). A pronoun is
nobody: the claimant is named or unknown.
"""

import re
from typing import Final

from factcheck.text.wordlists import words

_READ: Final = 600  # code points of the sentence that are looked at
_SAYING: Final = (
    r"(?:said|says|noted|notes|announced|announces|claimed|claims|stated|states|wrote|writes|"
    r"argued|argues|told|reported|reports|added|adds|explained|explains|warned|warns|insisted|"
    r"insists|confirmed|confirms|denied|denies|admitted|admits|promised|alleged|alleges|"
    r"declared|declares|concluded|testified|estimates|estimated|tweeted|suggested|suggests)"
)
_TITLE: Final = r"(?:(?:[A-Z][\w.-]{1,20}|[a-z]{3,14})\s){0,3}?"
_NAME: Final = (
    r"(?:The\s|the\s)?[A-Z][\w.'’&-]{0,30}(?:\s(?:of|de|von|van|der|al|bin|the|and|for|for the)?"
    r"\s?[A-Z][\w.'’&-]{0,30}){0,7}"
)
_BEFORE: Final = re.compile(
    rf"^(?:[\"“”'’]?)(?:(?:In|On|At|Last|Yesterday|Earlier|But|And|Yet|However|Still|Also|Then|"
    rf"Meanwhile)\b[^,:;]{{0,60}}?,?\s)?(?P<who>{_NAME})"
    rf"(?:,\s[^,]{{2,80}},)?\s(?:(?:also|further|later|then|has|have|had|recently|repeatedly)\s)?"
    rf"{_SAYING}\b(?!\s(?:by|to be)\b)(?=\s|,|:)"
)
_ACCORDING: Final = re.compile(rf"\b[Aa]ccording to (?P<who>{_NAME})")
_AFTER: Final = re.compile(
    rf"[,?!][\"”’']+\s(?:{_SAYING}\s(?P<who>{_NAME})|(?P<first>{_NAME})\s{_SAYING}\b)"
)
_NOBODY: Final = words(
    "I He She It They We You This That These Those There Who What It's Some Many Most Others One "
    "Nobody Everyone Somebody Critics People Sources Experts Here Nor Not If When While As"
)


def sayer_of(sentence: str) -> str | None:
    """Return the named sayer of `sentence`, or None where none is named."""
    text = sentence[:_READ].strip()
    for pattern in (_BEFORE, _ACCORDING, _AFTER):
        match = pattern.search(text)
        if match:
            groups = match.groupdict()
            who = (groups.get("who") or groups.get("first") or "").strip()
            if _is_name(who):
                return _trimmed(who)
    return None


def _is_name(who: str) -> bool:
    words = who.split()
    return bool(words) and words[0] not in _NOBODY


def _trimmed(who: str) -> str:
    """Return the name without a possessive or a stop behind it."""
    who = re.sub(r"['’]s$", "", who)
    keep_stop = re.search(r"\b(?:Jr|Sr|Inc|Co|Ltd|Corp|[A-Z])\.$", who)
    return who if keep_stop else who.rstrip(".,")
