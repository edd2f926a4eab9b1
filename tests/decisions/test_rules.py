"""The first draft of what readers are told."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from factcheck.decisions.rules import LONGEST_SUMMARY, Told, draft_summary


def test_the_draft_is_made_of_the_first_sentences_of_the_majority():
    told = [
        Told(
            "false",
            "The register has 1923 [1]. It is *still* in use. More could be said. And more.",
        ),
        Told("true", "It was the oldest."),
        Told("false", "The register has 1923 [2]. The [timetable](https://x.example/) names it."),
    ]

    assert draft_summary(told) == (
        "The register has 1923. It is still in use. The timetable names it."
    )
    assert draft_summary(told, "true") == "It was the oldest."
    assert draft_summary(told, "mixed") == draft_summary(told)


def test_where_no_side_leads_the_draft_has_all_of_them():
    told = [Told("true", "It passed. So it says."), Told("misleading", "On a condition.")]

    assert draft_summary(told) == "It passed. On a condition. So it says."


def test_marks_of_markdown_are_left_out_and_words_are_not():
    told = [Told("true", "## Why\n\n- **Two** `x_y_z` at 3*4\n> _so_ it is.")]

    assert draft_summary(told) == "Why Two x_y_z at 3*4 so it is."


def test_nothing_told_gives_nothing():
    assert draft_summary([]) == ""
    assert draft_summary([Told("true", "[1]")]) == ""


@given(st.lists(st.tuples(st.sampled_from("ab"), st.text(max_size=300)), max_size=5))
def test_a_draft_always_fits(pairs):
    draft = draft_summary([Told(*pair) for pair in pairs])

    assert len(draft) <= LONGEST_SUMMARY
    assert draft == draft.strip()


def test_a_very_long_sentence_is_left_out_rather_than_cut():
    assert draft_summary([Told("true", "word " * 700)]) == ""
