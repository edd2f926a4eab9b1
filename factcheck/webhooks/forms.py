"""The form of an endpoint."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectMultipleField, URLField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, HiddenInput

from factcheck.webhooks import labels
from factcheck.webhooks.models import Webhook
from factcheck.webhooks.rules import CHOICES, LONGEST_URL


class WebhookForm(FlaskForm):  # type: ignore[misc]
    """Where an endpoint is and what it is told of."""

    url = URLField(_("Address"), [InputRequired(_("Give an address.")), Length(max=LONGEST_URL)])
    events = SelectMultipleField(
        _("Tell it when"),
        [InputRequired(_("Choose at least one of the events that can be told."))],
        choices=[SelectChoice(one.value, labels.TOLD[one]) for one in CHOICES],
        option_widget=CheckboxInput(),
    )


class EditForm(WebhookForm):
    """The same, and the version that it was read at."""

    version = IntegerField(widget=HiddenInput())


def form_of(found: Webhook) -> EditForm:
    """Return the form filled with what an endpoint is now."""
    return EditForm(formdata=None, url=found.url, events=found.told, version=found.version)
