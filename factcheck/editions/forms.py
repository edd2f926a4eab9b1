"""Forms of publishing: the note of an edition, the reason of a withdrawal, a purge."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, TextAreaField
from wtforms.validators import InputRequired, Length

from factcheck.editions.actions import LONGEST_NOTE


class PublishForm(FlaskForm):  # type: ignore[misc]
    """What readers are told of the changes."""

    note = TextAreaField(_("Note to readers"), [Length(max=LONGEST_NOTE)])


class WithdrawForm(FlaskForm):  # type: ignore[misc]
    """Why an edition has to go."""

    reason = TextAreaField(_("Reason"), [Length(max=LONGEST_NOTE)])


class ConfirmPurgeForm(FlaskForm):  # type: ignore[misc]
    """The password of who has words removed for good."""

    present = PasswordField(
        _("Present password"), [InputRequired(_("Type your present password."))]
    )


class PurgeForm(ConfirmPurgeForm):
    """Which words have to go, and why."""

    words = TextAreaField(_("Words"), [InputRequired(_("Type the words."))])
    reason = TextAreaField(_("Reason"), [InputRequired(_("Say why.")), Length(max=LONGEST_NOTE)])
    with_copies = BooleanField(_("Also remove copies of sources that hold the words"))
