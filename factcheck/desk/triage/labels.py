"""What the page calls the steps of triage."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from factcheck.desk.triage.steps import Did

DID = {
    Did.EDITED.value: _("changed"),
    Did.MOVED.value: _("edge moved"),
    Did.ACCEPTED.value: _("accepted"),
    Did.ACCEPTED_ALL.value: _("accepted together"),
    Did.DISMISSED.value: _("dismissed"),
    Did.TAKEN_BACK.value: _("taken back"),
    Did.SPLIT.value: _("split"),
    Did.MERGED.value: _("merged"),
    Did.PROPOSED.value: _("made a claim"),
}
