"""When claims would be reviewed at the present rate, and what would have to change."""

from datetime import date, timedelta
from math import ceil

from hypothesis import given
from hypothesis import strategies as st

from factcheck.claims.pace import (
    FEWEST,
    LATELY,
    Together,
    Work,
    forecast,
    monday_of,
    quantile,
    took_of,
)

TODAY = date(2026, 11, 20)
NOTHING = Together(Work(0, 0), 0)
works = st.builds(Work, st.integers(0, 5_000), st.integers(0, 500))
deadlines = st.none() | st.integers(-30, 400).map(lambda days: TODAY + timedelta(days=days))


@st.composite
def situations(draw):
    """An article's work, and that of all articles, which is as much or more."""
    own, others = draw(works), draw(works)
    everything = Work(own.left + others.left, own.decided + others.decided)
    return own, Together(everything, draw(st.integers(0, 20)))


def test_an_article_goes_at_its_own_rate():
    found = forecast(Work(10, 28), Together(Work(90, 280), 4), TODAY + timedelta(days=5), TODAY)
    assert (found.weekly, found.of, found.done_on) == (7, "own", TODAY + timedelta(days=10))
    assert found.verdict == "too-late"
    assert (found.change.a_week, found.change.times, found.change.reviewers) == (14, 2, 1)


def test_with_too_little_decided_it_goes_as_all_claims_together():
    found = forecast(Work(10, FEWEST - 1), Together(Work(100, 280), 4), None, TODAY)
    assert (found.weekly, found.of, found.done_on) == (7, "all", TODAY + timedelta(days=10))
    assert found.verdict == "open"


def test_where_nothing_is_decided_it_says_only_what_would_be_needed():
    found = forecast(Work(10, 0), NOTHING, TODAY + timedelta(days=7), TODAY)
    assert (found.weekly, found.done_on, found.verdict) == (None, None, "unknown")
    assert (found.change.a_week, found.change.times, found.change.reviewers) == (10, None, None)


@given(situations(), deadlines)
def test_a_forecast_is_the_first_day_on_which_the_rate_is_enough(situation, deadline):
    work, together = situation
    found = forecast(work, together, deadline, TODAY)
    assert (found.verdict == "done") == (work.left == 0)
    if found.done_on is not None and work.left:
        days = (found.done_on - TODAY).days
        assert found.weekly / 7 * days >= work.left * (1 - 1e-9)
        assert found.weekly / 7 * (days - 1) < work.left * (1 + 1e-9)
        if deadline is not None and deadline >= TODAY:
            assert (found.verdict == "in-time") == (found.done_on <= deadline)


@given(situations(), deadlines)
def test_whoever_changes_what_it_says_keeps_the_deadline(situation, deadline):
    work, together = situation
    change = forecast(work, together, deadline, TODAY).change
    if change is None:
        return
    assert deadline >= TODAY
    days = max((deadline - TODAY).days, 1)
    assert change.a_week / 7 * days >= work.left * (1 - 1e-9)
    at_that_rate = Work(work.left, max(ceil(change.a_week / 7 * LATELY), FEWEST))
    again = forecast(at_that_rate, together, TODAY + timedelta(days=days), TODAY)
    assert again.verdict == "in-time"
    if change.reviewers is not None:
        now = forecast(work, together, deadline, TODAY).weekly or 0
        each = together.work.decided / LATELY * 7 / together.reviewers
        assert (now + change.reviewers * each) / 7 * days >= work.left * (1 - 1e-6)


@given(st.dictionaries(st.integers(0, 400), st.integers(0, 9)), st.floats(0.01, 1))
def test_a_quantile_is_the_least_value_that_so_many_do_not_exceed(counts, share):
    values = sorted(value for value, number in counts.items() for _ in range(number))
    found = quantile(counts, share)
    if not values:
        assert found is None
        return
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values) - 1e-9
    assert sum(value < found for value in values) < share * len(values)


@given(st.integers(-5, 5_000))
def test_what_a_verdict_took_is_never_counted_as_longer_and_in_few_ways(days):
    took = took_of(days)
    assert 0 <= took <= 364
    assert took <= max(days, 0)
    assert took == max(days, 0) or took % 7 == 0


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_a_week_begins_on_its_monday(day):
    assert monday_of(day).weekday() == 0
    assert 0 <= (day - monday_of(day)).days < 7
