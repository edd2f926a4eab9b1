"""The shapes that other programs know: ClaimReview (schema.org) and Web Annotation (W3C). Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Any

from factcheck.editions.shown import ShownClaim, ShownEdition
from factcheck.site_days import day_in

SCHEMA = "https://schema.org"
# Copies of the W3C's context made before 2021, which libraries ship, lack this one motivation.
ANNOTATIONS = ["http://www.w3.org/ns/anno.jsonld", {"assessing": "oa:assessing"}]


class NoReview(LookupError):
    """There is no ClaimReview: no verdict on its author, or words of it had to be removed."""


def claim_review(
    edition: ShownEdition, claim: ShownClaim, base: str, site: str, zone: tzinfo
) -> dict[str, Any]:
    """Return the ClaimReview of one claim; raise NoReview for what is no verdict on it.

    It was published on a day of the time zone, as the pages say.
    A number (1 to 5) is given only for ratings that lie in order.
    """
    if not claim.rating.is_verdict or not claim.is_whole:
        raise NoReview(claim.id)
    published_on = day_in(zone, datetime.fromisoformat(edition.record["published_at"]))
    rating: dict[str, Any] = {"@type": "Rating", "alternateName": claim.rating.label}
    if claim.rating.value is not None:
        rating |= {"ratingValue": claim.rating.value, "bestRating": 5, "worstRating": 1}
    return {
        "@context": SCHEMA,
        "@type": "ClaimReview",
        "url": f"{base}{claim_path(edition, claim)}",
        "claimReviewed": claim.restated,
        "datePublished": published_on.isoformat(),
        "inLanguage": edition.article["language"],
        "author": {"@type": "Organization", "name": site, "url": f"{base}/"},
        "itemReviewed": _claim(edition, claim),
        "reviewRating": rating | {"ratingExplanation": claim.summary},
    }


def claim_path(edition: ShownEdition, claim: ShownClaim) -> str:
    """Return the path of a claim's own page."""
    return f"/articles/{edition.slug}/claims/{claim.id}/"


def _claim(edition: ShownEdition, claim: ShownClaim) -> dict[str, Any]:
    item: dict[str, Any] = {"@type": "Claim", "text": claim.quote}
    if claim.claimant:
        item["author"] = {"@type": "Person", "name": claim.claimant}
    elif edition.authors:
        item["author"] = {"@type": "Person", "name": ", ".join(edition.authors)}
    if edition.article["published_on"]:
        item["datePublished"] = edition.article["published_on"]
    if url := edition.words(edition.article["source_url"]):
        item["appearance"] = {"@type": "CreativeWork", "url": url, "headline": edition.title}
    return item


def claim_reviews(
    edition: ShownEdition, base: str, site: str, zone: tzinfo
) -> list[dict[str, Any]]:
    """Return the ClaimReviews of an edition, in text order."""
    return [
        claim_review(edition, claim, base, site, zone)
        for claim in edition.claims
        if claim.rating.is_verdict and claim.is_whole
    ]


def feed_item(
    slug: str, reviews: Sequence[dict[str, Any]] | None, base: str, *, created: str, modified: str
) -> dict[str, Any]:
    """Return what the feed of all ClaimReviews has of an article: `reviews`, or None where it went.

    An article whose claims have no ClaimReview, or none any more, has an item without any.
    """
    return {
        "@type": "DataFeedItem",
        "url": f"{base}/articles/{slug}/",
        "dateCreated": created,
        ("dateDeleted" if reviews is None else "dateModified"): modified,
        "item": [{k: v for k, v in one.items() if k != "@context"} for one in reviews or ()],
    }


def data_feed(
    items: Sequence[dict[str, Any]], base: str, site: str, *, path: str, older: str | None
) -> dict[str, Any]:
    """Return a part of the feed of all ClaimReviews; `older` is the path of what comes before it.

    Each part is the feed up to there: what it does not say itself is in the one before.
    """
    feed: dict[str, Any] = {
        "@context": SCHEMA,
        "@type": "DataFeed",
        "url": f"{base}/{path}",
        "name": f"{site}: ClaimReview",
        "dataFeedElement": list(items),
    }
    moments = [moment for one in items for name, moment in one.items() if name.startswith("date")]
    if moments:
        feed["dateModified"] = max(moments)
    if older:
        feed["hasPart"] = {"@type": "DataFeed", "url": f"{base}/{older}"}
    return feed


def web_annotations(edition: ShownEdition, base: str) -> dict[str, Any]:
    """Return the claims as a W3C annotation collection with its one page inside."""
    address = f"{base}/articles/{edition.slug}/annotations.jsonld"
    items = [
        _annotation(edition, claim, base)
        for claim in edition.claims
        if claim.span and claim.is_whole
    ]
    return {
        "@context": ANNOTATIONS,
        "id": address,
        "type": "AnnotationCollection",
        "label": edition.title,
        "total": len(items),
        "first": {
            "id": f"{address}#page-1",
            "type": "AnnotationPage",
            "startIndex": 0,
            "items": items,
        },
    }


def _annotation(edition: ShownEdition, claim: ShownClaim, base: str) -> dict[str, Any]:
    words = edition.words
    start, end = claim.span or (0, 0)
    source = words(edition.article["source_url"]) or f"{base}/articles/{edition.slug}/"
    return {
        "id": f"{base}{claim_path(edition, claim)}#annotation",
        "type": "Annotation",
        "motivation": "assessing",
        "created": edition.record["published_at"],
        "body": {
            "type": "TextualBody",
            "purpose": "assessing",
            "format": "text/plain",
            "value": f"{claim.rating.label}. {claim.summary}",
        },
        "target": {
            "source": source,
            "selector": [
                {"type": "TextPositionSelector", "start": start, "end": end},
                {
                    "type": "TextQuoteSelector",
                    "exact": claim.quote,
                    "prefix": words(claim.record["prefix"]) or "",
                    "suffix": words(claim.record["suffix"]) or "",
                },
            ],
        },
    }


def in_a_page(value: Any) -> str:
    """Return JSON that can stand in a script element: nothing in it can end the element."""
    text = json.dumps(value, ensure_ascii=False, indent=1)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text
