"""The first draft of what readers are told, and what an editor may choose."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from factcheck.decisions.rules import (
    LONGEST_SUMMARY,
    Told,
    VerdictWords,
    choices,
    draft_summary,
    verdict_problems,
)
from factcheck.methods import queries as methods
from factcheck.methods.rules import DISAGREE, Agreed, Disputed, decide
from factcheck.reviews.rules import Answer, answer_problems

SCALE = methods.scale("default")
TEAM = methods.policy("team")
KEYS = [rating.key for rating in SCALE.ratings]


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


def problems(words: VerdictWords, options) -> dict[str, str]:
    found = verdict_problems(words, SCALE, options, TEAM, needs_reasons=DISAGREE.key in options)
    return {problem.field: str(problem) for problem in found}


@given(st.lists(st.sampled_from(KEYS), max_size=9), st.sampled_from(methods.shipped_policies()))
def test_a_claim_is_left_open_after_a_dispute_and_never_where_reviews_agree(ratings, policy):
    outcome = decide(ratings, policy, SCALE)
    words = VerdictWords(DISAGREE.key, "Told.", reasons="So.", as_of="2026")

    if isinstance(outcome, Agreed):
        options = choices(outcome.options, SCALE)
        assert options == outcome.options
        assert problems(words, options).keys() == {"rating"}
    if isinstance(outcome, Disputed):
        options = choices(None, SCALE)
        assert options == (*KEYS, DISAGREE.key)
        assert problems(words, options) == {}


def test_leaving_open_needs_a_summary_reasons_and_a_source():
    found = problems(VerdictWords(DISAGREE.key, " ", (), as_of="2026"), choices(None, SCALE))

    assert found.keys() == {"summary", "reasons", "sources"}
    assert found["reasons"] == "Say why you leave it open."


def test_no_reviewer_can_rate_a_claim_so():
    answer = Answer(DISAGREE.key, "They quarrel [1].")

    assert [one.field for one in answer_problems(answer, SCALE, TEAM)] == ["rating"]
