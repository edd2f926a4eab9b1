"""A failure's sentence in the language of who reads it.

`tests/catalogues.py` gathers those sentences from where failures are raised.
"""

from __future__ import annotations

from flask_babel import format_decimal, gettext

from factcheck.failures import Failure


def worded(failure: Failure) -> str:
    """Return what the failure says, in the reader's language, with its values in their places."""
    shown = {
        name: format_decimal(value) if isinstance(value, int) else value
        for name, value in failure.values.items()
    }
    return str(gettext(failure.sentence, **shown))
