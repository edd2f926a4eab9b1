"""The review page of a claim: writing, saving while typing, submitting, skipping, withdrawing."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_time, ngettext
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from factcheck import clock
from factcheck.accounts.browser_session import signed_in
from factcheck.accounts.models import Person
from factcheck.claims import queries as claims
from factcheck.claims.models import Claim
from factcheck.db import current_session, writing
from factcheck.decisions.actions import submit_review, withdraw_review
from factcheck.decisions.views.copies import shown_copies
from factcheck.decisions.views.review_page import Mode, page_of
from factcheck.failures import Conflict, Failure, Invalid
from factcheck.markup import rationale_html, remark_html
from factcheck.reviews import actions, carrying, queries, talk
from factcheck.reviews import pool as pools
from factcheck.reviews.captures import captured_on
from factcheck.reviews.dealing import hold_person
from factcheck.reviews.forms import Problems, SourceRow, Typed, typed_from, typed_review
from factcheck.reviews.rounds import open_round_or_none, policy_in_force
from factcheck.reviews.rules import draft_problems
from factcheck.reviews.threads import words_for
from factcheck.reviews.views import next_place, page_for
from factcheck.web.access import Caller, access
from factcheck.web.paging import cursor, number_of
from factcheck.web.wording import worded

bp = Blueprint("reviewing", __name__, url_prefix="/work/claims/<public_id>")


@bp.route("")
@access(Caller.REVIEWER)
def show(public_id: str) -> ResponseReturnValue:
    """Show a claim with all that is needed to judge it; one merged away leads to where it went."""
    return page(public_id)


def page(
    public_id: str, typed: Typed | None = None, status: int = 200, **given: Any
) -> ResponseReturnValue:
    """Return the page, with what was typed in its form; without, with the draft as it was kept."""
    to_read = request.args.get("rounds") == "closed"
    before = number_of(request.args.get("talk"))
    found = page_of(
        current_session(), public_id, signed_in(), to_read=to_read, talk_before=before
    )  # fmt: skip
    if found.leads_on:
        return _lead_on(found.claim, typed)
    given["copies"] = shown_copies(
        found.citations, {signed_in().id, *(one.person_id for one in found.reviews)}
    )
    kept = typed_from(found.own, found.citations.get(found.own.id, ()) if found.own else ())
    typed = _with_asked(kept) if typed is None else typed
    taken = next((one for one in found.pool if one.url == given.get("take")), None)
    if taken is not None:
        typed = _with_row(typed, taken.url, taken.title or "")
    given.setdefault("problems", Problems())
    html = render_template(
        "reviews/review.html", page=found, Mode=Mode, typed=typed, kept=kept, rows=_rows(typed),
        preview=rationale_html(typed.rationale, sources=len(typed.rows)),
        rationale_html=rationale_html, worded=worded, now=clock.now(),
        remark_html=remark_html, words_for=words_for, cursor=cursor,
        is_sent=request.args.get("sent") == "1",
        **given,
    )  # fmt: skip
    return html, status


def _with_asked(kept: Typed) -> Typed:
    """Return a draft with the source in its form that a link to the page asks for."""
    url = request.args.get("cite", "")
    return _with_row(kept, url, request.args.get("title", "")) if url else kept


def _with_row(typed: Typed, url: str, title: str) -> Typed:
    if any(row.url == url for row in typed.rows):
        return typed
    return replace(typed, rows=(*typed.rows, SourceRow(url=url, title=title)))


def _lead_on(claim: Claim, typed: Typed | None) -> ResponseReturnValue:
    """Show the claim to which this one was merged, with what was typed here in the meantime.

    It is kept: with that claim where the draft went along, else with this one, and shown there.
    """
    stays = claims.standing(claim).public_id
    if typed is None:
        return redirect(url_for("reviewing.show", public_id=stays))
    stayed_behind = carrying.is_at(current_session(), claim, signed_in())
    left: Typed | None = typed
    with suppress(Failure):
        version, _problems = _keep(claim.public_id if stayed_behind else stays, typed)
        typed, left = replace(typed, version=version), None
    return page(stays, None if stayed_behind else typed, 409, failure=_merged_sentence(),
                 left=left)  # fmt: skip


def _merged_sentence() -> str:
    sentence: str = _(
        "The claim was merged into this one while you wrote. What you typed is here: see whether it"
        " holds for these words."
    )
    return sentence


def _rows(typed: Typed) -> tuple[SourceRow, ...]:
    """Return the rows of the form: what was typed, and a blank one behind it."""
    return (*typed.rows, SourceRow())


@bp.route("", methods=["POST"])
@access(Caller.REVIEWER)
def write(public_id: str) -> ResponseReturnValue:
    """Do what the button says with what was typed: save, submit, or change the form itself."""
    typed = typed_review(request.form)
    do = request.form.get("do", "save")
    is_script = request.accept_mimetypes.best == "application/json"
    session = current_session()
    if claims.is_merged(session, public_id) and page_of(session, public_id, signed_in()).leads_on:
        return _say_merged() if is_script else _lead_on(claims.claim(session, public_id), typed)
    if do.startswith("remove-"):
        kept = tuple(row for place, row in enumerate(typed.rows, 1) if do != f"remove-{place}")
        return page(public_id, replace(typed, rows=kept))
    if do == "add":
        return page(public_id, typed)
    if do.startswith("take-"):
        return page(public_id, typed, take=do.removeprefix("take-"))
    if do == "submit":
        return _submit(public_id, typed)
    answer = _save_in_script if is_script else _save
    return answer(public_id, typed)


def _save(public_id: str, typed: Typed) -> ResponseReturnValue:
    try:
        problems = _keep(public_id, typed)[1]
    except actions.StaleDraft as stale:
        return _stale(public_id, typed, stale)
    except actions.AlreadySubmitted:
        return redirect(url_for("reviewing.show", public_id=public_id))
    except Conflict as conflict:
        return page(public_id, typed, 409, failure=worded(conflict))
    except Invalid as invalid:
        return page(public_id, typed, 422, problems=Problems.of([invalid]))
    if problems:
        own = queries.own_review(current_session(), *_claim_and_me(public_id))
        typed = replace(typed, version=own.version)
        return page(public_id, typed, 422, problems=problems)
    return redirect(url_for("reviewing.show", public_id=public_id))


def _keep(public_id: str, typed: Typed) -> tuple[int, Problems]:
    """Save what can be kept; return the draft's version, and what is wrong with the rest."""
    with writing() as session:
        claim, me = _claim_and_me(public_id)
        scale = claims.scale_of(claim)
        answer = typed.keepable(scale)
        draft = actions.save_draft(
            session, claim, me, answer, now=clock.now(), version=typed.version
        )
        return draft.version, Problems.of(draft_problems(typed.answer(), scale))


def _save_in_script(public_id: str, typed: Typed) -> ResponseReturnValue:
    """Answer the script that saves while somebody types: a sentence, and the draft's version."""
    try:
        version, problems = _keep(public_id, typed)
    except Conflict as conflict:
        return jsonify(message=worded(conflict), code=conflict.code), 409
    except Failure as failure:
        return jsonify(message=worded(failure), code=failure.code), 422
    at = format_time(clock.now(), "HH:mm:ss")
    message = _("Saved at %(at)s. Nobody sees your rating until the round closes.", at=at)
    if problems:
        message = _("Saved at %(at)s, but for this: %(what)s", at=at, what=problems.first)
    return jsonify(message=message, version=version, is_whole=not problems)


def _say_merged() -> ResponseReturnValue:
    """Answer the script, which then stops: its button leads on, with what was typed."""
    message = _("The claim was merged into another one. Press “Save draft” to take along what you"
                " typed.")  # fmt: skip
    return jsonify(message=message, code=actions.MergedAway.code), 409


def _submit(public_id: str, typed: Typed) -> ResponseReturnValue:
    try:
        place = _submit_and_deal(public_id, typed)
    except actions.StaleDraft as stale:
        return _stale(public_id, typed, stale)
    except actions.AlreadySubmitted:
        return redirect(url_for("reviewing.show", public_id=public_id))
    except Conflict as conflict:
        return page(public_id, _kept_anyway(public_id, typed), 409, failure=worded(conflict))
    except Invalid:
        session, (claim, me) = current_session(), _claim_and_me(public_id)
        policy = policy_in_force(claim, open_round_or_none(session, claim))
        scale = claims.scale_of(claim)
        problems = Problems.of(actions.problems_of(session, typed.answer(), me, scale, policy))
        return page(public_id, _kept_anyway(public_id, typed), 422, problems=problems)
    return redirect(place or next_place(is_sent=True))


def _submit_and_deal(public_id: str, typed: Typed) -> str | None:
    """Take the answer and deal the next claim, durable with one commit; return where it is.

    None where none can be dealt without waiting for somebody.
    """
    now = clock.now()
    with writing() as session:
        claim, me = _claim_and_me(public_id)
        hold_person(session, me)
        submit_review(session, claim, me, typed.answer(), now=now, version=typed.version)
        with suppress(actions.NothingToReview):
            return page_for(actions.deal_next(session, me, now=now, waits=False), is_sent=True)
    return None


def _kept_anyway(public_id: str, typed: Typed) -> Typed:
    """Save what was typed though it was not taken, as far as it goes, and return it."""
    with suppress(Failure):
        return replace(typed, version=_keep(public_id, typed)[0])
    return typed


def _stale(public_id: str, typed: Typed, stale: Conflict) -> ResponseReturnValue:
    """Show both texts; saving again from this page then keeps what is in its form."""
    own = queries.own_review(current_session(), *_claim_and_me(public_id))
    typed = replace(typed, version=own.version)
    return page(public_id, typed, 409, failure=worded(stale), is_stale=True)


@bp.route("/seat", methods=["POST"])
@access(Caller.REVIEWER)
def take(public_id: str) -> ResponseReturnValue:
    """Take a seat on this claim, if one is free."""
    try:
        with writing() as session:
            actions.take_seat(session, *_claim_and_me(public_id), now=clock.now())
    except Conflict as conflict:
        return page(public_id, None, 409, failure=worded(conflict))
    return redirect(url_for("reviewing.show", public_id=public_id))


@bp.route("/renew", methods=["POST"])
@access(Caller.REVIEWER)
def renew(public_id: str) -> ResponseReturnValue:
    """Keep one's seat for as long again."""
    with writing() as session:
        lease_id = _lease_id(public_id)
        actions.renew_lease(session, lease_id, signed_in(), now=clock.now())
    return redirect(url_for("reviewing.show", public_id=public_id))


@bp.route("/skip", methods=["POST"])
@access(Caller.REVIEWER)
def skip(public_id: str) -> ResponseReturnValue:
    """Hand the seat back, with a reason or without, and go on to the next claim.

    An unclear claim goes back to the editors with a note. Who was drawn and refuses in the queue
    stays there.
    """
    note = request.form.get("reason", "")
    try:
        with writing() as session:
            _hand_back(session, public_id, note)
    except Conflict as conflict:
        return page(public_id, None, 409, failure=worded(conflict), note=note)
    except Invalid as invalid:
        return page(public_id, None, 422, failure=worded(invalid), note=note)
    if request.form.get("from") == "queue":
        return redirect(url_for("queue.show"))
    return redirect(next_place())


def _hand_back(session: Session, public_id: str, note: str) -> None:
    lease_id, me, now = _lease_id(public_id), signed_in(), clock.now()
    if "unclear" in request.form:
        talk.hand_back_unclear(session, lease_id, note, actor=me, now=now)
    else:
        actions.hand_back(session, lease_id, me, reason=note, now=now)


def _lease_id(public_id: str) -> str:
    seat = queries.own_seat(current_session(), *_claim_and_me(public_id))
    if seat is None:
        raise queries.LeaseMissing("You hold no seat on this claim.")
    return str(seat.lease_id)


@bp.route("/withdraw", methods=["POST"])
@access(Caller.REVIEWER)
def withdraw(public_id: str) -> ResponseReturnValue:
    """Take one's own review back while the round is open."""
    reason = request.form.get("reason", "")
    try:
        with writing() as session:
            own = queries.own_review(session, *_claim_and_me(public_id))
            withdraw_review(session, own, reason=reason, actor=signed_in(), now=clock.now())
    except Invalid as invalid:
        return page(public_id, None, 422, problems=Problems.of([invalid]))
    except Conflict as conflict:
        return page(public_id, None, 409, failure=worded(conflict))
    return redirect(url_for("reviewing.show", public_id=public_id))


@bp.route("/confirm", methods=["POST"])
@access(Caller.REVIEWER)
def confirm(public_id: str) -> ResponseReturnValue:
    """Say that one's review holds for the claim's new words."""
    with writing() as session:
        actions.confirm_wording(session, *_claim_and_me(public_id), now=clock.now())
    return redirect(url_for("reviewing.show", public_id=public_id))


@bp.route("/pool", methods=["POST"])
@access(Caller.EDITOR)
def pool(public_id: str) -> ResponseReturnValue:
    """Put a source into the pool of the claim or its article, or take one out."""
    form = request.form
    typed = {name: form.get(name, "") for name in ("url", "title", "whole_article")}
    try:
        with writing() as session:
            claim, me = _claim_and_me(public_id)
            if "out" in form:
                pools.take_out(session, claim, form["out"], actor=me, now=clock.now())
            else:
                pools.put(session, claim, **typed, actor=me, now=clock.now())
    except Invalid as invalid:
        return page(public_id, None, 422, problems=Problems.of([invalid]), pooled=typed)
    return redirect(url_for("reviewing.show", public_id=public_id) + "#put")


def things_left(problems: Problems) -> str:
    """Return what keeps the page from being sent, in one line."""
    sentence: str = ngettext(
        "One thing left: %(first)s", "%(num)s things left, first: %(first)s", len(problems),
        first=problems.first,
    )  # fmt: skip
    return sentence


@bp.app_context_processor
def _shared() -> dict[str, Any]:
    return {"things_left": things_left, "captured_on": captured_on}


def _claim_and_me(public_id: str) -> tuple[Any, Person]:
    return claims.claim(current_session(), public_id), signed_in()
