"""Several at once: makers of notices beside each other, and events that are committed late."""

import threading

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck.db import db, writing
from factcheck.inbox import actions as inbox
from factcheck.notices import making
from tests.accounts.factories import make_person
from tests.conftest import NOW
from tests.notices.factories import found, mails, make_claim_under_review, told, unread
from tests.reviews.factories import review_as


def write_letter(session, address):
    words = inbox.Words("Where does this figure come from, please?")
    inbox.send(session, words, address=address, key="k", now=NOW)
    session.flush()


def test_many_makers_at_once_make_each_notice_and_each_mail_once(app, service, settings):
    with writing() as session:
        make_person(session, "editor", name="Edda")
        for _ in range(10):
            review_as(session, make_claim_under_review(session), ["true", "true"])

    def make():
        with app.app_context():
            making.make_notices(settings)
            db.session.remove()

    makers = [threading.Thread(target=make) for _ in range(4)]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join()
    told(settings)  # on PostgreSQL one that found the log held leaves it to the next
    assert [kind for _, kind in found()].count("to-summarise") == 10
    assert [kind for _, kind in found()].count("decided") == 20
    assert unread()["Edda"] == 10
    assert mails() == []


def test_an_event_that_is_committed_after_a_later_one_is_not_passed_over(service, settings):
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    with writing() as session:
        make_person(session, "editor", name="Edda")
    late = Session(db.engine)
    write_letter(late, "192.0.2.1")
    with writing() as session:
        write_letter(session, "198.51.100.1")
    with pytest.raises(sa.exc.OperationalError, match="lock timeout"):
        making.make_notices(settings)
    assert found() == []
    late.commit()
    late.close()
    assert told(settings) == [("Edda", "letter")] * 2
