"""Learning: from few cases to the right side, and the same each time."""

import random

import pytest

from factcheck.text.linear import Example, Recipe, calibrated, fit, probability, total_of
from factcheck.text.training import gap_model, lexicon

DOCUMENT = {
    "id": "one",
    "text": "The rate rose. It fell in May. Mr. Lee left.",
    "sentences": [[0, 14], [15, 30], [31, 44]],
}


def cases() -> list[Example]:
    return [
        Example(["fact" if number % 2 else "view"], [f"word{number % 5}"], bool(number % 2))
        for number in range(60)
    ]


def test_the_model_tells_what_it_was_shown():
    weights = fit(cases(), Recipe(rarest=1))

    assert total_of(weights, ["fact"]) > 0 > total_of(weights, ["view"])


def test_the_same_data_give_the_same_weights_in_the_order_of_their_names():
    weights = fit(cases(), Recipe(rarest=1))

    assert list(weights.items()) == list(fit(cases(), Recipe(rarest=1)).items())
    assert list(weights) == sorted(weights)


def test_a_feature_rarer_than_the_recipe_says_is_not_kept():
    rare = [*cases(), Example(["once"], [], True)]

    assert "once" not in fit(rare, Recipe(rarest=2))


def test_words_share_one_weight_however_many_they_are():
    assert total_of({"a": 1.0, "b": 1.0}, [], ["a", "b", "c", "d"]) == pytest.approx(5.0)
    assert total_of({"a": 1.0}, ["a"], []) == 1.0


def test_calibration_finds_the_chances_behind_the_totals():
    dice = random.Random(3)
    totals = [dice.uniform(-3, 3) for _ in range(4_000)]
    sought = [dice.random() < probability(0.5 * total - 1.0) for total in totals]

    slope, offset = calibrated(totals, sought)

    assert slope == pytest.approx(0.5, abs=0.1)
    assert offset == pytest.approx(-1.0, abs=0.15)


def test_the_lexicon_holds_the_words_that_are_mostly_written_small():
    assert lexicon([{"text": "The rate and the Rate and Lee"}]) == ["and"]


def test_sentence_ends_are_learned_from_documents():
    weights = gap_model([DOCUMENT] * 20)["weights"]

    assert weights
    assert gap_model([DOCUMENT] * 20)["weights"] == weights


def test_a_case_that_counts_for_nothing_teaches_nothing():
    doubted = [Example(["fact"], [], False, 0.0)] * 200

    assert fit([*cases(), *doubted], Recipe(rarest=1))["fact"] > 0
