"""The queue: what to do next, what one holds, and what one did last."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from factcheck import clock
from factcheck.accounts.browser_session import signed_in
from factcheck.config import Settings
from factcheck.db import current_session, writing
from factcheck.markup import rationale_html
from factcheck.methods.queries import scale
from factcheck.reviews import draws, queries
from factcheck.reviews.actions import NothingToReview, Wish, deal_next
from factcheck.reviews.dealing import minutes_of
from factcheck.reviews.models import Seat
from factcheck.reviews.readable_copies import bytes_of, file_behind, known_copy
from factcheck.reviews.rules import LONGEST_RATIONALE
from factcheck.web.access import Caller, access

MINUTES = (10, 20, 40)

bp = Blueprint("queue", __name__)


@bp.route("/queue")
@access(Caller.REVIEWER)
def show() -> ResponseReturnValue:
    """Show what the person holds and did last, and the button that deals the next claim."""
    session, me = current_session(), signed_in()
    latest = queries.latest_reviews(session, me)
    held, asked = queries.held_seats(session, me, now=clock.now()), draws.not_accepted(session, me)
    return render_template(
        "reviews/queue.html",
        drawn=[seat for seat in held if seat.round_id in asked],
        held=[seat for seat in held if seat.round_id not in asked],
        latest=latest,
        is_new=not latest and not queries.practice_done(session, me),
        minutes=MINUTES,
        minutes_of=minutes_of,
        scale=scale,
        is_empty=request.args.get("empty") == "1",
        is_sent=request.args.get("sent") == "1",
    )


@bp.route("/queue/next", methods=["POST"])
@access(Caller.REVIEWER)
def take_next() -> ResponseReturnValue:
    """Deal the next claim and lead to its page, or back to the queue when there is none."""
    minutes = request.form.get("minutes", type=int)
    return redirect(next_place(minutes=minutes))


@bp.get("/work/archive/<sha256>")
@access(Caller.REVIEWER)
def copy(sha256: str) -> ResponseReturnValue:
    """Show the copy of a source as inert text, to those who may know that it is cited."""
    snapshot = known_copy(current_session(), sha256, signed_in())
    return _inert(bytes_of(_archive(), snapshot.sha256), "text/plain; charset=utf-8")


@bp.get("/work/archive/<sha256>/file")
@access(Caller.REVIEWER)
def copied_file(sha256: str) -> ResponseReturnValue:
    """Send the PDF or the image behind a copy, to be saved and never shown here."""
    snapshot = known_copy(current_session(), sha256, signed_in())
    data, kind = file_behind(_archive(), snapshot)
    answer = _inert(data, kind.content_type)
    name = f"source-{sha256[:12]}.{kind.ending}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _archive() -> Path:
    settings: Settings = current_app.extensions["factcheck"]
    return settings.archive


def _inert(data: bytes, content_type: str) -> Response:
    headers = {"Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'"}
    return Response(data, content_type=content_type, headers=headers)


def next_place(*, minutes: int | None = None, is_sent: bool = False) -> str:
    """Deal the person's next claim and return the address of its page, or of the queue.

    `is_sent`: the page says first that the review before it is in.
    """
    try:
        with writing() as session:
            wish = Wish(minutes=minutes)
            return page_for(
                deal_next(session, signed_in(), now=clock.now(), wish=wish), is_sent=is_sent
            )
    except NothingToReview:
        return url_for("queue.show", empty=1, sent=1 if is_sent else None)


def page_for(seat: Seat, *, is_sent: bool = False) -> str:
    """Return the address of the page on which the review goes that a seat is for."""
    claim = seat.round.claim
    return url_for("reviewing.show", public_id=claim.public_id, sent=1 if is_sent else None)


@bp.route("/work/preview", methods=["POST"])
@access(Caller.REVIEWER)
def preview() -> ResponseReturnValue:
    """Return a rationale as readers will see it, as a piece of a page."""
    markdown = request.form.get("rationale", "")[:LONGEST_RATIONALE]
    return rationale_html(markdown, sources=request.form.get("sources", 0, type=int))
