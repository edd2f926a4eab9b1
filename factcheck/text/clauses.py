"""Where a sentence holds a second main clause with a subject of its own.

"Output rose, and exports fell" states two things. A linear model looks at each place after a
conjunction or a semicolon and says whether a whole statement begins there. It speaks only
when it is sure: a wrong cut costs a reviewer more than a long claim.
"""

import json
import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from factcheck.text.wordlists import words

_MODEL: Final = Path(__file__).with_name("clauses.json")
_VERBS: Final = Path(__file__).with_name("verbs.txt")
_LONGEST: Final = 2_000  # code points of a sentence in which clauses are sought
_REACH: Final = 160  # code points behind a joint that are weighed
_FEWEST_WORDS: Final = 3  # in each of two clauses
_JOINT: Final = re.compile(
    r"(?P<mark>[,;:—–]|\s-|\s--)?\s+(?:(?P<word>and|but|or|so|yet|nor|while|whereas)\s+)?(?=\S)"
)
_TOKEN: Final = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|[^\w\s]")
_QUOTES: Final = {"“": "”", "«": "»", "„": "“"}

_SUBJECT: Final = words(
    "i you he she it we they there this that these those who everyone nobody someone one"
)
_DETERMINER: Final = words(
    "the a an his her its their our my your some many most all no each every both several few "
    "another such any"
)
_AUXILIARY: Final = words(
    "is are was were am be been has have had do does did will would can could may might must "
    "shall should isn't aren't wasn't weren't hasn't haven't hadn't don't doesn't didn't won't "
    "wouldn't can't couldn't cannot i'm it's that's he's she's there's they're we're you're i've "
    "we've they've i'll we'll they'll"
)
_SUBORDINATE: Final = words(
    "that which who whom whose when where while if because although though since until unless "
    "whether what how why as after before than"
)
_PREPOSITIONS: Final = words(
    "of in on at to for with by from into about over under between through during against among "
    "without within across behind beyond near since"
)


_CLAUSE: Final = re.compile(r"y?(?:p|(?:[dNn9ge]|i(?=[dNn9p]))*[Nn9])y?[av]")
"""In word classes: a subject, whatever belongs to it, and its verb, with nothing between."""
_NO_SUBJECT: Final = re.compile(r"i[d9Nngpe]{1,3}[av]")
_ADVERB: Final = re.compile(
    r"(?:of course|instead|also|then|thus|later|even|still|soon|now|therefore|finally)\b"
)
_REPORT: Final = re.compile(
    r"\b(?:sa(?:y|ys|id)|claim(?:s|ed)?|thinks?|thought|believe[sd]?|knows?|knew|found|argue[sd]?|"
    r"note[sd]?|state[sd]?|report(?:s|ed)?|sure|means?|show(?:s|ed|n)?|reveal(?:s|ed)?|told|hope[sd]?|"
    r"suggest(?:s|ed)?)\b(?:\s\w{1,30}){0,2}?\s(?:that|he|she|it|they|we|the|is|are|I)\b",
    re.IGNORECASE,
)


class Joint(NamedTuple):
    """A place where a clause could begin: the one before ends at `end`, it begins at `start`."""

    end: int
    start: int
    mark: str
    word: str


def second_clauses(sentence: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the spans of the main clauses in `sentence[start:end]`, in order, at least one."""
    if end - start > _LONGEST:
        return [(start, end)]
    model = _model()
    weigh = model.weights.get
    spans: list[tuple[int, int]] = []
    since = start
    quoted = _quoted(sentence, start, end)
    for joint in joints(sentence, start, end):
        if any(first < joint.start < last for first, last in quoted):
            continue
        if not _long_enough(sentence[since : joint.end], sentence[joint.start : end]):
            continue
        total = sum(weigh(feature, 0.0) for feature in features(sentence, since, joint, end))
        if total > model.threshold:
            spans.append((since, since + len(sentence[since : joint.end].rstrip())))
            since = joint.start
    return [*spans, (since, end)]


def joints(sentence: str, start: int, end: int) -> list[Joint]:
    """Return the places of `sentence[start:end]` where a clause could begin, in order."""
    return [
        Joint(match.start(), match.end(), (match["mark"] or "").strip(), match["word"] or "")
        for match in _JOINT.finditer(sentence, start, end)
        if (match["word"] or (match["mark"] or "").strip() in (";", "—", "–", ":", "-", "--"))
        and match.start() > start
    ]


def features(sentence: str, start: int, joint: Joint, end: int) -> list[str]:
    """Return what the model weighs at one joint of `sentence[start:end]`."""
    left = _TOKEN.findall(sentence, start, joint.end)
    right = _TOKEN.findall(sentence, joint.start, min(end, joint.start + _REACH))[:24]
    before = "".join(map(_class, left))
    after = "".join(map(_class, right))
    kind = f"{joint.mark[:1]}{joint.word}"
    return [
        "*",
        f"j{kind}",
        *_of_words(left, right, before, after, kind),
        *_of_right(after, kind, bool(joint.mark)),
        *_of_left(before, after, kind, bool(joint.mark)),
        *_of_phrases(sentence[start : joint.end], sentence[joint.start : end], after, kind),
    ]


def _of_words(left: list[str], right: list[str], before: str, after: str, kind: str) -> list[str]:
    """Return what the words on both sides say by themselves."""
    first, second = ([*(word.lower() for word in right[:2]), "", ""])[:2]
    clause = _CLAUSE.match(after)
    verbs = [word.lower() for word, sort in zip(left, before, strict=True) if sort in "av"]
    low = [word.lower() for word in left]
    found = [
        f"b{first}",
        f"c{kind}|{first}",
        f"q{second}",
        f"L{low[0] if low else ''}",
        f"m{low[-1] if low else ''}",
        f"R{right[clause.end() - 1].lower() if clause else ''}",
        f"S{verbs[0] if verbs else ''}",
        f"T{verbs[-1] if verbs else ''}",
        f"o{min(len(left) // 4, 6)}|{kind}",
        f"p{min(len(right) // 4, 6)}|{kind}",
        f"t{low.count('(') > low.count(')')}{low.count(chr(34)) % 2}",
    ]
    return found + [f"w{word}" for word in dict.fromkeys(low) if word in _SUBORDINATE]


def _of_right(after: str, kind: str, marked: bool) -> list[str]:  # noqa: FBT001
    """Return what the word classes behind the joint say of a subject with its verb."""
    clause = bool(_CLAUSE.match(after))
    verb = re.search("[av]", after[:12])
    verb_at = verb.start() if verb else 99
    comma_at = after[:12].find(",") if "," in after[:12] else 99
    lead = after[:9].partition(",")[2] + after[9:] if "," in after[:9] else after
    behind_lead = bool(_CLAUSE.match(lead)) if after[:1] in "isyn" else clause
    found = [
        f"a{kind}|{after[:1]}",
        f"d{after[:2]}",
        f"e{after[:3]}",
        f"E{kind}|{after[:3]}",
        f"f{kind}|{min(verb_at, 7)}",
        f"g{after[:1]}|{min(verb_at, 7)}|{marked}",
        f"h{kind}|{comma_at < verb_at}",
        f"A{clause}|{kind}",
        f"C{clause}{behind_lead}{after[:1]}|{kind}",
        f"U{bool(re.match('[^av,]{0,8}s', after[:12]))}|{kind}",
        f"W{min(comma_at, 20) // 3}|{kind}",
    ]
    return found + [f"v{sort}|{kind}" for sort in dict.fromkeys(after[:8])]


def _of_left(before: str, after: str, kind: str, marked: bool) -> list[str]:  # noqa: FBT001
    """Return what the word classes before the joint say of a clause that is whole."""
    clause = bool(_CLAUSE.match(after))
    first = after[:1]
    near = "s" in before[-12:]
    verbs, subordinate = len(re.findall("[av]", before)), before.count("s")
    open_part = before.rpartition("s")[2] if subordinate else ""
    open_verbs = str(len(re.findall("[av]", open_part))) if subordinate else "-"
    last_part = before.rpartition(",")[2]
    return [
        f"i{kind}|{min(verbs, 3)}|{min(subordinate, 2)}",
        f"k{kind}|{near}|{first}",
        f"l{before[:1]}|{kind}",
        f"n{before[-1:]}|{first}|{kind}",
        f"r{after[:2]}|{near}|{marked}",
        f"D{open_verbs}|{clause}",
        f"F{open_verbs}|{first}|{marked}",
        f"G{bool(re.search('[av]', last_part))}|{clause}|{kind}",
        f"H{bool(re.match('[^s]*?[av]', before))}|{clause}|{marked}",
        f"I{before[:2]}|{clause}",
        f"J{min(verbs, 4) - min(subordinate, 4)}|{clause}|{marked}",
        f"V{kind}|{',' in before[-8:]}{',' in after[:8]}",
    ]


def _of_phrases(left: str, right: str, after: str, kind: str) -> list[str]:
    """Return what set phrases say: a report that is still open, an adverb without a subject."""
    adverb = _ADVERB.match(right)
    words = right.split(None, 2)
    follows = (
        _class(words[1].strip(",")) if adverb and len(words) > 1 and words[1].strip(",") else ""
    )
    return [
        f"X{bool(_REPORT.search(left[-_REACH:]))}|{kind}|{after[:1]}",
        f"Y{left.startswith(('If ', 'When '))}|{kind}",
        f"Z{bool(_NO_SUBJECT.match(after))}{bool(adverb)}|{after[:3]}",
        f"0{follows}",
        f"1{left.rsplit(None, 1)[-1][0].isupper()}|{right[0].isupper()}|{kind}",
    ]


@lru_cache(maxsize=16_384)
def _class(word: str) -> str:
    """Return a one-letter guess at what a word does."""
    low = word.lower().replace("’", "'")
    if low in _SUBJECT or ("'" in low and low.split("'")[0] in _SUBJECT):
        return "p"
    for letter, members in (
        ("d", _DETERMINER),
        ("a", _AUXILIARY),
        ("s", _SUBORDINATE),
        ("i", _PREPOSITIONS),
        ("v", verbs()),
    ):
        if low in members:
            return letter
    return _class_by_shape(word, low)


def _class_by_shape(word: str, low: str) -> str:
    if not word[0].isalnum():
        return word if word in ",;:()" else "x"
    if word[0].isdigit():
        return "9"
    for letter, ending in (("e", "ed"), ("g", "ing"), ("y", "ly")):
        if low.endswith(ending) and len(low) > 4:
            return "v" if letter == "e" else letter
    if word[0].isupper():
        return "N"
    return "n"


def _quoted(sentence: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the spans inside balanced quotation marks; an open one protects nothing."""
    spans: list[tuple[int, int]] = []
    opened = -1
    closing = ""
    for position in range(start, end):
        character = sentence[position]
        if opened >= 0 and character == closing:
            spans.append((opened, position))
            opened = -1
        elif opened < 0 and (character in _QUOTES or character == '"'):
            opened, closing = position, _QUOTES.get(character, '"')
    return spans


def _long_enough(left: str, right: str) -> bool:
    return len(left.split()) >= _FEWEST_WORDS and len(right.split()) >= _FEWEST_WORDS


@cache
def verbs() -> frozenset[str]:
    """Return the words that follow a subject pronoun so often that they are taken for verbs."""
    return frozenset(_VERBS.read_text(encoding="utf-8").split())


class _Model(NamedTuple):
    weights: dict[str, float]
    threshold: float


@cache
def _model() -> _Model:
    data = json.loads(_MODEL.read_text(encoding="utf-8"))
    return _Model(data["weights"], data["threshold"])
