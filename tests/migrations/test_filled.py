"""Every migration goes down and up on a filled database; what it does not drop stays as it was."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from factcheck import schema
from factcheck.accounts import attempts
from factcheck.db import db, writing
from factcheck.decisions.queries import current_decision
from factcheck.editions.actions import publish_edition
from factcheck.editions.withdrawing import withdraw_article, withdraw_claim
from tests.claims.factories import make_article, make_claim
from tests.conftest import NOW
from tests.editions.factories import make_ready_article
from tests.reviews.factories import make_ready


@pytest.fixture
def filled(app):
    """An engine on a database with people, articles, claims, reviews and decisions in it."""
    with app.app_context():
        with writing() as session:
            make_ready_article(session)
            make_article(session, proposed=True)
        db.session.remove()
        yield db.engine


def digests(engine: sa.Engine) -> dict[str, str]:
    """Return a digest of every column's values, in the order of its table's rows."""
    found = {}
    tables = sa.MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        for table in tables.sorted_tables:
            rows = connection.execute(sa.select(table).order_by(*table.primary_key)).all()
            for place, column in enumerate(table.columns):
                text = "\n".join(repr(row[place]) for row in rows)
                found[str(column)] = hashlib.sha256(text.encode()).hexdigest()
    return found


def steps() -> list[str]:
    script = ScriptDirectory.from_config(schema._config())
    return [revision.revision for revision in script.walk_revisions()]


def test_each_step_down_and_up_again_leaves_the_other_columns_as_they_were(filled):
    before = digests(filled)
    nothing = hashlib.sha256(b"").hexdigest()
    filled_tables = {name.partition(".")[0] for name in before if before[name] != nothing}
    assert len(filled_tables) > 12

    for revision in steps()[1:]:
        schema.downgrade(filled, revision)
        left = digests(filled)
        left.pop("alembic_version.version_num")
        assert {name: before[name] for name in left} == left
        assert schema.current(filled) == revision

    schema.upgrade(filled)
    assert set(digests(filled)) == set(before)


def test_passwords_that_were_counted_stay_counted_through_0013(app):
    with app.app_context():
        with writing() as session:
            for kind in ("password", "code"):
                attempts.count(session, {"0" * 64: attempts.PER_ACCOUNT}, kind=kind, now=NOW)
        db.session.remove()
        schema.downgrade(db.engine, "0011_inbox")
        schema.upgrade(db.engine)
        with db.engine.connect() as connection:
            kinds = connection.execute(sa.text("SELECT kind FROM sign_in_attempts")).scalars().all()

    assert kinds == ["password"]


def test_what_0038_notes_of_withdrawn_articles_and_of_corrections_is_as_actions_note_it(app):
    with app.app_context():
        with writing() as session:
            aside = make_article(session)
            make_claim(session, aside, state="accepted")
            withdraw_article(session, aside, reason="A mistake.", actor=None, now=NOW)
            article, claims = make_ready_article(session)
            publish_edition(session, article, note=None, actor=None, now=NOW)
            later, decided = NOW + timedelta(days=1), current_decision(session, claims[1])
            make_ready(session, claims[0], "true", summary="The yard's book has it.", now=later)
            make_ready(session, claims[1], "false", summary=str(decided.summary), now=later)
            withdraw_claim(session, claims[2], reason="A mistake.", actor=None, now=later)
            assert [one.to_correct for one in claims] == [True, False, False]
        db.session.remove()
        before = digests(db.engine)
        schema.downgrade(db.engine, "0037_posted_again")
        assert waiting(db.engine) == (1, 1)
        schema.upgrade(db.engine)
        assert waiting(db.engine) == (0, 0)
        after = digests(db.engine)
        for column in ("claims.told", "claims.told_decision_id", "claims.to_correct",
                       "edition_claims.decision_id"):  # fmt: skip
            assert after[column] == before[column]


def waiting(engine: sa.Engine) -> tuple[int, int]:
    """Return how many claims wait for reviews: by the totals, and by all days together."""
    states = "SELECT coalesce(sum(claims), 0) FROM claim_state_totals WHERE state = 'accepted'"
    days = "SELECT coalesce(sum(came - went), 0) FROM day_totals WHERE what = 'accepted'"
    with engine.connect() as connection:
        first, last = (int(connection.scalar(sa.text(one))) for one in (states, days))
    return first, last


def test_addresses_get_their_one_form_once_in_0042(filled):
    rows = sa.table("article_addresses", *map(sa.column, ("article_id", "url")))
    written = ["http://www.example.org/a/?utm_source=x", "https://example.org/a", "ftp://old"]
    with filled.begin() as connection:
        connection.execute(rows.delete())
        connection.execute(rows.insert(), [{"article_id": 1, "url": url} for url in written])
        connection.execute(rows.insert(), [{"article_id": 2, "url": written[0]}])
    schema.downgrade(filled, "0036_pages_language")
    schema.upgrade(filled)

    with filled.connect() as connection:
        found = connection.execute(sa.select(rows).order_by(*rows.c)).all()
    assert found == [
        (1, "ftp://old"), (1, "https://example.org/a"), (2, "https://example.org/a")
    ]  # fmt: skip
