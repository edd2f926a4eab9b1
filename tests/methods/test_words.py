"""The words of scales and policies go through the catalogue, so none may look like a format."""

from __future__ import annotations

import pytest

from factcheck.methods.queries import scales, shipped_policies
from factcheck.methods.rules import DISAGREE

RATINGS = (DISAGREE, *(rating for scale in scales() for rating in scale.ratings))


@pytest.mark.parametrize(
    "words",
    [
        *(scale.name for scale in scales()),
        *(words for one in RATINGS for words in (one.label, one.short, one.definition)),
        *(words for policy in shipped_policies() for words in (policy.name, policy.description)),
    ],
)
def test_words_of_scales_and_policies_have_no_sign_of_a_format_or_of_markup(words):
    assert words
    assert not set("%<>&") & set(words)
