"""Forms of publishing: the note of an edition, the reason of a withdrawal."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import Length

from factcheck.editions.actions import LONGEST_NOTE


class PublishForm(FlaskForm):  # type: ignore[misc]
    """What readers are told of the changes."""

    note = TextAreaField(_("Note to readers"), [Length(max=LONGEST_NOTE)])


class WithdrawForm(FlaskForm):  # type: ignore[misc]
    """Why an edition has to go."""

    reason = TextAreaField(_("Reason"), [Length(max=LONGEST_NOTE)])
