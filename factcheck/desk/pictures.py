"""Each picture of the desk: from figures over time to a drawing, a sentence and a table.

The sentence and the table say all that the drawing shows; they are what a screen reader reads.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from flask_babel import format_date, format_decimal, ngettext
from flask_babel import gettext as _

from factcheck.claims.actions.days import VERDICT
from factcheck.claims.pace import monday_of, quantile
from factcheck.csv_cells import cell_of
from factcheck.desk.drawing import Axes, Line, Shape, bars, lines, rows_of_bars, stages
from factcheck.desk.trends import WEEKS, Trends

Cell = str | int | float | date | None
_RELY_FROM = 0.8  # on agreement
_FARTHEST = 182  # days of what is to come in the burn-down


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture: what it is called, the sentence that says what it shows, its figures as a table.

    The first cell of a row is its name. `shown` are the rows for the page, where `rows` are many.
    """

    key: str
    title: str
    said: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    drawn: Sequence[Shape]
    shown: Sequence[Sequence[Cell]]

    @property
    def csv(self) -> str:
        """The whole table as CSV, in which no spreadsheet finds a formula."""
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerows([cell_of(one) for one in row] for row in (self.columns, *self.rows))
        return out.getvalue()


def burn_down(found: Trends) -> Picture:
    """Draw how many claims waited for reviews at the end of each day, and the way to a deadline."""
    left = _left_by_day(found)
    start = left[0][0]
    until = found.today
    deadline = found.forecast.deadline
    drawn = [Line([((day - start).days, claims) for day, claims in left], f"{left[-1][1]:,}")]
    if deadline and found.today < deadline <= found.today + timedelta(days=_FARTHEST):
        until = deadline
        way = [((found.today - start).days, left[-1][1]), ((deadline - start).days, 0)]
        drawn.append(Line(way, look="goal"))
    width = max((until - start).days, 1)
    top = max(claims for _day, claims in left)
    said = _("From %(first)s to %(last)s since %(day)s.", first=format_decimal(left[0][1]),
             last=format_decimal(left[-1][1]), day=format_date(start))  # fmt: skip
    every = 7 if len(left) > 2 * 14 else 1
    return Picture(
        "burn-down", _("Claims that wait for reviews"), said,
        [_("At the end of"), _("Claims")], left,
        lines(drawn, Axes(width, top, (_day(start), _day(until)))), left[::-1][::every][::-1],
    )  # fmt: skip


def _left_by_day(found: Trends) -> list[tuple[date, int]]:
    """Return how many waited at the end of each day, counted back from now, from the first on."""
    moves: Counter[date] = Counter()
    for one in found.days:
        if one.what == "accepted":
            moves[one.day] += one.came - one.went
    first = min(moves, default=found.today)
    day, left = found.today, found.stock.states["accepted"]
    days = [(day, left)]
    while day > first and day > found.since:
        left = max(left - moves[day], 0)
        day -= timedelta(days=1)
        days.append((day, left))
    return days[::-1]


def throughput(found: Trends) -> Picture:
    """Draw how many rounds ended in a week, by what they came to, and how many were dismissed."""
    names = {
        "decided": _("agreed"), "disputed": _("disagreed"), "dismissed": _("dismissed"),
    }  # fmt: skip
    counts: Counter[tuple[str, date]] = Counter()
    for one in found.days:
        if one.what in names:
            counts[one.what, monday_of(one.day)] += one.came
    rows: list[tuple[Cell, ...]] = [
        (week, *(counts[what, week] for what in names)) for week in found.weeks
    ]
    ends = _day(found.weeks[0]), _("this week")
    drawn = rows_of_bars(
        [(name, [counts[what, week] for week in found.weeks]) for what, name in names.items()], ends
    )
    said = _("This week: %(agreed)s agreed, %(disagreed)s disagreed, %(dismissed)s dismissed.",
             agreed=rows[-1][1], disagreed=rows[-1][2], dismissed=rows[-1][3])  # fmt: skip
    columns = [_("Week from"), _("Reviews agreed"), _("Reviews disagreed"), _("Dismissed")]
    return Picture("throughput", _("Done in a week, by outcome"), said, columns, rows, drawn, rows)


def ages(found: Trends) -> Picture:
    """Draw since when the claims wait that wait for reviews."""
    labels = [_("today"), "1–3", "4–7", "8–14", "15–28", "29–90", "> 90"]
    names = [
        _("today"), _("1 to 3 days"), _("4 to 7 days"), _("8 to 14 days"), _("15 to 28 days"),
        _("29 to 90 days"), _("more than 90 days"),
    ]  # fmt: skip
    numbers = found.stock.ages
    old = numbers[-1] + numbers[-2]
    said = ngettext("%(num)s claim has waited for more than 28 days.",
                    "%(num)s claims have waited for more than 28 days.", old)  # fmt: skip
    rows = list(zip(names, numbers, strict=True))
    return Picture("age", _("How long claims have waited, in days"), said,
                   [_("Waits since"), _("Claims")], rows, bars(numbers, labels), rows)  # fmt: skip


def time_to_verdict(found: Trends) -> Picture:
    """Draw the days from a claim's coming in to its first verdict: the middle, and nine tenths."""
    counts: dict[date, dict[int, int]] = {week: {} for week in found.weeks}
    for one in found.days:
        if one.what == VERDICT:
            counts[one.day][one.took] = counts[one.day].get(one.took, 0) + one.came
    rows = [
        (week, quantile(took, 0.5), quantile(took, 0.9), sum(took.values()))
        for week, took in counts.items()
    ]
    middle, most = _points(rows, 1), _points(rows, 2)
    drawn = [
        Line(middle, _("%(days)s median", days=middle[-1][1]) if middle else ""),
        Line(most, _("%(days)s, 90%%", days=most[-1][1]) if most else "", "goal"),
    ]
    top = max((value for _place, value in most), default=1)
    said = _("No claim had its first verdict in these weeks.")
    if middle:
        said = _("Of the newest week with verdicts, half came within %(median)s days and nine "
                 "tenths within %(most)s.", median=middle[-1][1], most=most[-1][1])  # fmt: skip
    ends = _day(found.weeks[0]), _("this week")
    columns = [_("Week from"), _("Median, days"), _("90th percentile, days"), _("First verdicts")]
    return Picture("time-to-verdict", _("Days from import to verdict"), said, columns, rows,
                   lines(drawn, Axes(WEEKS - 1, top or 1, ends)), rows)  # fmt: skip


def _points(rows: Sequence[Sequence[Cell]], column: int) -> list[tuple[int, int]]:
    values = [(place, row[column]) for place, row in enumerate(rows)]
    return [(place, value) for place, value in values if isinstance(value, int)]


def agreement(found: Trends) -> Picture:
    """Draw how far reviewers agreed as of each week, with the intervals."""
    told = [one for one in found.agreement if one.alpha is not None]
    rows = [(one.week, one.alpha, one.low, one.high, one.claims) for one in found.agreement]
    place = {week: number for number, week in enumerate(found.weeks)}
    points = [(place[one.week], one.alpha or 0.0) for one in told if one.week in place]
    whiskers = [
        (place[one.week], max(one.low, 0.0), one.high)
        for one in told
        if one.week in place and one.low is not None and one.high is not None
    ]
    bottom = min([0.0, *(value for _place, value in points)])
    mark = Line([(0, _RELY_FROM), (WEEKS - 1, _RELY_FROM)], look="goal")
    last = f"{points[-1][1]:.2f}".replace("-", "−") if points else ""
    said = _("There is no figure yet.")
    if points:
        said = _("It was %(alpha)s last; rely on it from 0.8.", alpha=last)
    ends = _day(found.weeks[0]), _("this week")
    columns = [_("Week from"), _("Alpha"), _("Lower bound"), _("Upper bound"), _("Claims")]
    return Picture(
        "agreement", _("How far reviewers agree"), said, columns, rows,
        lines([mark, Line(points, last)], Axes(WEEKS - 1, 1, ends, bottom), whiskers),
        [(week, *map(_two_places, figures), claims) for week, *figures, claims in rows],
    )  # fmt: skip


def _two_places(figure: float | None) -> str:
    return "" if figure is None else f"{figure:.2f}".replace("-", "−")


def funnel(found: Trends) -> Picture:
    """Draw how many claims came in, and how many of those came how far, as of now."""
    states = found.stock.states
    reviewed = states["decided"] + states["disputed"] + states["ready"]
    rows = [
        (_("proposed"), sum(states.values())),
        (_("accepted"), reviewed + states["accepted"]),
        (_("reviewed"), reviewed),
        (_("with a verdict"), states["ready"]),
        (_("published"), found.stock.published),
    ]
    said = _("Of %(all)s proposed claims %(published)s were published.",
             all=format_decimal(rows[0][1]), published=format_decimal(rows[-1][1]))  # fmt: skip
    return Picture("funnel", _("From proposed to published"), said, [_("Stage"), _("Claims")],
                   rows, stages(rows), rows)  # fmt: skip


def _day(day: date) -> str:
    return str(format_date(day, "d MMM"))


PICTURES: Mapping[str, Callable[[Trends], Picture]] = MappingProxyType(
    {
        "burn-down": burn_down,
        "throughput": throughput,
        "age": ages,
        "time-to-verdict": time_to_verdict,
        "agreement": agreement,
        "funnel": funnel,
    }
)
