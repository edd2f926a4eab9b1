"""What a piece of text is, told by its shape and its place.

Rules, not a model: what a heading, a credit or a mail signature looks like can be said in
words, and a reader of this file can see why a line was left out of the claims. Every
pattern looks at a bounded head of the piece only.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from factcheck.text.segment.pieces import Piece
from factcheck.text.wordlists import words

_HEAD: Final = 240  # code points of a piece that patterns may see
_LONGEST_HEADING: Final = 110
_LONGEST_TITLE: Final = 160
_MONTH: Final = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|"
    r"Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_DAY: Final = r"(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?\.?"
_CLOCK: Final = (
    r"\d{1,2}[:.]\d{2}(?::\d{2})?(?:\s?[ap]\.?m\b\.?)?(?:\s(?:GMT|BST|UTC|CET|[CEMP][SD]?T))?"
)
_DATE: Final = (
    rf"(?:(?:{_DAY},?\s)?(?:{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s\d{{4}})?|"
    rf"\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH},?(?:\s\d{{4}})?|{_MONTH}\s\d{{4}}|"
    r"\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|\d{4}-\d{2}-\d{2})"
    rf"(?:(?:,|\sat|\s[-–|·])?\s{_CLOCK})?)"
)
_NAME: Final = r"[A-Z][\w.'’-]{0,24}(?:\s(?:de|von|van|der|bin|al|la|[A-Z][\w.'’-]{0,24})){0,5}"

_CREDIT: Final = re.compile(
    r"[\[(]?(?:©|\([cC]\)\s|(?:[Pp]hoto|[Ii]mage|[Pp]icture|[Ii]llustration|[Gg]raphic|[Vv]ideo|"
    r"[Cc]over|PHOTO|IMAGE)[sS]?(?:\s(?:[Cc]redit|[Cc]ourtesy|[Ss]ource|CREDIT)s?)?\s?[:/]|"
    r"(?:[Cc]redit|[Pp]hotograph|[Pp]hotographer|[Cc]ourtesy|[Ss]ource|CREDIT|SOURCE)[sS]?\s?:|"
    r"(?:AP|Reuters|AFP|EPA|Getty)(?:\s[Pp]hotos?|\s[Ii]mages)?\s?/)"
)
_CREDIT_WITHOUT_COLON: Final = re.compile(
    r"[\[(]?(?:(?:Photo|Image|Picture|Illustration|Graphic|Video)s?\s(?:by|courtesy(?:\sof)?|from)"
    r"\s[A-Z]|(?:Photograph|Courtesy|Credit)s?\s(?:of|by)\s|Getty\sImages)"
)
_CAPTION: Final = re.compile(
    r"(?:[\[(]?(?:Figure|Fig\.|Table|Chart|Map|Exhibit|Plate)\s?\d{1,3}(?:\.\d{1,3})?\b(?!\s[a-z])|"
    r"\[?(?:File|Image|Caption|Pictured|Photo caption)(?:\s\d{1,2})?\s?:|"
    r"(?:Above|Below|Pictured|Left|Right|From left|Clockwise from)\s?[:,]\s|!\[)",
    re.IGNORECASE,
)
_CREDIT_AT_END: Final = re.compile(
    r"[(\[/](?:Photo|Image|Picture|AP|AFP|Reuters|Getty|Credit|Courtesy|EPA)\b[^()\n]{0,60}[)\]]?$"
    r"|/\s?(?:AP|AFP|Reuters|Getty Images)$",
    re.IGNORECASE,
)
_BYLINE: Final = re.compile(
    rf"(?:(?:(?:Story|Text|Words|Report|Written|Posted|Published|Reported|Submitted|Edited)"
    rf"\s)?[Bb]y:?|BY|Posted by|Author:|Contributor:|Reporter:)\s{_NAME}",
)
_BYLINE_REST: Final = re.compile(r"[^.!?]{0,80}$")
_DATELINE: Final = re.compile(
    r"(?:(?:First\s)?(?:Posted|Published|Updated|Last (?:updated|modified)|Date|Issued|Filed|"
    rf"Created|Modified)(?:\son)?:?\s)?(?:{_DATE}|{_CLOCK})(?:\s?[-–|·,]?\s?(?:{_DATE}|{_CLOCK}))?"
    r"[\s.:|–-]{0,3}$",
    re.IGNORECASE,
)
_BOILERPLATE: Final = re.compile(
    r"\W{0,3}(?:share (?:this|on|via)|tweet this|follow (?:us|me)\b|like us on|subscribe\b|"
    r"read (?:more|next|the full|also)\b|see also\b|click (?:here|to)|advertisement\b|sponsored\b|"
    r"related (?:stories|articles|posts|links|content|coverage)|more (?:from|on|in)\b|tags?:|"
    r"categor(?:ies|y):|filed under|posted in|labels?:|topics?:|keywords?:|"
    r"(?:leave|post|add) a (?:comment|reply)|\d{0,5}\s?comments?\b\W{0,3}(?:\d|$)|"
    r"terms (?:of|and)|privacy (?:policy|notice)|cookies?\b|back to top|home\s?[|>»/]|"
    r"(?:media |press )?contacts?:|for (?:more|further) information|\[edit\]|jump to|"
    r"(?:print|e-?mail) this|https?://\S+$|www\.\S+$|\S+@\S+\.\w+$)",
    re.IGNORECASE,
)
_ALWAYS_BOILERPLATE: Final = re.compile(
    r"\W{0,3}(?:unsubscribe|sign up (?:for|to|now|here)|copyright (?:©|\(c\)|\d)|"
    r"all rights reserved|"
    r"view (?:this (?:e-?mail|message)|in (?:your )?browser)|we use cookies|this site uses|"
    r"skip to (?:main )?content|sent from my|on .{4,60} wrote:|(?:from|to|cc|bcc|subject|sent|"
    r"reply-to|date):\s|-{2,}\s?(?:original|forwarded) message|begin forwarded|click here|"
    r"for immediate release|###|you (?:are receiving|received) this)",
    re.IGNORECASE,
)
_SIGN_OFF: Final = re.compile(
    r"(?:(?:with |warm |kind |best |many )*(?:regards|wishes|thanks)|sincerely|cheers|"
    r"yours(?: (?:truly|faithfully|sincerely))?|thanks|thank you|xoxo|all the best|best)[,!.]?$",
    re.IGNORECASE,
)
_LIST_ITEM: Final = re.compile(
    r"(?:[-*•·‣⁃▪◦●○■□➢►✓✔+]\s|[–—]\s|[•‣⁃▪●■➢►✓✔]\S|\(?\d{1,3}[.)]\)?\s|"
    r"\(?[a-zA-Z]\)\s|\[[ xX]\]\s|#\d{1,3}\b)"
)
_WIKI_HEADING: Final = re.compile(r"(?:#{1,6}\s\S|={2,5}[^=\n]{1,100}={2,5}$)")
_VERB: Final = re.compile(
    r"\b(?:is|are|was|were|has|have|had|does|did|will|would|could|should|must|cannot|says|said|"
    r"isn['’]t|aren['’]t|wasn['’]t|don['’]t|didn['’]t|won['’]t|can['’]t|i['’]m|it['’]s|that['’]s|"
    r"i|we|they|he|she)\b",
    re.IGNORECASE,
)
_STOPS: Final = ".!?…"
_ENDINGS: Final = "\"'”’»)]*_"
_SMALL: Final = words(
    "a an the of and or to in on at for by with from as but nor vs v is are de la le du des"
)


_OPENING_DATELINE: Final = re.compile(
    rf"(?:(?:[A-Z][A-Z.'’-]+(?:\s[A-Z][A-Z.'’-]+){{0,3}})(?:,\s[A-Z][\w.\s]{{1,24}}?)?"
    rf"(?:,\s{_DATE})?(?:\s\([A-Z][\w\s/]{{1,30}}\))?\s?(?:—|–|--|-)(?=\s|[A-Z])|"
    rf"[A-Z][\w.\s]{{1,30}}(?:,\s[A-Z][\w.\s]{{1,24}})?,\s{_DATE}(?:\s\([A-Z][\w\s/]{{1,30}}\))?"
    rf"\s?(?:—|–|--|:)(?=\s|[A-Z])|"
    rf"{_CLOCK}(?:\s[-–—|]|:)(?=\s)|\[{_CLOCK}\](?=\s))"
)


def opening_dateline(head: str) -> int:
    """Return the length of the place and day ("BERLIN, March 3 (AFP) —") that open `head`, or 0."""
    match = _OPENING_DATELINE.match(head)
    return match.end() if match else 0


@dataclass(frozen=True, slots=True)
class Manner:
    """How the whole text is written, which tells what its shapes mean.

    `shouts`: nearly all letters are capitals. `stops`: its longer lines end in full stops.
    """

    shouts: bool
    stops: bool


def manner_of(text: str, pieces: Sequence[Piece]) -> Manner:
    """Return how `text` is written."""
    sample = text[:20_000]
    upper = sum(map(str.isupper, sample))
    lower = sum(map(str.islower, sample))
    long = [piece for piece in pieces[:2_000] if piece.end - piece.start >= 60]
    stopped = sum(_ends_in_stop(text, piece.end) for piece in long)
    return Manner(shouts=upper > 3 * lower, stops=not long or 2 * stopped >= len(long))


def kinds_of(text: str, pieces: Sequence[Piece], title: str | None = None) -> list[str]:
    """Return the kind of each piece, in order."""
    if not pieces:
        return []
    manner = manner_of(text, pieces)
    kinds = [
        piece.told or _kind_by_itself(text, piece, following, manner)
        for piece, following in zip(pieces, [*pieces[1:], None], strict=True)
    ]
    _mark_sign_offs(text, pieces, kinds)
    if title is None or not _mark_title(text, pieces, kinds, title.strip()):
        _guess_title(text, pieces, kinds)
    return kinds


def _kind_by_itself(text: str, piece: Piece, following: Piece | None, manner: Manner) -> str:
    head = text[piece.start : min(piece.end, piece.start + _HEAD)]
    if not any(map(str.isalnum, head)) and not _holds_word(text, piece):
        return "boilerplate"
    short = piece.end - piece.start <= _HEAD
    shaped = _kind_of_short(head) if short else ""
    return (
        shaped
        or _kind_by_mark(text, piece)
        or ("heading" if short and _is_heading(text, piece, following, manner) else "sentence")
    )


def _kind_by_mark(text: str, piece: Piece) -> str:
    """Return the kind that a mark in front gives a piece: an item, a quotation, a heading."""
    head = text[piece.start : min(piece.end, piece.start + _HEAD)]
    if head[0] == ">":
        return "quotation"
    if _WIKI_HEADING.match(head) and piece.end - piece.start <= _LONGEST_HEADING:
        return "heading"
    return "list_item" if _LIST_ITEM.match(head) else ""


def _kind_of_short(line: str) -> str:
    """Return the kind that a short line has by its words alone, or nothing."""
    if _DATELINE.match(line):
        return "dateline"
    says = _says_something(line)
    if _ALWAYS_BOILERPLATE.match(line) or (not says and _BOILERPLATE.match(line)) or _is_menu(line):
        return "boilerplate"
    byline = _BYLINE.match(line)
    if byline and _BYLINE_REST.match(line, byline.end()):
        return "byline"
    return _kind_beside_picture(line, says=says)


def _kind_beside_picture(line: str, *, says: bool) -> str:
    if _CREDIT.match(line) or (not says and _CREDIT_WITHOUT_COLON.match(line)):
        return "credit"
    if _CAPTION.match(line) or _CREDIT_AT_END.search(line[-90:]):
        return "caption"
    return ""


def _says_something(line: str) -> bool:
    """Whether the line is a whole sentence by its looks, whatever word it begins with."""
    return line.rstrip(_ENDINGS)[-1:] in tuple(_STOPS) and len(line.split()) >= 6


def _is_menu(line: str) -> bool:
    parts = re.split(r"\s[|·•»>]\s", line)
    return len(parts) >= 3 and all(len(part) <= 24 for part in parts) and line[-1] not in _STOPS


def _is_heading(text: str, piece: Piece, following: Piece | None, manner: Manner) -> bool:
    line = text[piece.start : piece.end]
    if len(line) > _LONGEST_HEADING or not piece.first or not _is_open(line):
        return False
    words = line.split()
    if not piece.last and not _stands_over(text, words, piece, following):
        return False
    if line[-1] == ":":
        return len(words) <= 6
    return _reads_like_heading(line, words, manner)


def _reads_like_heading(line: str, words: list[str], manner: Manner) -> bool:
    if not manner.shouts and _share_of_capitals(words) >= 0.75:
        return len(words) <= 16
    if manner.shouts or not manner.stops:
        return len(words) <= 6 and not _VERB.search(line)
    return len(words) <= 5 or (len(words) <= 14 and not _VERB.search(line))


def _is_open(line: str) -> bool:
    """Whether the line begins as a heading does and has no stop at its end."""
    if line[0].islower() or line[0] in ",;.-–—)":
        return False
    return not _ends_in_stop(line, len(line)) and line[-1] not in ";,-–—"


def _stands_over(text: str, words: list[str], piece: Piece, following: Piece | None) -> bool:
    """Whether the next line of the paragraph is the text under this one, or its author or day."""
    if following is None or len(words) > 14:
        return False
    if _kind_of_short(text[following.start : following.end][:_HEAD]) in ("byline", "dateline"):
        return True
    return following.end - following.start > max(60, 2 * (piece.end - piece.start))


def _share_of_capitals(words: list[str]) -> float:
    telling = [word for word in words if word[0].isalpha() and word.lower() not in _SMALL]
    if not telling:
        return 0.0
    return sum(word[0].isupper() for word in telling) / len(telling)


def _ends_in_stop(text: str, end: int) -> bool:
    return text[max(0, end - 6) : end].rstrip(_ENDINGS)[-1:] in tuple(".!?…。！？।؟")


_WORD_CHARACTER: Final = re.compile(r"[^\W_]")


def _holds_word(text: str, piece: Piece) -> bool:
    return _WORD_CHARACTER.search(text, piece.start, piece.end) is not None


def _mark_sign_offs(text: str, pieces: Sequence[Piece], kinds: list[str]) -> None:
    """Mark "Best regards," and the name lines under it, and a mail signature after "--"."""
    left = 0
    for index, piece in enumerate(pieces):
        line = text[piece.start : min(piece.end, piece.start + 60)]
        if piece.told or (piece.end - piece.start > 60 and left):
            left = 0
        elif kinds[index] != "title" and (_SIGN_OFF.match(line) or line in ("--", "-- ")):
            kinds[index], left = "boilerplate", 5
        elif left and not _ends_in_stop(text, piece.end):
            kinds[index], left = "boilerplate", left - 1
        else:
            left = 0


def _mark_title(text: str, pieces: Sequence[Piece], kinds: list[str], title: str) -> bool:
    """Mark the piece that is the given title, and what stands above it; say whether one is."""
    wanted = " ".join(title.split()).casefold()
    for index, piece in enumerate(pieces[:12]):
        if piece.end - piece.start > 4 * len(title) + 20:
            continue
        if " ".join(text[piece.start : piece.end].split()).casefold() == wanted:
            kinds[index] = "title"
            for above in range(index):
                if kinds[above] in ("heading", "sentence") and _is_label(text, pieces[above]):
                    kinds[above] = "boilerplate"
            return True
    return False


def _is_label(text: str, piece: Piece) -> bool:
    return piece.end - piece.start <= 60 and not _ends_in_stop(text, piece.end)


def _stands_alone(text: str, piece: Piece) -> bool:
    """Whether a line on top could be the title although it holds a verb: "Why it will not end"."""
    line = text[piece.start : piece.end]
    alone = piece.first and piece.last and len(line) <= _LONGEST_TITLE and len(line.split()) <= 20
    return alone and _is_open(line) and line[-1] != ":" and not piece.told


def _guess_title(text: str, pieces: Sequence[Piece], kinds: list[str]) -> None:
    """Take the first heading on top as the title; a short label over a longer one is a header."""
    top: list[int] = []
    stops = manner_of(text, pieces).stops
    for index, kind in enumerate(kinds[:8]):
        alone = stops and kind == "sentence" and _stands_alone(text, pieces[index])
        if kind == "heading" or (alone and len(pieces) > index + 1):
            top.append(index)
        elif kind in ("sentence", "list_item", "quotation", "title"):
            break
    if not top or "title" in kinds[: top[0] + 1]:
        return
    first = top[0]
    if len(top) > 1 and top[1] == first + 1:
        over, under = (pieces[index] for index in top[:2])
        label = len(text[over.start : over.end].split())
        if under.last and label <= 4 and len(text[under.start : under.end].split()) > label:
            kinds[first] = "boilerplate"
            first = top[1]
    kinds[first] = "title"
