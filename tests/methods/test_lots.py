"""Drawing by lot: the same for everybody who draws again, fair, and passed on in one order."""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.methods import lots

names = st.lists(st.text("0123456789abcdef", min_size=1, max_size=32), unique=True, max_size=30)
seeds = st.binary(min_size=32, max_size=32)


def made(eligible: list[str], seed: bytes, called: int = 0) -> lots.Drawn:
    order = lots.draw(eligible, seed, len(eligible))
    return lots.Drawn(
        5, lots.list_digest(eligible), lots.seed_digest(seed), seed.hex(), tuple(sorted(eligible)),
        tuple(order), tuple(lots.Call(one, "2026-01-01") for one in order[:called]),
    )  # fmt: skip


@given(names, seeds, st.integers(0, 30), st.randoms(use_true_random=False))
def test_the_order_of_the_list_never_matters(eligible, seed, seats, shuffler: random.Random):
    mixed = list(eligible)
    shuffler.shuffle(mixed)

    assert lots.draw(mixed, seed, seats) == lots.draw(eligible, seed, seats)
    assert lots.list_digest(mixed) == lots.list_digest(eligible)


@given(names, seeds, st.integers(0, 30))
def test_a_panel_begins_the_panel_that_has_one_seat_more(eligible, seed, seats):
    panel = lots.draw(eligible, seed, seats)

    assert lots.draw(eligible, seed, seats + 1)[: len(panel)] == panel
    assert len(panel) == len(set(panel)) == min(seats, len(eligible))
    assert set(panel) <= set(eligible)


@given(names, seeds, st.data())
def test_who_is_not_drawn_could_as_well_not_have_stood_in_the_list(eligible, seed, data):
    panel = lots.draw(eligible, seed, 5)
    others = [one for one in eligible if one not in panel]
    left = [one for one in eligible if one in panel or data.draw(st.booleans())] if others else []

    assert not others or lots.draw(left, seed, 5) == panel


def test_everybody_is_as_likely_to_be_drawn():
    eligible = [lots.pseudonym(b"salt", str(number)) for number in range(20)]
    times, seats = 4000, 5
    drawn = Counter()
    for number in range(times):
        drawn.update(lots.draw(eligible, hashlib.sha256(str(number).encode()).digest(), seats))
    expected = times * seats / len(eligible)
    scatter = sum((drawn[one] - expected) ** 2 / expected for one in eligible)

    # Chi-square with 19 degrees of freedom passes 43.82 once in a thousand series; drawing without
    # putting back scatters by 1 - 5/20 less.
    assert scatter < 43.82 * (1 - seats / len(eligible))


@given(names, seeds, st.integers(0, 30))
def test_a_draw_holds_when_it_is_drawn_again(eligible, seed, called):
    assert list(lots.faults(made(eligible, seed, called))) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda drawn: {"eligible": (*drawn.eligible[:-1], "f" * 32)}, "the list is not"),
        (lambda drawn: {"seed": "00" * 32}, "the seed is not"),
        (lambda drawn: {"order": drawn.order[::-1]}, "the order is not"),
        (lambda drawn: {"calls": drawn.calls[::-1]}, "not called in the order"),
        (lambda drawn: {"calls": drawn.calls[1:]}, "not called in the order"),
        (lambda drawn: {"calls": (replace(drawn.calls[0], called_at=None),)}, "without a reason"),
        (
            lambda drawn: {
                "eligible": drawn.eligible * 2,
                "list_sha256": lots.list_digest(drawn.eligible * 2),
            },
            "twice",
        ),
    ],
)
def test_whatever_is_changed_in_a_draw_shows(change, fault):
    drawn = made([lots.pseudonym(b"salt", str(number)) for number in range(9)], b"s" * 32, 5)

    found = list(lots.faults(replace(drawn, **change(drawn))))

    assert any(fault in one for one in found)


def test_a_pseudonym_is_of_one_draw_and_holds_no_name():
    first, second = lots.pseudonym(b"1" * 32, "ann"), lots.pseudonym(b"2" * 32, "ann")

    assert first != second
    assert first == lots.pseudonym(b"1" * 32, "ann") != lots.pseudonym(b"1" * 32, "bea")
    assert len(first) == 32


def test_the_commitment_can_be_made_by_anybodys_tools():
    assert lots.list_digest(["b", "a"]) == hashlib.sha256(b"a\nb\n").hexdigest()
