"""What pages and mails call kinds of notices and ways to be told; and each notice's sentence."""

from __future__ import annotations

from datetime import date, datetime

from flask_babel import format_date, format_datetime
from flask_babel import lazy_gettext as _

from factcheck.notices.models import Notice
from factcheck.notices.rules import Kind, Way

KINDS = {
    Kind.DECIDED: _("A claim that you reviewed is decided"),
    Kind.REOPENED: _("A claim that you reviewed is open again"),
    Kind.WORDING_CHANGED: _("A claim that you are at or answered has other words"),
    Kind.MERGED: _("A claim that you are at or answered was merged into another"),
    Kind.SEAT_ENDING: _("Your seat with a draft ends soon"),
    Kind.PUBLISHED: _("An article that you worked on was published"),
    Kind.DISPUTED: _("The reviews of a claim do not agree"),
    Kind.TO_SUMMARISE: _("A claim waits for a summary"),
    Kind.LETTER: _("A reader sent a letter"),
    Kind.MENTION: _("Somebody mentions you in the talk of a claim"),
    Kind.ANSWER: _("Somebody answers in a talk that you take part in"),
    Kind.TO_SIGN: _("Your second signature is wanted"),
    Kind.QUESTION: _("A reviewer asks the editors about a claim"),
    Kind.WEBHOOK_DISABLED: _("A webhook that failed for a week was disabled"),
    Kind.SECOND_ADMIN: _("A change of an admin’s account waits for a second admin"),
    Kind.LATE: _("The deadline of an article is over"),
    Kind.STUCK: _("Claims of an article do not move"),
    Kind.MESSAGE: _("An editor writes to you"),
}
WAYS = {
    Way.HERE: _("in the service only"),
    Way.AT_ONCE: _("by mail at once"),
    Way.DAILY: _("in one daily mail"),
    Way.OFF: _("off"),
}
_SENTENCES = {
    "decided:rating": _("A claim that you reviewed is decided. The reviews agree: %(outcome)s."),
    "decided:options": _(
        "A claim that you reviewed is decided. The reviews agree as far as this, and an editor "
        "chooses: %(outcome)s."
    ),
    "decided:settled": _("An editor settled a claim that you reviewed: %(outcome)s."),
    "decided:left-open": _(
        "An editor left a claim that you reviewed open. Readers are told that reviewers disagree."
    ),
    "reopened": _("A claim that you reviewed is open for review again."),
    "wording-changed": _(
        "The words of a claim that you are at or answered have changed. Look whether what you "
        "wrote still holds, and confirm it."
    ),
    "merged": _(
        "A claim that you were at or answered was merged into this one. A draft went along if you "
        "have a place here; an answer stays with the claim that it was given to."
    ),
    "seat-ending": _(
        "Your seat ends on %(until)s. Your draft is kept, but somebody else may take the seat."
    ),
    "published": _("An article that you worked on was published, as edition %(number)s."),
    "disputed": _("The reviews of a claim do not agree. An editor settles it or leaves it open."),
    "to-summarise": _("The reviews of a claim agree. It waits for a summary."),
    "letter:request": _("A reader asks for a check."),
    "letter:appeal": _("A reader appeals against a verdict."),
    "letter:mend": _("An author says that they mended their words."),
    "mention": _("%(who)s mentions you in the talk of a claim."),
    "question": _("%(who)s asks the editors about a claim that is under review."),
    "answer": _("%(who)s answers in the talk of a claim that you take part in."),
    "webhook-disabled": _(
        "A webhook was disabled, since nothing sent to %(host)s arrived for a week."
    ),
    "second-admin": _(
        "%(who)s asks for a change of an account that concerns an admin. It waits for a second "
        "admin."
    ),
    "late": _(
        "The deadline of an article, %(deadline)s, is over. Claims that wait for reviews: "
        "%(claims)s."
    ),
    "stuck": _(
        "Claims of an article that have stood as they are for %(days)s days, under review or "
        "waiting for an editor: %(claims)s."
    ),
    "message:claim": _("%(who)s writes to you about a claim."),
    "message:alone": _("%(who)s writes to you."),
    "to-sign": _(
        "%(who)s signed what readers are told of a sensitive claim. It waits for a second editor."
    ),
}


def sentence(notice: Notice) -> str:
    """Return what a notice tells, in the reader's language, without the words it is about."""
    form = f"{notice.kind}:{notice.details.get('form')}"
    shown = dict(notice.details)
    if "until" in shown:
        shown["until"] = format_datetime(datetime.fromisoformat(shown["until"]))
    if "deadline" in shown:
        shown["deadline"] = format_date(date.fromisoformat(shown["deadline"]))
    return str(_SENTENCES.get(form) or _SENTENCES[notice.kind]) % shown
