"""What the two words beside a gap say at a glance, for the many gaps that are plain.

Each word is of a sort, and for some pairs of sorts the answer stands in a table. On the
training texts four answers of the table in a thousand are wrong; all that is left open goes
to the model, which learned from just those gaps.
"""

import re
from functools import lru_cache
from typing import Final

from factcheck.text.segment.lexicon import lexicon
from factcheck.text.segment.marks import BULLETS, OPENERS, PUNCTUATION, STOPS, WIDE_STOPS
from factcheck.text.wordlists import words

_SMILES: Final = ":;=-"

_TITLES: Final = words(
    "Mr. Mrs. Ms. Mx. Dr. Drs. Prof. Sen. Rep. Gov. Gen. Lt. Col. Sgt. Cpl. Capt. Cmdr. Maj. Adm. "
    "Rev. Hon. Fr. St. Mt. Ft. Messrs. Mme. Mlle. Pres. Supt. Insp. Ald. Amb. vs."
)
_SHORT: Final = words(
    "co. corp. inc. ltd. bros. dept. est. approx. al. ed. eds. vol. no. nos. fig. figs. p. pp. ch. "
    "sec. art. para. e.g. i.e. cf. viz. vs. ca. c. jr. sr. esq. dr. st. ave. blvd. rd. mt. jan. "
    "feb. mar. apr. jun. jul. aug. sep. sept. oct. nov. dec. mon. tue. wed. thu. fri. sat. sun. "
    "a.m. p.m. u.s. u.k. u.n. e.u. d.c."
)
_BEFORE_NUMBER: Final = words("no. nos. n°. nr. p. pp. vol. ch. fig. sec. art. para. op.")
_INITIALISM: Final = re.compile(r"(?:[A-Z]\.){2,4}")
_STARTERS: Final = words(
    "The This That These Those It He She They We How What Why When Where Who But And In On At If "
    "There Here You"
)
_MONTHS: Final = words(
    "january february march april may june july august september october november december"
)
_REMEMBERED: Final = 16_384  # words

_CAPITALS: Final = ("starter", "month", "known", "name")
_BEHIND: Final = (*_CAPITALS, "small", "number", "opening", "odd", "")
ENDS, ENDS_OUTSIDE, RUNS_ON, RUNS_ON_LATE = "ends", "ends outside", "runs on", "runs on late"
_ANSWERS: Final = {
    **{("wide stop", behind): ENDS for behind in _BEHIND},
    **{("title", behind): RUNS_ON for behind in _BEHIND},
    **{("short", behind): RUNS_ON for behind in _BEHIND if behind not in _CAPITALS},
    **{("stop", behind): ENDS_OUTSIDE for behind in _CAPITALS},
    **{("call", behind): ENDS_OUTSIDE for behind in _CAPITALS},
    **{("comma", behind): RUNS_ON_LATE for behind in _BEHIND},
    ("comma", "number"): RUNS_ON,
    ("number", "month"): RUNS_ON,
    **{("word", behind): RUNS_ON_LATE for behind in ("name", "month", "opening", "odd")},
    **{("small", behind): RUNS_ON for behind in ("name", "month", "number", "opening", "odd")},
    ("initials", "starter"): ENDS,
    ("initials", "small"): RUNS_ON,
    ("before number", "number"): RUNS_ON,
    ("named call", "small"): RUNS_ON,
    ("closed", "small"): RUNS_ON,
    ("closed", "opening"): RUNS_ON_LATE,
    ("closed stop", "small"): RUNS_ON,
}


def at_a_glance(last: str, first: str) -> str | None:
    """Return what the words `last` and `first` say about the gap between, None if nothing.

    `ENDS_OUTSIDE` is said of places outside brackets and quotation marks, `RUNS_ON_LATE` of
    sentences that are well under way.
    """
    return _ANSWERS.get((_sort_in_front(last), _sort_behind(first)))


def when_glued(last: str) -> str | None:
    """Return what `last` says about a gap without white space: scripts without any end so."""
    return ENDS if last[-1] in WIDE_STOPS else None


@lru_cache(maxsize=_REMEMBERED)
def _sort_in_front(word: str) -> str:
    mark = word[-1]
    if mark == ",":
        return "comma"
    if mark.isalnum():
        return _sort_of_bare(word)
    if mark == ".":
        return _sort_with_stop(word)
    if mark in "!?":
        return "named call" if _is_named(word) else "call" if word[-2:-1].isalnum() else ""
    if mark in WIDE_STOPS:
        return "wide stop"
    return _sort_of_closed(word) if mark in '"”’»)]' else ""


def _sort_of_closed(word: str) -> str:
    inner = word[-2:-1]
    if not inner or inner in _SMILES:
        return ""
    return "closed stop" if inner in STOPS else "closed"


def _sort_of_bare(word: str) -> str:
    if word[-1].islower() and word in lexicon():
        return "small"
    if word.isdigit():
        return "number"
    return "word" if word[-1].isalpha() and "." not in word and "/" not in word else ""


def _sort_with_stop(word: str) -> str:
    if len(word) > 4 and word[:-1] in lexicon():
        return "stop"
    bare = word.lstrip(OPENERS)
    low = bare.lower()
    if bare in _TITLES:
        return "title"
    if _INITIALISM.fullmatch(bare):
        return "initials"
    return "short" if low in _SHORT else "before number" if low in _BEFORE_NUMBER else ""


def _is_named(call: str) -> bool:
    """Whether an exclamation could be a name ("Yahoo!")."""
    return call[-1] == "!" and len(call) > 3 and call[0].isupper() and call[1:-1].islower()


@lru_cache(maxsize=_REMEMBERED)
def _sort_behind(word: str) -> str:
    initial = word[0]
    if initial.islower():
        return "small"
    if initial.isdigit():
        return "number"
    if initial in '(["“':
        return "opening"
    return _sort_of_capital(word) if initial.isupper() else _sort_of_odd(word)


def _sort_of_capital(word: str) -> str:
    if word in _STARTERS:
        return "starter"
    core = word.strip(PUNCTUATION).lower()
    if core in _MONTHS:
        return "month"
    return "known" if core in lexicon() else "name"


def _sort_of_odd(word: str) -> str:
    """Return the sort of a word behind a mark: an odd one is a name ("@lee"), none is a bullet."""
    core = word.strip(PUNCTUATION).lower()
    if word[0] in BULLETS or not core or core[0].isdigit() or core in lexicon():
        return ""
    return "odd"
