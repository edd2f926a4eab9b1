"""The editors' page of policies: those that ship, those of this site, and adding one."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from wtforms import BooleanField, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from factcheck import clock
from factcheck.accounts.browser_session import signed_in
from factcheck.accounts.models import Person
from factcheck.db import current_session, writing
from factcheck.editions.publishing import COMMON_JOB
from factcheck.failures import Conflict, Invalid
from factcheck.methods import actions, queries
from factcheck.methods.models import OwnPolicy
from factcheck.methods.rules import (
    LONGEST_DESCRIPTION,
    LONGEST_NAME,
    MOST_SEATS,
    MOST_SOURCES,
    MOST_STEPS,
    Wanted,
)
from factcheck.outbox import enqueue
from factcheck.web.access import Caller, access
from factcheck.web.forms import show_failure

bp = Blueprint("policies", __name__, url_prefix="/desk/policies")
_NEEDED = InputRequired(_("Give a number."))


class PolicyForm(FlaskForm):  # type: ignore[misc]
    """A policy to be added; a further step that is left empty is none."""

    name = StringField(_("Name"), render_kw={"maxlength": LONGEST_NAME, "required": True})
    description = TextAreaField(
        _("How it decides, in words for readers"),
        render_kw={"maxlength": LONGEST_DESCRIPTION, "required": True, "rows": 3},
    )
    seats_1 = IntegerField(_("Reviewers"), [_NEEDED], default=3)
    agree_1 = IntegerField(_("Have to agree"), [_NEEDED], default=2)
    seats_2 = IntegerField(_("Reviewers, with those before"), [Optional()])
    agree_2 = IntegerField(_("Have to agree then"), [Optional()])
    seats_3 = IntegerField(_("Reviewers, with all before"), [Optional()])
    agree_3 = IntegerField(_("Have to agree at last"), [Optional()])
    least_sources = IntegerField(_("Sources that a rating needs"), [_NEEDED], default=1)
    archived_only = BooleanField(_("Each source needs a copy in the archive"))

    @property
    def wanted(self) -> Wanted:
        """What was typed, checked by nothing yet."""
        pairs = ((self[f"seats_{n}"].data, self[f"agree_{n}"].data) for n in (1, 2, 3))
        steps = tuple((seats or 0, agree or 0) for seats, agree in pairs if seats or agree)
        return Wanted(
            self.name.data or "", self.description.data or "", steps,
            least_sources=self.least_sources.data or 0, archived_only=bool(self.archived_only.data),
        )  # fmt: skip


@bp.get("")
@access(Caller.EDITOR)
def index() -> ResponseReturnValue:
    """Show every policy, and the form to add one."""
    return _page(PolicyForm(formdata=None))


def _page(form: PolicyForm, status: int = 200) -> ResponseReturnValue:
    own = queries.own_policies(current_session())
    page = render_template(
        "desk/policies.html", form=form, shipped=queries.shipped_policies(), own=own,
        policy=queries.policy, default=queries.DEFAULT_POLICY, most_seats=MOST_SEATS,
        most_sources=MOST_SOURCES, steps=range(1, MOST_STEPS + 1),
    )  # fmt: skip
    return page, status


@bp.post("")
@access(Caller.EDITOR)
def add() -> ResponseReturnValue:
    """Add a policy of this site; articles and claims can be put under it from now on."""
    form = PolicyForm()
    if not form.validate_on_submit():
        return _page(form, 422)
    try:
        with writing() as session:
            added(session, form.wanted, actor=signed_in(), now=clock.now())
    except (Conflict, Invalid) as failure:
        show_failure(form, failure, otherwise="name")
        return _page(form, 409 if isinstance(failure, Conflict) else 422)
    return redirect(url_for("policies.index"), 303)


def added(session: Session, wanted: Wanted, *, actor: Person, now: datetime) -> OwnPolicy:
    """Add a policy and have the site's method page say so; what `add_policy` raises."""
    policy = actions.add_policy(session, wanted, actor=actor, now=now)
    enqueue(session, COMMON_JOB, {}, now=now)
    return policy


@bp.post("/<key>/retire")
@access(Caller.EDITOR)
def retire(key: str) -> ResponseReturnValue:
    """Offer a policy of this site no more; what is under it stays so."""
    with writing() as session:
        retired(session, key, actor=signed_in(), now=clock.now())
    return redirect(url_for("policies.index"), 303)


def retired(session: Session, key: str, *, actor: Person, now: datetime) -> OwnPolicy:
    """Retire a policy and have the site's method page leave it out; raises PolicyMissing."""
    policy = actions.retire_policy(session, key, actor=actor, now=now)
    enqueue(session, COMMON_JOB, {}, now=now)
    return policy
