"""What forms of several rooms share: a refusal beside its field, the languages to choose from."""

from __future__ import annotations

from typing import Any

from wtforms.fields.choices import SelectChoice

from factcheck import languages
from factcheck.failures import Failure, Invalid
from factcheck.languages import Language
from factcheck.web.wording import worded


def language_choices() -> list[SelectChoice]:
    """Return each language that pages can be in, under the name that its speakers give it."""
    return [SelectChoice(one.key, one.own_name) for one in map(Language, languages.known())]


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
