"""The practice cases that are shipped are whole, and what is not whole is refused."""

from __future__ import annotations

import re

import pytest

from factcheck.methods import queries
from factcheck.methods.cases import BadCase, case_of

SCALE = queries.scale("default")
KEYS = {rating.key for rating in SCALE.ratings}
SOURCE = {"title": "A report", "site": "a.example", "date": "2026-01-30", "quote": "It is so."}
WHOLE = {
    "key": "one", "place": 1, "title": "One", "language": "en", "setting": "Said in a test.",
    "paragraph": "Before it. It is so. After it.", "words": "It is so", "restated": "It is so.",
    "sources": [SOURCE, SOURCE], "best": "true", "why": "It is so [1].",
    "feedback": dict.fromkeys(KEYS - {"true"}, "Not quite."),
}  # fmt: skip


@pytest.mark.parametrize("case", queries.cases(), ids=lambda case: case.key)
def test_every_rating_of_a_shipped_case_has_its_answer(case):
    assert case.best in KEYS
    assert set(case.feedback) | {case.best} == KEYS
    assert case.best not in case.feedback
    assert all(len(words.split()) > 8 for words in case.feedback.values())


@pytest.mark.parametrize("case", queries.cases(), ids=lambda case: case.key)
def test_a_shipped_case_points_only_to_sources_that_it_has(case):
    cited = {int(number) for number in re.findall(r"\[(\d+)\]", case.why)}

    assert cited == set(range(1, len(case.sources) + 1))
    assert all(source.site.endswith(".example") for source in case.sources)


def test_three_cases_teach_three_different_things():
    assert [case.key for case in queries.cases()] == ["library-loans", "fire-station", "dry-wells"]
    assert [case.best for case in queries.cases()] == ["mostly-true", "false", "unproven"]
    assert [case.place for case in queries.cases()] == [1, 2, 3]


def test_a_case_is_found_by_its_key_and_an_unknown_key_is_named():
    assert queries.case("dry-wells").best == "unproven"
    with pytest.raises(queries.CaseMissing, match="nowhere"):
        queries.case("nowhere")


def test_a_case_knows_what_stands_around_its_words():
    case = case_of(WHOLE, SCALE)

    assert (case.before, case.after) == ("Before it. ", ". After it.")
    assert case.sources[0].published.isoformat() == "2026-01-30"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"restated": " "}, "restated"),
        ({"words": "It was so"}, "words"),
        ({"paragraph": "It is so. It is so."}, "words"),
        ({"best": "splendid"}, "best"),
        ({"feedback": dict.fromkeys(KEYS - {"true", "false"}, "Not quite.")}, "feedback"),
        ({"feedback": dict.fromkeys(KEYS, "Not quite.")}, "feedback"),
        ({"feedback": {**WHOLE["feedback"], "splendid": "Not quite."}}, "feedback"),
        ({"feedback": {**WHOLE["feedback"], "false": ""}}, "feedback"),
        ({"sources": [SOURCE]}, "sources"),
        ({"sources": [SOURCE] * 4}, "sources"),
        ({"sources": [SOURCE, {**SOURCE, "quote": ""}]}, "sources"),
        ({"sources": [SOURCE, {**SOURCE, "date": "last May"}]}, "sources"),
    ],
)
def test_a_case_that_is_not_whole_is_refused(change, field):
    with pytest.raises(BadCase) as refused:
        case_of({**WHOLE, **change}, SCALE)

    assert refused.value.field == field


def test_a_case_that_lacks_a_field_is_refused_with_its_name():
    for name in WHOLE.keys() - {"place"}:
        with pytest.raises(BadCase):
            case_of({key: value for key, value in WHOLE.items() if key != name}, SCALE)
