"""What an admin chooses of the site’s looks: what is refused, and what comes out of it."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from factcheck.editions.choosing import logo_from
from factcheck.editions.look import (
    Logo,
    Look,
    Theme,
    checked_name,
    close_pairs,
    contrast,
    mix,
    shipped_theme,
    style_sheet,
    theme_problems,
)
from factcheck.failures import Invalid
from factcheck.methods import queries
from factcheck.methods.rules import DISAGREE

VERDICTS = {one.label: one.colour for one in [*queries.scales()[0].ratings, DISAGREE]}
COLOUR = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


def theme(**changes: str) -> Theme:
    return Theme({**shipped_theme().colours, **changes})


def sentences(chosen: Theme) -> list[str]:
    return [str(problem) for problem in theme_problems(chosen, VERDICTS)]


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21), ("#767676", "#ffffff", 4.54), ("#ff0000", "#ffffff", 3.998)],
)
def test_contrast_is_reckoned_as_wcag_does(one, other, ratio):
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)


@given(COLOUR, COLOUR)
def test_contrast_lies_between_1_and_21_whichever_comes_first(one, other):
    assert 1 <= contrast(one, other) <= 21.0001
    assert contrast(one, other) == contrast(other, one)
    assert mix(one, other, 1) == one
    assert mix(one, other, 0) == other


def test_the_look_that_ships_passes_its_own_check():
    assert list(close_pairs(shipped_theme(), VERDICTS)) == []


def test_a_pair_that_is_hard_to_read_is_refused_by_name():
    assert sentences(theme(light_ink="#888888"))[0].startswith(
        "By day, ink on paper has a contrast of 3.54 to 1; it takes 4.5."
    )
    assert "By night, accent on paper" in sentences(theme(dark_accent="#333333"))[0]
    assert any("True on paper" in one for one in sentences(theme(light_paper="#7f7f7f")))


def test_what_is_no_colour_or_no_kind_of_type_is_refused():
    assert sentences(theme(light_ink="red; } body { display: none")) == [
        "Give a colour as #rrggbb, such as #16181b."
    ]
    chosen = Theme(shipped_theme().colours, reading="comic", around="Arial}")
    assert sentences(chosen) == ["Choose one of the kinds of type."] * 2


def test_the_style_sheet_sets_tokens_and_nothing_where_nothing_was_chosen():
    assert b"{" not in style_sheet(Look())
    sheet = style_sheet(Look(theme=theme(light_paper="#fffaf0"))).decode()
    assert "--paper: light-dark(#fffaf0, #15171a);" in sheet
    assert sheet.startswith("/*")
    assert "@layer tokens {" in sheet


def test_a_logo_stands_before_the_name_or_in_its_place():
    logo = Logo(b"png", 300, 100, has_name=False)
    sheet = style_sheet(Look(logo=logo)).decode()
    assert f'url("/{logo.path}")' in sheet
    assert "inline-size: 9rem; block-size: 3rem" in sheet
    assert "clip-path" not in sheet
    assert b"clip-path" in style_sheet(Look(logo=Logo(b"png", 300, 100, has_name=True)))


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "a\u202eb"])
def test_a_name_that_cannot_be_used_is_refused(name):
    with pytest.raises(Invalid):
        checked_name(name)


def image(kind: str, size: tuple[int, int] = (300, 100), **more) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, "#174a7c").save(file, kind, **more)
    return file.getvalue()


def test_a_logo_is_written_anew_without_what_else_was_in_the_file():
    logo = logo_from(image("WEBP", exif=b"Exif\x00\x00secret") + b"<script>", has_name=True)
    assert Image.open(io.BytesIO(logo.png)).format == "PNG"
    assert b"secret" not in logo.png
    assert b"script" not in logo.png
    assert (logo.width, logo.height, logo.has_name) == (300, 100, True)
    assert logo_from(image("PNG", (3000, 1000)), has_name=False).height == 144


@pytest.mark.parametrize(
    "data",
    [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", image("GIF"), image("PNG")[:60],
     image("PNG", (4001, 10)), b"\x89PNG\r\n\x1a\n" + b"x" * 524_288],
    ids=["nothing", "svg", "gif", "half", "wide", "heavy"],
)  # fmt: skip
def test_what_is_no_logo_is_refused(data):
    with pytest.raises(Invalid):
        logo_from(data, has_name=False)
