"""What an article may be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.articles.rules import (
    check_authors,
    check_language,
    check_line,
    check_published,
    check_text,
    slug_for,
    title_of,
)
from factcheck.failures import Invalid
from factcheck.text.units import Unit


@given(st.text(max_size=600), st.sets(st.text(st.sampled_from("abc-12"), max_size=12)))
def test_a_slug_is_short_ascii_words_and_nobody_else_s(title, taken):
    slug = slug_for(title, taken)

    assert slug not in taken
    assert slug.isascii()
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert not slug.startswith("-")
    assert "--" not in slug
    assert 1 <= len(slug) <= 90


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Kazakhstan: Celebrating achievement, asking more",
         "kazakhstan-celebrating-achievement-asking-more"),
        ("😀 🎉", "article"),
        ("Қазақстан", "article"),
        ("<script>alert(1)</script>", "script-alert-1-script"),
        ("Éducation à l’école", "education-a-lecole"),
        ("x" * 500, "x" * 80),
        ("", "article"),
    ],
)  # fmt: skip
def test_slugs_of_odd_titles(title, slug):
    assert slug_for(title) == slug


def test_a_number_tells_equal_titles_apart():
    assert slug_for("The ferry", {"the-ferry"}) == "the-ferry-2"
    assert slug_for("The ferry", {"the-ferry", "the-ferry-2"}) == "the-ferry-3"


@given(st.dates())
def test_a_day_a_month_and_a_year_are_dates(day):
    for precision in (10, 7, 4):
        value = day.isoformat()[:precision]
        assert check_published(f" {value} ") == value


@pytest.mark.parametrize("value", ["2007-13", "2007-02-30", "07", "May 2007", "2007-5-3", "٢٠٠٧"])
def test_what_is_no_date_is_refused_beside_its_field(value):
    with pytest.raises(Invalid) as refused:
        check_published(value)
    assert refused.value.field == "published"


def test_nothing_is_no_date():
    assert check_published("  ") is None


@pytest.mark.parametrize("text", ["", " \n\u00a0", "a\x00b", "a\ud800b", "é" * (512 * 1024) + "x"])
def test_a_text_that_cannot_be_kept_is_refused(text):
    with pytest.raises(Invalid) as refused:
        check_text(text, "html")
    assert refused.value.field == "html"


def test_a_text_of_exactly_a_mebibyte_is_taken():
    assert len(check_text("é" * (512 * 1024))) == 512 * 1024


@pytest.mark.parametrize("value", ["english", "e", "en_GB", "en-" + "x" * 40, "<b>"])
def test_a_language_is_a_tag(value):
    with pytest.raises(Invalid):
        check_language(value)
    assert check_language(" pt-BR ") == "pt-BR"


def test_a_title_is_what_was_given_else_told_else_the_first_words():
    text = "The harbour\n\nThe ferry carried many people and then it did not any more at all ever."
    units = [Unit(0, 11, "title"), Unit(13, len(text), "sentence")]

    assert title_of(text, units, " Given  here ", "told") == "Given here"
    assert title_of(text, units, "", "told") == "told"
    assert title_of(text, units, "", "") == "The harbour"
    assert title_of(text[13:], [], "").split()[-1] == "more"
    assert len(title_of("x" * 2000, [], "")) == 500


def test_lines_and_names_are_made_single_and_kept_short():
    assert check_line(" a \n b ", "place", longest=5) == "a b"
    with pytest.raises(Invalid):
        check_line("abcdef", "place", longest=5)
    assert check_authors([" Ada  L ", "", "Ada L", "Bo"]) == ("Ada L", "Bo")
    with pytest.raises(Invalid):
        check_authors([str(number) for number in range(51)])
