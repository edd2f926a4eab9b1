"""The desk as it is answered."""

from __future__ import annotations

import msgspec

from factcheck.api.shapes.articles import Counts


class OpenArticle(msgspec.Struct, forbid_unknown_fields=True):
    """How many claims of an article wait for reviews, and how many are in each state."""

    article: str
    slug: str
    title: str
    claims: int
    counts: Counts


class OpenDay(msgspec.Struct, forbid_unknown_fields=True):
    """How many claims wait for reviews since a day (UTC), and how many days that is."""

    since: str
    days: int
    claims: int


class OpenPriority(msgspec.Struct, forbid_unknown_fields=True):
    """How many claims of a priority wait for reviews."""

    priority: int
    claims: int


class Unreviewed(msgspec.Struct, forbid_unknown_fields=True):
    """The claims that wait for reviews, counted in three ways; articles: the 200 with most."""

    by_article: list[OpenArticle]
    by_age: list[OpenDay]
    by_priority: list[OpenPriority]


class ReviewerShown(msgspec.Struct, forbid_unknown_fields=True):
    """How many reviews somebody gave in rounds that are closed."""

    id: str
    name: str
    reviews: int


class Agreement(msgspec.Struct, forbid_unknown_fields=True):
    """How far reviewers agree on the group of the rating: Krippendorff's alpha over `n` rounds.

    Null where it is not defined, as before two people have reviewed the same claim.
    """

    alpha: float | None
    n: int


class DeskShown(msgspec.Struct, forbid_unknown_fields=True):
    """What is to be done, and by whom it is being done."""

    totals: Counts
    unreviewed: Unreviewed
    reviewers: list[ReviewerShown]
    agreement: Agreement
