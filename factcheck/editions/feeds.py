"""The two feeds: the newest editions, what they correct, and tombstones of withdrawn ones. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from factcheck.articles.rules import without_unfit
from factcheck.editions.article_site import Published, Site, standfirst
from factcheck.editions.canonical import canonical
from factcheck.editions.files import Files
from factcheck.editions.language import gettext as _
from factcheck.editions.shown import ShownEdition

NEVER = "1970-01-01T00:00:00Z"


def feeds(editions: Sequence[Published], site: Site) -> Files:
    """Return the feeds of editions, the newest first; withdrawn ones leave a tombstone in each."""
    return {"feed.atom": _atom(editions, site), "feed.json": _json_feed(editions, site)}


def _id(edition: ShownEdition, site: Site) -> str:
    return f"{site.base}/articles/{edition.slug}/editions/{edition.number}/"


def updated(one: Published) -> str:
    """Return when what a feed says of an edition changed last."""
    moments = [at for _reason, at in one.shown.withdrawn.values()]
    moments += [purged["at"] for purged in one.shown.purged]
    if one.withdrawn:
        moments.append(one.withdrawn[1])
    return max([str(one.shown.record["published_at"]), *moments])


def _text(edition: ShownEdition) -> str:
    """Return what an edition comes to, from which verdict to which, and why."""
    parts = [standfirst(edition), *corrections_in_words(edition)]
    note = edition.words(edition.record["note"])
    return " ".join([*parts, note] if note else parts)


def corrections_in_words(edition: ShownEdition) -> list[str]:
    """Return a sentence for each verdict that an edition changed, and for each claim it dropped."""
    said = []
    for change in edition.corrections:
        claim = edition.by_id.get(change["claim"])
        if change["kind"] == "verdict" and claim:
            was, now = (_(edition.scale.finding(change[side]).label) for side in ("from", "to"))
            sentence = _("“%(claim)s” was rated %(was)s; it is now %(now)s.")
            said.append(sentence % {"claim": claim.restated, "was": was, "now": now})
        elif change["kind"] == "words" and claim:
            said.append(_("Our words on “%(claim)s” changed.") % {"claim": claim.restated})
        elif change["kind"] == "gone" and (joined := edition.joined_with(change["claim"])):
            said.append(_("A claim is now part of “%(claim)s”.") % {"claim": joined.restated})
        elif change["kind"] == "gone":
            said.append(_("A claim is no longer part of this check."))
    return said


def _atom(editions: Sequence[Published], site: Site) -> bytes:
    entries = [
        {
            "id": _id(one.shown, site), "edition": one.shown, "updated": updated(one),
            "withdrawn": one.withdrawn, "text": "" if one.withdrawn else _text(one.shown),
        }
        for one in editions
    ]  # fmt: skip
    newest = max((updated(one) for one in editions), default=NEVER)
    # One such character, kept before they were refused, would be the end of the feed for everybody.
    return without_unfit(site.page("feed.atom", entries=entries, updated=newest).decode()).encode()


def _json_feed(editions: Sequence[Published], site: Site) -> bytes:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": site.name,
        "home_page_url": f"{site.base}/",
        "feed_url": f"{site.base}/feed.json",
        "items": [_item(one, site) for one in editions],
    }
    return canonical(feed).encode()


def _item(one: Published, site: Site) -> dict[str, Any]:
    edition = one.shown
    item: dict[str, Any] = {
        "id": _id(edition, site),
        "url": f"{site.base}/articles/{edition.slug}/",
        "date_published": edition.record["published_at"],
        "date_modified": updated(one),
    }
    if one.withdrawn:
        reason = one.withdrawn[0]
        return {**item, "title": _("Withdrawn"), "content_text": reason, "tags": ["withdrawn"]}
    tags = {"tags": ["correction"]} if edition.corrections else {}
    return {**item, "title": edition.title, "content_text": _text(edition), **tags}
