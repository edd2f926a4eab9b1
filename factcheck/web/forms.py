"""Showing a room's refusal beside the field that it is about."""

from __future__ import annotations

from typing import Any

from factcheck.failures import Invalid


def show_failure(form: Any, failure: Invalid) -> None:
    """Put the failure's sentence beside its field, or above the form if it has no such field."""
    field = form._fields.get(failure.field)
    if field is None:
        form.form_errors.append(failure.message)
    else:
        field.errors = [*field.errors, failure.message]
