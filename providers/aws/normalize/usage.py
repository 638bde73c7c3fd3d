"""How functions ran, from the daily metrics of CloudWatch.

A metric without a value means that nothing was counted only where CloudWatch says that its answer is complete: each
query comes back under its own id and label with a status, and a message is about what was left out. CloudWatch API
reference, MetricDataResult, 2026-12-01.
"""

from array import array
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from auditor.model.capture import Json
from auditor.model.observed import Gap, GapReason, Known, Observed, Unknown, not_offered
from auditor.model.usage import Usage
from providers.answers.fields import day
from providers.aws.metrics import (
    AVERAGE,
    ERRORS,
    GET,
    INVOCATIONS,
    LONGEST,
    MEMORY,
    METRICS,
    THROTTLES,
    Window,
    may_have_insights,
)
from providers.aws.normalize.answers import Answers, Listing, known
from providers.aws.normalize.fields import UnreadableError, items, optional_items, required, text, texts

_WEEK, _MONTH, _QUARTER = 7, 30, 90
_COMPLETE: Final = "Complete"
_PARTIAL: Final = "PartialData"
"""The rest of the values is on a further page."""

_Days = dict[date, float]


@dataclass(frozen=True, slots=True)
class _Row:
    """What came back of one query on one page: days as ordinals beside their values, which is a tenth of the answer."""

    metric: str
    name: str
    status: str
    days: "array[int]"
    values: "array[float]"


class _Series:
    """What came back of one query: values by day, and whether CloudWatch called them complete."""

    def __init__(self) -> None:
        self._rows: list[_Row] = []

    def add(self, row: _Row) -> None:
        """Adds a page's part. Raises UnreadableError where a day was told before."""
        if any(set(row.days) & set(before.days) for before in self._rows):
            raise UnreadableError("one day has two values")
        self._rows.append(row)

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return any(row.status == _COMPLETE for row in self._rows)

    def days(self) -> _Days:
        """All values."""
        return {
            date.fromordinal(when): value
            for row in self._rows
            for when, value in zip(row.days, row.values, strict=True)
        }


class Usages:
    """The measured use of the functions of one location."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._series: defaultdict[tuple[str, str], _Series] = defaultdict(_Series)
        asked = answers.subjects(GET, _page)
        windows = {subject: window for subject in asked if (window := Window.parse(subject)) is not None}
        self._window = max(windows.values(), key=lambda each: (each.end, each.days), default=None)
        ours = (self._read(asked.all(one), one) for one in asked if windows.get(one) == self._window)
        self._gap = next(filter(None, list(ours)), None)

    def _read(self, pages: Listing[list[_Row | UnreadableError]], subject: str) -> Gap | None:
        """Reads the answers to one call; why some of them are missing, if they are."""
        gap = pages.gap
        for row in (row for page in pages.items for row in page):
            fact = self._answers.fact(GET, lambda row=row: self._add(row), subject)  # type: ignore[misc]
            gap = gap or (fact.gap if isinstance(fact, Unknown) else None)
        return gap

    def _add(self, row: _Row | UnreadableError) -> None:
        if isinstance(row, UnreadableError):
            raise row
        window = self._window
        if window is None or not all(window.start.toordinal() <= when < window.end.toordinal() for when in row.days):
            raise UnreadableError("a value lies outside the days asked for")
        self._series[row.metric, row.name].add(row)

    def usage(self, name: str, config: dict[str, Any]) -> Observed[Usage]:
        """What was measured of a function; unknown as a whole where nothing was asked."""
        window = self._window
        if window is None:
            return Unknown(self._gap or self._answers.missing(GET))
        ran = self._of(INVOCATIONS, name)
        failed = self._where_it_ran(ERRORS, name, ran)
        average = self._where_it_ran(AVERAGE, name, ran)
        total = ran.map(lambda days: round(sum(days.values())))
        usage = Usage(
            executions_30_days=self._over(_MONTH, ran, lambda days: round(_sum(days, window, 0, _MONTH))),
            executions_90_days=self._over(_QUARTER, ran, lambda days: round(_sum(days, window, 0, _QUARTER))),
            failed=ran.then(lambda days: failed.map(lambda bad: _share(bad, days, window))),
            recent_per_day=self._over(_WEEK, ran, lambda days: _sum(days, window, 1, _WEEK + 1) / _WEEK),
            executions_before=self._over(
                2 * _WEEK, ran, lambda days: _sum(days, window, _WEEK + 1, 2 * _WEEK + 1) / _WEEK
            ),
            days=window.days,
            executions=total,
            idle_days=ran.map(lambda days: _idle(days, window)),
            peak_memory=self._peak(name, config, ran),
            throttled=self._of(THROTTLES, name).map(lambda days: round(sum(days.values()))),
            average_ms=ran.then(lambda days: average.map(lambda means: _mean(means, days))),
            longest_ms=self._where_it_ran(LONGEST, name, ran).map(lambda days: max(days.values(), default=None)),
        )
        return known(usage, GET)

    def _of(self, metric: str, name: str) -> Observed[_Days]:
        found = self._series.get((metric, name))
        if found is not None and found.complete:
            return Known(found.days(), GET)
        return Unknown(self._gap or self._answers.gap(GET, GapReason.NOT_COLLECTED, "", name))

    def _where_it_ran(self, metric: str, name: str, ran: Observed[_Days]) -> Observed[_Days]:
        """A metric that is asked only of functions that ran: of the others, there is nothing to tell."""
        if isinstance(ran, Unknown):
            return ran
        return self._of(metric, name) if ran.value else Known({}, GET)

    def _over(self, days: int, ran: Observed[_Days], count: Any) -> Observed[Any]:
        """A count over so many days; not examined where the run asked for fewer."""
        if self._window is not None and self._window.days < days:
            message = f"the metrics were read over {self._window.days} days: ask for --activity {days} or more"
            return Unknown(self._answers.gap(GET, GapReason.NOT_IN_TIER, message))
        return ran.map(count)

    def _peak(self, name: str, config: dict[str, Any], ran: Observed[_Days]) -> Observed[float | None]:
        if not may_have_insights(config):
            return not_offered(GET, "only Lambda Insights measures the memory in use, and it is off")
        if isinstance(ran, Known) and not ran.value:
            return known(None, GET)
        used = self._where_it_ran(MEMORY, name, ran)
        if isinstance(used, Known) and not used.value:
            return not_offered(GET, "only Lambda Insights measures the memory in use, and it wrote no metric")
        return used.map(lambda days: max(days.values()) / 100)


def _page(body: Json) -> list[_Row | UnreadableError]:
    """The results on a page. A message about the whole call says that some may be missing."""
    if optional_items(body, "Messages"):
        raise UnreadableError("CloudWatch left metrics out", GapReason.SERVICE_ERROR)
    found: list[_Row | UnreadableError] = []
    for result in items(body, "MetricDataResults"):
        try:
            found.append(_row(result))
        except UnreadableError as error:
            found.append(error)
    return found


def _row(result: Json) -> _Row:
    metric = text(result, "Id").partition("_")[0]
    if metric not in METRICS:
        raise UnreadableError("a result belongs to no query")
    if optional_items(result, "Messages"):
        raise UnreadableError("a metric was left out", GapReason.SERVICE_ERROR)
    status = text(result, "StatusCode")
    if status not in (_COMPLETE, _PARTIAL):
        reason = GapReason.DENIED if status == "Forbidden" else GapReason.SERVICE_ERROR
        raise UnreadableError(f"a metric came back as {status[:32]}", reason)
    moments, values = texts(result, "Timestamps"), required(result, "Values")
    if not isinstance(values, list) or len(values) != len(moments):
        raise UnreadableError("times and values do not match")
    days = array("l", (date.fromisoformat(day(moment, "a time")).toordinal() for moment in moments))
    if len(set(days)) != len(days):
        raise UnreadableError("one day has two values")
    return _Row(metric, text(result, "Label"), status, days, array("d", map(_number, values)))


def _number(value: Json) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < float("inf"):
        raise UnreadableError("a value is no count")
    return float(value)


def _sum(days: _Days, window: Window, newest: int, oldest: int) -> float:
    """The total of the days from ``oldest`` days before the day of the run, excluded, to ``newest`` days before it."""
    first, last = window.today - timedelta(days=oldest), window.today - timedelta(days=newest)
    return sum(count for when, count in days.items() if first < when <= last)


def _share(failed: _Days, ran: _Days, window: Window) -> float | None:
    asked = _sum(ran, window, 0, _MONTH)
    return min(1.0, _sum(failed, window, 0, _MONTH) / asked) if asked else None


def _idle(days: _Days, window: Window) -> int | None:
    ran = [when for when, count in days.items() if count > 0]
    return (window.today - max(ran)).days if ran else None


def _mean(means: _Days, ran: _Days) -> float | None:
    """The average over all executions, from the averages of the days."""
    weights = [(mean, ran.get(when, 0.0)) for when, mean in means.items()]
    total = sum(weight for _, weight in weights)
    return sum(mean * weight for mean, weight in weights) / total if total else None
