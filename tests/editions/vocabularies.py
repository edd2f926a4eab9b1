"""Contexts for a JSON-LD processor: what the vocabularies say of the terms that we publish.

Written from schema.org and from the Web Annotation Vocabulary. Unlike schema.org's own context
these name each term, so that one that neither vocabulary has is dropped, and a test can see it.
"""

from __future__ import annotations

from typing import Any

_SCHEMA_TYPES = (
    "Claim", "ClaimReview", "CreativeWork", "DataFeed", "DataFeedItem", "Organization", "Person",
    "Rating",
)  # fmt: skip
_SCHEMA_TERMS = (
    "alternateName", "appearance", "author", "bestRating", "claimReviewed", "hasPart", "headline",
    "inLanguage", "itemReviewed", "name", "ratingExplanation", "ratingValue", "reviewRating",
    "text", "worstRating",
)  # fmt: skip
SCHEMA_ORG: dict[str, Any] = {
    "schema": "http://schema.org/",
    "url": {"@id": "schema:url", "@type": "@id"},
    "datePublished": {"@id": "schema:datePublished", "@type": "schema:Date"},
    **{
        name: {"@id": f"schema:{name}", "@type": "schema:DateTime"}
        for name in ("dateCreated", "dateModified", "dateDeleted")
    },
    # In no order, and lists also where they hold one thing or nothing.
    **{
        name: {"@id": f"schema:{name}", "@container": "@set"}
        for name in ("dataFeedElement", "item")
    },
    **{name: f"schema:{name}" for name in (*_SCHEMA_TYPES, *_SCHEMA_TERMS)},
}

_OFFSET = "xsd:nonNegativeInteger"
# As libraries ship it: without the motivation that came to the vocabulary last.
ANNOTATION: dict[str, Any] = {
    "oa": "http://www.w3.org/ns/oa#", "as": "http://www.w3.org/ns/activitystreams#",
    "dc": "http://purl.org/dc/elements/1.1/", "dcterms": "http://purl.org/dc/terms/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#", "xsd": "http://www.w3.org/2001/XMLSchema#",
    "id": "@id", "type": "@type",
    "Annotation": "oa:Annotation", "TextualBody": "oa:TextualBody",
    "TextPositionSelector": "oa:TextPositionSelector",
    "TextQuoteSelector": "oa:TextQuoteSelector",
    "AnnotationCollection": "as:OrderedCollection", "AnnotationPage": "as:OrderedCollectionPage",
    "body": {"@id": "oa:hasBody", "@type": "@id"},
    "target": {"@id": "oa:hasTarget", "@type": "@id"},
    "source": {"@id": "oa:hasSource", "@type": "@id"},
    "selector": {"@id": "oa:hasSelector", "@type": "@id"},
    "motivation": {"@id": "oa:motivatedBy", "@type": "@vocab"},
    "purpose": {"@id": "oa:hasPurpose", "@type": "@vocab"},
    "created": {"@id": "dcterms:created", "@type": "xsd:dateTime"},
    "format": "dc:format", "language": "dc:language", "value": "rdf:value", "label": "rdfs:label",
    "exact": "oa:exact", "prefix": "oa:prefix", "suffix": "oa:suffix",
    "start": {"@id": "oa:start", "@type": _OFFSET}, "end": {"@id": "oa:end", "@type": _OFFSET},
    "total": {"@id": "as:totalItems", "@type": _OFFSET},
    "startIndex": {"@id": "as:startIndex", "@type": _OFFSET},
    "first": {"@id": "as:first", "@type": "@id"},
    "items": {"@id": "as:items", "@type": "@id", "@container": "@list"},
}  # fmt: skip

CONTEXTS = {
    "https://schema.org": SCHEMA_ORG,
    "http://www.w3.org/ns/anno.jsonld": ANNOTATION,
}


def loader(url: str, _options: dict[str, Any]) -> dict[str, Any]:
    """Load a context of these, and nothing over the network."""
    return {
        "contextUrl": None, "documentUrl": url, "contentType": "application/ld+json",
        "document": {"@context": CONTEXTS[url]},
    }  # fmt: skip
