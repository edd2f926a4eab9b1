"""Restating: right where it says anything, silent in doubt, and it shows what it changed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.text.dates import with_absolute_dates
from factcheck.text.propose import cuts, propose
from factcheck.text.restate import Change, changes, left_open, with_subject
from factcheck.text.segment import segment
from tests.effort import examples

CASES = [
    line.split("|")
    for line in (Path(__file__).parent / "restating_labels.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
]


def restated(first: str, words: str) -> str:
    if re.fullmatch(r"[0-9-]+", first):
        return with_absolute_dates(words, None if first == "-" else first)
    return with_subject(words, first)


def test_of_what_is_restated_at_least_95_percent_is_right():
    right = wrong = missed = 0
    for first, words, label in CASES:
        wanted = words if label == "=" else label
        found = restated(first, words)
        right += found == wanted != words
        wrong += found not in {words, wanted}
        missed += found == words != wanted

    assert len(CASES) >= 200
    assert right / (right + wrong) >= 0.95
    assert right / (right + missed) >= 0.75


@given(st.sampled_from(CASES), st.sampled_from(CASES))
@settings(max_examples=examples(200), deadline=None)
def test_restating_only_replaces_the_pronoun_in_front(one: list[str], other: list[str]):
    words = one[1]
    found = with_subject(words, other[0])

    assert found == words or found.endswith(words.split(" ", 1)[1])
    assert re.findall("[0-9]+", found)[-1:] == re.findall("[0-9]+", words)[-1:] or found != words


def test_a_cut_clause_and_the_next_sentence_get_their_subject():
    sentence = "The bridge was closed in 2019, but it was opened again two years later."
    text = f"{sentence}\n\nAna Lund became mayor in 2010. She raised taxes twice. She left in 2014."

    assert cuts(sentence)[1].restated == "The bridge was opened again two years later."
    assert [claim.restated for claim in propose(text, segment(text))][2:] == [
        "Ana Lund became mayor in 2010.",
        "Ana Lund raised taxes twice.",
        "Ana Lund left in 2014.",
    ]


def test_a_new_paragraph_takes_no_subject_from_the_last_one():
    text = "Ana Lund became mayor in 2010.\n\nShe raised taxes twice."

    assert [claim.restated for claim in propose(text, segment(text))][1:] == [
        "She raised taxes twice."
    ]


def test_what_was_changed_is_shown():
    assert changes("it closed  yesterday", "The bank closed on 2 March 2021.") == (
        Change("it", "The bank"),
        Change("yesterday", "on 2 March 2021"),
    )
    assert changes("it closed", "It closed.") == ()


@pytest.mark.parametrize(
    ("words", "marked"),
    [
        ("It closed yesterday.", ("It", "yesterday")),
        ("The bank closed since last year.", ("last year",)),
        ("And they fell on Monday.", ("they", "on Monday")),
        ("The bank closed on 2 March 2021.", ()),
        ("There's a bank in Hale.", ()),
    ],
)
def test_what_still_needs_the_article_is_marked(words: str, marked: tuple[str, ...]):
    assert left_open(words) == marked
