"""The four kinds of failure that a door (page, API, command, job) knows how to answer.

A room's own exceptions are named by what happened and subclass one of these; `web/errors.py`,
the API and the command line turn the kinds into answers in one place each. `code` is a
short key for programs, made from the class name where a subclass does not set one.
"""

from __future__ import annotations

import re


class Failure(Exception):
    """What was asked cannot be done; the message is a sentence for the person who asked."""

    code: str = ""

    def __init_subclass__(cls) -> None:
        """Derive the failure's key from its name: `ReviewClosed` is "review_closed"."""
        super().__init_subclass__()
        if "code" not in cls.__dict__:
            cls.code = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    @property
    def message(self) -> str:
        """The sentence that says what happened and what to do."""
        return str(self)


class Missing(Failure):
    """Nothing is there under that address or id, or not for this person."""


class Conflict(Failure):
    """The thing is not, or no longer, in a state that allows it."""


class Forbidden(Failure):
    """The person who asked may not do it."""


class Invalid(Failure):
    """A field's value cannot be taken; `field` is its name as the caller wrote it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
