"""What a link to a page of ours looks like where it is shared: title, sentence, picture. Pure.

The picture lies beside its page under a name that stays, so that an old link shows the newest
verdict; the page names it with its digest behind a "?", so that who keeps pictures asks anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from factcheck.editions import pictures, render
from factcheck.editions.canonical import sha256
from factcheck.editions.json_ld import claim_path
from factcheck.editions.language import gettext as _
from factcheck.editions.language import ngettext
from factcheck.editions.pictures import FILE, HEIGHT, WIDTH, Picture, VerdictMark
from factcheck.editions.shown import ShownClaim, ShownEdition

if TYPE_CHECKING:
    from factcheck.editions.article_site import Site


@dataclass(frozen=True, slots=True)
class Shared:
    """A page as it is shared; `alt` says in words all that the picture says."""

    url: str
    title: str
    description: str
    picture: bytes
    alt: str
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def picture_url(self) -> str:
        """The address of the picture, with its digest."""
        return f"{self.url}{FILE}?v={sha256(self.picture)[:16]}"


def of_claim(edition: ShownEdition, claim: ShownClaim, site: Site) -> Shared:
    """Return a claim as it is shared: the words as quoted, the verdict, the day it was given."""
    day = render.day_in(claim.record["decided_at"], site.zone)
    label = _(claim.rating.label)
    quoted = f"“{claim.quote}”" if claim.quote else ""
    picture = Picture(
        site.name, day, _("Checked claim"), quoted, edition.direction == "rtl",
        (pictures.mark_of(claim.rating, label),),
    )  # fmt: skip
    return Shared(
        f"{site.base}{claim_path(edition, claim)}",
        f"{label}: {claim.restated}" if claim.restated else label,
        claim.summary, pictures.png(picture), _alt([quoted, f"{label}."], picture),
    )  # fmt: skip


def of_article(edition: ShownEdition, standfirst: str, site: Site) -> Shared:
    """Return an article as it is shared: its title, and how many claims have each verdict."""
    count = len(edition.claims)
    checked = ngettext("%(count)s claim checked", "%(count)s claims checked", count)
    found = tuple(
        pictures.mark_of(rating, f"{render.in_words(number)} {_(rating.label).lower()}")
        for rating, number in edition.findings
    )
    picture = Picture(
        site.name, render.day_in(edition.record["published_at"], site.zone),
        checked % {"count": render.in_words(count).capitalize()}, edition.title,
        edition.direction == "rtl", found, small=True,
    )  # fmt: skip
    return Shared(
        f"{site.base}/articles/{edition.slug}/", edition.title, standfirst,
        pictures.png(picture), _alt([f"{edition.title}.", standfirst], picture),
    )  # fmt: skip


def of_nothing(site: Site) -> bytes:
    """Return the picture that takes the place of one whose edition was withdrawn."""
    gone = VerdictMark("", pictures.INK, _("Withdrawn"))
    return pictures.png(Picture(site.name, "", "", "", is_from_right=False, findings=(gone,)))


def _alt(parts: list[str], picture: Picture) -> str:
    return " ".join([*filter(None, parts), f"{picture.site}, {picture.day}"])
