"""What pages elsewhere need to show an article's verdicts or a claim's card by oEmbed. Pure.

The answer lies beside each page as a file, with the size that suits it; `within` makes it smaller.
"""

from __future__ import annotations

from html import escape
from typing import Any

from factcheck.editions.json_ld import claim_path
from factcheck.editions.language import gettext as _
from factcheck.editions.shown import ShownClaim, ShownEdition

FILE = "oembed.json"  # in the folder of a page
ARTICLE_SIZE = (640, 480)  # CSS pixels: width, height
CARD_SIZE = (600, 400)
Answer = dict[str, Any]


def of_article(edition: ShownEdition, base: str, site: str) -> Answer:
    """Return the answer for an article: the frame of its verdicts."""
    return _rich(base, site, f"/articles/{edition.slug}/embed/", edition.title, ARTICLE_SIZE)


def of_claim(edition: ShownEdition, claim: ShownClaim, base: str, site: str) -> Answer:
    """Return the answer for a claim: its card."""
    title = f"{_(claim.rating.label)}: {claim.restated}"
    return _rich(base, site, f"{claim_path(edition, claim)}card/", title, CARD_SIZE)


def of_nothing(base: str, site: str) -> Answer:
    """Return what stands where an answer was, once the edition was withdrawn: nothing to show."""
    return {"version": "1.0", "type": "link", "title": _("Withdrawn"), **_provider(base, site)}


def _rich(base: str, site: str, frame: str, title: str, size: tuple[int, int]) -> Answer:
    source, name = escape(base + frame), escape(title)
    return {
        "version": "1.0", "type": "rich", "title": title, **_provider(base, site),
        "width": size[0], "height": size[1],
        "html": f'<iframe src="{source}" title="{name}" {_sized(*size)} loading="lazy"></iframe>',
    }  # fmt: skip


def _provider(base: str, site: str) -> Answer:
    return {"provider_name": site, "provider_url": f"{base}/"}


def _sized(width: int, height: int) -> str:
    return f'width="{width}" height="{height}"'


def within(answer: Answer, most_width: int | None, most_height: int | None) -> Answer:
    """Return an answer that is no wider and no higher than that."""
    was = answer["width"], answer["height"]
    width, height = min(was[0], most_width or was[0]), min(was[1], most_height or was[1])
    # The title's quotation marks are escaped, so that this stands nowhere else in it.
    html = answer["html"].replace(_sized(*was), _sized(width, height))
    return {**answer, "width": width, "height": height, "html": html}
