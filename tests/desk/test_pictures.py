"""Pictures over time: their figures are right, their tables hold them, and a page asks little."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from factcheck.articles.actions import edit_article
from factcheck.articles.queries import article_by_slug
from factcheck.claims.actions import change_state
from factcheck.claims.actions.days import note_published
from factcheck.claims.days import Day, Stock
from factcheck.claims.pace import Forecast, monday_of
from factcheck.claims.rules import State, Verb
from factcheck.db import db, writing
from factcheck.decisions.models import AgreementWeek
from factcheck.desk.drawing import Axes, Bar, Line, Path, Words, bars, lines, rows_of_bars, stages
from factcheck.desk.pictures import PICTURES, Picture, burn_down
from factcheck.desk.queries import overview
from factcheck.desk.trends import SPANS, WEEKS, Trends, deadlines, spans_on, trends
from factcheck.notices import overdue
from tests.accounts.factories import make_person
from tests.claims.factories import make_article, make_claim
from tests.conftest import NOW
from tests.desk.test_overview import counted, plan_of
from tests.web.client import signed_in

TODAY = NOW.date()
numbers = st.integers(0, 10**7)


def seen(moves, left, deadline=None):
    since = monday_of(TODAY) - timedelta(weeks=WEEKS - 1)
    happened = [Day("accepted", day, 0, *counts) for day, counts in sorted(moves.items())]
    states = dict.fromkeys(map(str, State), 0) | {"accepted": left}
    stock = Stock(states, [0] * 7, 0)
    future = Forecast(left, None, "own", None, deadline, "open", None)
    return Trends(None, TODAY, since, happened, stock, [], future)


@given(st.lists(st.tuples(st.integers(0, 9), st.floats(0, 1)), min_size=1, max_size=60))
def test_the_burn_down_is_what_waited_at_the_end_of_each_day(app_context, steps):
    """Counted forwards from nothing it is what the picture finds by counting back from now."""
    moves, true, left = {}, {}, 0
    for back, (came, share) in enumerate(steps):
        day = TODAY - timedelta(days=len(steps) - 1 - back)
        went = int((left + came) * share)
        left += came - went
        moves[day], true[day] = (came, went), left
    assert dict(burn_down(seen(moves, left)).rows) == true


@pytest.fixture(scope="module")
def app_context():
    """Flask alone, for dates and numbers in words."""
    from flask import Flask
    from flask_babel import Babel

    app = Flask(__name__)
    Babel(app)
    with app.test_request_context():
        yield


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 400))
def test_every_day_lies_in_exactly_one_age(today, back):
    day = today - timedelta(days=back)
    holding = [
        number
        for number, (first, last) in enumerate(spans_on(today))
        if (first is None or first <= day) and (last is None or day <= last)
    ]
    assert holding == [next((n for n, last in enumerate(SPANS) if back <= last), len(SPANS))]


@given(st.lists(numbers, min_size=1, max_size=30), st.integers(0, 200))
def test_nothing_is_drawn_outside_its_picture(values, width):
    labels = ["x"] * len(values)
    points = [(min(place, width), value) for place, value in enumerate(values)]
    shapes = [
        *bars(values, labels),
        *rows_of_bars([("a", values), ("b", values[::-1])], ("x", "y")),
        *stages([("a", value) for value in values[:8]]),
        *lines([Line(points, "a"), Line(points, "b")], Axes(width, max(values), ("x", "y"))),
    ]
    places = [spot for one in shapes if isinstance(one, Path) for spot in one.points]
    for one in shapes:
        if isinstance(one, Bar):
            places += [(one.x, one.y), (one.x + max(one.width, 0), one.y + max(one.height, 0))]
        if isinstance(one, Words):
            places.append((one.x, one.y))
    assert all(-0.1 <= x <= 280 and -25 <= y <= 110.6 for x, y in places)


def test_no_spreadsheet_finds_a_formula():
    rows = [("=cmd()", -3), ("+1", None)]
    text = Picture("a", "a", "a", ["@a", "b"], rows, [], rows).csv
    assert list(csv.reader(io.StringIO(text))) == [["'@a", "b"], ["'=cmd()", "-3"], ["'+1", ""]]


def make_work(session):
    """An article on which something of everything happened in the last days."""
    past = NOW - timedelta(days=10)
    article = make_article(session, title="The <ferry>", now=past)
    ready = make_claim(session, article, "nine to four", "decided", now=past)
    change_state(session, ready, Verb.APPROVE, actor=None, now=NOW)
    make_claim(session, article, "412,000 passengers", "disputed", now=past)
    make_claim(session, article, "in 2024", "accepted", now=past)
    note_published(session, article.id, 1, now=NOW)
    for one in (None, article.id):
        week = AgreementWeek(article_id=one, measure="ordinal", week=monday_of(TODAY), claims=30,
                             alpha=0.5, low=0.4, high=0.6)  # fmt: skip
        session.add(week)
    session.flush()
    return article


def test_the_figures_are_those_of_what_happened(session):
    article = make_work(session)
    for one in (None, article):
        found = {key: draw(trends(session, one, now=NOW)) for key, draw in PICTURES.items()}
        assert found["burn-down"].rows[0] == (TODAY - timedelta(days=10), 1)
        assert [cells[1:] for cells in found["throughput"].rows if any(cells[1:])] == [(1, 1, 0)]
        assert [claims for _name, claims in found["age"].rows] == [0, 0, 0, 1, 0, 0, 0]
        assert found["time-to-verdict"].rows[-1] == (monday_of(TODAY), 10, 10, 1)
        assert found["agreement"].rows == [(monday_of(TODAY), 0.5, 0.4, 0.6, 30)]
        assert [claims for _name, claims in found["funnel"].rows] == [3, 3, 2, 1, 1]


def test_pages_and_downloads_ask_few_questions_and_hold_the_same_figures(app):
    with app.app_context(), writing() as session:
        slug = make_work(session).slug
        article = make_article(session, title="The other")
        make_claim(session, article, "nine to four", "accepted")
        edit_article(session, article, {"deadline": TODAY}, actor=None, now=NOW)
        email = make_person(session, "editor").email
    client = signed_in(app, email)
    for path in ("/desk/pictures", f"/desk/pictures?article={slug}", "/desk/deadlines", "/desk"):
        with app.app_context():
            engine = db.engine
        with counted(engine) as statements:
            answer = client.get(path)
        assert answer.status_code == 200
        assert len([one for one in statements if one != "BEGIN"]) <= 6, (path, statements)
    page = client.get(f"/desk/pictures?article={slug}").text
    assert page.count('<svg class="chart"') == page.count("<details id=") == len(PICTURES)
    assert "The &lt;ferry&gt;" in page
    for key in PICTURES:
        drawn = client.get(f"/desk/pictures/{key}.svg?article={slug}")
        assert drawn.content_type.startswith("image/svg+xml")
        assert "attachment" in drawn.headers["Content-Disposition"]
        assert ET.fromstring(drawn.text).find("{*}desc").text
        assert len(client.get(f"/desk/pictures/{key}.csv").text.splitlines()) > 1
    assert client.get("/desk/pictures/none.svg").status_code == 404
    assert client.get("/desk/pictures/age.png").status_code == 404
    assert client.get("/desk/deadlines?cursor=abc").status_code == 422


def test_no_picture_reads_all_claims_or_all_days(session):
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("these are the words of SQLite's planner; PostgreSQL plans by statistics")
    article = make_work(session)
    asked = []

    def note(_connection, _cursor, statement, parameters, *_):
        asked.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        trends(session, None, now=NOW)
        trends(session, article, now=NOW)
        deadlines(session, TODAY, limit=51)
        deadlines(session, TODAY, after=(TODAY, 1), limit=51)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    grown = ("claims", "claim_counts", "article_days", "day_totals", "reviews", "articles",
             "article_waiting", "editions")  # fmt: skip
    for statement, parameters in asked:
        for step in plan_of(session, statement, parameters):
            assert not (step.startswith("SCAN") and step.split()[1] in grown), (step, statement)
            assert (
                "TEMP B-TREE FOR ORDER BY" not in step
                or "article_days" in statement
                or ("day_totals" in statement)
            ), (step, statement)


def test_late_articles_are_found_among_those_that_have_claims_left_alone(session):
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("these are the words of SQLite's planner; PostgreSQL plans by statistics")
    make_work(session)
    asked = []

    def note(_connection, _cursor, statement, parameters, *_):
        if "deadline" in statement and statement.startswith(("SELECT", "WITH")):
            asked.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        deadlines(session, TODAY, limit=51)
        overview(session, make_person(session, "editor"), now=NOW)
        overdue.sweep(session, now=NOW)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    plans = ["\n".join(plan_of(session, *one)) for one in asked if "article_waiting.dead" in one[0]]
    assert len(plans) == 3
    assert all("article_waiting_deadline" in one for one in plans), plans


def test_a_deadline_is_set_by_page_and_shown_with_what_would_have_to_change(app):
    with app.app_context(), writing() as session:
        article = make_article(session, title="The ferry")
        make_claim(session, article, "nine to four", "accepted")
        slug, email = article.slug, make_person(session, "editor").email
    client = signed_in(app, email)
    page = client.get(f"/work/articles/{slug}/settings").text
    assert 'name="deadline"' in page
    assert 'type="date"' in page
    with app.app_context(), writing() as session:
        edit_article(session, article_by_slug(session, slug), {"deadline": "2020-01-01"},
                     actor=None, now=NOW)  # fmt: skip
    listed = client.get("/desk/deadlines").text
    assert "The deadline was 1 January 2020." in listed
    assert "1 article is late" in client.get("/desk").text
