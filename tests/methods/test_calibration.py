"""How often answers to gold claims are right, and its range."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.methods import queries as methods
from factcheck.methods.calibration import FEWEST, calibration, in_fives, is_right

ANSWERS = st.lists(st.booleans(), max_size=60)


@given(ANSWERS)
def test_a_figure_needs_five_answers_and_its_range_holds_the_share(answers):
    figure = calibration(answers)
    assert (figure is None) == (len(answers) < FEWEST)
    if figure:
        assert 0 <= figure.low <= figure.right / figure.answers <= figure.high <= 1
        assert figure.right == sum(answers)


def test_the_range_is_wilsons():
    figure = calibration([True] * 8 + [False] * 2)
    assert figure.low == pytest.approx(0.4902, abs=1e-4)
    assert figure.high == pytest.approx(0.9433, abs=1e-4)


@given(ANSWERS)
def test_one_more_answer_tells_nothing_unless_it_fills_a_five(answers):
    whole = len(answers) - len(answers) % FEWEST
    assert in_fives(answers) == answers[:whole]


def test_right_is_what_lies_in_the_group_of_the_known_answer():
    scale = methods.scale("default")
    first = scale.ratings[0]
    for rating in scale.ratings:
        assert is_right(rating.key, first.key, scale) == (rating.group == first.group)
