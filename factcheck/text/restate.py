"""A claim made to stand alone: a pronoun that begins it becomes what it stands for.

Only where one thing alone can be meant: the sentence before begins with it, and names nothing else
of its kind. A wrong restatement is worse than none, so whatever is in doubt stays and is marked.
Nothing is corrected: a wrong name or figure stays wrong.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Final, NamedTuple

from factcheck.text.dates import RELATIVE
from factcheck.text.word_classes import FINITE, TOKEN, Word, classified
from factcheck.text.wordlists import words as listed

_LONGEST: Final = 600  # code points of either sentence
_MOST_NAMES: Final = 4  # words of a name
_QUOTED: Final = re.compile(r"[\"“”„«»]|(?:^|\s)[‘']|\?")
_PRONOUN: Final = re.compile(r"(?P<word>He|She|It|They)\s(?=[a-z])")
_OPEN: Final = re.compile(
    r"^(?:(?:and|but|so|yet)\s)?(?P<word>he|she|it|they|we|this|that|these|those|his|her|its|their|"
    r"there)\b(?!['’]s\s(?:a|no)\b)",
    re.IGNORECASE,
)
_EXPLETIVE: Final = re.compile(  # "It is clear that": nothing is meant by it
    r"It\s(?:\w+\s)?(?:rain|snow|seem|appear|turn|happen|follow|depend|matter|took|take|mean|emerge)"
    r"|It\s(?:\w+\s){1,5}(?:that|to|who|whether|how|why|when|where|if|for|because|since)\b"
    r"|It\s(?:is|was|will\sbe|has\sbeen)\s(?:not\s)?(?:time|late|early|dark|cold|hot|true|one|"
    r"[0-9]|unclear|clear|unknown|on|in|at|the|a|an|about)\b"
)
_PLACE_BEFORE: Final = listed("in at from near of to around outside inside via through")
_MEASURES: Final = listed(
    "percent cent point points year years month months week weeks day days hour hours minute "
    "minutes time times yesterday today tomorrow january february march april may june july august "
    "september october november december monday tuesday wednesday thursday friday saturday sunday "
    "spring summer autumn winter morning evening night century decade decades"
)
_HUMAN: Final = listed(
    "man woman boy girl child mother father son daughter wife husband brother sister friend king "
    "queen president chief judge mayor guard guest thief victim patient nurse aide colleague rival "
    "predecessor successor partner person member candidate host head deputy clerk witness chair "
    "mate spouse heir student pupil pilot poet monk saint coach cook baby boss bride cousin uncle "
    "aunt nephew niece neighbour neighbor tenant client resident accountant assistant applicant "
    "opponent immigrant migrant sergeant lieutenant general captain star spy"
)
_HUMAN_ENDINGS: Final = ("er", "or", "ist", "ian", "man", "woman", "ee", "eer", "ess")
_GROUPS: Final = listed(
    "police army team crew staff family couple public people crowd government party company group "
    "board council committee union band media press parliament jury majority number lot pair"
)
_NO_PERSON: Final = listed(
    "party bank union city council university institute house times post street county club united "
    "court ministry school hospital company group association committee agency office department "
    "church college museum airport station river lake mount fort port new north south east west "
    "saint san santa los las el la le great upper lower old the air royal national central public "
    "states state republic kingdom island islands valley bay park bridge tower road avenue act day "
    "week festival cup league prize award award's war treaty congress senate parliament police "
    "army news daily herald tribune journal press"
)
_TITLES: Final = listed(
    "president senator mayor governor judge minister chancellor congressman congresswoman king "
    "queen prince princess pope bishop general colonel captain professor dr doctor sir lady lord "
    "mr ms mrs miss prime justice"
)
_COUNTS: Final = listed(
    "one two three four five six seven eight nine ten some most many few several both all other "
    "another such any no each every"
)
_COPULAS: Final = listed("became become is was as remained were are becomes remains")


class Change(NamedTuple):
    """Words of the text and what stands for them in the restated form; one may be empty."""

    was: str
    now: str


class _Subject(NamedTuple):
    """What a sentence begins with: its words, and where its verb stands among the words."""

    words: str
    sorts: str
    low: Sequence[str]
    verb: int


def with_subject(words: str, before: str) -> str:
    """Return `words` with the pronoun that begins it replaced by what `before` is about.

    `before` is the clause or sentence before it. Unchanged where more than one thing can be meant.
    """
    pronoun = _PRONOUN.match(words)
    if not pronoun or len(words) > _LONGEST or len(before) > _LONGEST:
        return words
    if _QUOTED.search(words) or _QUOTED.search(before) or _EXPLETIVE.match(words):
        return words
    found = classified(before, 0, len(before))
    subject = _subject(before, found)
    if subject is None or not _is_meant(pronoun["word"], subject, found[subject.verb :]):
        return words
    return f"{subject.words[0].upper()}{subject.words[1:]}{words[pronoun.end('word') :]}"


def changes(words: str, restated: str) -> tuple[Change, ...]:
    """Return in what a restated form differs from the words of the text.

    A capital in front, a stop behind and white space are no difference.
    """
    was, now = _tokens(words), _tokens(restated)
    small = [[word.lower() for word in one] for one in (was, now)]
    matcher = SequenceMatcher(None, small[0], small[1], autojunk=False)
    return tuple(
        Change(" ".join(was[start:end]), " ".join(now[first:last]))
        for kind, start, end, first, last in matcher.get_opcodes()
        if kind != "equal"
    )


def left_open(restated: str) -> tuple[str, ...]:
    """Return the words by which a restated claim still needs its article, in order.

    That is a pronoun that begins it, and a date that is counted from the article's.
    """
    first = _OPEN.match(restated)
    found = [first["word"]] if first else []
    for date in RELATIVE.finditer(restated):
        lead = len(date["lead"]) + 1 if date["lead"] else 0
        found.append(date[0][lead:])
    return tuple(found)


def _tokens(words: str) -> list[str]:
    return words.strip().rstrip(".,;:").split()


def _subject(text: str, found: Sequence[Word]) -> _Subject | None:
    """Return what a sentence begins with, up to its verb; None where that is no plain thing."""
    place = 0
    if found and found[0].low == "the":
        place = 1
    while place < len(found) and found[place].sort in "jnNS":
        place += 1
    if place + 1 < len(found) and found[place].low == "of" and found[place + 1].sort == "N":
        place += 1
        while place < len(found) and found[place].sort == "N":
            place += 1
    verb = place + 1 if place < len(found) and found[place].sort == "y" else place
    if place == 0 or verb >= len(found) or found[verb].sort not in FINITE:
        return None
    head = found[:place]
    if head[0].low in _COUNTS or head[-1].sort not in "nNS" or head[-1].low in _MEASURES:
        return None
    last = head[-1].start + len(TOKEN.match(text, head[-1].start)[0])  # type: ignore[index]
    sorts = "".join(word.sort for word in head)
    return _Subject(text[head[0].start : last], sorts, [word.low for word in head], verb)


def _is_meant(pronoun: str, subject: _Subject, rest: Sequence[Word]) -> bool:
    """Return whether a pronoun can stand for the subject, and for nothing else that is named."""
    if any(word.sort in "pPs" for word in rest) or any(word.low in {",", ";"} for word in rest):
        return False
    if pronoun in {"He", "She"}:
        return _is_person(subject, pronoun) and not _other_people(rest)
    if _other_things(rest):
        return False
    noun = subject.low[-1]
    if pronoun == "They":
        return subject.sorts[-1] == "S" and "N" not in subject.sorts and noun not in _GROUPS
    plain = subject.low[0] == "the" and subject.sorts[-1] == "n" and "S" not in subject.sorts
    return plain and not _is_human(noun) and noun not in _GROUPS


def _is_person(subject: _Subject, pronoun: str) -> bool:
    """Return whether a subject is a name of two to four words that is nobody but a person's."""
    names = list(subject.low)
    if set(subject.sorts) != {"N"} or not 2 <= len(names) <= _MOST_NAMES:
        return False
    if {"he": {"ms", "mrs", "miss", "queen", "lady", "princess"}, "she": {"mr", "sir", "king"}}[
        pronoun.lower()
    ] & set(names):
        return False
    return not any(name in _NO_PERSON or name in _MEASURES for name in names) and any(
        name not in _TITLES for name in names
    )


def _other_people(rest: Sequence[Word]) -> bool:
    """Return whether a sentence names anybody but its subject."""
    before = ["", "", *(word.low for word in rest)]
    for place, word in enumerate(rest):
        if word.sort == "N" and word.low not in _MEASURES:
            if before[place + 1] not in _PLACE_BEFORE and (
                place == 0 or rest[place - 1].sort != "N" or before[place] not in _PLACE_BEFORE
            ):
                return True
        elif word.sort in "nS" and _is_human(word.low.removesuffix("s")):
            if not {*before[max(0, place - 2) : place + 2]} & _COPULAS:
                return True
        elif word.low in {"him", "her", "his", "whose"} or (
            word.capital and word.sort not in "N9m"
        ):
            return True
    return False


def _other_things(rest: Sequence[Word]) -> bool:
    """Return whether a sentence names any thing but its subject; times and figures are none."""
    return any(
        (word.sort in "nNSod" and word.low not in _MEASURES)
        or (word.capital and word.low not in _MEASURES)
        for word in rest
    )


def _is_human(noun: str) -> bool:
    return noun in _HUMAN or noun.endswith(_HUMAN_ENDINGS)
