"""Learning: from few cases to the right side, and the same each time."""

import random
from hashlib import sha256

import pytest

from factcheck.text.labelled import Labelled, TextChanged, labelled
from factcheck.text.linear import SHARE, Example, Recipe, calibrated, fit, probability, total_of
from factcheck.text.training import gap_model, lexicon, worth_model

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
    assert total_of({"a": 1.0, "b": 1.0}, [], ["a", "b", "c", "d"]) == pytest.approx(SHARE)
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


def test_a_case_that_counts_more_pulls_more():
    both = [Example(["sign"], [], 1.0, 3.0), Example(["sign"], [], 0.0)] * 30

    assert total_of(fit(both, Recipe(rarest=1)), ["sign"]) > 0.3


def test_check_worthiness_is_calibrated_on_the_articles():
    spoken = [{"text": f"Debt fell by {number} percent.", "label": 1} for number in range(30)]
    spoken += [{"text": "I think it is nice.", "label": 0}] * 30
    written = [
        Labelled(f"doc{number}", text, "sentence", label, "")
        for number in range(10)
        for text, label in (
            ("Crime fell by 30 percent.", "strong"),
            ("Debt fell by 3 percent.", "no"),
            ("It is nice.", "weak"),
        )
    ]

    model = worth_model(spoken, written)

    assert model == worth_model(spoken, written)
    assert model["slope"] > 0


ARTICLE = {"id": "one", "text": "Debt fell. A photo."}
LABELS = {
    "id": "one",
    "sha256": sha256(b"Debt fell. A photo.").hexdigest(),
    "held_out": True,
    "units": [[0, 10, "strong"], [11, 19, "no", "caption"]],
}


def test_labels_are_laid_over_their_text():
    units = list(labelled([LABELS], [ARTICLE], held_out=True))

    assert [(unit.text, unit.label, unit.part) for unit in units] == [
        ("Debt fell.", "strong", ""),
        ("A photo.", "no", "caption"),
    ]
    assert not list(labelled([LABELS], [ARTICLE], held_out=False))


@pytest.mark.parametrize("documents", [[], [{"id": "one", "text": "Debt rose. A photo."}]])
def test_a_text_that_is_gone_or_changed_is_noticed(documents):
    with pytest.raises(TextChanged, match="one"):
        list(labelled([LABELS], documents, held_out=True))
