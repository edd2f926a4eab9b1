"""Earlier checks like a claim are found, ranked, and told apart in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.text.differences import differences
from factcheck.text.match import Check, Checks
from factcheck.text.words import content_words, stem

CHECKS = Checks(
    [
        Check("turnout", "Four percent of voters stayed at home in 2019.", "How many stayed home?"),
        Check("taxes", "Barack Obama raised taxes on the middle class."),
        Check("vaccine", "The measles vaccine causes autism.", "No, vaccines are not the cause"),
        Check("bees", "Bees are dying out because of mobile phones."),
        Check("title", "He said it was so.", "Did the mayor of Springfield resign?"),
    ]
)


def ids(text: str, **options) -> list[str]:
    return [match.id for match in CHECKS.like(text, **options)]


@pytest.mark.parametrize(
    ("claim", "check"),
    [
        ("4% of voters stayed home", "turnout"),
        ("Obama is raising the tax on middle classes", "taxes"),
        ("#VaccinesCauseAutism https://e.org/taxes", "vaccine"),
        ("mobile phone kills bee", "bees"),
        ("Springfield's mayor resigned", "title"),
    ],
)
def test_a_claim_in_other_words_finds_its_check(claim: str, check: str):
    assert ids(claim)[0] == check


def test_the_same_words_are_the_most_alike():
    best, *rest = CHECKS.like("Barack Obama raised taxes on the middle class.")

    assert best.id == "taxes"
    assert best.differences == ()
    assert best.similarity > 0.6
    assert all(other.similarity < best.similarity for other in rest)


def test_a_claim_with_no_word_in_common_finds_nothing():
    assert ids("Jupiter spins quickly") == []
    assert ids("") == []
    assert ids("it was the") == []


def test_what_stood_before_helps_a_claim_that_says_it():
    claim = "It causes harm, and they are dying."

    assert ids(claim, before="We spoke of the measles vaccine and autism.")[0] == "vaccine"
    assert ids(claim, before="We spoke of bees and phones.")[0] == "bees"


def test_no_more_than_the_wanted_number_is_given():
    claim = "voters, taxes, autism, bees and the mayor"

    assert len(ids(claim, top=2)) == 2
    assert ids(claim, top=0) == []


def test_an_index_without_checks_answers_nothing():
    assert Checks([]).like("anything") == []


@given(st.text(max_size=80))
def test_similarity_is_a_share_and_the_order_is_by_it(text: str):
    found = [match.similarity for match in CHECKS.like(text)]

    assert all(0 <= similarity <= 1 for similarity in found)
    assert found == sorted(found, reverse=True)


@pytest.mark.parametrize(
    ("claim", "check", "difference"),
    [
        ("4% voted.", "40% voted.", "other number: 40 instead of 4"),
        ("It cost $4 million.", "It cost $9.", "other number: 9 instead of 4 million"),
        ("Six died.", "Seven died.", "other number: Seven instead of Six"),
        ("It rose in 2007.", "It rose in 2019.", "other date: 2019 instead of 2007"),
        ("It fell in May 2007.", "It fell in June 2007.", "other date: June instead of May"),
        ("He did vote.", "He did not vote.", "negated"),
        ("He didn't vote.", "He voted.", "negated"),
        ("A law by Jo Bush.", "A law by Al Gore.", "other name: Al Gore instead of Jo Bush"),
    ],
)  # fmt: skip
def test_a_difference_is_said_in_words(claim: str, check: str, difference: str):
    assert [str(one) for one in differences(claim, check)] == [difference]


@pytest.mark.parametrize(
    ("claim", "check"),
    [
        ("4,000 voted.", "4000 voted."),
        ("4 million voted.", "4,000,000 voted."),
        ("Four voted.", "4 voted."),
        ("Nobody said that he did not vote.", "Everyone said that he voted."),
        ("Taxes rose.", "Prices rose."),
        ("We met Obama.", "OBAMA was met."),
    ],
)
def test_other_writing_is_no_difference(claim: str, check: str):
    assert differences(claim, check) == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(("taxes", "tax"), ("taxed", "taxing"), ("countries", "country"), ("rate", "rated")),
        *(("stopped", "stops"), ("voter's", "voters"), ("classes", "class"), ("quickly", "quick")),
    ],
)
def test_forms_of_a_word_meet(one: str, other: str):
    assert stem(one) == stem(other)


@pytest.mark.parametrize("word", ["bus", "this", "ring", "red", "fly", "crisis", "bring"])
def test_short_words_keep_their_endings(word: str):
    assert stem(word) == word


def test_small_words_and_addresses_are_no_content():
    assert content_words("The U.S. spent $4,000 — see https://e.org/x at 5%") == [
        *("u", "s", "spent", "dollar", "4000", "see", "5", "percent"),
    ]
