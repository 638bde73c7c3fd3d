"""How often an app ran, from the daily totals of Azure Monitor."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, NamedTuple

from auditor.model.capture import Json
from auditor.model.hosting import HostingKind
from auditor.model.observed import GapReason, Known, Observed, Unknown, not_offered
from auditor.model.usage import Usage
from providers.azure.metrics import METRICS
from providers.azure.normalize.answers import known
from providers.azure.normalize.fields import UnreadableError, given, items, member, record, text
from providers.azure.normalize.sites import Site

_EXECUTIONS = ("functionexecutioncount", "ondemandfunctionexecutioncount", "alwaysreadyfunctionexecutioncount")
_RECENT, _SHORT, _LONG = 7, 30, 90

Days = dict[date, float]


class _Counted(NamedTuple):
    """The daily totals of each metric, and the number of days that they are of."""

    series: dict[str, Days]
    days: int


def usage(site: Site) -> Observed[Usage]:
    """The counts of the last days of one app."""
    body = site.answers.one(METRICS, site.id)
    if isinstance(body, Unknown):
        return body
    counted = site.answers.fact(METRICS, lambda: _counted(record(body.value)), site.id)
    if isinstance(counted, Unknown):
        return counted
    series, asked = counted.value
    last = site.answers.fact(METRICS, lambda: _day(site.answers.finished_on), site.id)
    if isinstance(last, Unknown):
        return last

    def over(days: int, count: Callable[[Days], Any]) -> Observed[Any]:
        """A count over so many days; not examined where the metrics are of fewer."""
        if asked < days:
            message = f"the metrics were read over {asked} days: ask for --activity {days} or more"
            return Unknown(site.answers.gap(METRICS, GapReason.NOT_IN_TIER, message, site.id))
        return executions.map(count)

    executions = _executions(site, series)
    failed, requests = series.get("http5xx"), series.get("requests")
    return Known(
        Usage(
            executions_30_days=over(_SHORT, lambda days: round(_sum(days, last.value, 0, _SHORT))),
            executions_90_days=over(_LONG, lambda days: round(_sum(days, last.value, 0, _LONG))),
            failed=_failed(site, failed, requests, last.value),
            recent_per_day=over(_RECENT, lambda days: _sum(days, last.value, 0, _RECENT) / _RECENT),
            executions_before=over(2 * _RECENT, lambda days: _sum(days, last.value, _RECENT, 2 * _RECENT) / _RECENT),
            days=asked,
            executions=executions.map(lambda days: round(_sum(days, last.value, 0, asked))),
            idle_days=executions.map(lambda days: _idle(days, last.value, asked)),
            peak_memory=not_offered(METRICS, "Azure Monitor does not tell the share of memory used"),
        ),
        METRICS,
    )


def _executions(site: Site, series: dict[str, Days]) -> Observed[Days]:
    found = [series[name] for name in _EXECUTIONS if name in series]
    if not found:
        return _untold(site, "executions are not counted here")
    total: Days = {}
    for days in found:
        for day, count in days.items():
            total[day] = total.get(day, 0.0) + count
    only_classic = len(found) == 1 and _EXECUTIONS[0] in series
    if site.host.kind is HostingKind.FLEX_CONSUMPTION and only_classic and not any(total.values()):
        return _untold(site, "Flex Consumption counts executions under names that were not asked for")
    return Known(total, METRICS)


def _untold(site: Site, message: str) -> Unknown:
    return Unknown(site.answers.gap(METRICS, GapReason.NOT_COLLECTED, message, site.id))


def _failed(site: Site, failed: Days | None, requests: Days | None, last: date) -> Observed[float | None]:
    if failed is None or requests is None:
        return _untold(site, "requests are not counted here")
    asked = _sum(requests, last, 0, _SHORT)
    return known(None, METRICS) if asked <= 0 else Known(min(1.0, _sum(failed, last, 0, _SHORT) / asked), METRICS)


def _sum(days: Days, last: date, newest: int, oldest: int) -> float:
    """The total of the days from ``oldest`` days before the last day to ``newest`` days before it."""
    start, end = last - timedelta(days=oldest), last - timedelta(days=newest)
    return sum(count for day, count in days.items() if start < day <= end)


def _idle(days: Days, last: date, asked: int) -> int | None:
    """Days since the last one with an execution; null: none has."""
    ran = [day for day, count in days.items() if count > 0 and last - timedelta(days=asked) < day]
    return max((last - max(ran)).days, 0) if ran else None


def _counted(body: dict[str, Any]) -> _Counted:
    """Azure Monitor repeats the span that it was asked about, as two moments with a slash between."""
    start, slash, end = text(body, "timespan").partition("/")
    asked = (_day(end) - _day(start)).days
    if not slash or asked < 1:
        raise UnreadableError("timespan is no span of days")
    return _Counted(_series(body), asked)


def _series(body: dict[str, Any]) -> dict[str, Days]:
    found: dict[str, Days] = {}
    for item in items(body, "value"):
        metric = text(member(item, "name"), "value").lower()
        days: Days = {}
        for line in items(item, "timeseries"):
            for point in items(line, "data"):
                day = _day(text(point, "timeStamp"))
                days[day] = days.get(day, 0.0) + _total(point)
        found[metric] = days
    return found


def _total(point: Json) -> float:
    """A day's total; a day without one had no records."""
    if not given(point, "total"):
        return 0.0
    value = point["total"]
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < float("inf"):
        raise UnreadableError("total is not a count")
    return float(value)


def _day(moment: str) -> date:
    try:
        return date.fromisoformat(moment[:10])
    except ValueError as error:
        raise UnreadableError(f"{moment[:32]!r} is not a date") from error
