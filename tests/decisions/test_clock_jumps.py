"""A clock that jumps two days ahead, back, and a day back loses nothing and does nothing twice.

The moments are those of a server whose clock was set wrong and then right.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from factcheck import clock, jobs
from factcheck.api.limits import Limiter
from factcheck.claims.actions import accept_claim
from factcheck.claims.models import Claim
from factcheck.db import current_session, writing
from factcheck.decisions import agreement
from factcheck.methods import lots
from factcheck.notices.actions import choose
from factcheck.notices.making import make_notices
from factcheck.notices.models import Notice
from factcheck.notices.rules import Kind, Way
from factcheck.outbox import OutboxJob, enqueue
from factcheck.reviews import actions, talk
from factcheck.reviews.models import Panel, Review, Round, Seat
from tests.accounts.factories import make_person
from tests.claims.factories import make_article, make_claim
from tests.conftest import NOW
from tests.reviews.factories import make_answer, review_as
from tests.web.client import form_token, signed_in

AHEAD, A_DAY = timedelta(days=2), timedelta(days=1)
JUMPS = (timedelta(0), AHEAD, timedelta(minutes=1), timedelta(minutes=1) - A_DAY, A_DAY)


class Mails:
    """What runs without a person, with the mails that it would have sent."""

    def __init__(self, settings):
        self.settings = replace(settings, smtp_url="smtp://localhost")
        self.sent: list[str] = []  # to whom

    def run(self) -> None:
        make_notices(self.settings)
        jobs.run_due(self.settings, {**jobs.HANDLERS, "mail": self._take})

    def _take(self, letter, _settings) -> None:
        self.sent.append(letter["to"])


@pytest.fixture
def wrong_clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def clock_at(app, wrong_clock):
    with app.app_context():
        yield wrong_clock


def check_seats() -> None:
    """A round has the seats of its policy, and nobody holds two of them."""
    session = current_session()
    session.expire_all()
    for round_ in session.scalars(sa.select(Round)):
        seats = session.scalars(sa.select(Seat).where(Seat.round_id == round_.id)).all()
        held = [one.person_id for one in seats if one.person_id]
        assert len(held) == len(set(held))
        assert sorted(one.number for one in seats) == list(range(1, len(seats) + 1))


def test_seats_drafts_notices_and_mails_survive(app, settings, clock_at):
    mails = Mails(settings)
    with writing() as session:
        article = make_article(session)
        drafted, settled = (
            make_claim(session, article, quote, state="accepted")
            for quote in ("the council voted nine to four", "412,000 passengers in 2024")
        )
        people = [make_person(session) for _ in range(2)]
        editor = make_person(session, "editor")
        claim_id, settled_id = drafted.id, settled.id
        editor_id, ids = editor.id, [one.id for one in people]
        choose(session, editor, {Kind.QUESTION: Way.AT_ONCE}, actor=editor, now=NOW)
        for person in people:
            choose(session, person, {Kind.SEAT_ENDING: Way.DAILY}, actor=person, now=NOW)
    for step, jump in enumerate(JUMPS):
        clock_at.move_to(NOW + jump)
        now = clock.now()
        with writing() as session:
            claim, settled = session.get_one(Claim, claim_id), session.get_one(Claim, settled_id)
            person = session.get_one(type(editor), ids[min(step, 1)])
            answer = make_answer(rationale=f"Draft {step}.")
            actions.save_draft(session, claim, person, answer, now=now)
            talk.add_comment(session, claim, f"Question {step}?", actor=person, now=now)
            if step == 1:
                review_as(session, settled, ["true", "false", "true"], now=now)
        mails.run()
        check_seats()
    with app.app_context():
        session = current_session()
        drafts = {one.person_id: one.rationale for one in session.scalars(
            sa.select(Review).join(Round).where(Round.claim_id == claim_id)
        )}  # fmt: skip
        assert drafts == {ids[0]: "Draft 0.", ids[1]: "Draft 4."}
        told = Counter(
            (one.person_id, one.kind, one.event_id) for one in session.scalars(sa.select(Notice))
        )
        assert set(told.values()) == {1}
        assert sum(1 for person, kind, _ in told if (person, kind) == (editor_id, "question")) == 5
        for hours in (71, 71 + 48, 71, 71 - 24, 71, 119, 144):  # seats end at 72 and at 120
            clock_at.move_to(NOW + timedelta(hours=hours))
            mails.run()
    assert sorted(Counter(mails.sent).values()) == [1, 1, 5]  # of two seats, and five questions


def test_a_seat_is_given_to_one_person_whatever_the_clock_says(app, clock_at):
    with writing() as session:
        claim = make_claim(session, make_article(session), state="accepted")
        people = [make_person(session) for _ in range(4)]
        for person in people[:2]:
            actions.take_seat(session, claim, person, now=clock.now())
        clock_at.move_to(NOW + AHEAD)  # their two hours are over
        for person in people[2:]:
            actions.take_seat(session, claim, person, now=clock.now())
        clock_at.move_to(NOW + timedelta(minutes=5))
        with pytest.raises(actions.NothingToReview):
            actions.deal_next(session, people[0], now=clock.now())
        seat = actions.deal_next(session, people[2], now=clock.now())
        assert seat.person_id == people[2].id
    check_seats()


def works(client) -> bool:
    page = client.get("/queue")
    if page.status_code != 200:
        return False
    sent = client.post("/queue/next", data={"csrf_token": form_token(page.text)})
    return sent.status_code == 302


def test_who_signed_in_before_or_meanwhile_still_is(app, wrong_clock):
    with app.app_context(), writing() as session:
        email = make_person(session).email
    before = signed_in(app, email)
    assert works(before)
    wrong_clock.move_to(NOW + AHEAD)
    assert not works(before)  # idle for two days
    meanwhile = signed_in(app, email)
    assert works(meanwhile)
    for jump in (timedelta(minutes=1), timedelta(minutes=2) - A_DAY, timedelta(minutes=3)):
        wrong_clock.move_to(NOW + jump)
        assert works(before)
        assert works(meanwhile)


def test_a_panel_is_drawn_once_and_looked_after_again(app, settings, clock_at):
    mails = Mails(settings)
    with writing() as session:
        for _ in range(12):
            make_person(session)
        claim = make_claim(session, make_article(session), policy_key="crowd")
        clock_at.move_to(NOW + AHEAD)
        accept_claim(session, claim, actor=None, now=clock.now())
    mails.run()
    clock_at.move_to(NOW)
    jobs.mend_dues(clock.now())
    for jump in (timedelta(minutes=31), -A_DAY, timedelta(minutes=62)):
        clock_at.move_to(NOW + jump)
        mails.run()
        check_seats()
    session = current_session()
    assert session.scalar(sa.select(sa.func.count(Panel.id))) == 1
    waiting = session.scalars(
        sa.select(OutboxJob).where(OutboxJob.kind == lots.JOB, OutboxJob.done_at.is_(None))
    ).all()
    assert len(waiting) == 1


def test_what_was_asked_for_in_the_wrong_future_is_done_now(clock_at):
    with writing() as session:
        wrong = NOW + AHEAD
        enqueue(session, "mail", {}, now=wrong)
        enqueue(session, "archive", {}, now=wrong, due=wrong + timedelta(days=30))
        enqueue(session, "mail", {}, now=NOW, due=NOW + timedelta(days=3))
    assert jobs.mend_dues(NOW) == 2
    due = current_session().scalars(sa.select(OutboxJob.due_at).order_by(OutboxJob.id)).all()
    assert due == [NOW, NOW + timedelta(days=30), NOW + timedelta(days=3)]


def test_figures_and_limits_do_not_wait_for_the_wrong_future(settings, clock_at):
    with writing() as session:
        claim = make_claim(session, make_article(session), state="accepted")
        review_as(session, claim, ["true", "true"])
        slug = claim.article.public_id
    for jump in (AHEAD, timedelta(0)):
        clock_at.move_to(NOW + jump)
        agreement.work_out({"article": slug}, settings)
    figures = current_session().scalars(sa.select(agreement.AgreementFigure)).all()
    assert {one.at for one in figures} == {NOW}
    limiter = Limiter(a_minute=2)
    for jump in (AHEAD, AHEAD, timedelta(0), timedelta(0)):
        with limiter.counted(1, now=NOW + jump):
            pass
