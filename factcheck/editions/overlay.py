"""What goes onto publishers' own pages: the script, what it asks for, and its digest. Pure.

A script lies at `/embed.js` as the newest, and at an address with its digest for ever: a page that
names it by its digest (SRI) must find it after every upgrade. So a script that was once released is
kept in `static/embed_released/` when it is changed.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from factcheck.editions.canonical import canonical, sha256
from factcheck.editions.files import Files
from factcheck.editions.json_ld import claim_path
from factcheck.editions.language import gettext as _
from factcheck.editions.render import overlay_words, overlay_words_elsewhere, sides_in_words
from factcheck.editions.shown import ShownClaim, ShownEdition
from factcheck.folders import PACKAGE

_INCLUDE = re.compile(r"^//= (\S+)\n", re.MULTILINE)
_UNREAD = re.compile(r"^ +(?://.*\n)?|(?<=[;,]) // .*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Script:
    """One version of the script: its bytes, and what names them."""

    data: bytes

    @property
    def path(self) -> str:
        """Its path in the site, for ever."""
        return f"embed/{sha256(self.data)[:16]}.js"

    @property
    def integrity(self) -> str:
        """What a page says of it so that a browser runs these bytes alone (SRI)."""
        return "sha384-" + base64.b64encode(hashlib.sha384(self.data).digest()).decode()


@cache
def newest_script() -> Script:
    """Return the script as it is today."""
    return Script(script_bytes("embed.js"))


def script_bytes(name: str) -> bytes:
    """Return a script, with the file that a line `//= NAME` names in place of that line.

    Two scripts stand alone and share how an address is made canonical. What
    readers' browsers take in is without indents, and without the comments inside: they would be a
    sixth of it.
    """
    folder = PACKAGE / "static"
    text = (folder / name).read_text(encoding="utf-8")
    included = _INCLUDE.sub(lambda line: (folder / line[1]).read_text(encoding="utf-8"), text)
    return _UNREAD.sub("", included).encode()


def script_files() -> Files:
    """Return every version of the script, and the index that says their digests."""
    newest = newest_script()
    released = sorted((PACKAGE / "static" / "embed_released").glob("*.js"))
    scripts = {one.path: one for one in [newest, *(Script(file.read_bytes()) for file in released)]}
    index = {
        "newest": f"/{newest.path}",
        "integrity": {f"/{path}": one.integrity for path, one in scripts.items()},
    }
    return {
        "embed.js": newest.data,
        "embed/index.json": canonical(index).encode(),
        **{path: one.data for path, one in scripts.items()},
    }


def claims_path(slug: str) -> str:
    """Return the path of what the script asks for about an article."""
    return f"/articles/{slug}/embed/claims.json"


def overlay(edition: ShownEdition, base: str) -> dict[str, Any]:
    """Return what the script needs of an edition: its claims in text order, its ratings' looks.

    `words` is what the script calls things, so that it speaks no language of its own: the site's,
    and under `elsewhere` every other that has a catalogue. `start` counts code points of the
    article's text; None where the words are gone. Its links lead to `base`, also from a copy that
    a publisher keeps.
    """
    count, found = len(edition.claims), [rating for rating, _number in edition.findings]
    return {
        "claims": [_claim(edition, claim) for claim in edition.claims if claim.is_whole],
        "elsewhere": overlay_words_elsewhere(count, found),
        "language": edition.article["language"],
        "method": f"/articles/{edition.slug}/#method",
        "ratings": {
            one.key: {"label": _(one.label), "line": one.line, "colour": list(one.colour)}
            for one in found
        },
        "site": f"{base}/",
        "words": overlay_words(count),
    }


def _claim(edition: ShownEdition, claim: ShownClaim) -> dict[str, Any]:
    return {
        "path": claim_path(edition, claim),
        "number": claim.number,
        "quote": claim.quote,
        "prefix": edition.words(claim.record["prefix"]) or "",
        "suffix": edition.words(claim.record["suffix"]) or "",
        "start": claim.span[0] if claim.span else None,
        "rating": claim.rating.key,
        "summary": _told(claim),
    }


def _told(claim: ShownClaim) -> str:
    """Return what is said of a claim: the summary's first paragraph; before it, all sides."""
    summary = claim.summary.split("\n\n")[0].strip()
    return f"{sides_in_words(claim.sides)} {summary}" if claim.is_open else summary


def bookmarklet(base: str) -> str:
    """Return the bookmark that opens the look-up with every address that a page has.

    They stand behind the #, which no browser sends. It only opens a page, which no policy of the
    page it is used on forbids.
    """
    code = (
        "(()=>{const all=(find,key)=>[...document.querySelectorAll(find)].map((one)=>one[key]);"
        "const urls=[location.href,...all('link[rel~=canonical i],link[rel~=amphtml i]','href'),"
        "...all('meta[property=\"og:url\" i]','content')];"
        f"const to='{base}/look-up/#'+urls.map(encodeURIComponent).join('&');"
        "open(to)||(location.href=to)})()"
    )
    return f"javascript:{code}"


def no_overlay() -> dict[str, Any]:
    """Return what the script is told once an edition was withdrawn: it draws nothing."""
    return {"claims": []}
