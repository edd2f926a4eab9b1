"""The four kinds of failure that a door (page, API, command, job) knows how to answer.

A room's own exceptions are named by what happened and subclass one of these; `web/errors.py`,
the API and the command line turn the kinds into answers in one place each. `code` is a
short key for programs, made from the class name where a subclass does not set one.

A failure carries its sentence in English with named places for its values, and not filled in: it is
the key by which `web/wording.py` finds the sentence in the reader's language.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Protocol


class Said(Protocol):
    """A sentence in English with named places, and the values that belong there."""

    @property
    def sentence(self) -> str:
        """Return the sentence: the key by which catalogues know it."""

    @property
    def values(self) -> Mapping[str, str | int]:
        """Return the value of each place."""


def filled_in(sentence: str, values: Mapping[str, object]) -> str:
    """Return a sentence with its values in their places, digits grouped as in English."""
    shown = {
        name: f"{value:,}" if isinstance(value, int) else value for name, value in values.items()
    }
    return sentence % shown if shown else sentence


class Failure(Exception):
    """What was asked cannot be done, with a sentence for the person who asked and its values.

    `Failure("Give at most %(most)s names.", most=20)`. A number is given as a number, so that each
    language groups its digits in its own way; a number that is a name, such as a port, as text.
    """

    code: str = ""

    def __init_subclass__(cls) -> None:
        """Derive the failure's key from its name: `ReviewClosed` is "review_closed"."""
        super().__init_subclass__()
        if "code" not in cls.__dict__:
            cls.code = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    def __init__(self, sentence: str, /, **values: str | int) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.values = values

    def __str__(self) -> str:
        """Return the sentence in English: what happened and what to do."""
        return filled_in(self.sentence, self.values)


class Missing(Failure):
    """Nothing is there under that address or id, or not for this person."""


class Conflict(Failure):
    """The thing is not, or no longer, in a state that allows it."""


class Forbidden(Failure):
    """The person who asked may not do it."""


class Invalid(Failure):
    """A field's value cannot be taken; `field` is its name as the caller wrote it."""

    def __init__(self, field: str, sentence: str, /, **values: str | int) -> None:
        super().__init__(sentence, **values)
        self.field = field

    @classmethod
    def of(cls, field: str, failure: Failure) -> Invalid:
        """Return another failure as one of a field: what it says, said about `field`."""
        return cls(field, failure.sentence, **failure.values)
