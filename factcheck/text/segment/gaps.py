"""Where sentences end inside one stretch of prose.

Only places that could be an end are looked at: white space after a stop, white space before
a capital, and a stop with a capital glued to it. A linear model weighs each from the
words beside it. The work is bounded per place, so the time is linear in the length.
"""

import json
import re
from bisect import bisect_right
from collections.abc import Container, Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from factcheck.text.segment.lexicon import lexicon
from factcheck.text.wordlists import words

_WEIGHTS: Final = Path(__file__).with_name("gaps.json")
_REACH: Final = 48  # code points read on each side of a gap
_INSIDE: Final = 400  # code points back in which an open bracket or quotation mark counts
_LABEL: Final = 32  # code points; "Weather update:" in front of a sentence belongs to it
_RUNNING: Final = 25  # code points; a sentence that long is under way
_BULLETS: Final = "-*•·–—>#+=|/\\(["

_STOPS: Final = ".!?…‼⁇⁈⁉"
_WIDE_STOPS: Final = "。！？｡।॥؟۔።"
_CLOSERS: Final = "\"'”’»)]}*_"
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
_GAP: Final = re.compile(
    # One class in front lets the search leap from one such character to the next.
    rf"""[\s.!?…"”{_WIDE_STOPS}](?:"""
    # White space, from its first character, behind something like an end,
    r"""(?<=[.!?…)\]"”’:>*;\-–—(]\s)\s*+(?=\S)|"""
    # or before anything but a small letter;
    r"""(?<=\S\s)\s*+(?=[^\sa-z])|"""
    # a stop glued to a capital: "was.The", "him."She";
    r"""(?<=[a-z)][.!?…])(?=["“(]?[A-Z][a-z])|(?<=[a-z][.!?…]["”])(?=[A-Z][a-z])|"""
    # a stop of a script that writes no spaces.
    rf"(?<=[{_WIDE_STOPS}])(?=[^\s{_WIDE_STOPS}”’」』）》\])]))"
)


class Gap(NamedTuple):
    """A place where a sentence could end: it would end at `end`, the next start at `start`."""

    end: int
    start: int


def _places(text: str, start: int, end: int) -> Iterator[Gap]:
    for match in _GAP.finditer(text, start, end):
        left, right = match.span()
        if not text[left].isspace():
            left = right
        if start < left and right < end:
            yield Gap(left, right)


def weighed(
    text: str, start: int, end: int, begins: Container[int]
) -> Iterator[tuple[Gap, list[str]]]:
    """Yield each place inside `text[start:end]` where a sentence could end, with its features.

    `begins` holds the offsets at which sentences are known to begin; a model learns from these.
    """
    since = start
    closed = text[end - 1 : end] in _STOPS
    for gap in _places(text, start, end):
        yield gap, features(text, since, *gap, end=end, closed=closed)
        if gap.start in begins:
            since = gap.start


def sentence_ends(text: str, start: int, end: int) -> list[Gap]:
    """Return the gaps of `text[start:end]` at which one sentence ends and the next starts."""
    weigh = _weights().get
    found: list[Gap] = []
    since = start
    closed = text[end - 1 : end] in _STOPS
    for gap in _places(text, start, end):
        left, right = gap
        sure = _at_a_glance(text, since, gap, closed=closed)
        if sure is None:
            label = since == start and text[left - 1] == ":" and left - start <= _LABEL
            sure = False if label else _by_rule(text, since, left, right)
        if sure is None:
            total = 0.0
            for feature in features(text, since, left, right, end=end, closed=closed):
                total += weigh(feature, 0.0)
            sure = total > 0.0
        if sure:
            found.append(gap)
            since = right
    return found


def _at_a_glance(text: str, since: int, gap: Gap, *, closed: bool) -> bool | None:
    """Return what is plain without weighing: True or False, or None where it is not plain.

    A word before a capital that any name could have is no end; a small word, a full stop and a
    capital on a word that is written small otherwise is one, outside brackets and quotes.
    """
    left, right = gap
    last = text[left - 1]
    if last == ".":
        return _is_plain_end(text, since, left, right) or None
    if left == right or text[right] in _BULLETS or not (last.isalnum() or last == ","):
        return None
    if text[right].islower():
        return False
    known = lexicon()
    if not (closed and left - since > _RUNNING):
        word = text[max(since, left - 24) : left].rsplit(None, 1)[-1]
        if not (last.islower() and word in known):
            return None
    head = text[right : right + 24].split(None, 1)[0].strip(_PUNCTUATION)
    return None if not head or head.lower() in known or head[0].isdigit() else False


def _is_plain_end(text: str, since: int, left: int, right: int) -> bool:
    if left == right or not text[right].isupper():
        return False
    known = lexicon()
    word = text[max(since, left - 24) : left - 1].rsplit(None, 1)[-1:]
    if not word or len(word[0]) < 4 or word[0] not in known:
        return False
    head = text[right : right + 24].split(None, 1)[0].rstrip(",").lower()
    return head in known and not _is_inside(text, since, left)


def _is_inside(text: str, since: int, left: int) -> bool:
    """Whether a bracket or a quotation mark is open at `left`."""
    reach = max(since, left - _INSIDE)
    return (
        text.count('"', reach, left) % 2 == 1
        or text.count("“", reach, left) > text.count("”", reach, left)
        or text.count("(", reach, left) > text.count(")", reach, left)
        or text.count("[", reach, left) > text.count("]", reach, left)
    )


def _by_rule(text: str, since: int, left: int, right: int) -> bool | None:
    """Return what an abbreviation or a bracket says about the gap, None where neither does."""
    mark, following = text[left - 1], text[right]
    if mark in _WIDE_STOPS:
        return True
    if mark in _CLOSERS:
        inner = text[left - 2 : left] in (".)", "?)", "!)")
        return False if inner and following.islower() else None
    if mark not in ".!":
        return None
    word = text[max(since, left - 24) : left].rsplit(None, 1)[-1].lstrip(_OPENERS)
    if mark == "!":
        named = word[0].isupper() and word[1:-1].islower() and len(word) > 3
        return False if named and following.islower() else None
    return _by_abbreviation(word, text[right : right + 12].split(None, 1)[0])


def _by_abbreviation(word: str, following: str) -> bool | None:
    low = word.lower()
    if word in _TITLES or (low in _SHORT and not following[0].isupper()):
        return False
    if low in _BEFORE_NUMBER and following[0].isdigit():
        return False
    return True if _INITIALISM.fullmatch(word) and following in _STARTERS else None


def features(text: str, since: int, left: int, right: int, *, end: int, closed: bool) -> list[str]:
    """Return what the model looks at for the gap between `left` and `right`.

    `since` is where the running sentence began, `end` where the stretch ends, `closed`
    whether the stretch ends in a stop. Each feature is a letter for its sort and what was seen.
    """
    known = lexicon()
    before = text[max(since, left - _REACH) : left].split()
    after = text[right : min(end, right + _REACH)].split(None, 2)
    last = before[-1] if before else ""
    first = after[0] if after else ""
    bare = last.rstrip(_PUNCTUATION)
    core = bare.lstrip(_OPENERS)
    opener = first[: len(first) - len(first.lstrip(_OPENERS))][:2]
    head = first.strip(_PUNCTUATION)
    tail = first[len(first.rstrip(_PUNCTUATION)) :][:2] if head else ""
    low_core, low_head = core.lower(), head.lower()
    core_shape, head_shape = _shape(core), _shape(head)
    core_known = "s" if low_core in known else "n"
    head_known = "s" if low_head in known else "i" if low_head == "i" else "n"
    second = after[1] if len(after) > 1 else ""
    previous = before[-2] if len(before) > 1 else ""
    marks = last[len(bare) :][:4]
    marked = f"g{marks}" if left == right else marks
    final = marked[-1:] or "-"
    length = str(bisect_right(_LENGTHS, left - since))
    ending = f"{bisect_right(_AHEAD, end - right)}{'c' if closed else 'o'}"
    inside = "i" if _is_inside(text, since, left) else ""
    opening = text[since : since + 14].split(None, 1)[0].lower()
    return [
        f"a{marked}",
        f"b{marked}|{head_shape}{opener}",
        f"c{marks[:1]}|{low_core}",
        f"d{final}|{low_head}",
        f"e{low_head}|{head_shape}",
        f"f{marked}|{core_shape}",
        f"g{marked}|{core_shape}|{head_shape}{opener}",
        f"i{final}|{_shape(second.strip(_PUNCTUATION))}|{head_shape}",
        f"j{final}|{second.lower()}",
        f"l{final}|{previous.lower()}",
        f"m{marked}|{inside}{opener}",
        f"n{final}|{length}|{head_shape}",
        f"o{final}|{ending}",
        f"p{final}|{low_core[-3:]}",
        f"q{final}|{low_head[-2:]}|{head_shape}",
        f"r{final}|{tail}|{head_shape}|{opener}",
        f"s{final}|{length}|{ending}",
        f"t{final}|{core_shape}|{head_shape}|{length}{ending[1]}",
        f"u{final}{head_known}{core_known}{head_shape}{core_shape}",
        f"v{final}{head_known}{head_shape}",
        f"w{final}{core_known}{core_shape}",
        f"y{final}{length}{head_known}{head_shape}{opening[:1].isalpha()}",
        f"z{final}{opening}",
    ]


_LENGTHS: Final = (8, 25, 60, 140)  # code points of the running sentence
_AHEAD: Final = (15, 50, 150)  # code points still to come
_PUNCTUATION: Final = f"{_STOPS}{_WIDE_STOPS}{_CLOSERS}“‘«([{{<>,;:-–—~=+#|/\\&•·‣⁃^`´„‚‛‹›@$%"
_OPENERS: Final = "\"'“‘«([{<*_-–—•·„‚"


@lru_cache(maxsize=16_384)
def _shape(word: str) -> str:
    """Return a coarse picture of a word: its case, digits and inner dots."""
    if not word:
        return "0"
    if word.isalpha():
        return _letters(word)
    if word.isdigit():
        return "9" if len(word) < 3 else "99" if len(word) < 5 else "999"
    return _mixed(word)


def _mixed(word: str) -> str:
    if "." in word:
        return "U.U" if word.replace(".", "").isupper() else "w.w"
    if word[0].isdigit():
        return "9a"
    apostrophe = "'" if "'" in word or "’" in word else "?"
    return ("Xx" if word[0].isupper() else "x") + apostrophe


def _letters(word: str) -> str:
    if word.islower():
        return "x" if len(word) > 1 else "x1"
    if word.isupper():
        return "X1" if len(word) == 1 else "XX"
    return "Xx" if word[0].isupper() and word[1:].islower() else "xX"


@cache
def _weights() -> dict[str, float]:
    weights: dict[str, float] = json.loads(_WEIGHTS.read_text(encoding="utf-8"))["weights"]
    return weights
