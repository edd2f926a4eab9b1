"""A notice is forgotten some time after it was read; one that was not read stays."""

from datetime import timedelta

import sqlalchemy as sa

from factcheck import clock
from factcheck.db import current_session, writing
from factcheck.notices import actions, making
from factcheck.notices.models import Notice, NoticeCursor
from factcheck.notices.rules import READ_KEPT
from tests.accounts.factories import make_person
from tests.notices.factories import found, make_claim_under_review, told, unread
from tests.reviews.factories import review_as


def test_the_job_forgets_what_was_read_long_ago_and_makes_it_never_again(service, settings):
    with writing() as session:
        review_as(session, make_claim_under_review(session), ["true", "true"])
        make_person(session, "editor", name="Edda")
    _gone, second, third = told(settings)
    now = clock.now()
    with writing() as session:
        for notice, ago in zip(
            session.scalars(sa.select(Notice).order_by(Notice.id).limit(2)).all(),
            (READ_KEPT + timedelta(minutes=1), READ_KEPT - timedelta(days=1)),
            strict=True,
        ):
            actions.mark_read(session, notice.person, until=notice.id, now=now - ago)
        session.execute(sa.update(NoticeCursor).values(swept_at=None))
    making.make_notices(settings)
    assert found() == [second, third]
    assert unread() == {third[0]: 1}
    making.make_notices(settings)
    assert found() == [second, third]


def test_only_some_are_forgotten_at_a_time(service, settings, monkeypatch):
    monkeypatch.setattr(actions, "PRUNED_AT_ONCE", 1)
    with writing() as session:
        review_as(session, make_claim_under_review(session), ["true", "true"])
    told(settings)
    now = clock.now()
    with writing() as session:
        session.execute(sa.update(Notice).values(read_at=now - 2 * READ_KEPT))
        assert actions.prune(session, now=now) == 1
    assert current_session().scalar(sa.select(sa.func.count(Notice.id))) == 1
