"""The desk says how many claims are where, right to the second, in a fixed number of queries."""

from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from factcheck.accounts.models import Person
from factcheck.articles.actions import edit_article
from factcheck.claims.actions import change_state, tag_claim
from factcheck.claims.queries import wrong_counters
from factcheck.claims.rules import State, Verb
from factcheck.db import db
from factcheck.decisions.queries import drifted_sources
from factcheck.desk import queries
from factcheck.desk.finding import find
from factcheck.desk.lists import AGES, ClaimsWanted, Sort, age_of, days_of
from factcheck.desk.suggesting import stuck_claims
from factcheck.editions.withdrawing import put_back_article, withdraw_article
from tests.accounts.factories import make_person
from tests.claims.factories import make_article, make_claim
from tests.conftest import NOW
from tests.web.client import signed_in

PLACES = {Sort.PRIORITY: 1, Sort.AGE: NOW, Sort.SCORE: 0.5}
TOLD = ("INDEX ix_claims_told", "INDEX ix_claims_told_score", "INDEX ix_claims_told_since")
QUOTES = ("The ferry carried 412,000 passengers", "412,000 passengers in 2024", "in 2024")


@contextmanager
def counted(engine):
    statements = []

    def note(_connection, _cursor, statement, *_):
        statements.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


def seen(session, now=NOW):
    viewer = session.query(Person).first() or make_person(session, "editor")
    return queries.overview(session, viewer, now=now)


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 400))
def test_every_day_lies_in_exactly_the_age_whose_days_hold_it(today, back):
    day = today - timedelta(days=back)
    holding = [
        age
        for age in AGES
        for first, last in [days_of(age, today)]
        if (first is None or first <= day) and (last is None or day <= last)
    ]
    assert holding == [age_of(day, today)]


def test_the_figures_are_those_of_the_claims(session):
    article = make_article(session)
    make_claim(session, article, QUOTES[0], "accepted", now=NOW - timedelta(days=2))
    make_claim(session, article, QUOTES[1], "disputed")
    make_claim(session, article, QUOTES[2], "proposed")
    found = seen(session)
    assert (found.totals["accepted"], found.totals["disputed"], found.totals["proposed"]) == (
        1,
        1,
        1,
    )
    assert found.unreviewed["days"][1] == 1
    assert sum(sum(row.values()) for row in found.unreviewed.values()) == 1
    (row,) = found.articles
    assert (row.article.slug, row.counts["accepted"]) == (article.slug, 1)
    assert row.oldest_on == (NOW - timedelta(days=2)).date()


def test_a_claim_that_moves_is_counted_where_it_is_now(session):
    claim = make_claim(session, make_article(session), state="accepted")
    assert seen(session).totals["accepted"] == 1
    change_state(session, claim, Verb.DISMISS, actor=None, now=NOW, dismissal="opinion")
    found = seen(session)
    assert (found.totals["accepted"], found.totals["dismissed"]) == (0, 1)


@pytest.mark.parametrize("state", list(State))
def test_a_list_holds_what_its_figure_counts(session, state):
    article, other = make_article(session), make_article(session)
    for one in (article, other):
        for place in State:
            make_claim(session, one, QUOTES[0], place.value) if place == state else None
    wanted = ClaimsWanted(state, article)
    listed = find(session, wanted, limit=50).claims
    row = next(one for one in seen(session).articles if one.article.id == article.id)
    assert len(listed) == row.counts[state.value] == 1


def test_the_cells_of_age_and_priority_hold_what_their_lists_show(session):
    article = make_article(session)
    ages = {QUOTES[0]: 0, QUOTES[1]: 5, QUOTES[2]: 30}
    for quote, days in ages.items():
        make_claim(session, article, quote, "accepted", now=NOW - timedelta(days=days))
    found = seen(session)
    for age in AGES:
        for priority in range(4):
            wanted = ClaimsWanted(State.ACCEPTED, None, priority, days_of(age, NOW.date()))
            listed = find(session, wanted, limit=50).claims
            assert len(listed) == found.unreviewed[age][priority]


def test_the_desk_asks_the_same_few_questions_however_much_there_is(session):
    seen(session)
    session.expire_all()
    with counted(db.engine) as few:
        seen(session)
    for _ in range(5):
        article = make_article(session)
        for quote in QUOTES:
            make_claim(session, article, quote, "accepted")
    session.expire_all()
    with counted(db.engine) as many:
        seen(session)
    assert len(many) <= 6
    assert len(many) <= len(few) + 1


def test_the_page_links_each_figure_to_its_work(app):
    from factcheck.db import writing

    with app.app_context(), writing() as session:
        article = make_article(session, title="The ferry")
        claim = make_claim(session, article, state="disputed")
        make_claim(session, article, QUOTES[2], "accepted", now=datetime(2020, 1, 1, tzinfo=UTC))
        slug, public_id = article.slug, claim.public_id
        editor, reviewer = make_person(session, "editor"), make_person(session)
        names = editor.email, reviewer.email
    client = signed_in(app, names[0])
    page = client.get("/desk").text
    assert f"state=disputed&amp;article={slug}" in page
    assert "age=older&amp;priority=1" in page.replace("state=accepted&amp;", "")
    listed = client.get(f"/desk/claims?state=disputed&article={slug}").text
    assert f"/work/claims/{public_id}/decide" in listed
    assert client.get("/desk/claims?age=older&priority=1").text.count("/work/claims/") == 1
    assert signed_in(app, names[1]).get("/desk").status_code == 403


@pytest.mark.parametrize(
    "query",
    [
        "state=none",
        "age=old",
        "priority=9",
        "article=none",
        "cursor=%FF",
        "cursor=abc",
        "sort=none",
        "colour=red",
        "tag=%2A",
        "words=" + "a" * 201,
    ],
)
def test_a_list_that_does_not_exist_is_refused_in_words(app, query):
    from factcheck.db import writing

    with app.app_context(), writing() as session:
        email = make_person(session, "editor").email
    answer = signed_in(app, email).get(f"/desk/claims?{query}")
    assert answer.status_code in {404, 422}
    assert 'role="alert"' in answer.text


def test_claims_of_a_withdrawn_article_wait_for_nobody(session):
    article, other = make_article(session), make_article(session)
    tagged = make_claim(session, article, QUOTES[0], "accepted")
    tag_claim(session, tagged, ["ferries"], actor=None, now=NOW)
    edit_article(session, article, {"deadline": "2020-01-01"}, actor=None, now=NOW)
    make_claim(session, other, QUOTES[0], "accepted")

    def shown():
        found = seen(session)
        languages = queries.values(session, State.ACCEPTED)["language"]
        by_tag = ClaimsWanted(State.ACCEPTED, tag="ferries")
        return [
            found.totals["accepted"], sum(sum(row.values()) for row in found.unreviewed.values()),
            len(found.articles), found.waiting.late, sum(one.counted.number for one in languages),
            len(find(session, ClaimsWanted(State.ACCEPTED), limit=9).claims),
            len(find(session, by_tag, limit=9).claims),
        ]  # fmt: skip

    assert shown() == [2, 2, 2, 1, 2, 2, 1]
    withdraw_article(session, article, reason="A mistake.", actor=None, now=NOW)
    assert shown() == [1, 1, 1, 0, 1, 1, 0]
    own = ClaimsWanted(State.ACCEPTED, article)  # its own list is asked for by name, and stays
    assert find(session, own, limit=9).claims == [tagged]
    change_state(session, tagged, Verb.AGREE, actor=None, now=NOW)
    assert not wrong_counters(session)
    put_back_article(session, article, reason="None, after all.", actor=None, now=NOW)
    assert shown() == [1, 1, 2, 0, 1, 1, 0]
    assert seen(session).totals["decided"] == 1
    assert not wrong_counters(session)


def plan_of(session, statement, parameters):
    """Return SQLite's plan of a statement, a line a step."""
    rows = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
    return [row[-1] for row in rows]


def test_no_list_of_the_desk_reads_all_claims_or_sorts_them(session):
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("these are the words of SQLite's planner; PostgreSQL plans by statistics")
    article = make_article(session)
    make_claim(session, article, state="accepted")
    asked = []

    def note(_connection, _cursor, statement, parameters, *_):
        asked.append((statement, parameters))

    sa.event.listen(db.engine, "before_cursor_execute", note)
    spans = (None, None), (None, NOW.date()), (NOW.date(), None), (NOW.date(), NOW.date())
    wanted = [
        ClaimsWanted(state, one, priority, span, sort=sort, **facets)
        for state in (State.ACCEPTED, State.DISMISSED)
        for priority in (None, 2)
        for one in (None, article)
        for span in spans
        for sort in Sort
        for facets in (
            {}, {"language": "en"}, {"tag": "ferries", "words": "ferry"},
            {"person": "x", "tag": "ferries", "language": "en"}, {"is_published": True},
        )
    ]  # fmt: skip
    try:
        for one in wanted:
            find(session, one, limit=1)
            find(session, one, after=(PLACES[one.order], 7), limit=1)
        queries.values(session, State.ACCEPTED)
        queries.lists_of(session, make_person(session), today=NOW.date())
        seen(session)
        drifted_sources(session, before=None, limit=30)
        stuck_claims(session, make_person(session), now=NOW, after=None, limit=1)
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)

    read = []
    for statement, parameters in {one[0]: one for one in asked}.values():
        if not statement.lstrip().startswith(("SELECT", "WITH")):
            continue
        for step in plan_of(session, statement, parameters):
            read.append(step)
            assert "TEMP B-TREE FOR ORDER BY" not in step, statement
            scanned = ("SCAN claims", "SCAN claim_facets", "SCAN decisions",
                       "SCAN decision_sources")  # fmt: skip
            # These indexes hold what is counted or listed alone, and are read no further than that.
            if not step.endswith(("INDEX ix_claims_to_correct", *TOLD)):
                assert not step.startswith(scanned), (step, statement)
    assert any("INDEX ix_seats_expires_at" in step for step in read)
