"""What the forms of all rooms have in common: a refusal beside its field, lists with commas."""

from __future__ import annotations

import re
from typing import Any

from factcheck.failures import Failure, Invalid
from factcheck.web.wording import worded

_COMMA = re.compile("[,\u060c\u3001\uff0c]")  # also Arabic, Japanese, Chinese


def parted(typed: str) -> list[str]:
    """Return what somebody typed between commas, without what is blank."""
    return [part.strip() for part in _COMMA.split(typed) if part.strip()]


def show_failure(form: Any, failure: Failure, *, otherwise: str = "") -> None:
    """Put the failure's sentence beside its field, or above the form if it has no such field.

    A failure that is about no field goes beside the field `otherwise`.
    """
    name = failure.field if isinstance(failure, Invalid) else otherwise
    field = form._fields.get(name)
    if field is None:
        form.form_errors.append(worded(failure))
    else:
        field.errors = [*field.errors, worded(failure)]
