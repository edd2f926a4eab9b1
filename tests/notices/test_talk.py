"""Who is told of what is said, once, and never of what they may not see."""

import pytest

from factcheck.db import writing
from factcheck.decisions.actions import decide_claim
from factcheck.decisions.rules import VerdictWords
from factcheck.notices import labels
from factcheck.reviews.actions import take_seat
from factcheck.reviews.talk import add_comment, edit_comment, hide_comment
from tests.accounts.factories import make_person
from tests.conftest import NOW
from tests.notices.factories import found, make_claim_under_review, notices, read_anew, told
from tests.reviews.factories import review_as


@pytest.fixture
def claim(service):
    """A claim under review; Ada and Bob, who review, and the editors Edda and Egon."""
    with writing() as session:
        claim = make_claim_under_review(session)
        claim.people = [make_person(session, name=name) for name in ("Ada", "Bob")]
        claim.editors = [make_person(session, "editor", name=name) for name in ("Edda", "Egon")]
    return claim


def say(claim, actor, text, **given):
    with writing() as session:
        return add_comment(session, claim, text, actor=actor, now=NOW, **given)


def test_in_an_open_round_the_editors_without_a_part_and_the_asker_are_told(claim, settings):
    (ada, _), (edda, egon) = claim.people, claim.editors
    with writing() as session:
        take_seat(session, claim, egon, now=NOW)
    asked = say(claim, ada, "@Edda @Egon @Bob: which year?")
    others = [one for one in told(settings) if one[0] not in {"Edda", "Egon"}]
    assert [kind for _, kind in others] == ["question"] * len(others)  # whoever else is an editor
    assert [one for one in told(settings) if one not in others] == [("Edda", "question")]
    before = len(told(settings))
    say(claim, edda, "2024.", answers=asked.public_id)
    assert told(settings)[before:] == [("Ada", "answer")]
    assert labels.sentence(notices("answer")[0]).startswith("Edda answers")


def test_nobody_is_told_twice_nor_of_what_was_hidden_meanwhile(claim, settings):
    (ada, bob), (edda, _) = claim.people, claim.editors
    with writing() as session:
        review_as(session, claim, ["true", "true"])
    told(settings)
    before = len(found())
    said = say(claim, ada, "@Bob, see.")
    with writing() as session:
        edit_comment(session, said, "@Bob, do see.", version=None, actor=ada, now=NOW)
    assert told(settings)[before:] == [("Bob", "mention")]
    read_anew()
    assert told(settings)[before:] == [("Bob", "mention")]
    rude = say(claim, bob, "@Ada is blind.")
    with writing() as session:
        hide_comment(session, rude, "Rude.", actor=edda, now=NOW)
    assert told(settings)[before:] == [("Bob", "mention")]


def test_the_other_editors_hear_that_a_second_signature_is_wanted_until_it_is_given(
    claim, settings
):
    edda, egon = claim.editors
    with writing() as session:
        claim.sensitive = True
        review_as(session, claim, ["true", "true"])
        words = VerdictWords("true", "The register has it.")
        decide_claim(session, claim, words, actor=edda, now=NOW)
    assert [one for one in told(settings) if one[1] == "to-sign"] == [("Egon", "to-sign")]
    assert labels.sentence(notices("to-sign")[0]).startswith("Edda signed")
    with writing() as session:
        decide_claim(session, claim, words, actor=egon, now=NOW)
    read_anew()
    assert len([one for one in told(settings) if one[1] == "to-sign"]) == 1
