"""Sources as they become known: a row for each address, whoever cites it first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from factcheck.db import table_of
from factcheck.fetch.urls import parse_url
from factcheck.reviews.models import Source
from factcheck.reviews.rules import canonical_url

_SOURCES = table_of(Source)
_COLUMNS = (_SOURCES.c.id, _SOURCES.c.public_id, _SOURCES.c.url)
_BY_URL = sa.select(*_COLUMNS).where(_SOURCES.c.url.in_(sa.bindparam("urls", expanding=True)))


class Known(NamedTuple):
    """A source without what is noted of it; `is_new`: nobody can have asked for a copy yet."""

    id: int
    public_id: str
    url: str
    is_new: bool = False

    @classmethod
    def of(cls, source: Source) -> Known:
        """Return a source that was read as one that is known."""
        return cls(source.id, source.public_id, source.url)


def keep_sources(session: Session, urls: Sequence[str], *, now: datetime) -> dict[str, Known]:
    """Return the source of each address by its canonical form, adding those not known yet.

    A new source has no title: that comes from who cites it, once their round is closed. Raises
    Invalid as `canonical_url` does.
    """
    wanted = sorted({canonical_url(url) for url in urls})  # in one order, so that nobody deadlocks
    if not wanted:
        return {}
    connection = session.connection()
    rows = [{"url": url, "site": parse_url(url).host[:200], "created_at": now} for url in wanted]
    added = connection.execute(_added(connection.dialect.name), rows)
    found = {row.url: Known(row.id, row.public_id, row.url, is_new=True) for row in added}
    if missing := [url for url in wanted if url not in found]:
        found |= {row.url: Known(*row) for row in connection.execute(_BY_URL, {"urls": missing})}
    return found


def keep_source(session: Session, url: str, *, now: datetime) -> Source:
    """Return the source at an address, adding it as `keep_sources` does."""
    (known,) = keep_sources(session, [url], now=now).values()
    return session.get_one(Source, known.id)


@cache
def _added(dialect: str) -> Any:
    """Return what adds those sources that are not there, and returns these alone."""
    insert = {"postgresql": postgresql, "sqlite": sqlite}[dialect].insert(_SOURCES)
    return insert.on_conflict_do_nothing().returning(*_COLUMNS)
