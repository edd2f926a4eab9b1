"""What other programs read, held against the rules of each format.

The schemas are written from the specifications: schema.org's ClaimReview as search engines ask for
it, the W3C's Web Annotation Data Model, JSON Feed 1.1, Atom (RFC 4287), sitemaps.org, the OpenGraph
protocol and robots.txt (RFC 9309).
"""

from __future__ import annotations

import json
from zoneinfo import ZoneInfo

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from lxml import etree
from lxml.html import document_fromstring
from pyld import jsonld

from factcheck.db import current_session, writing
from factcheck.editions import json_ld, publishing, queries
from factcheck.editions.site import as_published
from tests.editions.factories import make_ready_article
from tests.editions.vocabularies import loader

BASE = "http://localhost"
HTTP = {"type": "string", "pattern": "^https?://[^ ]+$"}
WORDS = {"type": "string", "minLength": 1}
MOMENT = {"type": "string", "format": "date-time"}
DAY = {"type": "string", "pattern": r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"}


def exactly(required: dict, optional: dict | None = None) -> dict:
    """Return the schema of an object that has these members and no others."""
    return {
        "type": "object", "properties": required | (optional or {}), "required": list(required),
        "additionalProperties": False,
    }  # fmt: skip


def typed(name: str, required: dict, optional: dict | None = None) -> dict:
    return exactly({"@type": {"const": name}} | required, optional)


SOMEBODY = {
    "oneOf": [
        typed("Person", {"name": WORDS}),
        typed("Organization", {"name": WORDS, "url": HTTP}),
    ]
}
CLAIM_REVIEW = typed("ClaimReview", {
    "@context": {"const": "https://schema.org"},
    "url": HTTP, "claimReviewed": WORDS, "datePublished": DAY, "inLanguage": WORDS,
    "author": SOMEBODY,
    "itemReviewed": typed("Claim", {"text": WORDS}, {
        "author": SOMEBODY, "datePublished": DAY,
        "appearance": typed("CreativeWork", {"url": HTTP, "headline": WORDS}),
    }),
    "reviewRating": {
        **typed("Rating", {"alternateName": WORDS, "ratingExplanation": WORDS}, {
            "ratingValue": {"type": "integer", "minimum": 1, "maximum": 5},
            "bestRating": {"const": 5}, "worstRating": {"const": 1},
        }),
        "dependentRequired": {"ratingValue": ["bestRating", "worstRating"]},
    },
})  # fmt: skip

IN_FEED = {key: value for key, value in CLAIM_REVIEW.items() if key != "required"} | {
    "properties": {k: v for k, v in CLAIM_REVIEW["properties"].items() if k != "@context"},
    "required": [name for name in CLAIM_REVIEW["required"] if name != "@context"],
}
DATA_FEED = typed("DataFeed", {
    "@context": {"const": "https://schema.org"}, "url": HTTP, "name": WORDS,
    "dataFeedElement": {"type": "array", "items": typed("DataFeedItem", {
        "url": HTTP, "dateCreated": MOMENT, "item": {"type": "array", "items": IN_FEED},
    }, {"dateModified": MOMENT, "dateDeleted": MOMENT})},
}, {"dateModified": MOMENT, "hasPart": typed("DataFeed", {"url": HTTP})})  # fmt: skip

# Motivations of the vocabulary (section 3.3.5 of the model), which `purpose` takes as well.
MOTIVATION = {"enum": ["assessing", "bookmarking", "classifying", "commenting", "describing",
                       "editing", "highlighting", "identifying", "linking", "moderating",
                       "questioning", "replying", "tagging"]}  # fmt: skip
OFFSET = {"type": "integer", "minimum": 0}
SELECTOR = {
    "oneOf": [
        exactly({"type": {"const": "TextPositionSelector"}, "start": OFFSET, "end": OFFSET}),
        exactly({"type": {"const": "TextQuoteSelector"}, "exact": WORDS},
                {"prefix": {"type": "string"}, "suffix": {"type": "string"}}),
    ]
}  # fmt: skip
ANNOTATION = exactly({
    "id": HTTP, "type": {"const": "Annotation"}, "motivation": MOTIVATION,
    "created": MOMENT,
    "body": exactly({"type": {"const": "TextualBody"}, "value": WORDS}, {
        "purpose": MOTIVATION, "format": {"const": "text/plain"}, "language": WORDS}),
    "target": exactly({"source": HTTP, "selector": {
        "type": "array", "minItems": 1, "items": SELECTOR}}),
})  # fmt: skip
COLLECTION = exactly({
    "@context": {"type": "array", "contains": {"const": "http://www.w3.org/ns/anno.jsonld"}},
    "id": HTTP, "type": {"const": "AnnotationCollection"}, "label": WORDS, "total": OFFSET,
    "first": exactly({
        "id": HTTP, "type": {"const": "AnnotationPage"}, "startIndex": {"const": 0},
        "items": {"type": "array", "items": ANNOTATION},
    }),
})  # fmt: skip

FEED = exactly({
    "version": {"const": "https://jsonfeed.org/version/1.1"}, "title": WORDS,
    "home_page_url": HTTP, "feed_url": HTTP,
    "items": {"type": "array", "minItems": 1, "items": exactly({
        "id": WORDS, "content_text": WORDS}, {
        "url": HTTP, "title": WORDS, "date_published": MOMENT, "date_modified": MOMENT})},
})  # fmt: skip

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture
def folder(app, settings):
    """The folder of a site with one article, which was published once."""
    with app.app_context():
        with writing() as session:
            article, claims = make_ready_article(
                session, title="The ferry & <b>us</b>", authors=["Ines Corrie"],
                published="2026-10", source_url="https://example.org/ferry",
            )  # fmt: skip
            slug, ids = article.slug, [one.public_id for one in claims]
        publishing.publish(slug, note="First & last.", actor_id=None, settings=settings)
    return settings.site, slug, ids


def assert_valid(value: object, schema: dict) -> None:
    Draft202012Validator.check_schema(schema)
    checker = Draft202012Validator(schema, format_checker=FormatChecker())
    assert [f"{error.json_path}: {error.message}" for error in checker.iter_errors(value)] == []


class Head:
    """The metadata and links in a page's head."""

    def __init__(self, page: str) -> None:
        head = document_fromstring(page).find("head")
        self.meta: dict[str, str] = {}
        self.links: dict[str, list[str]] = {}
        for one in head.iter("meta"):
            if name := one.get("property") or one.get("name"):
                assert name not in self.meta, f"{name} stands twice"
                self.meta[name] = one.get("content")
        for one in head.iter("link"):
            self.links.setdefault(one.get("rel"), []).append(one.get("href"))


@pytest.mark.one_database
def test_a_claim_review_was_published_on_the_day_that_it_is_where_the_site_is(app, folder):
    with app.app_context():
        (edition,) = queries.editions_between(current_session(), 0, 1)
        shown = as_published(edition).shown
    shown.record["published_at"] = "2026-11-20T23:30:00Z"
    days = {
        json_ld.claim_reviews(shown, "https://a.example", "A", ZoneInfo(zone))[0]["datePublished"]
        for zone in ("UTC", "Europe/Oslo")
    }

    assert days == {"2026-11-20", "2026-11-21"}


@pytest.mark.one_database
def test_all_that_programs_read_is_valid_by_its_own_rules(folder):
    site, slug, ids = folder
    own = site / "articles" / slug

    reviews = json.loads((own / "claimreview.jsonld").read_bytes())
    assert_valid(reviews, {"type": "array", "minItems": 2, "maxItems": 2, "items": CLAIM_REVIEW})
    assert reviews[0]["itemReviewed"]["author"] == {"@type": "Person", "name": "Ines Corrie"}
    alone = [json.loads((own / "claims" / one / "claimreview.jsonld").read_bytes()) for one in ids]
    assert alone == [[reviews[0]], [reviews[1]], []], "each claim has its own, or none"

    annotations = json.loads((own / "annotations.jsonld").read_bytes())
    assert_valid(annotations, COLLECTION)
    items = annotations["first"]["items"]
    assert annotations["total"] == len({one["id"] for one in items}) == 3
    assert {"assessing": "oa:assessing"} in annotations["@context"]
    for one in items:
        position = one["target"]["selector"][0]
        assert position["start"] < position["end"]

    assert_valid(json.loads((site / "feed.json").read_bytes()), FEED)
    check_atom(etree.fromstring((site / "feed.atom").read_bytes()))
    for path in ("claimreviews.jsonld", "claimreviews/1.jsonld"):
        feed = json.loads((site / path).read_bytes())
        assert_valid(feed, DATA_FEED)
        (item,) = feed["dataFeedElement"]
        said = [{"@context": "https://schema.org"} | one for one in item["item"]]
        assert (feed["url"], item["url"], said) == (
            f"{BASE}/{path}",
            f"{BASE}{home(slug)}",
            reviews,
        )
    check_sitemaps(site, slug, ids)
    check_robots((site / "robots.txt").read_text())


@pytest.mark.one_database
def test_a_json_ld_processor_takes_in_every_term_that_is_published(folder):
    """What is expanded and made compact again is what it was: no term was dropped or misread."""
    site, slug, ids = folder
    own = site / "articles" / slug
    reviews = json.loads((own / "claimreview.jsonld").read_bytes())
    page = document_fromstring((own / "claims" / ids[0] / "index.html").read_text())
    (in_page,) = page.xpath("//script[@type='application/ld+json']/text()")
    annotations = json.loads((own / "annotations.jsonld").read_bytes())

    feed = json.loads((site / "claimreviews.jsonld").read_bytes())
    for document in (*reviews, json.loads(in_page), annotations, feed):
        assert round_trip(document) == document
    (expanded,) = jsonld.expand(reviews[0], {"documentLoader": loader})
    assert expanded["@type"] == ["http://schema.org/ClaimReview"]
    (item,) = expanded["http://schema.org/itemReviewed"]
    assert item["@type"] == ["http://schema.org/Claim"]
    (expanded,) = jsonld.expand(annotations, {"documentLoader": loader})
    (listed,) = expanded["http://www.w3.org/ns/activitystreams#first"]
    (items,) = listed["http://www.w3.org/ns/activitystreams#items"]
    motivations = [one["http://www.w3.org/ns/oa#motivatedBy"] for one in items["@list"]]
    assert motivations == [[{"@id": "http://www.w3.org/ns/oa#assessing"}]] * 3

    unknown = reviews[0] | {"verdict": "False"}
    assert round_trip(unknown) == reviews[0], "a term that the vocabulary lacks is seen"


def round_trip(document: dict) -> dict:
    """Return a JSON-LD document after a processor took it in and wrote it in its own context."""
    options = {"documentLoader": loader}
    expanded = jsonld.expand(document, options)
    return jsonld.compact(expanded, document["@context"], options)


def check_atom(feed) -> None:
    """Hold a feed against RFC 4287, 4.1.1 and 4.1.2."""
    for element in (feed, *feed.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1, name
        links = [one.attrib for one in element.findall(f"{ATOM}link")]
        assert len([one for one in links if one.get("rel") == "alternate"]) == 1
    assert feed.find(f"{ATOM}author/{ATOM}name").text, "so that no entry needs one of its own"
    assert feed.find(f"{ATOM}link[@rel='self']").get("href") == f"{BASE}/feed.atom"
    entries = feed.findall(f"{ATOM}entry")
    assert [one.find(f"{ATOM}title").text for one in entries] == ["The ferry & <b>us</b>"]
    assert "First & last." in entries[0].find(f"{ATOM}summary").text
    ids = [one.text for one in feed.iter(f"{ATOM}id")]
    assert len(set(ids)) == len(ids)
    assert FormatChecker().conforms(feed.find(f"{ATOM}updated").text, "date-time")


def check_sitemaps(site, slug, ids) -> None:
    index = etree.fromstring((site / "sitemap.xml").read_bytes())
    (first,) = index.findall(f"{SITEMAP}sitemap/{SITEMAP}loc")
    assert first.text == f"{BASE}/sitemaps/1.xml"
    urls = etree.fromstring((site / "sitemaps" / "1.xml").read_bytes())
    pages = [one.text for one in urls.findall(f"{SITEMAP}url/{SITEMAP}loc")]
    first = f"{BASE}{home(slug)}"
    assert pages == [first, *(f"{first}claims/{one}/" for one in ids)]


def home(slug: str) -> str:
    return f"/articles/{slug}/"


def check_robots(text: str) -> None:
    lines = [line for line in text.splitlines() if line]
    assert lines[0] == "User-agent: *"
    assert lines[-1] == f"Sitemap: {BASE}/sitemap.xml"
    assert all(line.startswith("Disallow: /") for line in lines[1:-1])
    assert not any(f"{BASE}/articles/x/".startswith(f"{BASE}{line[10:]}") for line in lines[1:-1])


@pytest.mark.one_database
def test_every_page_says_its_own_address_and_how_it_looks_where_it_is_shared(folder):
    site, slug, ids = folder
    own = home(slug)
    for path in (own, f"{own}claims/{ids[0]}/", f"{own}claims/{ids[1]}/card/"):
        head = Head((site / path[1:] / "index.html").read_text())
        page = path.removesuffix("card/")
        assert head.links["canonical"] == [BASE + page] == [head.meta["og:url"]]
        picture, _, digest = head.meta["og:image"].partition("?v=")
        assert picture == f"{BASE}{page}share.png"
        assert len(digest) == 16
        assert (head.meta["og:image:width"], head.meta["og:image:height"]) == ("1200", "630")
        data = (site / page[1:] / "share.png").read_bytes()
        assert data[16:24] == (1200).to_bytes(4, "big") + (630).to_bytes(4, "big")
        assert head.meta["twitter:card"] == "summary_large_image"
        assert {"og:title", "og:type", "og:description", "og:site_name"} <= set(head.meta)
    assert (
        "“The ferry carried 412,000 passengers in 2024” True."
        in Head((site / f"{own[1:]}claims/{ids[0]}/index.html").read_text()).meta["og:image:alt"]
    )
    for path in ("", "method/", "funding/", "corrections/", "page/1/"):
        head = Head((site / path / "index.html").read_text())
        assert head.links["canonical"] == [f"{BASE}/{path}"]
        reviews = ["/claimreviews.jsonld"] if path in {"", "page/1/"} else []
        assert head.links["alternate"] == ["/feed.atom", "/feed.json", *reviews]
