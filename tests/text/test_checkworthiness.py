"""Ranking: facts above opinions, and nothing that states nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.text.checkworthiness import check_worthiness
from factcheck.text.units import KINDS, PROSE_KINDS
from tests.effort import examples

FACTS = [
    "Unemployment fell from 8.2 percent to 5.1 percent in 2015.",
    "The Ministry of Health said that 3,000 people died last year.",
    "The senator voted against the bill in March 2009.",
    "The city spent 40 million dollars on the new bridge.",
]
OPINIONS = [
    "I think we should all be proud of what we did.",
    "This is wonderful news.",
    "We must do better.",
    "Thank you very much for having me.",
    "You will love this place.",
]


@pytest.mark.parametrize("fact", FACTS)
@pytest.mark.parametrize("opinion", OPINIONS)
def test_a_fact_ranks_over_an_opinion(fact, opinion):
    assert check_worthiness(fact).value > 0.5 > check_worthiness(opinion).value


@pytest.mark.parametrize("kind", sorted(set(KINDS) - PROSE_KINDS))
def test_what_is_no_statement_scores_nothing_whatever_it_says(kind):
    assert check_worthiness(FACTS[0], kind).value == 0.0


@pytest.mark.parametrize("question", ["Did 3,000 people die in 2015?", 'He asked, "Did 300 die?"'])
def test_a_question_scores_nothing(question):
    score = check_worthiness(question)

    assert score.value == 0.0
    assert score.reasons == ("a question",)


def test_the_reasons_say_in_words_what_there_is_to_check():
    reasons = check_worthiness("The Bank of Orrin said it lost $5 million in 2015.").reasons

    assert {"a number", "a date", "a reported statement", "an amount of money"} <= set(reasons)


@given(st.text(max_size=300))
@settings(max_examples=examples(200), deadline=None)
def test_any_string_gets_a_score_between_nothing_and_one(text):
    assert 0.0 <= check_worthiness(text).value <= 1.0
