"""A passage is found again after the text around it was edited, or said to be gone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.text.reanchor import Anchored, reanchor
from tests.text.placement import cases

REANCHOR = Path(__file__).resolve().parents[3] / "shared/data/reanchor"

OLD = (
    "Early days\n\nThe mill was built in 1802. It burned twice before the war. In 1914 it stood "
    "empty. It burned again in 1920 and nobody rebuilt it.\n\nThe owner said: “It rose 4% in 2019. "
    "It rose 4% in 2020.” He left the town soon after. He never came back to see what was left."
)


def found(quote: str, new: str, *, old: str = OLD, nth: int = 0) -> tuple[str, str | None]:
    """Return the status of a quote in an edited text, and its words there."""
    start = -1
    for _ in range(nth + 1):
        start = old.index(quote, start + 1)
    (anchor,) = reanchor(old, new, [(start, start + len(quote))])
    return anchor.status, None if anchor.start is None else new[anchor.start : anchor.end]


def test_a_passage_before_the_edit_is_unchanged_and_one_after_it_moved():
    new = OLD.replace("It burned twice before the war. ", "")

    assert found("The mill was built in 1802.", new) == (
        "unchanged", "The mill was built in 1802."
    )  # fmt: skip
    assert found("He left the town soon after.", new) == ("moved", "He left the town soon after.")


def test_an_equal_text_leaves_everything_unchanged():
    assert reanchor(OLD, OLD, [(12, 20)]) == [Anchored("unchanged", 12, 20, 1.0, "same place")]


def test_a_passage_with_another_number_is_changed():
    new = OLD.replace("in 1802", "in 1812")

    assert found("The mill was built in 1802.", new) == ("changed", "The mill was built in 1812.")


def test_a_deleted_passage_is_gone_though_its_like_stands_near():
    new = OLD.replace("It burned twice before the war. ", "")

    assert found("It burned twice before the war.", new) == ("gone", None)


def test_a_repeated_passage_is_told_apart_by_its_context():
    new = OLD.replace("It rose 4% in 2019. ", "")

    assert found("It rose 4%", new, nth=0)[0] == "gone"
    assert found("It rose 4%", new, nth=1) == ("moved", "It rose 4%")
    assert new[new.index("It rose 4%") :].startswith("It rose 4% in 2020")


def test_a_passage_is_followed_to_where_it_was_moved():
    sentence = "The mill was built in 1802. "
    new = OLD.replace(sentence, "") + " " + sentence.strip()

    assert found(sentence.strip(), new) == ("moved", sentence.strip())


def test_a_sentence_after_a_deleted_one_with_the_same_first_word_keeps_that_word():
    new = OLD.replace("He left the town soon after. ", "")

    assert found("He never came back", new) == ("moved", "He never came back")
    assert found("He left the town soon after.", new) == ("gone", None)


def test_quotation_marks_made_plain_are_still_the_same_marks():
    new = OLD.replace("“", '"').replace("”", '"')

    assert found("“It rose 4% in 2019. It rose 4% in 2020.”", new) == (
        "changed",
        '"It rose 4% in 2019. It rose 4% in 2020."',
    )


def test_an_edge_inside_a_word_stays_inside_it():
    assert found("ill was buil", "New. " + OLD) == ("moved", "ill was buil")


def test_text_without_blanks_is_followed_letter_by_letter():
    old = "工厂建于1802年。它在战前烧毁了两次。没有人重建它。"
    new = "老工厂建于1812年。它在战前烧毁了两次。没有人重建它。"

    assert found("它在战前烧毁了两次。", new, old=old) == ("moved", "它在战前烧毁了两次。")
    assert found("工厂建于1802年。", new, old=old) == ("changed", "工厂建于1812年。")


def test_a_passage_torn_in_two_halves_is_gone():
    old = "Aa bb cc dd ee ff gg hh ii jj. Kk ll mm nn oo pp qq rr ss tt."
    new = "Kk ll mm nn oo ff gg hh ii jj. Xx yy zz. Aa bb cc dd ee pp qq rr ss tt."

    assert found("Aa bb cc dd ee ff gg hh ii jj.", new, old=old) == ("gone", None)


@pytest.mark.parametrize("span", [(0, 0), (5, 4), (-1, 3), (0, 10_000)])
def test_a_span_that_is_no_passage_is_refused(span: tuple[int, int]):
    with pytest.raises(ValueError, match="is no passage"):
        reanchor(OLD, OLD, [span])


def test_everything_is_gone_from_an_empty_text():
    assert [anchor.status for anchor in reanchor(OLD, "", [(0, 10), (12, 40)])] == ["gone"] * 2


VOCABULARY = ["aa", "bb", "cc", "dd", "ee.", "Ff", "gg,", "4%", "“hh”", "ii\n\n", "jj"]
WORDS = st.lists(st.sampled_from(VOCABULARY), max_size=40)


@given(WORDS, WORDS, WORDS, st.data())
def test_offsets_and_statuses_agree_for_any_edit(before, kept, after, data):
    old = " ".join([*before, *kept])
    new = " ".join([*kept, *after])
    if not old:
        return
    start = data.draw(st.integers(0, len(old) - 1))
    end = data.draw(st.integers(start + 1, len(old)))
    (anchor,) = reanchor(old, new, [(start, end)])

    if anchor.status == "gone":
        assert anchor.start is anchor.end is None
        return
    assert anchor.start is not None
    assert anchor.end is not None
    assert 0 <= anchor.start < anchor.end <= len(new)
    assert (new[anchor.start : anchor.end] == old[start:end]) == (anchor.status != "changed")
    assert (anchor.status == "unchanged") == (anchor.start == start and anchor.status != "changed")


@pytest.mark.parametrize(("level", "least"), [("light", 0.997), ("medium", 0.99), ("heavy", 0.95)])
def test_the_shared_edits_are_followed(level: str, least: float):
    if not REANCHOR.is_dir():
        pytest.skip("shared data is not beside this checkout")
    old = (REANCHOR / "old.txt").read_bytes().decode("utf-8")
    exact = alike = kept = wrong = present = 0
    for path in sorted(REANCHOR.glob(f"{level}-*.json")):
        case = json.loads(path.read_text(encoding="utf-8"))
        spans = [(start, end) for start, end in case["spans"]]
        for anchor, truth in zip(reanchor(old, case["new"], spans), case["truth"], strict=True):
            if truth is None:
                kept += anchor.start is not None
                continue
            present += 1
            overlap = union = 0
            if anchor.start is not None and anchor.end is not None:
                overlap = min(anchor.end, truth[1]) - max(anchor.start, truth[0])
                union = max(anchor.end, truth[1]) - min(anchor.start, truth[0])
            exact += [anchor.start, anchor.end] == truth
            alike += overlap >= 0.8 * union > 0
            wrong += overlap <= 0 < union

    assert exact / present >= least
    assert alike / present >= 0.995
    assert kept == 0
    assert wrong == 0


@pytest.mark.timeout(20)
def test_texts_made_to_be_hard_are_aligned_in_decent_time():
    old = "a b " * 20_000
    new = "b a " * 20_000

    assert len(reanchor(old, new, [(0, 9)])) == 1


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_the_cases_that_the_overlay_passes_too(case):
    (anchor,) = reanchor(case.was, case.now, [case.passage])

    assert (None if anchor.start is None else (anchor.start, anchor.end)) == case.place
