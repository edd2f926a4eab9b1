"""What happened on which day is counted with each move, and can be made anew from the audit log."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from factcheck import schema
from factcheck.claims import days
from factcheck.claims.actions import change_state, edit_claim, merge_claims, split_claim
from factcheck.claims.actions.days import note_published
from factcheck.claims.models import ArticleDay, DayTotal
from factcheck.claims.pace import monday_of
from factcheck.claims.rules import State, Verb
from factcheck.db import db, writing
from tests.claims.factories import make_article, make_claim
from tests.conftest import NOW
from tests.desk.test_overview import counted
from tests.editions.factories import make_ready_article

TODAY = NOW.date()
LATER = NOW + timedelta(days=9)


def kept(session, article=None):
    found = days.days(session, article, since=TODAY - timedelta(days=400))
    return {(one.what, one.day, one.took): (one.came, one.went) for one in found}


def test_a_claim_that_moves_is_counted_on_the_day_it_moves(session):
    article = make_article(session)
    claim = make_claim(session, article, state="accepted")
    change_state(session, claim, Verb.AGREE, actor=None, now=LATER)
    for verb in (Verb.APPROVE, Verb.APPROVE, Verb.REOPEN, Verb.AGREE, Verb.APPROVE):
        change_state(session, claim, verb, actor=None, now=LATER)
    assert kept(session, article) == kept(session) == {
        ("proposed", TODAY, 0): (1, 1),
        ("accepted", TODAY, 0): (1, 0),
        ("accepted", LATER.date(), 0): (1, 2),
        ("decided", LATER.date(), 0): (2, 2),
        ("ready", LATER.date(), 0): (2, 1),
        ("verdict", monday_of(LATER.date()), 9): (1, 0),  # the first one alone
    }  # fmt: skip


def test_another_priority_is_no_move(session):
    claim = make_claim(session, make_article(session), state="accepted")
    before = kept(session)
    edit_claim(session, claim, {"priority": 3}, version=None, actor=None, now=LATER)
    assert kept(session) == before


def test_a_move_takes_its_shard_once(session):
    if session.get_bind().dialect.name != "postgresql":
        pytest.skip("SQLite has one writer, and no shards to take")
    claim = make_claim(session, make_article(session), state="decided")
    with counted(db.engine) as statements:
        change_state(session, claim, Verb.APPROVE, actor=None, now=LATER)
    assert sum("pg_advisory_xact_lock" in one for one in statements) == 1
    with counted(db.engine) as statements:
        note_published(session, claim.article_id, 1, now=LATER)
    assert sum("pg_advisory_xact_lock" in one for one in statements) == 1


def test_what_came_and_did_not_go_is_what_there_is(session):
    article = make_article(session, proposed=True)
    words = "The ferry carried 412,000 passengers"
    whole = make_claim(session, article, words)
    start, middle = whole.start, whole.start + len("The ferry")
    parts = split_claim(session, whole, [(start, middle), (middle, whole.end)], actor=None, now=NOW)
    merge_claims(session, parts, actor=None, now=NOW)
    make_claim(session, article, "nine to four", "disputed")
    states = days.stock(session, None, []).states
    assert states == days.stock(session, article, []).states
    net = dict.fromkeys(map(str, State), 0)
    for (what, _day, _took), (came, went) in kept(session).items():
        net[what] += came - went
    assert net == states


def test_the_migration_makes_of_the_audit_log_what_was_counted(app):
    """Down and up again: every row is made anew from what was recorded."""
    with app.app_context():
        with writing() as session:
            make_ready_article(session)
            article = make_article(session, proposed=True)
            claim = make_claim(session, article, "nine to four", "decided")
            change_state(session, claim, Verb.APPROVE, actor=None, now=NOW + timedelta(days=40))
        before = rows()
        assert {row[1] for row in before[0]} > {"verdict", "ready", "proposed"}
        db.session.remove()
        schema.downgrade(db.engine, "0030_last_worked_on")
        schema.upgrade(db.engine)
        assert rows() == before


def rows():
    with db.engine.connect() as connection:
        return [
            sorted(tuple(row) for row in connection.execute(sa.select(table.__table__)))
            for table in (ArticleDay, DayTotal)
        ]
