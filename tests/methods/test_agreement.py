"""Agreement beyond chance."""

from __future__ import annotations

import json

import pytest

from factcheck.methods.agreement import alpha


def test_full_agreement_on_different_things_is_one():
    assert alpha([["a", "a"], ["b", "b"]]) == pytest.approx(1)


def test_disagreement_throughout_is_below_zero():
    assert alpha([["a", "b"], ["b", "a"]]) < 0


@pytest.mark.parametrize("judged", [[], [["a"]], [["a", "a"], ["a", "a"]]])
def test_where_nothing_can_differ_there_is_no_figure(judged):
    assert alpha(judged) is None


def test_the_published_table_comes_out(shared):
    vectors = json.loads((shared / "data/hostile/integrity_vectors.json").read_bytes())["alpha"]
    table = vectors[0] if isinstance(vectors, list) else vectors
    units = [
        [str(value) for value in unit if value is not None]
        for unit in zip(*table["rows"], strict=True)
    ]

    assert alpha(units) == pytest.approx(table["nominal"], abs=0.001)
