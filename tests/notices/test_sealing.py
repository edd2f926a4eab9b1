"""No notice and no mail tells of an open round: not its ratings, not that others answered."""

import pytest
import sqlalchemy as sa

from factcheck.accounts.events import Event
from factcheck.claims.actions import edit_claim
from factcheck.db import current_session, writing
from factcheck.decisions.actions import reopen_claim, submit_review, withdraw_review
from factcheck.inbox import actions as inbox
from factcheck.notices import actions, making
from factcheck.notices.models import Notice
from factcheck.notices.rules import TOLD, Kind, Way
from factcheck.reviews.actions import (
    hand_back,
    mark_wording_changed,
    save_draft,
    take_seat,
)
from factcheck.reviews.queries import reviews_of
from factcheck.reviews.talk import add_comment
from tests.accounts.factories import make_person
from tests.conftest import NOW
from tests.notices.factories import found, mails, make_claim_under_review
from tests.reviews.factories import make_answer, review_as


@pytest.fixture
def claim(service):
    """A claim in its second round, with everybody told of everything at once."""
    with writing() as session:
        claim = make_claim_under_review(session)
        claim.editor = make_person(session, "editor", name="Edda")
        claim.people = [make_person(session, name=name) for name in ("Ada", "Bob", "Cleo")]
        for person in [claim.editor, *claim.people]:
            everything = dict.fromkeys(Kind, Way.AT_ONCE)
            actions.choose(session, person, everything, actor=person, now=NOW)
        review_as(session, claim, ["true", "true"])
        reopen_claim(session, claim, "Look again.", actor=claim.editor, now=NOW)
    return claim


def busy_round(claim):
    """Do in the open round all that can be done in it, short of closing it."""
    ada, bob, cleo = claim.people
    with writing() as session:
        seat = take_seat(session, claim, ada, now=NOW)
        hand_back(session, seat.lease_id, ada, reason="no time", now=NOW)
        review = submit_review(session, claim, bob, make_answer("false"), now=NOW)
        withdraw_review(session, review, reason="a slip", actor=bob, now=NOW)
        submit_review(session, claim, cleo, make_answer("false"), now=NOW)
        save_draft(session, claim, ada, make_answer("misleading"), now=NOW)
        add_comment(session, claim, "The figures are odd.", actor=cleo, now=NOW)


def test_what_people_do_in_an_open_round_tells_nobody_but_editors_of_a_question(claim, settings):
    making.make_notices(settings)
    before = found(), mails()
    busy_round(claim)
    making.make_notices(settings)
    told = [one for one in found() if one not in before[0]]
    assert told == [("Edda", "question")]
    assert [one["to"] for one in mails() if one not in before[1]] == [claim.editor.email]
    assert not any("false" in one["text"] or "misleading" in one["text"] for one in mails())
    kinds = set(current_session().scalars(sa.select(Event.kind)))
    assert {"review.submitted", "review.withdrawn", "seat.handed-back", "comment.added"} <= kinds
    assert not kinds & set(TOLD) - {"round.decided", "claim.reopen", "comment.asked"}


def test_who_is_told_of_new_words_learns_nothing_of_the_others(claim, settings):
    busy_round(claim)
    with writing() as session:
        edit_claim(session, claim, {"restated": "It carried fewer."}, version=None,
                   actor=claim.editor, now=NOW)  # fmt: skip
        mark_wording_changed(session, claim, NOW)
    making.make_notices(settings)
    told = current_session().scalars(
        sa.select(Notice).where(Notice.kind == Kind.WORDING_CHANGED)
    ).all()  # fmt: skip
    assert [one.person.name for one in told] == ["Ada", "Cleo"]
    assert [one.details for one in told] == [{"about": "It carried fewer."}] * 2
    texts = {
        letter["to"]: "".join(line for line in letter["text"].splitlines(keepends=True)
                              if "/notices/stop/" not in line)
        for letter in mails()
        if letter["subject"].endswith("has other words")
    }  # fmt: skip
    assert len(texts) == 2
    assert len(set(texts.values())) == 1


def test_a_rating_that_is_told_is_of_a_review_that_its_reader_may_see(claim, settings):
    busy_round(claim)
    words = inbox.Words("I think that this verdict is wrong.", claim=claim.public_id)
    with writing() as session:
        inbox.send(session, words, address="192.0.2.1", key="k", now=NOW)
    making.make_notices(settings)
    session = current_session()
    for notice in session.scalars(sa.select(Notice)):
        assert "False" not in str(notice.details)  # what the open round would come to
        if notice.kind == Kind.DECIDED:
            seen = reviews_of(session, claim, notice.person)
            assert notice.details["outcome"] in {"True"}
            assert {one.rating for one in seen if one.round.closed_at} == {"true"}
    assert not any("False" in letter["text"] for letter in mails())
