"""Which names look alike, and which mix scripts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.accounts.lookalikes import check_scripts, look_alike, skeletons
from factcheck.failures import Invalid

TWINS = dict(zip("aeopcxysjdhbkmtolw", "аеорсхуѕјԁһвкмт0ıԝ", strict=True))
NAMES = st.from_regex(r"[a-zA-Z]{1,8}( [a-zA-Z]{1,8})?", fullmatch=True)


@given(NAMES, st.data())
def test_a_name_with_letters_changed_for_their_twins_looks_the_same(name, data):
    small = name.lower()
    swapped = "".join(
        TWINS[one] if one in TWINS and data.draw(st.booleans()) else one for one in small
    )
    assert look_alike(swapped, name)
    assert look_alike(name, swapped)


@given(st.text(max_size=30))
def test_a_name_looks_like_itself_in_capitals_and_without_blanks(name):
    assert look_alike(name, name)
    assert look_alike(name, f" {name} ")
    assert skeletons(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ian", "lan"), ("Bernd", "Bemd"), ("HELEN", "НЕLЕN"), ("ΝΙΚΟΣ", "νικος"), ("Bob", "B0b"),
     ("Ann Lee", "Ann-Lee"), ("Willy", "VVilly"), ("ＡＤＡ", "Ada"), ("Ada", "A\u200bda")],
)  # fmt: skip
def test_these_look_alike(one, other):
    assert look_alike(one, other)


@pytest.mark.parametrize(
    ("one", "other"), [("Rhea", "Rolf"), ("René", "Renée"), ("Jan", "Jana"), ("Иван", "Игорь")]
)
def test_these_do_not(one, other):
    assert not look_alike(one, other)


@pytest.mark.parametrize("name", ["Rhеa", "Владимир Smith", "Νick", "山田 Иван"])
def test_a_name_of_mixed_scripts_is_refused(name):
    with pytest.raises(Invalid, match="one script"):
        check_scripts(name)


@pytest.mark.parametrize(
    "name", ["Rhea Lind", "Иван Петров", "山田 Taro", "O’Neil", "José 2", "김민수"]
)
def test_a_name_of_one_script_is_taken(name):
    check_scripts(name)
