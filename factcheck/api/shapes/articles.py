"""Articles as they are sent and answered."""

from __future__ import annotations

import hashlib
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from factcheck.api.cursors import PageQuery
from factcheck.api.shapes.fields import (
    Anchor,
    ArticleState,
    Day,
    Display,
    Ground,
    Line,
    Offset,
    Published,
    Url,
    Version,
)
from factcheck.api.shapes.moments import moment
from factcheck.articles.models import Article, ArticleLink, Revision
from factcheck.articles.rules import Intake, plain_day
from factcheck.claims.rules import preselected

Authors = Annotated[list[Line], msgspec.Meta(max_length=50)]


class NewText(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A text in exactly one of four ways: as it is, as HTML or Markdown, or by its address."""

    text: str | UnsetType = UNSET
    html: str | UnsetType = UNSET
    markdown: str | UnsetType = UNSET
    url: Url | UnsetType = UNSET


class NewArticle(NewText, forbid_unknown_fields=True, kw_only=True):
    """An article to be checked: its text, and what is known about it."""

    title: Line | UnsetType = UNSET
    source_url: Url | UnsetType = UNSET
    authors: Authors | UnsetType = UNSET
    published: Published | UnsetType = UNSET
    published_about: bool | UnsetType = UNSET
    place: Line | UnsetType = UNSET
    language: Line | UnsetType = UNSET
    scale: Line | UnsetType = UNSET
    policy: Line | UnsetType = UNSET
    display: Display | UnsetType = UNSET
    ground: Ground | UnsetType = UNSET
    deadline: Day | UnsetType | None = UNSET


class TextToSplit(NewText, forbid_unknown_fields=True, kw_only=True):
    """A text to be looked at; its day makes “yesterday” a date."""

    published: Published | UnsetType = UNSET


class ArticleEdit(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What is to be different about an article; what is left out stays."""

    version: Version | UnsetType = UNSET
    title: Line | UnsetType = UNSET
    authors: Authors | UnsetType = UNSET
    published: Published | UnsetType | None = UNSET
    published_about: bool | UnsetType = UNSET
    place: Line | UnsetType | None = UNSET
    language: Line | UnsetType = UNSET
    policy: Line | UnsetType = UNSET
    display: Display | UnsetType = UNSET
    ground: Ground | UnsetType = UNSET
    deadline: Day | UnsetType | None = UNSET


class Counts(msgspec.Struct, forbid_unknown_fields=True):
    """How many claims of an article are in each state."""

    proposed: int
    accepted: int
    decided: int
    ready: int
    disputed: int
    dismissed: int


class ArticleShown(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """An article, without its text."""

    id: str
    slug: str
    title: str
    source_url: str | None
    site: str | None
    authors: list[str]
    published: str | None
    published_about: bool
    place: str | None
    language: str
    scale: str
    policy: str
    display: Display
    ground: Ground
    state: ArticleState
    deadline: str | None
    revision: int
    counts: Counts
    created: str
    version: int


class PostedBefore(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """An earlier article with nearly the same text; `share` of the new one stood in it, up to 1."""

    article: str
    slug: str
    share: float


class ArticleCreated(ArticleShown, forbid_unknown_fields=True, kw_only=True):
    """An article as it was imported, and where the same was posted before: a hint, no merging."""

    posted_before: list[PostedBefore]


class ArticlePage(msgspec.Struct, forbid_unknown_fields=True):
    """A page of articles, the newest first."""

    items: list[ArticleShown]
    next: str | None


class UnitShown(msgspec.Struct, forbid_unknown_fields=True):
    """A part of the text: a heading, a sentence, a caption and so on."""

    start: Offset
    end: Offset
    kind: str
    text: str
    score: float | None


class ProposalShown(msgspec.Struct, forbid_unknown_fields=True):
    """A claim that would be proposed; `preselected` says whether triage would tick it."""

    start: Offset
    end: Offset
    text: str
    restated: str
    score: float
    reasons: list[str]
    claimant: str | None
    preselected: bool


class SplitShown(msgspec.Struct, forbid_unknown_fields=True):
    """What a text is cut into, as `factcheck split --json` says it; offsets are of `text`."""

    sha256: str
    length: int
    language: str
    text: str
    units: list[UnitShown]
    claims: list[ProposalShown]


class LinkShown(msgspec.Struct, forbid_unknown_fields=True):
    """A link of the article's own: the words that carry it, and where it leads."""

    start: Offset
    end: Offset
    href: str


class TextShown(msgspec.Struct, forbid_unknown_fields=True):
    """The current revision's text, its parts, and the links in it."""

    revision: int
    text: str
    sha256: str
    units: list[UnitShown]
    links: list[LinkShown]


class CarriedClaim(msgspec.Struct, forbid_unknown_fields=True):
    """Where a claim stands in a new revision; `start` and `end` are null when it is gone."""

    id: str
    status: Anchor
    start: Offset | None
    end: Offset | None


class RevisionShown(msgspec.Struct, forbid_unknown_fields=True):
    """A new revision, and what became of each claim."""

    revision: int
    claims: list[CarriedClaim]


class ArticlesQuery(PageQuery, forbid_unknown_fields=True, kw_only=True):
    """Which articles."""

    state: ArticleState | Literal[""] = ""
    q: Annotated[str, msgspec.Meta(max_length=200, description="words of the title")] = ""


def split_shown(intake: Intake) -> SplitShown:
    """Return a text that was read, and of which nothing is stored, as it is answered."""
    text = intake.text
    return SplitShown(
        hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(), len(text),
        intake.language, text,
        [
            UnitShown(unit.start, unit.end, unit.kind, text[unit.start : unit.end],
                      score.value if score else None)
            for unit, score in zip(intake.units, intake.scores, strict=True)
        ],
        [
            ProposalShown(one.start, one.end, one.text, one.restated, one.score,
                          list(one.reasons), one.claimant, preselected(one.score))
            for one in intake.proposals
        ],
    )  # fmt: skip


def article_shown(article: Article, counts: dict[str, int]) -> ArticleShown:
    """Return an article as it is answered."""
    return ArticleShown(
        id=article.public_id,
        slug=article.slug,
        title=article.title,
        source_url=article.source_url,
        site=article.site,
        authors=list(article.authors),
        published=article.published,
        published_about=article.published_about,
        place=article.place,
        language=article.language,
        scale=article.scale_key,
        policy=article.policy_key,
        display=article.display,  # type: ignore[arg-type]  # the table allows these alone
        ground=article.ground,  # type: ignore[arg-type]
        state=article.state,  # type: ignore[arg-type]
        deadline=plain_day(article.deadline),
        revision=article.current_revision,
        counts=Counts(**counts),
        created=moment(article.created_at),
        version=article.version,
    )


def text_shown(revision: Revision, links: list[ArticleLink]) -> TextShown:
    """Return a revision's text as it is answered."""
    return TextShown(
        revision=revision.number,
        text=revision.text,
        sha256=revision.text_sha256,
        units=[
            UnitShown(start, end, kind, revision.text[start:end], score)
            for start, end, kind, score, _reasons in revision.units
        ],
        links=[LinkShown(link.start, link.end, link.href) for link in links],
    )
