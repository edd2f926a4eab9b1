"""When two names look alike, and when one mixes scripts to look like another. Pure.

After UTS 39: a name is reduced to its skeleton, in which every letter is its most common
look-alike; names with the same skeleton cannot be told apart at a glance. The tables hold the
look-alikes of Latin letters among Cyrillic, Greek and digits, which is what a keyboard has.
"""

from __future__ import annotations

import unicodedata

from factcheck.failures import Invalid

_SMALL = str.maketrans(
    {
        **dict(zip("авекмнорстухіјѕһԁԛԝґьё", "abekmhopctyxljshdqwrbe", strict=True)),
        **dict(zip("αβεηικμνορτυχωςγ", "abenlkuvoptuxwcy", strict=True)),
        **dict(zip("01|ıiɩɑɡ!", "olllllagl", strict=True)),
    }
)
_CAPITAL = str.maketrans(
    {
        **dict(zip("АВЕЗКМНОРСТУХІЈЅҺԌ", "ABE3KMHOPCTYXIJSHG", strict=True)),
        **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX", strict=True)),
        **dict(zip("01|L!", "OIIII", strict=True)),
    }
)
_PAIRS = (("rn", "m"), ("vv", "w"))
_EAST = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO"})


def look_alike(one: str, other: str) -> bool:
    """Whether two names look alike, in small letters or in capitals."""
    return bool(skeletons(one) & skeletons(other))


def skeletons(name: str) -> frozenset[str]:
    """Return a name with look-alikes made one: in small letters, and in capitals.

    White space, punctuation and what is not seen do not count.
    """
    whole = unicodedata.normalize("NFKC", name)
    small = _bare(whole.casefold()).translate(_SMALL)
    for pair, looks in _PAIRS:
        small = small.replace(pair, looks)
    return frozenset({f"a{small}", f"A{_bare(whole.upper()).translate(_CAPITAL)}"})


def _bare(name: str) -> str:
    parts = unicodedata.normalize("NFC", name)
    return "".join(one for one in parts if unicodedata.category(one)[0] in "LNM" or one in "|!")


def check_scripts(name: str) -> None:
    """Raise Invalid for a name in letters of several scripts that are not written together."""
    letters = (one for one in unicodedata.normalize("NFKC", name) if one.isalpha())
    scripts = {unicodedata.name(one, "UNKNOWN").split()[0].partition("-")[0] for one in letters}
    scripts -= {"MODIFIER", "FEMININE", "MASCULINE"}
    others = scripts - _EAST
    if len(others) > 1 or (others != scripts and others - {"LATIN"}):
        raise Invalid("name", "Write the name in the letters of one script.")
