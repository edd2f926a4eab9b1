"""The one address under which a page is looked up, however a reader came to it.

A page is reached with and without trackers behind the question mark, on its mobile host, as AMP or
from an AMP cache, with and without the last slash. What differs in these ways alone is taken for
one page. The result is a key and no link: nothing promises that a site answers there.

`static/canonical.js` does the same in a browser; `tests/editions/address_cases.json` holds the two
together.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Final

from factcheck.fetch.refusals import FetchRefused
from factcheck.fetch.urls import Address, parse_url

# What says where a reader came from, and never which page it is.
TRACKING: Final = (
    r"utm_\w*|gclid|gclsrc|dclid|gbraid|wbraid|fbclid|msclkid|yclid|twclid|ttclid|igshid|igsh|"
    r"mc_cid|mc_eid|_hsenc|_hsmi|mkt_tok|ref_src|ref_url|srsltid|cmpid|at_\w*|xtor|_ga|_gl|vero_id"
)
_NO_PAGE = re.compile(
    rf"(?:(?:{TRACKING}|amp|amp_\w*|usqp)(?:=.*)?|outputType=amp)?", re.IGNORECASE | re.ASCII
)
_HOST = re.compile(r"^(?:(?:www|m|mobile|amp)\.)+(?=[^.]+\.)|(?<=^..\.)m\.(?=[^.]+\.)")
_AMP_PATH = re.compile(r"^/amp(?=/.)|/amp(?=/*$)|\.amp(?=(?:\.html?)?/*$)", re.IGNORECASE)
_CACHE_HOST = re.compile(r"(?:[^.]+\.)?cdn\.ampproject\.org")
_CACHE_PATH = re.compile(r"/[a-z]/(?:s/)?(?P<page>[^/]+\.[^/]+/.*)", re.ASCII)
_VIEWER_HOST = re.compile(r"(?:www\.)?google\.[a-z.]+")
_VIEWER_PATH = re.compile(r"/amp/(?:s/)?(?P<page>[^/]+\.[^/]+/.*)", re.ASCII)


def canonical_address(url: str) -> str:
    """Return the address under which the page at `url` is looked up.

    Raises FetchRefused, with a sentence that says what to do, for what is no http(s) address.
    """
    found = _plainer(parse_url(url))
    while (plainer := _plainer(parse_url(found))) != found:  # so that it is its own canonical form
        found = plainer
    return found


def _plainer(address: Address) -> str:
    address = _unwrapped(address)
    path, _, query = address.target.partition("?")
    path = _AMP_PATH.sub("", path).rstrip("/") or "/"
    kept = "&".join(part for part in query.split("&") if not _NO_PAGE.fullmatch(part))
    port = address.authority.removeprefix(address.url_host)
    host = address.url_host if address.numeric else _HOST.sub("", address.host, count=1)
    return f"https://{host}{port}{path}" + (f"?{kept}" if kept else "")


def _unwrapped(address: Address) -> Address:
    """Return the page that an AMP cache's or viewer's address leads to; any other as it is."""
    for host, shape in ((_CACHE_HOST, _CACHE_PATH), (_VIEWER_HOST, _VIEWER_PATH)):
        inner = shape.fullmatch(address.target) if host.fullmatch(address.host) else None
        if inner:
            with suppress(FetchRefused):  # then it only looks like one
                return parse_url(f"https://{inner['page']}")
    return address
