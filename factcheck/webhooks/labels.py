"""What pages and the API call that which is told, how a delivery stands, and what went wrong."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from factcheck.webhooks.rules import Told, Trouble

TOLD = {
    Told.PUBLISHED: _("An edition is published"),
    Told.CHANGED: _("A published verdict changes"),
    Told.DISPUTED: _("The reviews of a claim do not agree"),
    Told.PING: _("A test by hand"),
}
STATES = {
    "waiting": _("waiting"),
    "delivered": _("delivered"),
    "given-up": _("given up"),
}
TROUBLES = {
    Trouble.STATUS: _("It answered, but not with a status of 200 to 299. No redirect is followed."),
    Trouble.REFUSED: _("The address leads to a network that is not public. Nothing was sent."),
    Trouble.TIMED_OUT: _("It did not answer within 10 seconds."),
    Trouble.UNREACHABLE: _("It cannot be reached, or it broke off without a proper answer."),
    Trouble.SECRET: _(
        "The secret was sealed with another key of this service. Add the webhook anew."
    ),
    Trouble.RESTING: _("It was held back for a day, since other deliveries failed."),
    Trouble.WITHDRAWN: _("The edition was withdrawn before it was told."),
    Trouble.DISABLED: _("The webhook was disabled before it was sent."),
}
