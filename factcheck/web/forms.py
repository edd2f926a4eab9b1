"""Showing a room's refusal beside the field that it is about."""

from __future__ import annotations

from typing import Any

from factcheck.failures import Failure, Invalid
from factcheck.web.wording import worded


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
