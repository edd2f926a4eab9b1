"""Finding the claims of a list: in the order of an index, and never more than a fixed number read.

One condition leads: it has an index in each order. The others are looked at on the rows that come
in that order, `LOOKED_AT` of them at most for a page. Where these do not fill it, the list says
so and goes on from there, so that no combination of filters ever reads a whole table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload

from factcheck.articles.queries import article as article_of
from factcheck.claims.facets import ClaimFacet, Facet
from factcheck.claims.models import Claim
from factcheck.desk import lists
from factcheck.desk.lists import ClaimsWanted, Place, Sort
from factcheck.site_days import day_of, start_of

MOST_COUNTED = 1_000  # beyond it, a list says that there are more
WINDOWS = 25  # of that many rows each are looked at where all of a list is asked for
LOOKED_AT = 2_000  # rows for one page, where conditions remain that no index holds


@dataclass(frozen=True, slots=True)
class Counted:
    """How many there are: `number`, or more than that."""

    number: int
    or_more: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A page of a list. `counted` is told on the first page alone.

    `looked_at`: after how many rows the search paused, where they did not fill the page.
    """

    claims: list[Claim]
    following: Place | None
    counted: Counted | None
    looked_at: int | None


@dataclass(frozen=True, slots=True)
class _Led:
    """What leads: its table, the conditions that its index holds, and those that remain."""

    table: Any
    id: Any
    held: list[sa.ColumnElement[bool]]
    remaining: list[sa.ColumnElement[bool]]

    @property
    def columns(self) -> dict[Sort, Any]:
        """Return the column that each order is by."""
        table = self.table
        return {Sort.PRIORITY: table.priority, Sort.AGE: table.state_since_at,
                Sort.SCORE: table.score}  # fmt: skip


def asked_for(session: Session, asked: Mapping[str, str], *, now: datetime) -> ClaimsWanted:
    """Return what the filters of an address ask for now.

    Raises Invalid, and ArticleMissing for an article that there is not.
    """
    name = asked.get("article", "").strip()
    article = article_of(session, name) if name else None
    return lists.wanted_by(asked, today=day_of(session, now), article=article)


def find(
    session: Session, wanted: ClaimsWanted, *, after: Place | None = None, limit: int
) -> Found:
    """Return up to `limit` claims of a list, those behind `after` where that is given."""
    led = _led(wanted)
    _narrow(session, led, wanted)
    checks = bool(led.remaining or wanted.words)
    most = LOOKED_AT if checks else limit + 1 if after is not None else MOST_COUNTED + 1
    rows = session.execute(_window(led, wanted, after).limit(most)).all()
    passing = [row for row in rows if _passes(row, wanted)]
    shown, pauses = passing[:limit], checks and len(rows) == most
    following, looked_at = None, None
    if len(passing) > limit:
        following = _place(shown[-1])
    elif pauses:
        following, looked_at = _place(rows[-1]), most
    return Found(
        _claims(session, [row.id for row in shown]), following,
        _counted(len(passing), pauses=pauses) if after is None else None, looked_at,
    )  # fmt: skip


def keys_of(session: Session, wanted: ClaimsWanted, *, most: int) -> list[int]:
    """Return the keys of a list's claims in its order, `most` of them or some more at the end.

    It looks at a bounded number of rows too, so that of a very scattered list it may not find all.
    """
    led = _led(wanted)
    _narrow(session, led, wanted)
    keys: list[int] = []
    after: Place | None = None
    for _ in range(WINDOWS):
        rows = session.execute(_window(led, wanted, after).limit(LOOKED_AT)).all()
        keys += [row.id for row in rows if _passes(row, wanted)]
        if len(rows) < LOOKED_AT or len(keys) > most:
            break
        after = _place(rows[-1])
    return keys


def _counted(passing: int, *, pauses: bool) -> Counted:
    if passing > MOST_COUNTED:
        return Counted(MOST_COUNTED, or_more=True)
    return Counted(passing, or_more=pauses)


def _led(wanted: ClaimsWanted) -> _Led:
    """Return what leads a list: whose it is, its tag, its article, its language, or its state."""
    if wanted.is_published:
        return _led_by_told(wanted)
    values = {Facet.PERSON: wanted.person, Facet.TAG: wanted.tag, Facet.LANGUAGE: wanted.language}
    asked = [kind for kind, value in values.items() if value]
    if asked and not (asked == [Facet.LANGUAGE] and wanted.article is not None):
        kind, *others = asked
        led = _Led(ClaimFacet, ClaimFacet.claim_id, [
            ClaimFacet.kind == kind, ClaimFacet.state == wanted.state.value,
            ClaimFacet.value == values[kind],
        ], [])  # fmt: skip
        if wanted.article is not None:
            own = sa.select(Claim.id).where(
                Claim.id == led.id, Claim.article_id == wanted.article.id
            )
            led.remaining.append(own.exists())
    else:
        others = asked
        led = _Led(Claim, Claim.id, [Claim.state == wanted.state.value], [])
        if wanted.article is not None:
            led.held.append(Claim.article_id == wanted.article.id)
        else:
            led.held.append(sa.not_(Claim.article_withdrawn))
    led.remaining.extend(_has(led, kind, values[kind]) for kind in others)
    return led


def _led_by_told(wanted: ClaimsWanted) -> _Led:
    led = _Led(Claim, Claim.id, [Claim.told.is_not(None)], [])
    if wanted.article is not None:
        led.remaining.append(Claim.article_id == wanted.article.id)
    values = {Facet.PERSON: wanted.person, Facet.TAG: wanted.tag, Facet.LANGUAGE: wanted.language}
    led.remaining.extend(_has(led, kind, value) for kind, value in values.items() if value)
    return led


def _has(led: _Led, kind: Facet, value: str) -> sa.ColumnElement[bool]:
    other = aliased(ClaimFacet)
    same = (other.claim_id == led.id, other.kind == kind, other.value == value)
    return sa.select(other.claim_id).where(*same).exists()


def _narrow(session: Session, led: _Led, wanted: ClaimsWanted) -> None:
    """Add priority and days, each where the index of the order holds it, else among the rest."""
    order = wanted.order
    if wanted.priority is not None:
        is_alone = led.table is Claim and wanted.article is None and not wanted.is_published
        holds = order is Sort.PRIORITY or (order is Sort.AGE and is_alone)
        (led.held if holds else led.remaining).append(led.table.priority == wanted.priority)
    (led.held if order is Sort.AGE else led.remaining).extend(
        _in_days(session, led.columns[Sort.AGE], *wanted.days)
    )


def _in_days(
    session: Session, column: Any, first: date | None, last: date | None
) -> list[sa.ColumnElement[bool]]:
    found = []
    if first is not None:
        found.append(column >= start_of(session, first))
    if last is not None:
        found.append(column < start_of(session, last + timedelta(days=1)))
    return found


def _window(led: _Led, wanted: ClaimsWanted, after: Place | None) -> sa.Select[Any]:
    """Return the rows that lead, in the order of their index, with what is checked of each."""
    key = led.columns[wanted.order]
    passes = sa.and_(*led.remaining) if led.remaining else sa.true()
    chosen = sa.select(led.id.label("id"), key.label("key"), passes.label("passes"), *_texts(
        led, wanted
    )).where(*led.held)  # fmt: skip
    if after is not None:
        own, given = sa.tuple_(key, led.id), sa.tuple_(*after)
        chosen = chosen.where(own > given if wanted.order is Sort.AGE else own < given)
    if wanted.order is Sort.AGE:
        return chosen.order_by(key, led.id)
    return chosen.order_by(key.desc(), led.id.desc())


def _texts(led: _Led, wanted: ClaimsWanted) -> list[Any]:
    """Return what words are sought in, read by the claim's key."""
    if not wanted.words:
        return []
    if led.table is Claim:
        return [Claim.restated, Claim.quote]
    same = Claim.id == led.id
    return [
        sa.select(column).where(same).scalar_subquery().label(column.key)
        for column in (Claim.restated, Claim.quote)
    ]


def _passes(row: Any, wanted: ClaimsWanted) -> bool:
    if not row.passes or not wanted.words:
        return bool(row.passes)
    text = f"{row.restated}\n{row.quote}".casefold()
    return all(word in text for word in wanted.sought)


def _place(row: Any) -> Place:
    return row.key, row.id


def _claims(session: Session, ids: Sequence[int]) -> list[Claim]:
    if not ids:
        return []
    found = {
        claim.id: claim
        for claim in session.scalars(
            sa.select(Claim).where(Claim.id.in_(ids)).options(joinedload(Claim.article))
        )
    }
    return [found[key] for key in ids if key in found]
