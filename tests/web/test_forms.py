import pytest

from factcheck.web.forms import parted


@pytest.mark.parametrize("typed", ["law, fish ,, tax", "law، fish،tax", "law、fish，tax"])
def test_commas_of_any_keyboard_part_a_list(typed):
    assert parted(typed) == ["law", "fish", "tax"]
