"""Records, segments, passages and changes: pure rules by properties and examples."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.editions.canonical import canonical, salted_digest, sha256
from factcheck.editions.rules import Words, changes, flat_segments, passages

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_canonical_json_reads_back_as_itself_and_writes_the_same_again(value):
    text = canonical(value)

    assert json.loads(text) == value
    assert canonical(json.loads(text)) == text


def test_keys_are_in_the_order_of_utf_16():
    assert canonical({"\u20ac": 1, "\r": 2, "\U0001f600": 3, "1": 4, "\ufb33": 5}) == (
        '{"\\r":2,"1":4,"\u20ac":1,"\U0001f600":3,"\ufb33":5}'
    )


@pytest.mark.parametrize("value", [1.5, float("nan"), 2**60, "\ud800", {1: 2}, object()])
def test_what_has_no_canonical_form_is_refused(value):
    with pytest.raises(ValueError, match=r"."):
        canonical(value)


SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 60)), max_size=6)


@given(SPANS)
def test_segments_leave_no_gap_and_each_claim_s_segments_make_up_its_span(pairs):
    spans = {str(i): (min(a, 59), min(a, 59) + n) for i, (a, n) in enumerate(pairs)}
    spans = {key: (a, min(b, 60)) for key, (a, b) in spans.items() if a < 60}
    segments = flat_segments(0, 60, spans)

    assert [s.start for s in segments[1:]] == [s.end for s in segments[:-1]]
    assert (segments[0].start, segments[-1].end) == (0, 60)
    for key, span in spans.items():
        own = [s for s in segments if key in s.claims]
        assert (own[0].start, own[-1].end) == span
        assert sum(s.end - s.start for s in own) == span[1] - span[0]


def test_a_caption_inside_a_sentence_stays_in_its_paragraph_and_one_before_it_does_not():
    text = "Ann SmithAnn Smith said, A fate thatlawyers win. More.\nA headingEnd here."
    units = [[0, 9, "caption"], [9, 23, "sentence"], [24, 36, "caption"], [36, 48, "sentence"],
             [49, 54, "sentence"], [55, 64, "heading"], [64, 73, "sentence"]]  # fmt: skip
    found = [(p.kind, text[p.start : p.end]) for p in passages(text, units)]

    assert found[0] == ("caption", "Ann Smith")
    assert [kind for kind, _ in found[-2:]] == ["heading", "sentence"]


def test_blank_lines_part_paragraphs_and_list_items_make_one_list():
    text = "One. Two.\nThree.\n\nFour.\n- a\n- b"
    units = [[0, 4, "sentence"], [5, 9, "sentence"], [10, 16, "sentence"], [18, 23, "sentence"],
             [24, 27, "list_item"], [28, 31, "list_item"]]  # fmt: skip
    found = passages(text, units)

    assert [(p.kind, len(p.parts)) for p in found] == [
        ("sentence", 3), ("sentence", 1), ("list_item", 2),
    ]  # fmt: skip


def test_words_that_stood_before_keep_their_digest():
    salts = iter("abcdef")
    first = Words({}, lambda: next(salts))
    digest = first.digest("same")
    again = Words(first.contents, lambda: next(salts))

    assert again.digest("same") == digest
    assert again.digest("new") != digest
    assert again.digest(None) is None
    assert digest == salted_digest("a", "same") == sha256("a\0same")


def record(*claims):
    names = ("id", "rating", "restated", "quote")
    blank = dict.fromkeys(("claimant", "summary", "reasons", "since_then", "as_of", "sources"))
    return {"claims": [dict(zip(names, claim, strict=True)) | blank for claim in claims]}


def test_each_kind_of_change_is_told_apart():
    before = record(("a", "true", "r", "q"), ("b", "true", "r", "q"), ("c", "true", "r", "q"),
                    ("d", "true", "r", "q"), ("e", "true", "r", "q"))  # fmt: skip
    after = record(("a", "false", "r", "q"), ("b", "true", "R", "q"), ("c", "true", "r", "Q"),
                   ("d", "true", "r", "q"), ("f", "mixed", "r", "q"))  # fmt: skip

    assert [change.as_json() for change in changes(before, after)] == [
        {"claim": "a", "kind": "verdict", "from": "true", "to": "false"},
        {"claim": "b", "kind": "words", "from": "true", "to": "true"},
        {"claim": "c", "kind": "text", "from": "true", "to": "true"},
        {"claim": "f", "kind": "new", "to": "mixed"},
        {"claim": "e", "kind": "gone", "from": "true"},
    ]
