"""Share pictures: the same bytes for the same words, no boxes, verdicts in their colours."""

from __future__ import annotations

import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from factcheck.editions import pictures, typesetting
from factcheck.editions.pictures import Picture, mark_of
from factcheck.editions.shapes import shape
from factcheck.methods import queries
from factcheck.methods.rules import DISAGREE

RATINGS = [*queries.scales()[0].ratings, DISAGREE]
DAY = "20 November 2026"


def picture(words: str = "“She sank in 2024”", rating=RATINGS[0], **changes) -> Picture:
    values = {"site": "factcheck", "day": DAY, "kicker": "Checked claim", "is_from_right": False}
    return Picture(words=words, findings=(mark_of(rating, rating.label),), **values | changes)


def opened(one: Picture) -> Image.Image:
    return Image.open(io.BytesIO(pictures.png(one)))


def colours(image: Image.Image) -> set[tuple[int, ...]]:
    return {colour for _, colour in image.convert("RGB").getcolors(1 << 20)}


def test_a_picture_is_drawn_to_the_same_bytes_every_time_and_is_small():
    one = picture()
    anew = pictures.png.__wrapped__(one)
    assert anew == pictures.png(one)
    assert opened(one).size == (1200, 630)
    assert len(anew) < 25_000
    assert pictures.png(picture("“She sank in 2025”")) != anew


@pytest.mark.parametrize("rating", RATINGS, ids=lambda one: one.key)
def test_a_verdict_has_its_shape_its_colour_and_its_words(rating):
    drawn = opened(picture(rating=rating))
    assert tuple(bytes.fromhex(rating.colour[0][1:])) in colours(drawn)
    mask = shape(rating.shape, 64)
    assert 0.08 < sum(mask.tobytes()) / (255 * 64 * 64) < 0.85
    other = next(one for one in RATINGS if one.shape != rating.shape)
    assert mask.tobytes() != shape(other.shape, 64).tobytes()


def test_a_shape_is_drawn_as_its_path_says():
    disc, half, square = shape("v-true", 64), shape("v-mixed", 64), shape("v-false", 64)
    assert disc.getpixel((32, 8)) == 255, "inside the disc"
    assert disc.getpixel((28, 40)) == 0, "the tick is cut out of it"
    assert disc.getpixel((2, 2)) == 0
    assert half.getpixel((16, 32)) == 255
    assert half.getpixel((44, 32)) == 0, "its right half is hollow"
    assert square.getpixel((8, 8)) == 255
    assert square.getpixel((32, 32)) == 0, "where the cross's arms meet"
    assert shape("v-of-no-sprite", 64) is None


@pytest.mark.parametrize("words", ["“渡船在二零二四年”", "“She sank \U0001f6a2”", "“नाव डूबी”"])
def test_words_that_no_font_draws_are_left_out_whole(words):
    assert pictures.png(picture(words)) == pictures.png(picture(""))


def test_a_name_or_a_day_that_no_font_draws_is_left_out():
    assert pictures.png(picture(site="事実")) == pictures.png(picture(site=""))
    assert pictures.png(picture(day="二零二四年")) == pictures.png(picture(day=""))


def test_arabic_is_drawn_joined_and_from_the_right():
    words = "«حملت العبارة»"
    assert typesetting.joins_letters(), "the wheel of Pillow brings raqm along"
    assert typesetting.font_name(words, typesetting.SERIF) == typesetting.NASKH
    drawn = opened(picture(words, is_from_right=True)).convert("L").crop((0, 180, 1200, 480))
    left, right = (drawn.crop((x, 0, x + 600, 300)) for x in (0, 600))
    assert min(right.tobytes()) < 64
    assert min(left.tobytes()) == 255


def test_marks_of_direction_and_controls_are_not_drawn():
    assert pictures.png(picture("“\u202eShe\u2066 sank\x07 in\u00ad 2024”")) == pictures.png(
        picture()
    )


def test_words_that_are_too_long_are_cut_at_a_word():
    words = "and nobody paid for it " * 40
    block = typesetting.fitted(words, typesetting.SERIF, (60, 40), 1072, 300)
    assert block.size == 40
    assert block.height <= 300
    assert block.lines[-1].endswith(" …")
    assert words.startswith(" ".join(block.lines).removesuffix(" …"))


@given(st.text(st.characters(max_codepoint=0x17F, categories=("L", "N", "Zs")), max_size=80))
@example("x" * 200)
@settings(max_examples=25)
def test_no_line_is_wider_than_its_space_and_no_letter_is_lost(words):
    tidy = typesetting.tidied(words)
    if not tidy or typesetting.font_name(f"{tidy}…", typesetting.SERIF) is None:
        return
    block = typesetting.fitted(tidy, typesetting.SERIF, (40,), 500, 100_000)
    assert all(typesetting.width_of(line, block.font, block.size) <= 500 for line in block.lines)
    assert "".join("".join(block.lines).split()) == "".join(tidy.split())


def test_all_counts_of_an_article_are_on_its_picture_however_many_there_are():
    found = tuple(mark_of(one, f"twelve {one.label.lower()}") for one in RATINGS)
    drawn = opened(
        Picture("factcheck", DAY, "120 claims checked", "The ferry", False, found, small=True)
    )
    wanted = {tuple(bytes.fromhex(one.colour[0][1:])) for one in RATINGS}
    assert wanted <= colours(drawn)
    edges = drawn.convert("L").crop((0, 615, 1200, 630))
    assert min(edges.tobytes()) == 255, "the last row ends above the edge"
