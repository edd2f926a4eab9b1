"""The desk as it is answered."""

from __future__ import annotations

from typing import Literal

import msgspec

from factcheck.api.shapes.articles import Counts


class OpenArticle(msgspec.Struct, forbid_unknown_fields=True):
    """An article with claims that wait for reviews: how many, since when, and all its counts."""

    article: str
    slug: str
    title: str
    claims: int
    oldest: str | None
    counts: Counts
    editions: int


class OpenAge(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """How many claims have waited since days from `since` to `until`; null where it is open."""

    age: Literal["today", "days", "week", "older"]
    since: str | None
    until: str | None
    claims: int


class OpenPriority(msgspec.Struct, forbid_unknown_fields=True):
    """How many claims of a priority wait for reviews."""

    priority: int
    claims: int


class Unreviewed(msgspec.Struct, forbid_unknown_fields=True):
    """The claims that wait for reviews, counted in three ways; articles: the 100 with most."""

    by_article: list[OpenArticle]
    by_age: list[OpenAge]
    by_priority: list[OpenPriority]


class ReviewerShown(msgspec.Struct, forbid_unknown_fields=True):
    """How many of the newest 5,000 reviews in closed rounds are somebody's."""

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
