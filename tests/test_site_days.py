"""A day is that of the site's zone, for figures, lists and pictures alike."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo, available_timezones

import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from factcheck.claims.actions.counters import recount
from factcheck.claims.models import Claim
from factcheck.claims.queries import wrong_counters
from factcheck.db import writing
from factcheck.desk.finding import asked_for, find
from factcheck.desk.lists import AGES
from factcheck.desk.queries import overview
from factcheck.desk.trends import trends
from factcheck.site_days import day_of, start_of, zone_options
from tests.accounts.factories import make_person
from tests.claims.factories import make_article, make_claim

ZONES = sorted(available_timezones())


def session_in(zone):
    engine = sa.create_engine("sqlite://", **zone_options(ZoneInfo(zone)))
    return SimpleNamespace(get_bind=lambda: engine)


@given(st.sampled_from(ZONES), st.dates(date(1990, 1, 1), date(2035, 1, 1)))
def test_a_day_begins_with_its_first_moment(zone, day):
    session = session_in(zone)
    start = start_of(session, day)
    if day_of(session, start) == day:  # a few islands left a whole day out
        assert day_of(session, start - timedelta(milliseconds=1)) < day


NIGHT = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)  # in Tokyo, one in the morning of the 21st


def test_figures_and_lists_mean_the_same_day_wherever_the_site_is(app_with):
    app = app_with(timezone="Asia/Tokyo")
    with app.app_context(), writing() as session:
        article = make_article(session, "One. Two in 2024. Three. Four. Five.")
        back = {"One": 0, "Two": 2, "Three": 26, "Four": 24 * 4, "Five": 24 * 9}
        for words, hours in back.items():
            make_claim(session, article, words, "accepted", now=NIGHT - timedelta(hours=hours))
        found = overview(session, make_person(session, "editor"), now=NIGHT)
        counted = [sum(found.unreviewed[age].values()) for age in AGES]
        assert counted == [1, 2, 1, 1]
        for age, claims in zip(AGES, counted, strict=True):
            wanted = asked_for(session, {"age": age}, now=NIGHT)
            assert len(find(session, wanted, limit=9).claims) == claims
        assert max(one.day for one in trends(session, None, now=NIGHT).days) == date(2026, 11, 21)
        assert trends(session, None, now=NIGHT).today == date(2026, 11, 21)


def test_after_another_zone_a_recount_reckons_the_days_of_claims_anew(app, app_with):
    with app.app_context(), writing() as session:
        make_claim(session, make_article(session), state="accepted", now=NIGHT)
        assert session.scalar(sa.select(Claim.since_on)) == date(2026, 11, 20)
    with app_with(timezone="Asia/Tokyo").app_context(), writing() as session:
        recount(session)
        assert session.scalar(sa.select(Claim.since_on)) == date(2026, 11, 21)
        assert not wrong_counters(session)
