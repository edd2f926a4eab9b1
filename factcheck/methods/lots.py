"""Drawing a panel by lot so that anybody can draw it again. Pure.

Who can be drawn stands under a pseudonym of this one draw. The list is hashed before the seed is
fixed; list and seed together give the one order in which people are called.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

JOB = "panels"  # in the outbox: the panel of a claim wants looking after
SEED_BYTES = 32  # as wide as SHA-256: nobody guesses it, and no two are alike
_WIDTH = 32  # hex digits of a pseudonym: 128 bits


@dataclass(frozen=True, slots=True)
class Call:
    """What came of one of those in the order: called to a seat, or passed over.

    `ended_as` is None while they hold the seat or once they have filled it; who was passed over
    without a call could not review any more when it was their turn.
    """

    pseudonym: str
    called_at: str | None
    ended_at: str | None = None
    ended_as: str | None = None


@dataclass(frozen=True, slots=True)
class Drawn:
    """One draw as it is published: what was committed to, what was opened, and what came of it."""

    seats: int
    list_sha256: str
    seed_sha256: str
    seed: str  # hex
    eligible: tuple[str, ...]
    order: tuple[str, ...]
    calls: tuple[Call, ...]


def pseudonym(salt: bytes, person: str) -> str:
    """Return what a person is called in one draw, whose salt is told nobody: 32 hex digits."""
    return hmac.digest(salt, person.encode(), "sha256").hex()[:_WIDTH]


def list_digest(pseudonyms: Sequence[str]) -> str:
    """Return the commitment to a list: SHA-256, in hex, of its lines in order, each ended by LF."""
    lines = "".join(f"{one}\n" for one in sorted(pseudonyms))
    return hashlib.sha256(lines.encode()).hexdigest()


def seed_digest(seed: bytes) -> str:
    """Return the commitment to a seed: its SHA-256, in hex."""
    return hashlib.sha256(seed).hexdigest()


def draw(eligible: Sequence[str], seed: bytes, seats: int) -> list[str]:
    """Return the first `seats` of the eligible in the order of SHA-256(seed, pseudonym).

    A panel of n begins a panel of n + 1, so the next in the order takes a seat that is passed on.
    """
    ordered = sorted(eligible, key=lambda one: hashlib.sha256(seed + one.encode()).digest())
    return ordered[:seats]


def faults(drawn: Drawn) -> Iterator[str]:
    """Yield what is wrong with a draw, in English; nothing where it holds."""
    seed = bytes.fromhex(drawn.seed)
    if list_digest(drawn.eligible) != drawn.list_sha256:
        yield "the list is not the one that was committed to"
    if len(set(drawn.eligible)) != len(drawn.eligible):
        yield "somebody stands in the list twice"
    if seed_digest(seed) != drawn.seed_sha256:
        yield "the seed is not the one that was committed to"
    if draw(drawn.eligible, seed, len(drawn.eligible)) != list(drawn.order):
        yield "the order is not the one that list and seed give"
    yield from _faults_of_calls(drawn)


def _faults_of_calls(drawn: Drawn) -> Iterator[str]:
    called = tuple(one.pseudonym for one in drawn.calls)
    if called != drawn.order[: len(called)]:
        yield "people were not called in the order"
    if any(one.called_at is None and one.ended_as is None for one in drawn.calls):
        yield "somebody was passed over without a reason"
