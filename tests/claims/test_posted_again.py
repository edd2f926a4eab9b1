"""A text that is posted again is recognised: the same one, or most of it."""

from __future__ import annotations

from datetime import UTC, datetime

from factcheck.articles.intake import from_text
from factcheck.claims.actions import import_article
from factcheck.claims.posted_again import posted_before

NOW = datetime(2026, 3, 2, tzinfo=UTC)
TEXT = (
    "The dam at Orrin broke on 3 May 1975. It killed 300 people in two villages.\n\n"
    "The ministry paid 4 million crowns to 200 families. Nobody was charged until 1981.\n\n"
    "A report of 1990 blamed the engineers of the company."
)


def imported(session, text: str):
    return import_article(session, from_text(text, language="en"), actor=None, now=NOW)


def earlier(session, text: str):
    """Return the slug and share of what was posted before a text that is not imported yet."""
    found = posted_before(session, from_text(text, language="en"))
    return found and (found.slug, found.share)


def test_the_same_text_and_nearly_the_same_one_are_recognised(session):
    assert earlier(session, TEXT) is None
    first = imported(session, TEXT)

    assert earlier(session, TEXT) == (first.slug, 1.0)
    nearly = "A reader sent us this in June 2025.\n\n" + TEXT
    assert earlier(session, nearly) == (first.slug, 0.83)


def test_a_text_that_shares_one_sentence_is_another_one(session):
    imported(session, TEXT)
    other = (
        "The dam at Orrin broke on 3 May 1975. Prices rose by 5% in 2009. Rents fell by 9% in "
        "2010.\n\nThe bank closed 40 branches in 2011. Exports doubled between 2012 and 2014."
    )

    assert earlier(session, other) is None


def test_the_same_words_in_another_order_are_other_claims(session):
    first = imported(session, TEXT)
    turned = TEXT.replace("The dam at Orrin broke", "At Orrin the dam broke").replace(
        "It killed 300 people in two villages", "In two villages it killed 300 people"
    )

    assert earlier(session, turned) == (first.slug, 0.6)
    wholly = " ".join(reversed(TEXT.replace(".", "").split())) + "."
    assert earlier(session, wholly) is None
