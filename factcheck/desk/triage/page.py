"""What the triage page shows, gathered from few queries whatever the size of the article."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from factcheck.accounts.models import Person
from factcheck.articles import queries as articles
from factcheck.articles.models import Article, Revision
from factcheck.claims.facets import ClaimFacet, Facet
from factcheck.claims.models import Claim
from factcheck.claims.passages import Paragraph, moved_edge, paragraphs, words_of
from factcheck.claims.queries import claims_of, policy_of
from factcheck.claims.rules import (
    PRESELECTED_FROM,
    Cost,
    State,
    cost_of,
    likest,
    preselected,
    split_places,
)
from factcheck.decisions.queries import CheckElsewhere, checked_elsewhere
from factcheck.desk.triage.parts import Span, part_at, parts_of
from factcheck.desk.triage.steps import TriageStep, can_be_turned, recent_steps
from factcheck.methods.models import OwnPolicy
from factcheck.text.restate import Change, changes, left_open
from factcheck.text.units import Unit

BARS = 20
_BAR_HEIGHT = 30  # of the tallest, in the picture's own units
_BY_SCORE_ALONE = (State.PROPOSED, State.DISMISSED)  # what the least score hides


@dataclass(frozen=True, slots=True)
class Line:
    """One claim in the list. `hidden`: its score is below the least; `ticked`: to be accepted."""

    claim: Claim
    hidden: bool
    ticked: bool


@dataclass(frozen=True, slots=True)
class InHand:
    """The claim that is open for work, and what can be done with it."""

    claim: Claim
    likest: list[Claim]  # that it may be the same as
    next: Claim | None  # in the text, to be merged with
    places: list[tuple[int, str]]  # after which it can be split: offset, and the words before it
    suggested: int  # the place where a second statement seems to begin, or 0
    edges: dict[str, str]  # for "start-back" and the like, the word that goes in or out
    ends: tuple[str, str]  # its first and its last word
    cost: Cost | None  # of accepting it, where that can be done
    tags: list[str]
    policies: list[tuple[str, str]]  # of this site: key and name
    changes: tuple[Change, ...]  # by which its restated form differs from the words of the text
    left_open: tuple[str, ...]  # words in it that still need the article
    earlier: list[CheckElsewhere]  # checks of others like it, while it may be accepted


@dataclass(frozen=True, slots=True)
class Choice:
    """A sentence from which a claim is being made without a pointer: words, first and last."""

    unit: int
    words: list[tuple[int, int, str]]
    first: int
    last: int

    @property
    def start(self) -> int:
        """Where the chosen words begin in the text."""
        return self.words[self.first][0]

    @property
    def end(self) -> int:
        """Where they end."""
        return self.words[self.last][1]


@dataclass(frozen=True, slots=True)
class Past:
    """A step that the editor took here, its first claim, and whether it can be turned now."""

    step: TriageStep
    claim: Claim | None
    possible: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Everything on the page: of a long text one part, with the claims that begin in it."""

    article: Article
    revision: Revision
    placed: list[Claim]  # in text order; segments name them by their place here
    paragraphs: list[Paragraph]
    lines: list[Line]
    listed: frozenset[str]  # the claims of the lines, by public id
    counts: Counter[str]
    least: float
    bars: list[tuple[int, int]]  # height, and whether it is shown: 1 or 0
    cost: Cost  # of what is ticked
    in_hand: InHand | None
    choice: Choice | None
    choosing: bool
    again: Article | None  # which had this text before, just after the import
    part: int  # counted from 1
    parts: int
    past: list[Past]  # what the editor did here of late, the newest first

    @property
    def undo(self) -> Past | None:
        """The newest step that can be undone."""
        return next((one for one in self.past if one.possible and not one.step.undone_at), None)

    @property
    def redo(self) -> Past | None:
        """The step that was undone last, where it can be done again."""
        return next((one for one in self.past if one.possible and one.step.undone_at), None)

    @property
    def below(self) -> int:
        """How many claims the least score hides."""
        return sum(line.hidden for line in self.lines)

    policy_of = staticmethod(policy_of)


def page_of(
    session: Session, slug: str, asked: MultiDict[str, str], *, editor: Person | None = None
) -> Page:
    """Return the page of an article as `asked` for: claim, part, least, choose, unit, from, to.

    `editor` is who may undo what they did here.
    """
    revision = articles.revision_by_slug(session, slug)
    article = revision.article
    claims = claims_of(session, article)
    units = [Unit(unit[0], unit[1], unit[2]) for unit in revision.units]
    current = next((one for one in claims if one.public_id == asked.get("claim")), None)
    choice = _choice(revision.text, units, asked)
    parts = parts_of(revision.text, units)
    part = _part(parts, asked, choice, current)
    placed = [claim for claim in claims if claim.start is not None and not claim.merged_into_id]
    here = claims_in(claims, parts[part])
    least = _least(asked)
    lines = [_line(claim, least, current) for claim in by_score(here)]
    return Page(
        article=article,
        revision=revision,
        placed=placed,
        paragraphs=_paragraphs(revision.text, units, parts[part], placed),
        lines=lines,
        listed=frozenset(line.claim.public_id for line in lines),
        counts=Counter(claim.state for claim in claims),
        least=least,
        bars=_bars([claim.score for claim in here], least),
        cost=cost_of(policy_of(line.claim) for line in lines if line.ticked),
        in_hand=_in_hand(session, revision.text, current, placed) if current else None,
        choice=choice,
        choosing=choice is None and "choose" in asked,
        again=_again(session, asked),
        part=part + 1,
        parts=len(parts),
        past=_past(session, article, claims, editor) if editor else [],
    )


def _past(
    session: Session, article: Article, claims: Sequence[Claim], editor: Person
) -> list[Past]:
    by_id = {claim.public_id: claim for claim in claims}
    return [
        Past(step, by_id.get(step.claims[0]["claim"]), can_be_turned(step, by_id))
        for step in recent_steps(session, article, editor)
    ]


def claims_in(claims: Sequence[Claim], part: Span) -> list[Claim]:
    """Return the claims that begin in a part; those that are gone from the text in the first."""
    return [claim for claim in claims if part[0] <= (claim.start or 0) < part[1]]


def by_score(claims: Sequence[Claim]) -> list[Claim]:
    """Return claims with the best score first, those of the same score in text order."""
    return sorted(claims, key=lambda claim: claim.score, reverse=True)


def following(claims: Sequence[Claim], claim: Claim) -> Claim:
    """Return the proposed claim after `claim` in the list, else the first of all, else itself."""
    ordered = by_score(claims)
    place = next((i for i, one in enumerate(ordered) if one.id == claim.id), 0)
    for other in (*ordered[place + 1 :], *ordered[:place]):
        if other.state == State.PROPOSED:
            return other
    return claim


def _part(
    parts: Sequence[Span], asked: MultiDict[str, str], choice: Choice | None, current: Claim | None
) -> int:
    """Return the part that is asked for, else that of what is in hand, else the first."""
    number = asked.get("part", type=int)
    if number is not None and 1 <= number <= len(parts):
        return number - 1
    if choice is not None:
        return part_at(parts, choice.words[0][0])
    return part_at(parts, current.start or 0) if current is not None else 0


def _paragraphs(
    text: str, units: Sequence[Unit], part: Span, placed: Sequence[Claim]
) -> list[Paragraph]:
    first = bisect_left(units, part[0], key=lambda unit: unit.start)
    last = bisect_left(units, part[1], key=lambda unit: unit.start)
    spans = [(claim.start or 0, claim.end or 0) for claim in placed]
    return paragraphs(text, units[first:last], spans, first=first)


def _least(asked: MultiDict[str, str]) -> float:
    try:
        least = float(asked.get("least", ""))
    except ValueError:
        return PRESELECTED_FROM
    return min(1.0, max(0.0, least)) if least == least else PRESELECTED_FROM  # noqa: PLR0124 - NaN


def _line(claim: Claim, least: float, current: Claim | None) -> Line:
    made_by_engine = claim.proposed_by_id is None
    hidden = (
        claim is not current
        and made_by_engine
        and claim.state in _BY_SCORE_ALONE
        and claim.score < least
    )
    ticked = claim.state == State.PROPOSED and not hidden and preselected(claim.score)
    return Line(claim, hidden, ticked)


def _bars(scores: Sequence[float], least: float) -> list[tuple[int, int]]:
    heights = Counter(min(BARS - 1, int(score * BARS)) for score in scores)
    tallest = max(heights.values(), default=1)
    return [
        (round(_BAR_HEIGHT * heights[bar] / tallest), int((bar + 1) / BARS > least))
        for bar in range(BARS)
    ]


def _in_hand(session: Session, text: str, claim: Claim, placed: Sequence[Claim]) -> InHand:
    others = [one for one in placed if one.id != claim.id and one.state != State.DISMISSED]
    close = likest(claim.quote, [one.quote for one in others])
    mergeable = [one for one in others if (one.state, claim.state) != (State.READY, State.READY)]
    start, end = claim.start or 0, claim.end or 0
    words = words_of(text, start, end)
    places = words[:-1]
    tags, own = _tags_and_own_policies(session, claim)
    return InHand(
        claim=claim,
        likest=[others[place] for place in close],
        next=next((one for one in mergeable if (one.start or 0, one.id) > (start, claim.id)), None),
        places=[(last, text[max(start, last - 24) : last]) for _, last in places],
        suggested=next(iter(split_places(text, start, end)), 0),
        edges=_edges(text, (start, end)) if end else {},
        ends=(text[slice(*words[0])], text[slice(*words[-1])]) if words else ("", ""),
        cost=cost_of([policy_of(claim)]) if claim.state in _BY_SCORE_ALONE else None,
        tags=tags,
        policies=own,
        changes=changes(claim.quote, claim.restated),
        left_open=left_open(claim.restated),
        earlier=checked_elsewhere(session, claim) if claim.state in _BY_SCORE_ALONE else [],
    )


def _tags_and_own_policies(
    session: Session, claim: Claim
) -> tuple[list[str], list[tuple[str, str]]]:
    """Return a claim's tags, and the key and name of each policy of this site that it can have.

    That is a retired one too where it has it. In one query, since a page takes six at most.
    """
    tags = sa.select(ClaimFacet.kind, ClaimFacet.value, ClaimFacet.value).where(
        ClaimFacet.claim_id == claim.id, ClaimFacet.kind == Facet.TAG
    )
    own = sa.select(sa.literal("policy"), OwnPolicy.key, OwnPolicy.name).where(
        sa.or_(OwnPolicy.retired_at.is_(None), OwnPolicy.key == claim.policy_key)
    )
    rows = session.execute(tags.union_all(own)).all()
    return (
        sorted(value for kind, value, _ in rows if kind == Facet.TAG),
        [(key, name) for kind, key, name in rows if kind == "policy"],
    )


def _edges(text: str, span: tuple[int, int]) -> dict[str, str]:
    """Return for each step of an edge the words that it takes in or lets out; none that stays."""
    found = {}
    for edge, name, by in (
        ("start", "start-back", -1), ("start", "start-on", 1),
        ("end", "end-back", -1), ("end", "end-on", 1),
    ):  # fmt: skip
        start, end = moved_edge(text, span, edge, by)
        if (start, end) != span:
            between = (start, span[0]) if edge == "start" else (end, span[1])
            found[name] = " ".join(text[min(between) : max(between)].split())
    return found


def _again(session: Session, asked: MultiDict[str, str]) -> Article | None:
    """Return the article that the import found to have this text, where it names one."""
    try:
        return articles.article_by_slug(session, asked["again"]) if asked.get("again") else None
    except articles.ArticleMissing:
        return None


def _choice(text: str, units: Sequence[Unit], asked: MultiDict[str, str]) -> Choice | None:
    place = asked.get("unit", type=int)
    if place is None or not 0 <= place < len(units):
        return None
    words = [(a, b, text[a:b]) for a, b in words_of(text, units[place].start, units[place].end)]
    most = len(words) - 1
    first = min(most, max(0, asked.get("from", 0, type=int)))
    last = min(most, max(first, asked.get("to", most, type=int)))
    return Choice(place, words, first, last)
