"""The labels on articles: in order, without words, and the held-out ones apart."""

import json
from itertools import pairwise
from pathlib import Path

import pytest

from factcheck.text import figures, labelled, units
from tests.text.messy_posts import POSTS
from tests.text.post_labels import POST_LABELS

ROOM = Path(labelled.__file__).parent
DATA = ROOM.parents[2] / "shared" / "data" / "segmentation"
ROWS = [json.loads(line) for line in (ROOM / "claim_labels.jsonl").read_text().splitlines()]
LETTERS = {"s": "strong", "w": "weak", "n": "no"}
PARTS = {*units.KINDS, "question"} - units.PROSE_KINDS


def posts() -> list[labelled.Labelled]:
    return [
        labelled.Labelled(name, words, kind, LETTERS[letter], "")
        for name, letters in POST_LABELS.items()
        for (kind, words, _), letter in zip(POSTS[name], letters, strict=True)
    ]


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_a_row_is_well_formed_and_its_offsets_are_sorted(row):
    assert set(row) == {"id", "sha256", "held_out", "units"}
    assert len(row["sha256"]) == 64
    spans = [unit[:2] for unit in row["units"]]
    assert all(start < end for start, end in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))


def test_labels_are_the_three_and_what_states_nothing_is_none():
    for _, _, label, *part in (unit for row in ROWS for unit in row["units"]):
        assert label in LETTERS.values()
        assert not part or (label == "no" and part[0] in PARTS)


def test_each_document_is_either_learned_from_or_held_out():
    assert len({row["id"] for row in ROWS}) == len(ROWS)
    assert sorted(row["id"].removeprefix("GUM_") for row in ROWS if row["held_out"]) == [
        "bio_emperor",
        "bio_hadid",
        "interview_cyclone",
        "interview_licen",
        "news_crane",
        "news_election",
        "news_flag",
        "news_iodine",
        "voyage_coron",
        "voyage_merida",
    ]
    assert sum(len(row["units"]) for row in ROWS) >= 800


def test_the_posts_are_ranked_as_they_were_labelled():
    assert figures.article_precision(posts(), {"strong"}) >= 0.93
    assert figures.article_precision(posts(), {"strong", "weak"}) >= 0.96


def test_calibration_counts_what_can_be_scored():
    scored = [unit for unit in posts() if unit.kind in units.PROSE_KINDS and "?" not in unit.text]

    assert sum(count for count, _, _ in figures.calibration(posts())) == len(scored)


def test_the_best_of_the_posts_hold_no_heading():
    assert figures.stating_nothing(posts()) == 0.0


@pytest.mark.skipif(not DATA.exists(), reason="the labelled texts (../shared/data) are not here")
def test_the_texts_are_those_that_were_labelled():
    documents = [
        json.loads(line)
        for name in ("gum-train.jsonl", "gum-dev.jsonl")
        for line in (DATA / name).read_text(encoding="utf-8").splitlines()
    ]

    held_out = list(labelled.labelled(ROWS, documents, held_out=True))

    assert figures.article_precision(held_out, {"strong"}) >= 0.83
