"""No cell that we write is a formula, and each is read as the text that it was."""

from hypothesis import given
from hypothesis import strategies as st

from factcheck.csv_cells import as_typed, cell_of


@given(st.text() | st.text("=+-@\t\r'a"))
def test_no_text_is_a_formula_and_each_comes_back(typed):
    assert not cell_of(typed).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert as_typed(cell_of(typed)) == typed


def test_numbers_stay_as_they_are_and_nothing_is_an_empty_cell():
    assert [cell_of(one) for one in (-3, 0.5, None, "'plain'")] == ["-3", "0.5", "", "'plain'"]
