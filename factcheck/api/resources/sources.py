"""Sources: what is known of a document under an address."""

from __future__ import annotations

from sqlalchemy.orm import Session

from factcheck.api.calls import READS, Asked, call
from factcheck.api.shapes.reviews import SourceQuery, SourceShown, source_shown
from factcheck.reviews.queries import source_by_url
from factcheck.reviews.snapshots import copy_of_source


@call("GET", "/sources", READS, query=SourceQuery, answer=SourceShown)
def read_source(session: Session, asked: Asked[SourceQuery]) -> SourceShown:
    """Read a source by its address; as if unknown while every round that cites it is open."""
    source = source_by_url(session, asked.given.url)
    return source_shown(source, copy_of_source(source, {asked.person.id}))
