"""What speaks for and against a second main clause at one place of a sentence.

Word classes are drawn together into phrases, one letter each: `N` a noun phrase, `P` a subject
pronoun, `I` a preposition with its noun phrase, `V` a finite verb with what belongs to it, `T` an
infinitive; every other class stands for itself, adverbs are left out. On these short rows plain
patterns say whether a clause stands there, whether it is whole, and what in it is still open.
Each pattern goes forward only (possessive repeats) over a bounded row, so the time is bounded.
"""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from factcheck.text.word_classes import FINITE, Word
from factcheck.text.wordlists import words

_MOST_BEFORE: Final = 80  # words and marks before a joint that are weighed
_MOST_BEHIND: Final = 40  # words and marks behind it
_PHRASE: Final = re.compile(
    r"(?P<V>[amPvzf](?:[ye]*[bkeg])*)|(?P<T>Ty?[kb])"
    r"|(?P<N>d?(?:[9jnSNeg](?=[9jnSNeg]*[nSN9]))*[nSN9]|[po]|d9?j?|j(?=[i,c]))"
)
_LEAD: Final = re.compile(
    r'["x,]*c?,?(?:i[giIN]*,|[iI]N(?=[NP])|I[IP]?V[^,]*,|ig?[NIj]*(?=[NP])|s?j,|g[NI]*,|[Iei]+,'
    r"|I(?=[NPI])|s[^,]*,|s[PN]I*V[jNIiTeg]*(?=[PN]I*V)|[Nc],|N(?=P)|NN,|N:|TN?I*,|,)*+"
)
"""What may stand before the subject: a conjunction, a phrase, a clause that depends."""
_CLAUSE: Final = re.compile(
    r"(?:P|N|g[NI]*|s[PN]?I*V[TNIi]*(?=V))"
    r"(?:I|c?P(?=V[^V]{0,9}V)|\([^V()]{1,9}\)|,?c?NI*,?(?=[IV])|,[^V,]{1,9},|,,|iP|cI*N(?=[IV])"
    r"|,[^V,]*,|sI?[PN]?I*V[NIi]*|,sI?[PN]?I*V[NIi]*,|x[^xV,]{0,9}x?|T[NIj]*|PVN?(?=I*V)"
    r'|"|[eg][NI]*|cN?I*)*+V'
)
"""A subject, whatever belongs to it, and its verb."""
_PARTICIPLE_CLAUSE: Final = re.compile(r"[PN]I*e(?![^,]*V)")
_QUESTION: Final = re.compile(r"sV(?=[PN])|V(?=P)")
_LAST_PART: Final = re.compile(r"[^,]*\Z")
_ALSO_CLAUSE: Final = re.compile(r"c[Iie]*[PN]I*V")
_PART_CLAUSE: Final = re.compile(r"[,;:x]c?[PN]I*V")
_NEXT_CLAUSE: Final = re.compile(r"[c;:][PN]I*V")
_SPLICE: Final = re.compile(r",[PN]I*V")
_STOP: Final = re.compile(r"[,;:(.]")
_SUBORDINATE: Final = words(
    "that which who whom whose when where while if because although though since until unless "
    "whether what how why as after before than"
)
_REPORT: Final = words(
    "say says said saying claim claims claimed think thinks thought thinking believe believes "
    "believed know knows knew known found find argue argues argued note notes noted state states "
    "stated report reports reported sure mean means show shows showed shown reveal reveals "
    "revealed told tell tells hope hopes hoped suggest suggests suggested announced announce "
    "added explained explain feel feels felt see saw wish realize realized remember understand "
    "guess suppose agree agreed hear heard convinced aware clear fact indicate indicates indicated"
)


class Side(NamedTuple):
    """The words on one side of a joint, as classes and phrases, and the clause that they open.

    `kind` says how the clause opens: 0 at once, 1 behind a lead, e by a participle, v as a
    question, V without a subject, n not at all; `verb` is the place of its verb, -1 for none.
    """

    words: Sequence[Word]
    sorts: str
    phrases: str
    kind: str
    first: int
    subject: int
    verb: int
    rest: str


def is_still_reported(before: Sequence[Word], joint: str) -> bool:
    """Return whether what follows a bare "and" or "or" is reported as what stands before it is.

    In "She claims that it fell and it broke" both are what she claims.
    """
    if joint not in ("and", "or"):
        return False
    part = list(before[-_MOST_BEFORE:])
    while part and part[-1].sort not in ",;:":
        if part.pop().low == "that" and part and part[-1].low in _REPORT:
            return True
    return False


class Passed(NamedTuple):
    """A joint that was looked at before: its mark and conjunction, and whether it was cut."""

    joint: str
    cut: bool


def signs(
    before: Sequence[Word],
    behind: Sequence[Word],
    joint: str,
    since: int,
    passed: Sequence[Passed] = (),
) -> list[str]:
    """Return what the model weighs at one joint.

    `before` and `behind` are the words of the whole sentence on both sides, the clause before
    the joint starts at code point `since`; `joint` is its mark and its conjunction; `passed` are
    the joints of the sentence in front of it.
    """
    near = before[-_MOST_BEFORE:]
    left = _side([word for word in near if word.start >= since])
    right = _side(behind[:_MOST_BEHIND])
    return [
        "*",
        f"j{joint}",
        *_of_words(left, right, joint),
        *_of_right(right, joint),
        *_of_left(left, right, joint),
        *_of_both(left, right, joint),
        *_of_open_parts(left, right, joint),
        *_of_other_clauses(_phrases("".join(word.sort for word in near))[0], right),
        *_of_passed(passed, right, joint),
        *_of_verbs(left, right, joint),
        *_of_next_part(right),
        *_of_last_part(left, right, joint),
    ]


def _side(found: Sequence[Word]) -> Side:
    sorts = "".join(word.sort for word in found)
    phrases, places = _phrases(sorts)
    kind, match, first = _opening(phrases)
    if match:
        subject, verb = places[match.start()], places[match.end() - 1]
        return Side(found, sorts, phrases, kind, first, subject, verb, phrases[match.end() :])
    bare = phrases[first : first + 1] == "V"
    verb = places[first] if bare else -1
    return Side(found, sorts, phrases, "V" if bare else "n", first, -1, verb, "")


def _phrases(sorts: str) -> tuple[str, list[int]]:
    """Return the phrases of a row of classes, and the place where each starts."""
    row: list[str] = []
    places: list[int] = []
    at = 0
    while at < len(sorts):
        match = _PHRASE.match(sorts, at)
        following = match.end() if match else at + 1
        name = _name(match, sorts) if match else sorts[at].replace("y", "")
        if name == "P" and row[-1:] == ["i"] and sorts[following : following + 1] not in FINITE:
            name = "N"
        if name == "N" and row[-1:] == ["i"]:
            row[-1] = "I"
        else:
            row += name
            places += [at] * len(name)
        at = following
    return "".join(row), places


def _name(match: re.Match[str], sorts: str) -> str:
    name = match.lastgroup or ""
    opening = sorts[match.start()]
    if name == "N" and opening == "p":
        return "P"
    return "PV" if name == "V" and opening == "P" else name


def _opening(phrases: str) -> tuple[str, re.Match[str] | None, int]:
    """Return how a clause opens the row, where it does, and where it is to be looked for."""
    found = _CLAUSE.match(phrases)
    if found:
        return "0", found, 0
    lead = _LEAD.match(phrases)
    first = lead.end() if lead else 0
    for kind, pattern in (("1", _CLAUSE), ("e", _PARTICIPLE_CLAUSE), ("v", _QUESTION)):
        found = pattern.match(phrases, first)
        if found:
            return kind, found, found.start()
    return "n", None, first


def _of_words(left: Side, right: Side, joint: str) -> list[str]:
    """Return what single words and lengths say."""
    lows = [word.low for word in left.words]
    first = right.words[0].low if right.words else ""
    opens = first + right.sorts[:1]
    return [
        f"w{first}",
        f"w{first}|{joint}",
        f"x{lows[-1] if lows else ''}",
        f"y{lows[0] if lows else ''}",
        f"z{right.words[right.subject].low if right.subject >= 0 else ''}",
        f"A{first in lows[:3]}{right.sorts[:1]}",
        f"B{bool(opens) and first in lows}{right.sorts[:1]}{_kind(right)}",
        f"C{lows.count('(') > lows.count(')')}",
        f"D{sum(low in '“”' or low == chr(34) for low in lows) % 2}",
        f"E{min(len(lows) // 3, 8)}{joint}",
        f"F{min(len(right.words) // 3, 8)}{joint}",
    ]


def _of_right(right: Side, joint: str) -> list[str]:
    """Return what the classes and phrases behind the joint say by themselves."""
    stop = _STOP.search(right.phrases)
    part = right.phrases[: stop.start()] if stop else right.phrases
    together = right.phrases.find("c")
    ahead = str("V" in right.phrases[:together]) if together >= 0 else "-"
    return [
        f"a{right.sorts[:1]}",
        f"b{right.sorts[:2]}",
        f"c{right.sorts[:3]}",
        f"c{right.sorts[:3]}|{joint}",
        f"d{stop.group() if stop else '-'}{'V' in part}{joint}",
        f"e{ahead}{_kind(right)}",
        f"f{min(2, len(_NEXT_CLAUSE.findall(right.phrases[3:])))}{_kind(right)}",
    ]


def _of_left(left: Side, right: Side, joint: str) -> list[str]:
    """Return whether the words before the joint are a whole clause, and what follows its verb."""
    kinds = left.kind + _kind(right)
    found = [
        f"g{kinds}",
        f"h{left.kind}{left.sorts[left.verb] if left.verb >= 0 else ''}{_kind(right)}",
        f"i{kinds}{joint}",
    ]
    if left.subject < 0:
        return found
    rest = left.rest
    inner = "s" in rest or "V" in rest
    found += [
        f"k{re.sub('[^VscP;:,x]', '', rest)[:4]}{_kind(right)}",
        f"l{'s' in rest}{'V' in rest}{'c' in rest}{_kind(right)}",
        f"m{inner}{kinds}{joint}",
        f"n{min(4, len(re.findall('[PN]V', rest)))}{_kind(right)}{bool(_SPLICE.search(rest))}",
    ]
    if right.subject < 0:
        return found
    subjects = left.phrases[left.first : left.first + 1] + right.phrases[right.first :][:1]
    return [
        *found,
        f"o{left.sorts[left.verb]}{right.sorts[right.verb]}{'V' in rest}",
        f"p{subjects}{kinds}{'V' in rest}",
    ]


def _of_both(left: Side, right: Side, joint: str) -> list[str]:
    """Return how the two sides meet: the classes at the joint, the verbs, the last part."""
    part = _LAST_PART.search(left.phrases)
    last = part.group() if part else ""
    commas = min(left.phrases.count(","), 3)
    finite = [sort for sort in left.sorts if sort in FINITE]
    verb = right.sorts[right.verb] if right.subject >= 0 else "-"
    return [
        f"q{left.sorts[-1:]}|{right.sorts[:1]}{joint}",
        f"r{left.sorts[-1:]}|{right.sorts[:1]}",
        f"s{left.sorts[-2:]}|{right.sorts[:2]}",
        f"t{left.phrases[-2:]}{_kind(right)}",
        f"u{'V' in last}{'s' in last}{commas}{_kind(right)}{joint}",
        f"v{finite[0] if finite else '-'}{verb}",
    ]


def _of_open_parts(left: Side, right: Side, joint: str) -> list[str]:
    """Return what may still be open: a subordinate clause, a report."""
    kind = _kind(right)
    reports = [word.low for word in left.words if word.low in _REPORT]
    opened = [place for place, word in enumerate(left.words) if _subordinates(word)]
    balance = _finite(left.sorts) - left.sorts.count("s")
    found = [
        f"G{reports[-1] if reports else '-'}{kind}",
        f"H{max(-2, min(balance, 3))}{kind}{joint}",
    ]
    if not opened:
        return [*found, f"I-{kind}{joint}"]
    since = left.sorts[opened[-1] + 1 :]
    verbs = min(2, sum(sort in FINITE and sort != "m" for sort in since))
    return [
        *found,
        f"I{left.words[opened[-1]].low}{verbs}{kind}",
        f"J{verbs}{',' in since}{kind}{joint}",
    ]


def _of_other_clauses(before: str, right: Side) -> list[str]:
    """Return what other clauses and strong marks stand before the joint."""
    strong = re.findall("[;:x]", before)
    also = min(3, len(_ALSO_CLAUSE.findall(before)))
    parts = min(3, len(_PART_CLAUSE.findall(before)))
    return [
        f"K{strong[-1] if strong else ''}{len(strong) > 1}{_kind(right)}",
        f"L{also}{parts}{_kind(right)}",
    ]


def _of_passed(passed: Sequence[Passed], right: Side, joint: str) -> list[str]:
    """Return what became of the joints in front: a clause may join on to another than the first."""
    kind = _kind(right)
    first, last = (
        (passed[0], passed[-1]) if passed else (Passed("", cut=False), Passed("-", cut=False))
    )
    return [
        f"M{bool(passed)}{kind}{joint}",
        f"N{last.joint}{last.cut}{kind}{joint}",
        f"O{last.joint}{last.cut}{kind}",
        f"P{sum(one.cut for one in passed)}{kind}{joint}",
        f"Q{first.joint}{first.cut}{kind}",
    ]


def _of_verbs(left: Side, right: Side, joint: str) -> list[str]:
    """Return what the two subjects and verbs say, and how far into their clauses they stand."""
    kind = _kind(right)
    verb = right.words[right.verb].low if right.verb >= 0 else ""
    other = left.words[left.verb].low if left.verb >= 0 else ""
    subject = right.words[right.subject].low if right.subject >= 0 else ""
    same = subject != "" and left.subject >= 0 and left.words[left.subject].low == subject
    apart = min(right.verb - right.subject, 6) if right.subject >= 0 else "-"
    behind = min(len(left.sorts) - left.verb, 12) // 2 if left.verb >= 0 else "-"
    return [
        f"R{verb}",
        f"S{other}{kind}",
        f"T{same}{kind}{joint}",
        f"U{verb == other}{kind}",
        f"V{apart}{joint}",
        f"W{min(right.verb, 9)}{kind}{joint}",
        f"X{left.subject >= 0}{behind}{kind}{joint}",
    ]


def _of_next_part(right: Side) -> list[str]:
    """Return whether there is a verb before the next mark or conjunction, and which that is."""
    words = right.words
    stop = next(
        (place for place, word in enumerate(words) if place and word.sort in "c,;:."), len(words)
    )
    finite = any(sort in FINITE for sort in right.sorts[:stop])
    follows = words[stop].sort + words[stop].low if stop < len(words) else ""
    return [f"Y{min(stop, 12) // 2}{finite}{_kind(right)}", f"Z{follows}{finite}"]


def _of_last_part(left: Side, right: Side, joint: str) -> list[str]:
    """Return how the clause in front opens, and what stands behind its last comma."""
    kind = _kind(right)
    comma = left.sorts.rfind(",")
    part = left.sorts[comma + 1 :]
    finite = any(sort in FINITE for sort in part)
    opened = [place for place, word in enumerate(left.words) if _subordinates(word)]
    first = opened[0] if opened else -1
    subordinate = left.words[first].low if opened else ""
    low = left.words[0].low if left.words else ""
    return [
        f"1{finite}{part[:1]}{comma >= 0}{kind}{joint}",
        f"2{left.phrases[:3]}{kind}",
        f"3{low}{comma >= 0}{kind}",
        f"4{subordinate}{first == 0}{comma > first}{kind}{joint}",
        f"5{min(len(opened), 3)}{kind}{joint}",
    ]


def _kind(right: Side) -> str:
    """Return how a clause opens behind the joint; a verb without a subject is none."""
    return "n" if right.kind == "V" else right.kind


def _subordinates(word: Word) -> bool:
    return word.sort == "s" or (word.low in _SUBORDINATE and word.sort not in "id")


def _finite(sorts: str) -> int:
    """Return how many finite verbs there are; one behind an auxiliary belongs to it."""
    return len(re.findall("(?<![am])[vzfamP]", sorts))
