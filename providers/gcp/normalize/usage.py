"""How often functions ran, and how much of their memory they needed, from metrics."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from auditor.model.observed import Gap, GapReason, Known, Observed, Unknown, not_offered
from auditor.model.usage import Usage
from providers.gcp.metrics import DEFAULT_DAYS, days_of, subject
from providers.gcp.normalize.answers import Answers, known
from providers.gcp.normalize.fields import (
    UnreadableError,
    member,
    optional_items,
    optional_member,
    optional_text,
    record,
    text,
    whole,
)
from providers.gcp.normalize.function_list import Entry
from providers.gcp.normalize.names import last

_LIST: Final = "monitoring:ListTimeSeries"
EXECUTIONS: Final = "cloudfunctions.googleapis.com/function/execution_count"
REQUESTS: Final = "run.googleapis.com/request_count"
MEMORY: Final = "run.googleapis.com/container/memory/utilizations"
_DAY: Final = 86400.0
_RECENT, _BEFORE, _MONTH, _QUARTER = 7, 14, 30, 90
_FAILED: Final = "5xx"


@dataclass(slots=True)
class _Series:
    """Of one function: (age in days, count, failed) of each point."""

    points: list[tuple[float, float, bool]] = field(default_factory=list)


class Usages:
    """The measured use of one project's functions."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._now = _moment(answers.as_of)
        self._counts: dict[str, dict[tuple[str, str], _Series]] = {EXECUTIONS: {}, REQUESTS: {}}
        self._peaks: dict[tuple[str, str], float] = {}
        self._days = _longest(answers.subjects_of(_LIST))
        self._gaps = {metric: self._read(metric) for metric in (EXECUTIONS, REQUESTS, MEMORY)}

    def _read(self, metric: str) -> Gap | None:
        listing = self._answers.listed(_LIST, "timeSeries", subject=subject(metric, self._days))
        gap = listing.gap
        for series in listing.items:
            fact = self._answers.fact(_LIST, lambda series=series: self._series(metric, series), metric)  # type: ignore[misc]
            gap = gap or (fact.gap if isinstance(fact, Unknown) else None)
        return gap

    def _series(self, metric: str, series: dict[str, Any]) -> None:
        labels = member(member(series, "resource"), "labels")
        name = optional_text(labels, "function_name") or text(labels, "service_name")
        key = (optional_text(labels, "region") or text(labels, "location"), name)
        points = [record(item) for item in optional_items(series, "points")]
        if metric == MEMORY:
            peak = max((_value(member(point, "value")) for point in points), default=0.0)
            self._peaks[key] = max(peak, self._peaks.get(key, 0.0))
            return
        told = optional_member(member(series, "metric"), "labels")
        failed = (
            optional_text(told, "status") not in ("ok", "")
            if metric == EXECUTIONS
            else optional_text(told, "response_code_class") == _FAILED
        )
        read = [(self._age(point), _value(member(point, "value")), failed) for point in points]
        self._counts[metric].setdefault(key, _Series()).points.extend(read)

    def _age(self, point: dict[str, Any]) -> float:
        end = _moment(text(member(point, "interval"), "endTime"))
        if end is None or self._now is None:
            raise UnreadableError("endTime is no time")
        return (self._now - end).total_seconds() / _DAY

    def usage(self, entry: Entry) -> Observed[Usage]:
        """What was measured of a function."""
        counts = self._of(entry)
        peak = self._peak(entry)
        if isinstance(counts, Unknown):
            return counts
        points = counts.value
        ran = _total(points, 0, _MONTH)
        failed = sum(count for age, count, bad in points if bad and age <= _MONTH)
        usage = Usage(
            executions_30_days=self._over(_MONTH, lambda: round(ran)),
            executions_90_days=self._over(_QUARTER, lambda: round(_total(points, 0, _QUARTER))),
            failed=known(min(1.0, failed / ran) if ran else None, _LIST),
            recent_per_day=self._over(_RECENT, lambda: _total(points, 0, _RECENT) / _RECENT),
            executions_before=self._over(_BEFORE, lambda: _total(points, _RECENT, _BEFORE) / _RECENT),
            days=self._days,
            executions=known(round(_total(points, 0, self._days)), _LIST),
            idle_days=known(_idle(points, self._days), _LIST),
            peak_memory=peak,
        )
        return known(usage, _LIST)

    def _over(self, days: int, count: Callable[[], float]) -> Observed[Any]:
        """A count over so many days; not examined where the metrics are of fewer."""
        if self._days < days:
            message = f"the metrics were read over {self._days} days: ask for --activity {days} or more"
            return Unknown(self._answers.gap(_LIST, GapReason.NOT_IN_TIER, message))
        return known(count(), _LIST)

    def _of(self, entry: Entry) -> Observed[tuple[tuple[float, float, bool], ...]]:
        """A function's executions; of its service, requests. Whichever is told; none where both lists are complete."""
        asked = [(EXECUTIONS, (entry.name.location, entry.name.name))] if entry.record is not None else []
        if entry.generation != 1:
            asked.append((REQUESTS, self._service_key(entry)))
        gap: Gap | None = None
        for metric, key in asked:
            found = self._counts[metric].get(key)
            if found is not None and found.points:
                own = self._gaps[metric]
                return Unknown(own) if own is not None else Known(tuple(found.points), _LIST)
            gap = gap or self._gaps[metric]
        return Unknown(gap) if gap is not None else known((), _LIST)

    def _service_key(self, entry: Entry) -> tuple[str, str]:
        service = entry.service.value.name if entry.service.known else entry.name.name.replace("_", "-").lower()
        return (entry.name.location, last(service))

    def _peak(self, entry: Entry) -> Observed[float | None]:
        if entry.generation == 1:
            return not_offered(_LIST, "Cloud Run measures memory, which does not run the first generation")
        if entry.generation is None and isinstance(entry.service, Unknown):
            return entry.service
        found = self._peaks.get(self._service_key(entry))
        gap = self._gaps[MEMORY]
        return Unknown(gap) if gap is not None else known(found, _LIST)


def _total(points: tuple[tuple[float, float, bool], ...], youngest: int, oldest: int) -> float:
    return sum(count for age, count, _ in points if youngest <= age <= oldest or (youngest == 0 and age < 0))


def _longest(subjects: tuple[str, ...]) -> int:
    """The most days over which any run of the capture asked."""
    return max((found[1] for each in subjects if (found := days_of(each)) is not None), default=DEFAULT_DAYS)


def _idle(points: tuple[tuple[float, float, bool], ...], asked: int) -> int | None:
    """Whole days since the last day with an execution; null: none has."""
    ran = [age for age, count, _ in points if count > 0 and age <= asked]
    return int(max(min(ran), 0)) if ran else None


def _value(value: dict[str, Any]) -> float:
    if "int64Value" in value:
        return float(whole(value["int64Value"], "int64Value"))
    number = value.get("doubleValue")
    if isinstance(number, bool) or not isinstance(number, (int, float)) or not 0 <= number < float("inf"):
        raise UnreadableError("a point is no number")
    return float(number)


def _moment(text_: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text_)
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
