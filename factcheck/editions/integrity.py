"""Whether what the database has of editions and of the log is what was signed.

A row that was changed by hand no longer fits its digest, its neighbours in the tree, or the
checkpoint that readers hold.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from factcheck.editions import log, queries
from factcheck.editions.canonical import salted_digest, sha256
from factcheck.editions.models import Edition, LogLeaf, LogNode

AT_ONCE = 100  # editions
LEAVES_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Tampered:
    """A row that is not as it was when it was signed, in words."""

    sentence: str
    values: Mapping[str, str | int] = field(default_factory=dict)


def changed_rows(session: Session, site: Path) -> Iterator[Tampered]:
    """Yield the editions and entries of the log that were changed; every one is read.

    Somebody may publish meanwhile: the log only grows, so its checkpoint is read before it.
    """
    file = site / "log" / "checkpoint"
    signed = file.read_text() if file.is_file() else None
    leaves = yield from _leaves(session)
    if signed is not None:
        yield from _checkpoint(leaves, signed, file)
    last = 0
    while editions := _editions_after(session, last):
        last = editions[-1].id
        for edition in editions:
            yield from _edition(session, edition)
        session.expunge_all()


def _leaves(session: Session) -> Generator[Tampered, None, list[bytes]]:
    """Check the log's entries against the digests that are kept of them, and return those."""
    digests: list[bytes] = []
    for first in range(0, queries.log_size(session), LEAVES_AT_ONCE):
        rows = session.execute(
            sa.select(LogLeaf.position, LogLeaf.entry, LogNode.digest)
            .outerjoin(LogNode, sa.and_(LogNode.level == 0, LogNode.position == LogLeaf.position))
            .where(LogLeaf.position >= first, LogLeaf.position < first + LEAVES_AT_ONCE)
            .order_by(LogLeaf.position)
        )
        for position, entry, digest in rows:
            digests.append(log.leaf_digest(entry.encode()))
            if digests[-1].hex() != digest or position != len(digests) - 1:
                yield Tampered(
                    "Entry %(position)s of the log was changed in the database.",
                    {"position": position},
                )
    return digests


def _checkpoint(leaves: list[bytes], signed: str, file: Path) -> Iterator[Tampered]:
    """Check that the log goes on from the checkpoint that lies on the site."""
    try:
        _origin, size, root = log.parsed_checkpoint(signed.partition("\n\n")[0] + "\n")
    except log.BadProof:
        yield Tampered("%(file)s is no checkpoint.", {"file": str(file)})
        return
    if size > len(leaves) or log.root_of(leaves[:size]) != root:
        yield Tampered(
            "The log in the database is not the one whose checkpoint is in %(file)s.",
            {"file": str(file)},
        )


def _editions_after(session: Session, key: int) -> list[Edition]:
    query = sa.select(Edition).where(Edition.id > key).order_by(Edition.id).limit(AT_ONCE)
    return list(session.scalars(query.options(joinedload(Edition.article))))


def _edition(session: Session, edition: Edition) -> Iterator[Tampered]:
    named: dict[str, str | int] = {"slug": edition.article.slug, "number": edition.number}
    if sha256(edition.record) != edition.sha256 or not _is_logged(session, edition):
        yield Tampered("Edition %(number)s of %(slug)s was changed in the database.", named)
        return
    for digest, kept in queries.kept_contents(edition).items():
        if "text" in kept and salted_digest(kept["salt"], kept["text"]) != digest:
            yield Tampered(
                "Words of edition %(number)s of %(slug)s were changed in the database.", named
            )
            return


def _is_logged(session: Session, edition: Edition) -> bool:
    leaf = session.get(LogLeaf, edition.log_position)
    entry = json.loads(leaf.entry) if leaf else {}
    return (entry.get("sha256"), entry.get("number")) == (edition.sha256, edition.number)
