"""What a topic tag may be. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from factcheck.failures import Invalid

LONGEST_TAG = 40  # code points
MOST_TAGS = 10  # of one claim
_BETWEEN = re.compile(r"[\s_-]+")
_TAG = re.compile(r"[^\W_]+(-[^\W_]+)*")


def checked_tag(value: str, field: str = "tags") -> str:
    """Return a tag as it is kept: small letters and digits of any script, words joined by "-".

    Raises Invalid for one that is empty, too long or holds other characters.
    """
    words = unicodedata.normalize("NFC", unicodedata.normalize("NFC", value).casefold())
    tag = _BETWEEN.sub("-", words).strip("-")
    if len(tag) > LONGEST_TAG:
        raise Invalid(field, "A tag has at most %(longest)s characters.", longest=LONGEST_TAG)
    if not _TAG.fullmatch(tag):
        raise Invalid(field, "A tag is made of letters and digits, as in “public-health”.")
    return tag


def checked_tags(values: Iterable[str], field: str = "tags") -> tuple[str, ...]:
    """Return tags as they are kept, in order and each once; what is blank is left out."""
    tags = sorted({checked_tag(value, field) for value in values if value.strip()})
    if len(tags) > MOST_TAGS:
        raise Invalid(field, "A claim has at most %(most)s tags.", most=MOST_TAGS)
    return tuple(tags)
