"""The files of one article, made from its editions alone. Pure: editions in, bytes by path out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from factcheck.editions import json_ld, manifests, oembed, overlay, render, sharing
from factcheck.editions.canonical import canonical
from factcheck.editions.files import Files, with_copies
from factcheck.editions.language import gettext as _
from factcheck.editions.language import ngettext, speaking
from factcheck.editions.pictures import FILE as PICTURE
from factcheck.editions.shown import ShownClaim, ShownEdition
from factcheck.languages import Language
from factcheck.methods.queries import known_policies

REVIEW = "claimreview.jsonld"  # in the folder of an article or a claim: a list, also of none
DISMISSALS = {
    "opinion": _("opinion"),
    "prediction": _("prediction"),
    "question": _("question"),
    "too-vague": _("too vague to check"),
    "not-worth-checking": _("not worth a reviewer’s time"),
    "not-a-statement": _("no statement"),
    "same-as": _("the same as another claim"),
    "out-of-scope": _("out of scope"),
    "would-harm": _("checking it in public would do harm"),
}


@dataclass(frozen=True, slots=True)
class Published:
    """An edition as it is in the database: the record's and the contents' very bytes."""

    shown: ShownEdition
    record: str
    contents: str
    position: int  # of its leaf in the log
    withdrawn: tuple[str, str] | None = None  # (reason, moment)


@dataclass(frozen=True, slots=True)
class Site:
    """What all pages share: address, name, the key that signs, the assets."""

    base: str
    name: str
    key: bytes
    assets: dict[str, str]
    zone: ZoneInfo
    language: Language

    def page(self, template: str, **values: Any) -> bytes:
        """Return a page of this site, in its language."""
        with speaking(self.language):
            return render.page(
                template, assets=self.assets, base=self.base, zone=self.zone, site_name=self.name,
                **values,
            )  # fmt: skip


def standfirst(edition: ShownEdition) -> str:
    """Return in words how many claims were checked and what they were found to be."""
    count = len(edition.claims)
    if not count:
        return _("What we said of this post was withdrawn.")
    found = [
        f"{render.in_words(number)} {_(rating.label).lower()}" for rating, number in edition.tally
    ]
    if edition.left_open:
        on = _("%(count)s on which reviewers disagree")
        found.append(on % {"count": render.in_words(edition.left_open)})
    sentence = ngettext(
        "We checked %(count)s claim in this post: %(found)s.",
        "We checked %(count)s claims in this post: %(found)s.",
        count,
    )
    return sentence % {"count": render.in_words(count), "found": _(", ").join(found)}


def reviewers(edition: ShownEdition) -> str:
    """Return in words how many people reviewed each claim: "two or three reviewers a claim"."""
    counts = [len(claim.record["ratings"]) for claim in edition.claims]
    least, most = min(counts, default=0), max(counts, default=0)
    words = {"least": render.in_words(least), "most": render.in_words(most)}
    if least == most:
        return ngettext("%(most)s reviewer a claim", "%(most)s reviewers a claim", most) % words
    if most == least + 1:
        return _("%(least)s or %(most)s reviewers a claim") % words
    return _("%(least)s to %(most)s reviewers a claim") % words


def article_files(editions: Sequence[Published], site: Site, due: Collection[int]) -> Files:
    """Return the files of an article, by their path in the site, editions' folders first.

    `editions` are all of it, the first first; `due` are the numbers of those whose own folders are
    made. Such a folder says nothing of later editions, so that these leave its bytes as they are.
    """
    slug = editions[0].shown.slug
    files: Files = {}
    for one in editions:
        if one.shown.number in due:
            files |= _edition_files(one, editions, site)
    own = _newest_files(editions, site)
    prefix = f"articles/{slug}/"
    files |= {f"{prefix}{path}": data for path, data in own.items()}
    files[f"{prefix}manifest.json"] = manifests.manifest(own, site.key)
    return files


def _edition_files(one: Published, editions: Sequence[Published], site: Site) -> Files:
    until = [other for other in editions if other.shown.number <= one.shown.number]
    number = one.shown.number
    prefix = f"articles/{one.shown.slug}/editions/{number}/"
    own = with_copies({
        "edition.json": one.record.encode(),
        "content.json": one.contents.encode(),
        "index.html": _page(one, until, site, folder=f"/{prefix}", is_newest=False),
    })  # fmt: skip
    found = {f"{prefix}{path}": data for path, data in own.items()}
    found[f"{prefix}manifest.json"] = manifests.manifest(own, site.key)
    return found


def _newest_files(editions: Sequence[Published], site: Site) -> Files:
    """Return the files of the newest edition that stands, by their path in the article's folder."""
    standing = [one for one in editions if one.withdrawn is None]
    newest = standing[-1] if standing else editions[-1]
    shown = newest.shown
    folder = f"/articles/{shown.slug}/"
    own = {
        "edition.json": newest.record.encode(),
        "content.json": newest.contents.encode(),
        "annotations.jsonld": _json(json_ld.web_annotations(shown, site.base)),
        REVIEW: _json(json_ld.claim_reviews(shown, site.base, site.name, site.zone)),
        **_embedded(newest, site),
        **_buried_claims(editions, site),
        **_claim_pages(standing, site),
        **_withdrawn_claims(editions, site),
        "index.html": _page(newest, editions, site, folder=folder, is_newest=True),
    }
    return with_copies(own)


def _embedded(newest: Published, site: Site) -> Files:
    """Return what publishers put on their own pages: the frame, and what the script asks for."""
    if newest.withdrawn:
        told, frame = overlay.no_overlay(), _tombstone(newest, site, is_all=True)
        answer = oembed.of_nothing(site.base, site.name)
        picture = sharing.of_nothing(site)
    else:
        told = overlay.overlay(newest.shown, site.base)
        frame = site.page("embed.html", edition=newest.shown)
        answer = oembed.of_article(newest.shown, site.base, site.name)
        picture = _shared(newest.shown, site).picture
    return {
        "embed/index.html": frame,
        "embed/claims.json": _json(told),
        oembed.FILE: _json(answer),
        PICTURE: picture,
    }


def _shared(edition: ShownEdition, site: Site) -> sharing.Shared:
    return sharing.of_article(edition, standfirst(edition), site)


def _json(value: Any) -> bytes:
    return canonical(value).encode()


def _page(
    one: Published, editions: Sequence[Published], site: Site, *, folder: str, is_newest: bool
) -> bytes:
    shown = one.shown
    if one.withdrawn:
        is_all = all(other.withdrawn for other in editions)
        return _tombstone(one, site, is_all=is_newest and is_all)
    used = {claim.record["policy"] for claim in shown.claims}
    return site.page(
        "article.html", edition=shown, editions=[other.shown for other in reversed(editions)],
        corrected={change["claim"] for change in shown.corrections}, position=one.position,
        is_newest=is_newest, folder=folder, here="", standfirst=standfirst(shown),
        reviewers=reviewers(shown), dismissals=DISMISSALS, script=overlay.newest_script(),
        share=_shared(shown, site),
        used_policies=known_policies(sorted(used)),
    )  # fmt: skip


def _tombstone(one: Published, site: Site, *, is_all: bool = False) -> bytes:
    """Return what stands where an edition was, or where the whole article was (`is_all`)."""
    reason, at = one.withdrawn or ("", "")
    return site.page(
        "tombstone.html", edition=one.shown, reason=reason, at=at, here="",
        what="article" if is_all else "edition",
    )  # fmt: skip


def _buried_claims(editions: Sequence[Published], site: Site) -> Files:
    """Return a tombstone at the address of every claim of a withdrawn edition."""
    files: Files = {}
    for one in editions:
        for claim in one.shown.claims if one.withdrawn else ():
            files |= _buried(claim.id, _tombstone(one, site), site)
    return files


def _withdrawn_claims(editions: Sequence[Published], site: Site) -> Files:
    """Return a tombstone at the address of every claim that was withdrawn by itself."""
    files: Files = {}
    for one in editions:
        for claim_id, (reason, at) in one.shown.withdrawn.items():
            page = site.page(
                "tombstone.html", edition=one.shown, reason=reason, at=at, here="", what="claim"
            )
            files |= _buried(claim_id, page, site)
    return files


def _buried(claim_id: str, page: bytes, site: Site) -> Files:
    return {
        f"claims/{claim_id}/index.html": page,
        f"claims/{claim_id}/card/index.html": page,
        f"claims/{claim_id}/{oembed.FILE}": _json(oembed.of_nothing(site.base, site.name)),
        f"claims/{claim_id}/{PICTURE}": sharing.of_nothing(site),
        f"claims/{claim_id}/{REVIEW}": _json([]),
    }


def _claim_pages(editions: Sequence[Published], site: Site) -> Files:
    """Return the page and the card of every claim that any edition had, as its last one says."""
    last: dict[str, tuple[ShownEdition, ShownClaim]] = {}
    for one in editions:
        for claim in one.shown.claims:
            last[claim.id] = (one.shown, claim)
    files: Files = {}
    for claim_id, (edition, claim) in last.items():
        own = _claim_files(edition, claim, editions, site)
        files |= {f"claims/{claim_id}/{path}": data for path, data in own.items()}
    return files


def _claim_files(
    edition: ShownEdition, claim: ShownClaim, editions: Sequence[Published], site: Site
) -> Files:
    share, review = sharing.of_claim(edition, claim, site), _review(edition, claim, site)
    values = {"claim": claim, "edition": edition, "share": share}
    newest = editions[-1].shown
    page = site.page(
        "claim.html", **values, count=len(edition.claims), here="",
        history=_history(editions, claim.id), review=review, is_gone=edition is not newest,
        neighbours=_neighbours(edition, claim), joined_with=newest.joined_with(claim.id),
    )  # fmt: skip
    return {
        "index.html": page,
        "card/index.html": site.page("card.html", **values),
        oembed.FILE: _json(oembed.of_claim(edition, claim, site.base, site.name)),
        PICTURE: share.picture,
        REVIEW: _json([review] if review else []),
    }


def _review(edition: ShownEdition, claim: ShownClaim, site: Site) -> dict[str, Any] | None:
    try:
        return json_ld.claim_review(edition, claim, site.base, site.name, site.zone)
    except json_ld.NoReview:
        return None


def _history(
    editions: Sequence[Published], claim_id: str
) -> list[tuple[ShownEdition, ShownClaim, str | None]]:
    found = []
    for one in reversed(editions):
        if claim_id in one.shown.by_id:
            kinds = [change["kind"] for change in one.shown.changes if change["claim"] == claim_id]
            found.append((one.shown, one.shown.by_id[claim_id], kinds[0] if kinds else None))
    return found


def _neighbours(
    edition: ShownEdition, claim: ShownClaim
) -> tuple[ShownClaim | None, ShownClaim | None]:
    place = claim.number - 1
    earlier = edition.claims[place - 1] if place else None
    later = edition.claims[place + 1] if place + 1 < len(edition.claims) else None
    return earlier, later
