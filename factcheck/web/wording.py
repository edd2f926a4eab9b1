"""A sentence that a room says, such as a failure's, in the language of who reads it.

`tests/catalogues.py` gathers those sentences from where they are said.
"""

from __future__ import annotations

from flask_babel import format_decimal, gettext

from factcheck.failures import Said


def worded(said: Said) -> str:
    """Return what was said, in the reader's language, with its values in their places."""
    shown = {
        name: format_decimal(value) if isinstance(value, int) else value
        for name, value in said.values.items()
    }
    return str(gettext(said.sentence, **shown))
