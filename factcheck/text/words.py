"""The words of a claim as a search compares them: lower case, without endings, numbers in one form.

Small on purpose: endings are taken off where two forms of one word would otherwise not meet, and
what is left need not be a word.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

ADDRESS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\S+|\bpic\.twitter\.com/\S*")
"""A web or mail address."""
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
"""Where a word in #CamelCase ends."""
_GROUPED = re.compile(r"(?<=[0-9])[,’' \u00a0\u202f](?=[0-9]{3}(?![0-9]))")
_WORD = re.compile(r"[0-9]+(?:\.[0-9]+)?|[^\W\d_]+(?:['’][^\W\d_]+)*")
_SIGNS = str.maketrans({"%": " percent ", "$": " dollar ", "€": " euro ", "£": " pound "})
_MOST = 20_000  # code points that are read of one text

_SMALL = """
a an and are as at be been but by did do does for from had has have he her his i if in into is it
its just me more my of on or our said say says she so than that the their them then there these
they this those to too was we were what when where which who will with would you your about after
also am any because can could get got here him how like now only out over some up us very via rt
"""
STOP_WORDS = frozenset(_SMALL.split())
"""Words that say nothing about what a text is about."""


def content_words(text: str) -> list[str]:
    """Return the stems of a text's words in order, without small words and web addresses.

    "#MasksWork" gives two words; "4,000" and "4000", "4 %" and "4 percent" are the same.
    """
    plain = ADDRESS.sub(" ", text[:_MOST])
    plain = _GROUPED.sub("", CAMEL.sub(" ", plain).translate(_SIGNS))
    plain = unicodedata.normalize("NFKD", plain.lower())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    words = (word.replace("’", "'") for word in _WORD.findall(plain))
    return [stem(word) for word in words if word not in STOP_WORDS]


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Return a lower-case English word without its ending: "taxes", "taxed", "taxing" are "tax"."""
    word = word.removesuffix("'s").replace("'", "")
    if len(word) <= 3 or not word.isascii() or word[0].isdigit():
        return word
    return _without_verb_ending(_without_plural(word))


def _without_plural(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes", "zes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _without_verb_ending(word: str) -> str:
    for ending in ("ingly", "edly", "ing", "ed", "ly"):
        base = word.removesuffix(ending)
        if base != word and len(base) >= 3 and any(vowel in base for vowel in "aeiouy"):
            doubled = base[-1] == base[-2] and base[-1] not in "lsz"
            return _without_e(base[:-1] if doubled else base)
    return _without_e(word)


def _without_e(word: str) -> str:
    """Return a word without a silent e, so that "rate" and "rated" meet."""
    return word[:-1] if word.endswith("e") and len(word) > 3 else word
