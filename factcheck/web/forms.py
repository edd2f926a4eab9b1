"""What forms of all rooms share: a refusal beside its field, lists with commas, the languages."""

from __future__ import annotations

import re
from typing import Any

from wtforms.fields.choices import SelectChoice

from factcheck import languages
from factcheck.failures import Failure, Invalid
from factcheck.languages import Language
from factcheck.web.wording import worded

_COMMA = re.compile("[,\u060c\u3001\uff0c]")  # also Arabic, Japanese, Chinese


def parted(typed: str) -> list[str]:
    """Return what somebody typed between commas, without what is blank."""
    return [part.strip() for part in _COMMA.split(typed) if part.strip()]


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
