"""Units: nothing lost, nothing doubled, and the kinds that a careful reader would give."""

import json
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from factcheck.text.figures import golden_figure, sentence_figures
from factcheck.text.segment import KINDS, Block, Unit, segment
from tests.effort import examples
from tests.text.messy_posts import POSTS

SHARED = Path(__file__).parents[3] / "shared"

ROUGH = st.text(
    alphabet=st.one_of(
        st.sampled_from(
            "ab AB.!?…\"'“”‘’()[]\n\r\t -*•>:;,1०9。！ⅷé\u0301\u200b\u00a0\u2028漢字ش🙂Q"
        ),
        st.characters(),
    ),
    max_size=200,
)
WORDED = st.lists(
    st.sampled_from(
        [
            "The", "rate", "rose", "5%", "Mr.", "U.S.", "He", "said", "“no.”", '"Yes."', "(see",
            "p. 5)", "1.", "2)", "•", "- ", "\n", "\n\n", "By Ann Lee", "Photos: A; B", "...", "?",
            "AheadToward", "Road", "Ann LeeAnn Lee", ",", "An egg", "lawshops", "OSLO —",
            "Jan. 5", "HALE:", "> ", "Regards,", "。", "10:32", "==", "#", "www.x.org", "and", "it",
        ]
    ),
    max_size=40,
).map(" ".join)  # fmt: skip


def assert_partition(text: str, units: list[Unit]) -> None:
    position = 0
    for unit in units:
        assert unit.start >= position
        assert unit.end > unit.start
        assert not text[position : unit.start].strip()
        assert text[unit.start : unit.end] == text[unit.start : unit.end].strip()
        assert unit.kind in KINDS
        position = unit.end
    assert not text[position:].strip()


@given(st.one_of(ROUGH, WORDED))
@settings(max_examples=examples(600), deadline=None)
@example("")
@example(" \n\r\n ")
@example("a.\u00a0B")
@example("\x1c.\x1fA\x85b")
@example("1. ")
@example("1. a \x1c 2. b")
@example("It rose to 5%. The and it was lawshops ... So")
@example("> > >")
@example("\ud800. A\udfff")
def test_every_character_that_is_not_white_space_lies_in_exactly_one_unit(text):
    assert_partition(text, segment(text))


@given(WORDED, st.data())
@settings(max_examples=examples(200), deadline=None)
def test_blocks_of_any_shape_keep_the_partition(text, data):
    offsets = st.integers(-3, len(text) + 3)
    spans = data.draw(st.lists(st.tuples(offsets, offsets, st.sampled_from(KINDS)), max_size=5))

    units = segment(text, blocks=[Block(max(0, a), b, kind) for a, b, kind in spans])

    assert_partition(text, units)


@given(WORDED, st.text(max_size=30))
@settings(max_examples=examples(100), deadline=None)
def test_any_title_keeps_the_partition(text, title):
    assert_partition(text, segment(text, title=title))


@pytest.mark.parametrize("name", ["naughty_strings", "unicode_traps"])
def test_hostile_strings_keep_the_partition(name):
    path = SHARED / "data" / "hostile" / f"{name}.json"
    if not path.exists():
        pytest.skip("the hostile strings are not beside this checkout")
    for case in json.loads(path.read_text(encoding="utf-8"))["cases"]:
        if isinstance(value := case.get("value"), str):
            for text in (value, f"It rose. {value} fell.\n\n{value}"):
                assert_partition(text, segment(text))


@pytest.mark.parametrize("name", list(POSTS))
def test_a_messy_post_is_cut_as_a_careful_reader_would(name):
    text = "".join(words + after for _, words, after in POSTS[name])

    units = [(unit.kind, text[unit.start : unit.end]) for unit in segment(text)]

    assert units == [(kind, words) for kind, words, _ in POSTS[name]]


def test_what_the_markup_told_wins_over_what_the_words_look_like():
    text = "The dam broke. It was old.\nFalls in May\nOne more thing."
    blocks = [Block(0, 26, "quotation"), Block(27, 39, "caption"), Block(40, 55, "sentence")]

    kinds = [unit.kind for unit in segment(text, blocks=blocks)]

    assert kinds == ["quotation", "quotation", "caption", "sentence"]


def test_the_known_title_is_found_and_what_stands_over_it_is_boilerplate():
    text = "Valley Notes\n\nSecond header line\n\nThe mill will close.\n\nIt closed in 2018."

    kinds = [unit.kind for unit in segment(text, title="The mill  will close.")]

    assert kinds == ["boilerplate", "boilerplate", "title", "sentence"]


def test_a_sentence_that_begins_like_a_credit_or_a_menu_stays_a_sentence():
    for line in (
        "Credit Suisse said it would cut 9,000 jobs by 2025.",
        "Copyright law changed a lot in 1998, lawyers say.",
        "Subscribe rates fell by 30 per cent in a year.",
        "Figure 3 shows that prices rose by 5% in May.",
        "By Monday the army had taken the town of Orrin.",
    ):
        assert segment(f"{line}\n\nIt was a long year.")[0].kind == "sentence"


def test_a_name_with_a_capital_inside_is_no_glued_caption():
    text = "The MacDonald family uses WordPress and YouTube. It shares LibriVox books."

    assert [unit.kind for unit in segment(text)] == ["sentence", "sentence"]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("He has lived in the U.S. since May of that year.", 1),
        ("He has lived in the U.S. They moved there in May.", 2),
        ("The vote is on 3 March and Mr. Hale will chair it.", 1),
        ("It is in No. 4 of the old series, on p. 12 of the book.", 1),
        ("She works for Yahoo! and lives in Oslo these days.", 1),
        ("“Was it known?” she asked. Nobody knew. It rained.", 3),
    ],
)
def test_what_is_plain_at_a_glance_is_cut_as_anybody_would(text, count):
    assert len(segment(text)) == count


def test_the_seed_post_is_cut_as_it_must_be():
    path = SHARED / "seed_post.txt"
    if not path.exists():
        pytest.skip("the seed post is not beside this checkout")
    text = path.read_text(encoding="utf-8")

    apart = [
        (unit.kind, text[unit.start : unit.end])
        for unit in segment(text)
        if unit.kind != "sentence"
    ]

    assert apart[:-1] == [
        ("boilerplate", "Foreign Policy Blogs"),
        ("title", "Kazakhstan: Celebrating achievement, asking more"),
        ("caption", "Louise Arbour"),
        ("caption", "Karim Massimov"),
        ("heading", "Achievements"),
        ("heading", "The big barriers"),
        ("caption", "Road Ahead"),
        ("heading", "Toward resolution"),
        ("caption", "An equal fate before law"),
    ]
    assert apart[-1][0] == "credit"
    assert apart[-1][1].startswith("Photos: Canadian")


def test_sentences_end_where_people_say_on_the_development_data():
    folder = SHARED / "data" / "segmentation"
    if not folder.exists():
        pytest.skip("the segmentation data are not beside this checkout")
    for name, least in (("ewt", 0.93), ("gum", 0.98)):
        lines = (folder / f"{name}-dev.jsonl").read_text(encoding="utf-8").splitlines()
        ends, _ = sentence_figures(map(json.loads, lines))
        assert ends.f1() >= least
    golden = json.loads((folder / "golden.json").read_text(encoding="utf-8"))
    assert golden_figure(golden["cases"]) >= 44
