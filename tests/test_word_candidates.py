"""The candidates for earlier checks: few, quickly read, and the right ones among them."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from factcheck.text.match import Checks
from factcheck.word_candidates import MOST, candidates, parts_of, sentence_at_end
from tests.text.match_set import checks, distractors, figures


@pytest.mark.one_database
def test_comparing_candidates_finds_what_comparing_everything_does(session):
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("its rows stand for claims that are not made here")
    known = [*checks(), *distractors(3_000)]
    session.execute(
        sa.text("INSERT INTO search_words_checks (rowid, title, body) VALUES (:id, :text, '')"),
        [{"id": place, "text": check.text} for place, check in enumerate(known)],
    )

    def like(text: str, before: str) -> list[str]:
        keys = session.scalars(candidates(session, "search_words_checks", text, before)).all()
        assert len(keys) <= MOST
        found = Checks(known[key] for key in keys).like(text, before=before)
        return [match.id for match in found]

    near, told, _ = figures(like)
    assert near >= 0.88
    assert told >= 0.88


def test_small_words_alone_look_for_nothing(session):
    assert candidates(session, "search_words_checks", "It was of the", "") is None
    assert (
        session.scalars(
            candidates(session, "search_words_checks", "' OR \" NEAR(zebra*)", "\0 AND )")
        ).all()
        == []
    )


def test_numbers_that_are_spelt_out_and_pairs_are_looked_for():
    parts = parts_of("Four thousand ferries sank", "The bank of Orrin paid.")
    assert {("4000",), ("ferries", "sank"), ("orrin",)} <= set(parts)


def test_a_name_that_is_glued_together_is_looked_for_in_its_parts():
    assert {("ann",), ("lee",), ("ann", "lee")} <= set(parts_of("@AnnLee paid", ""))


def test_the_sentence_before_is_whole():
    assert sentence_at_end("It rained. The bank of Orrin paid. ") == "The bank of Orrin paid."
    assert sentence_at_end("no end here") == "no end here"


@given(st.text(max_size=200))
def test_the_sentence_before_is_the_end_of_the_text(text):
    assert text.rstrip().endswith(sentence_at_end(text))
