from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.desk.triage.parts import LENGTH, LONGEST, part_at, parts_of
from factcheck.text.segment import segment
from tests.effort import examples

SENTENCE = "The ferry carried 412,000 passengers in 2024, more than ever before. "


def test_a_short_text_is_one_part():
    assert parts_of("One word.", segment("One word.")) == [(0, 9)]
    assert parts_of("", []) == [(0, 0)]


def test_a_part_ends_with_its_paragraph():
    paragraph = SENTENCE * 5
    text = "\n\n".join([paragraph.strip()] * 200)
    parts = parts_of(text, segment(text))

    assert len(parts) == len(text) // (LENGTH + len(paragraph)) + 1
    assert all(text[start - 2 : start] == "\n\n" for start, _ in parts[1:])
    assert all(end - start <= LENGTH + len(paragraph) + 2 for start, end in parts)


def test_a_paragraph_without_end_is_parted_between_sentences():
    text = SENTENCE * 3_000
    parts = parts_of(text, segment(text))

    assert len(parts) > 2
    assert all(text[start:].startswith("The ferry") for start, _ in parts)
    assert all(end - start <= LONGEST + len(SENTENCE) for start, end in parts)


@settings(max_examples=examples(25), deadline=None)
@given(st.integers(0, 4_000), st.integers(1, 80))
def test_the_parts_are_all_of_the_text_and_every_place_lies_in_its_own(sentences, width):
    lines = [SENTENCE * width] * (sentences // width)
    text = "\n".join(lines)
    parts = parts_of(text, segment(text))

    assert parts[0][0] == 0
    assert parts[-1][1] == len(text)
    assert all(before[1] == after[0] for before, after in pairwise(parts))
    for number, (start, end) in enumerate(parts):
        assert part_at(parts, start) == number
        assert part_at(parts, max(start, end - 1)) == number
