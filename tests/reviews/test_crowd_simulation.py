"""What rings and honest mistakes come to, simulated with the product's own draw and count.

The table below was worked out by Monte Carlo before anything was built: a pool of 200, five groups
in which an answer may lie, a share of the pool that answers as agreed among them, the others right
with a given chance. *Scattered*: who errs does so in any wrong group alike; *same way*: in the
group that the ring wants, which is the hard case.
"""

from __future__ import annotations

import hashlib
import json
import math
import random
from dataclasses import dataclass

import pytest

from factcheck.methods import lots
from factcheck.methods.queries import policy, scale
from factcheck.methods.rules import Agreed, Disputed, Open, Policy, decide
from tests.effort import SOAK

pytestmark = pytest.mark.one_database

POOL = 200
CLAIMS = 20_000 if SOAK else 600
TABLE_CLAIMS = 20_000  # of the simulation that made the table
SCALE = scale("default")
BY_GROUP = {rating.group: rating.key for rating in SCALE.ratings}
RIGHT, WANTED = BY_GROUP.pop("upper"), BY_GROUP.pop("lower")
OTHERS = list(BY_GROUP.values())
CROWD = policy("crowd")
TWO_OF_THREE = Policy("2 of 3", "", "", 3, 2, None, by_lot=True)
THREE_OF_FIVE = Policy("3 of 5", "", "", 5, 3, None, by_lot=True)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the table: shares in percent, and the seats of a claim (None: not told)."""

    policy: Policy
    accuracy: float
    scattered: bool
    ring: int  # per cent of the pool
    right: float
    captured: float
    disputed: float
    seats: float | None = None


def row(rule, accuracy, scattered, *cells):
    return [
        Cell(rule, accuracy, scattered, ring, *cell)
        for ring, cell in zip((0, 10, 20, 30), cells, strict=True)
    ]


TABLE = [
    *row(TWO_OF_THREE, 0.8, True, (89.8, 0.8, 7.2, 3.0), (81.0, 5.7, 11.5), (70.6, 14.3, 13.8),
         (59.2, 26.2, 13.5)),
    *row(THREE_OF_FIVE, 0.8, True, (94.3, 0.1, 5.2, 5.0), (86.6, 2.3, 10.8), (75.0, 9.4, 15.4),
         (61.2, 20.6, 18.0)),
    *row(CROWD, 0.8, True, (97.6, 0.0, 2.4, 7.3), (90.3, 0.2, 9.5, 8.8), (74.9, 1.6, 23.5, 10.3),
         (53.9, 7.3, 38.8, 11.2)),
    *row(CROWD, 0.8, False, (97.1, 0.8, 2.1, 7.3), (88.6, 3.1, 8.3, 8.7), (71.6, 9.3, 19.2, 9.8),
         (49.6, 21.6, 28.9, 10.5)),
    *row(CROWD, 0.9, True, (99.9, 0.0, 0.1, 5.7), (98.3, 0.1, 1.6, 7.2), (89.8, 1.0, 9.3, 8.8),
         (71.2, 5.5, 23.3, 10.2)),
    *row(CROWD, 0.9, False, (99.9, 0.1, 0.0, 5.7), (98.0, 0.5, 1.5, 7.1), (88.9, 2.7, 8.4, 8.7),
         (69.8, 10.3, 19.9, 9.9)),
]  # fmt: skip


def name_of(cell):
    errors = "scattered" if cell.scattered else "same-way"
    return f"{cell.policy.key}-{cell.accuracy}-{errors}-ring-{cell.ring}"


def simulated(cell, claims):
    """Return how many claims came out right, the ring's way and disputed, and the seats taken."""
    dice = random.Random(name_of(cell))
    right = captured = disputed = seats = 0
    for _ in range(claims):
        outcome, taken = one_claim(cell, dice)
        seats += taken
        if isinstance(outcome, Disputed):
            disputed += 1
        else:
            assert isinstance(outcome, Agreed)
            right += RIGHT in outcome.options
            captured += WANTED in outcome.options
    return right, captured, disputed, seats


def one_claim(cell, dice):
    """Draw and count one claim, step by step of its policy, each with a fresh panel."""
    salt = dice.randbytes(32)
    people = {lots.pseudonym(salt, str(number)): number for number in range(POOL)}
    ring = POOL * cell.ring // 100
    taken, number, outcome = 0, 0, Open(0)
    while isinstance(outcome, Open):
        number += 1
        step = cell.policy.step(number)
        panel = lots.draw(list(people), dice.randbytes(lots.SEED_BYTES), step.seats)
        ratings = [answer(cell, people.pop(one) < ring, dice) for one in panel]
        taken += step.seats
        outcome = decide(ratings, step, SCALE)
    return outcome, taken


def answer(cell, is_ring, dice):
    if is_ring:
        return WANTED
    if dice.random() < cell.accuracy:
        return RIGHT
    return dice.choice([WANTED, *OTHERS]) if cell.scattered else WANTED


def assert_near(found, claims, expected_percent):
    """Within three standard errors of both simulations, and what rounding may have taken away."""
    share, expected = found / claims, expected_percent / 100
    spread = max(expected * (1 - expected), 0.0005)
    error = math.sqrt(spread / claims + spread / TABLE_CLAIMS)
    assert abs(share - expected) <= 3 * error + 0.0005, (share, expected)


@pytest.mark.timeout(1500)
@pytest.mark.parametrize("cell", TABLE, ids=name_of)
def test_the_table_comes_out_with_the_product_s_own_draw_and_count(cell):
    right, captured, disputed, seats = simulated(cell, CLAIMS)

    assert_near(right, CLAIMS, cell.right)
    assert_near(captured, CLAIMS, cell.captured)
    assert_near(disputed, CLAIMS, cell.disputed)
    if cell.seats is not None:
        steps = (cell.policy.most_seats - cell.policy.seats) or 1
        error = steps / 2 / math.sqrt(CLAIMS)
        assert abs(seats / CLAIMS - cell.seats) <= 3 * error + 0.05


@pytest.mark.timeout(1500)
@pytest.mark.parametrize(("scattered", "most"), [(True, 0.003), (False, 0.01)])
def test_a_ring_of_a_tenth_hardly_ever_gets_its_way(scattered, most):
    cell = Cell(CROWD, 0.9, scattered, 10, 0, 0, 0)
    claims = CLAIMS if SOAK else 2_000

    assert simulated(cell, claims)[1] / claims < most


@pytest.mark.timeout(1500)
def test_the_chance_of_winning_seats_is_the_one_that_can_be_worked_out(shared):
    """Chances by the hypergeometric distribution, for panels as `lots.draw` draws them."""
    cases = json.loads((shared / "data/hostile/integrity_vectors.json").read_bytes())["capture"]
    claims = 20_000 if SOAK else 400
    chosen = cases if SOAK else cases[5::16]
    for case in chosen:
        won = 0
        names = [lots.pseudonym(b"salt", str(number)) for number in range(case["pool"])]
        ring = set(names[: case["attackers"]])
        for number in range(claims if case["pool"] < 1000 else claims // 10):
            seed = hashlib.sha256(f"{case} {number}".encode()).digest()
            won += len(ring & set(lots.draw(names, seed, case["seats"]))) >= case["need"]
        size = claims if case["pool"] < 1000 else claims // 10
        chance = case["p_capture"]
        error = math.sqrt(max(chance * (1 - chance), 1 / size) / size)
        assert abs(won / size - chance) <= 4 * error, case
