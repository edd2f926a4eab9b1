"""Second main clauses: cut where a whole statement begins, and nowhere else."""

import re
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.text import word_learning
from factcheck.text.clause_learning import clause_model, held_out_clauses
from factcheck.text.clauses import Walk, joints, second_clauses
from factcheck.text.labelled import TextChanged
from factcheck.text.parsed import Parsed, digest, parsed, texts_parsed
from factcheck.text.word_classes import Model, classified
from factcheck.text.word_learning import word_classes
from factcheck.text.wordlists import words
from factcheck.text.written import plain
from tests.effort import examples

ROWS = [
    {
        "id": f"doc{number % 5}-{number}",
        "text": "It rose in May, and it fell in June.",
        "cuts": [20],
        "parataxis": [],
    }
    for number in range(20)
]
PARSED = Parsed("She read it in May, and they fell in June.", "pvoiN,cpviN.", frozenset({24}))


def parts(sentence: str) -> list[str]:
    return [sentence[start:end] for start, end in second_clauses(sentence, 0, len(sentence))]


@pytest.mark.parametrize(
    "clauses",
    [
        ["The bridge was closed in 2019", ", but ", "it was opened again two years later."],
        ["Output rose by 4% in 2020", "; ", "it fell by a tenth in 2021."],
        ["The old mill burned down", ", and ", "the town has never built another one."],
        ["But the bank said nothing", ", and ", "nobody has seen the money since."],
    ],
)
def test_what_joins_two_main_clauses_belongs_to_neither(clauses):
    assert parts("".join(clauses)) == clauses[::2]


@pytest.mark.parametrize(
    "sentence",
    [
        "He bought the hall and the land behind it.",
        "The mill was sold in May, and closed in June.",
        "Ana Lund said that prices had risen, and that exports had fallen.",
        "Ana Lund claims that her car was taken away and she was forced to walk.",
        "If you pay early and the bank agrees, the fee is waived.",
        "The bank (it was closed in 2019, but it was opened again later) is old.",
        "The bank [it was closed in 2019, but it was opened again later] is old.",
        'They wrote "it was closed in 2019, but it was opened again later" there.',
        "They wrote ‘it wasn’t closed in 2019, but it was opened again later’ there.",
        "It rose, and fell.",
    ],
)
def test_what_is_not_a_second_main_clause_stays_whole(sentence):
    assert parts(sentence) == [sentence]


@given(
    st.lists(
        st.sampled_from(
            sorted(
                words(
                    "it the bridge was closed in 2019 , ; : — and but that said ( ) “ ” ’s She _ é"
                )
            )
        ),
        max_size=40,
    )
)
@settings(max_examples=examples(300), deadline=None)
def test_the_spans_of_any_sentence_are_sorted_apart_and_inside(listed):
    sentence = " ".join(listed)
    spans = second_clauses(sentence, 0, len(sentence))

    assert spans[0][0] == 0
    assert spans[-1][1] == len(sentence)
    assert all(left[0] <= left[1] < right[0] for left, right in pairwise(spans))


def test_only_the_asked_part_of_a_text_is_looked_at():
    sentence = "The bridge was closed in 2019, but it was opened again two years later."
    text = f"Before, and it was so. {sentence} After, and it was so."
    start = text.index(sentence)

    spans = second_clauses(text, start, start + len(sentence))

    assert [text[first:last] for first, last in spans] == parts(sentence)


@pytest.mark.parametrize("unit", ["he, and ", "it was so; ", "s who, ", "x (and ", "N, N "])
def test_a_hostile_sentence_is_read_in_a_moment(unit):
    sentence = (unit * 2_000)[:2_000]
    began = time.perf_counter()

    second_clauses(sentence, 0, len(sentence))

    assert time.perf_counter() - began < 2


def test_a_sentence_beyond_all_measure_is_not_looked_into():
    assert joints("it was so, and " * 200, 0, 3_000) == []


def test_the_neighbours_of_a_word_say_what_it_does():
    sentence = "They plan to build it, and the plan was to sell it."
    found = {(word.low, word.sort) for word in classified(sentence, 0, len(sentence))}

    assert {("plan", "f"), ("plan", "n"), ("build", "k"), ("was", "a")} <= found


TAUGHT = [
    Parsed(text, sorts, frozenset())
    for text, sorts in [("They book it now.", "pfoy."), ("The book is old.", "dnaj.")] * 9
]


def test_word_classes_are_learned_from_what_a_parser_said_the_same_each_time():
    model = word_classes(TAUGHT)

    assert model == word_classes(TAUGHT)
    assert model["words"]["fn"] == "book"


def test_the_words_around_teach_which_of_two_classes_it_is(monkeypatch):
    monkeypatch.setattr(word_learning, "_SMALLEST", 0.1)  # so few sentences move little
    data = word_classes(TAUGHT)
    weights = {sign: dict(zip(w.split()[::2], map(int, w.split()[1::2]), strict=True))
               for sign, w in data["weights"].items()}  # fmt: skip
    model = Model({"book": "fn", "they": "p", "the": "d"}, {}, weights)

    assert model.likeliest(model.row(["They", "book"])) == ["p", "f"]
    assert model.likeliest(model.row(["The", "book"])) == ["d", "n"]


def test_words_and_marks_are_put_together_as_they_are_written():
    tokens = re.findall(r"\S+", "It was `` old '' ( very ) , and it fell .")
    text, starts = plain(tokens)

    assert text == 'It was "old" (very), and it fell.'
    assert [text[start] for start in starts] == list('Iw"o"(v),aif.')


def test_labels_of_a_parser_are_laid_over_the_very_texts_that_they_speak_of():
    texts = texts_parsed(
        [{"text": "It rose.\nIt fell, so", "sentences": [[0, 8], [9, 20]]}],
        ["It rose , and it fell .\tIt rose . <::::> It fell ."],
        [{"text": "No."}],
    )

    assert texts == ["It rose.", "It fell, so", "It rose, and it fell.", "No."]
    labels = [digest(texts), "pv.", "pv,s", "pv,cpv. 13", "d."]
    assert parsed(labels, texts)[2] == Parsed("It rose, and it fell.", "pv,cpv.", frozenset({13}))
    for others in (texts[::-1], texts[:3]):
        with pytest.raises(TextChanged):
            parsed(labels, others)


def test_held_out_figures_lie_between_nothing_and_one():
    assert held_out_clauses(ROWS, [PARSED]) == (1.0, 1.0)


def test_a_cut_at_which_no_joint_stands_counts_as_missed():
    missed = {**ROWS[0], "text": "It rose it fell.", "cuts": [8]}

    assert held_out_clauses([*ROWS, *[{**missed, "id": f"doc{n}-9"} for n in range(5)]], []) == (
        1.0,
        20 / 25,
    )


def test_what_a_parser_cut_teaches_first():
    silent = [{**row, "text": "It rose.", "cuts": []} for row in ROWS]
    taught = clause_model([*silent, ROWS[0]], [PARSED] * 9)["weights"]

    assert taught["g00"] > 0
    assert clause_model([*silent, ROWS[0]], [PARSED] * 9)["weights"] == taught


def test_what_became_of_the_joints_in_front_is_weighed():
    sentence = "It rose in May, and it fell in June, and it rose again."
    walk = Walk(sentence, 0, len(sentence))
    seen = []
    for joint in walk.joints():
        seen.append({sign for sign in walk.signs(joint) if sign[0] in "MP"})
        walk.cut(joint)

    assert seen == [{"MFalse0,and", "P00,and"}, {"MTrue0,and", "P10,and"}]
