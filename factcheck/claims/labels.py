"""What pages call states, dismissals and priorities; the keys stay what they are in data."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

STATES = {
    "proposed": _("Proposed"),
    "accepted": _("Accepted"),
    "decided": _("Decided"),
    "ready": _("Ready"),
    "disputed": _("Disputed"),
    "dismissed": _("Dismissed"),
}
DISMISSALS = {
    "opinion": _("an opinion"),
    "prediction": _("a prediction"),
    "question": _("a question"),
    "too-vague": _("too vague"),
    "not-worth-checking": _("not worth checking"),
    "not-a-statement": _("not a statement"),
    "same-as": _("same as another"),
    "out-of-scope": _("out of scope"),
    "would-harm": _("would harm"),
}
PRIORITIES = {0: _("Low"), 1: _("Normal"), 2: _("High"), 3: _("Urgent")}
ARTICLE_STATES = {
    "triage": _("In triage"),
    "review": _("Under review"),
    "published": _("Published"),
    "withdrawn": _("Withdrawn"),
}
ANCHORS = {
    "unchanged": _("Unchanged"),
    "moved": _("Moved"),
    "changed": _("Other words: look at it again"),
    "gone": _("Gone from the text"),
}
KINDS = {
    "title": _("Title"),
    "heading": _("Heading"),
    "quotation": _("Quotation"),
    "caption": _("Caption"),
    "credit": _("Credit"),
    "byline": _("Byline"),
    "dateline": _("Dateline"),
    "boilerplate": _("Not part of the post"),
}
"""What a text is cut into; sentences need no name, nor do list items, which have their bullets."""
