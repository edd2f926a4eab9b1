"""How claims lie in a text: the pieces of a page and the steps of an edge."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from factcheck.claims.passages import (
    flat_segments,
    moved_edge,
    paragraphs,
    snapped_edge,
    words_of,
)
from factcheck.text.segment import segment
from factcheck.text.units import Unit

TEXTS = st.text(
    st.sampled_from("ab é\u0301c,.'-\n  \u00a0“”7日本😀\ufe0f\u200fא")
    | st.characters(codec="utf-8"),
    min_size=1,
    max_size=200,
)


@st.composite
def texts_and_spans(draw):
    text = draw(TEXTS)
    places = st.integers(0, len(text))
    pairs = draw(st.lists(st.tuples(places, places), max_size=8))
    return text, [(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]]


@given(texts_and_spans())
def test_flat_segments_are_the_text_and_know_who_covers_them(given_):
    text, spans = given_

    segments = flat_segments(text, [], spans)

    assert "".join(one.text for one in segments) == text
    for one in segments:
        for place in range(one.start, one.end):
            covering = {i for i, (start, end) in enumerate(spans) if start <= place < end}
            assert covering == set(one.claims)


@given(texts_and_spans())
def test_paragraphs_hold_every_unit_once_and_all_that_is_not_white_space(given_):
    text, spans = given_
    units = segment(text)

    found = paragraphs(text, units, spans)

    assert [place for one in found for place in one.units] == list(range(len(units)))
    shown = "".join(part.text for one in found for piece in one.pieces for part in piece.segments)
    assert "".join(shown.split()) == "".join(text.split())


def test_a_heading_stands_apart_from_the_sentence_that_touches_it():
    text = "Karim MassimovThe council met. It voted."
    units = [Unit(0, 14, "caption"), Unit(14, 30, "sentence"), Unit(31, 40, "sentence")]

    found = paragraphs(text, units, [(24, 35)])

    assert [(one.kind, one.units) for one in found] == [("caption", (0,)), ("sentence", (1, 2))]
    gap = found[1].pieces[1]
    assert gap.unit is None
    assert [(part.text, part.claims) for part in gap.segments] == [(" ", (0,))]


def test_the_shared_words_of_two_claims_name_the_longer_one_first():
    segments = flat_segments("one two three four", [], [(4, 13), (0, 18)])

    assert [(one.text, one.claims) for one in segments] == [
        ("one ", (1,)), ("two three", (1, 0)), (" four", (1,)),
    ]  # fmt: skip


def test_words_keep_what_belongs_to_them():
    text = "The E\u0301cole’s 1,200 non-smokers (“half”) 日本😀\ufe0f."

    words = [text[start:end] for start, end in words_of(text, 0, len(text))]

    assert words == [
        "The", "E\u0301cole’s", "1,200", "non-smokers", "(“", "half", "”)", "日", "本",
        "😀\ufe0f.",
    ]  # fmt: skip


@given(texts_and_spans(), st.sampled_from(["start", "end"]), st.sampled_from([-1, 1]))
def test_a_moved_edge_leaves_a_claim_with_words_in_it(given_, edge, by):
    text, spans = given_
    for span in spans:
        start, end = moved_edge(text, span, edge, by)
        assert 0 <= start < end <= len(text)
        if (start, end) != span:
            assert words_of(text, start, end)
            moved = start if edge == "start" else end
            before = span[0] if edge == "start" else span[1]
            assert (moved > before) == (by > 0)


def test_an_edge_steps_from_word_to_word_and_stops_at_the_end():
    text = "since April, more than the boats"

    assert moved_edge(text, (0, 11), "end", 1) == (0, 12)
    assert moved_edge(text, (0, 12), "end", 1) == (0, 17)
    assert moved_edge(text, (0, 17), "end", -1) == (0, 12)
    assert moved_edge(text, (6, 11), "start", -1) == (0, 11)
    assert moved_edge(text, (0, 11), "start", -1) == (0, 11)
    assert moved_edge(text, (6, 11), "start", 1) == (6, 11)


@given(texts_and_spans(), st.sampled_from(["start", "end"]), st.integers(-9, 220))
def test_an_edge_that_is_let_go_of_leaves_a_claim_with_words_in_it(given_, edge, at):
    text, spans = given_
    for span in spans:
        start, end = snapped_edge(text, span, edge, at)
        assert 0 <= start < end <= len(text)
        if (start, end) != span:
            assert words_of(text, start, end)
            assert (end if edge == "start" else start) == span[1 if edge == "start" else 0]


def test_an_edge_goes_to_the_nearest_word_on_either_side():
    text = "The ferry carried 412,000 passengers."
    span = (0, 17)
    assert snapped_edge(text, span, "end", 20) == (0, 17)
    assert snapped_edge(text, span, "end", 24) == (0, 25)
    assert snapped_edge(text, span, "start", 5) == (4, 17)
    assert snapped_edge(text, span, "start", 99) == (10, 17)
    assert snapped_edge(text, span, "end", -5) == (0, 3)
