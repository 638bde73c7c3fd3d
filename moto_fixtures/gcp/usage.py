"""What Cloud Monitoring measured, as time series: raw, or aligned and reduced as asked."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from moto_fixtures.gcp.errors import invalid
from moto_fixtures.gcp.wire import Json

EXECUTIONS = "cloudfunctions.googleapis.com/function/execution_count"
REQUESTS = "run.googleapis.com/request_count"
MEMORY = "run.googleapis.com/container/memory/utilizations"
_PERCENTILE = re.compile(r"ALIGN_PERCENTILE_\d\d")
_DURATION = re.compile(r"(\d+)s")
_METRIC = re.compile(r'metric\.type\s*=\s*"([^"]+)"')
_FIELD = re.compile(r"(metric|resource)\.labels?\.(\w+)")
_MOST_STEPS = 9600


@dataclass(frozen=True)
class Usage:
    """What is measured of a function: executions a day now and before the last seven days, the share that failed,
    and the highest share of its memory used. None a day: nothing was ever measured.
    """

    daily: float | None = 120.0
    before: float | None = None
    failed: float = 0.0
    memory: float = 0.55

    def on(self, age: int) -> float:
        """Executions on the day ``age`` days ago."""
        now = self.daily or 0.0
        return now if age < 7 or self.before is None else self.before


@dataclass(frozen=True)
class Subject:
    """Of which function or service, and on which labels, something was measured."""

    project: str
    name: str
    location: str
    revision: str
    usage: Usage


@dataclass
class Series:
    """One line of a chart: labels, and a value for each interval, the newest first."""

    metric: dict[str, str]
    resource: dict[str, str]
    values: list[float]


@dataclass(frozen=True)
class Question:
    """A request for time series, read."""

    metric: str
    start: datetime
    end: datetime
    step: timedelta
    aligner: str
    reducer: str
    groups: Sequence[str]

    @property
    def steps(self) -> int:
        """How many intervals are asked about."""
        return max(int((self.end - self.start) / self.step), 0)

    @property
    def intervals(self) -> list[Json]:
        """The intervals, the newest first."""
        edges = [self.end - self.step * index for index in range(self.steps + 1)]
        return [{"startTime": _text(start), "endTime": _text(end)} for end, start in pairwise(edges)]

    def age(self, index: int) -> int:
        """How many days ago an interval was."""
        return int(self.step.total_seconds() * index // 86400)


def question(parameters: Mapping[str, list[str]]) -> Question:
    """Reads the parameters of a request; INVALID_ARGUMENT where they make no sense."""

    def one(name: str, default: str = "") -> str:
        return parameters.get(name, [default])[-1]

    metric = _METRIC.search(one("filter"))
    if metric is None:
        raise invalid("The filter must name exactly one metric type.")
    step = _DURATION.fullmatch(one("aggregation.alignmentPeriod", "60s"))
    if step is None or int(step.group(1)) < 60:
        raise invalid("aggregation.alignmentPeriod must be at least 60 seconds.")
    aligner = one("aggregation.perSeriesAligner", "ALIGN_NONE")
    reducer = one("aggregation.crossSeriesReducer", "REDUCE_NONE")
    if reducer != "REDUCE_NONE" and aligner == "ALIGN_NONE":
        raise invalid("Series must be aligned before they are reduced.")
    if metric.group(1) == MEMORY and not _PERCENTILE.fullmatch(aligner):
        raise invalid(f"{aligner} cannot be applied to metrics with value type DISTRIBUTION.")
    if metric.group(1) != MEMORY and aligner not in ("ALIGN_SUM", "ALIGN_DELTA", "ALIGN_NONE", "ALIGN_RATE"):
        raise invalid(f"{aligner} cannot be applied to metrics with kind DELTA and value type INT64.")
    groups = parameters.get("aggregation.groupByFields", [])
    start, end = _time(one("interval.startTime")), _time(one("interval.endTime"))
    asked = Question(metric.group(1), start, end, timedelta(seconds=int(step.group(1))), aligner, reducer, groups)
    if asked.steps > _MOST_STEPS:
        raise invalid("Too many points: lengthen the alignment period.")
    return asked


def series(asked: Question, subjects: Iterable[Subject]) -> list[Json]:
    """The time series a question is answered with."""
    raw = [each for subject in subjects for each in _raw(asked, subject)]
    intervals = asked.intervals
    return [_body(asked, each, intervals) for each in _reduced(asked, raw)]


def _raw(asked: Question, subject: Subject) -> Iterator[Series]:
    if subject.usage.daily is None:
        return
    where = {"project_id": subject.project, "location": subject.location}
    run = {
        **where,
        "service_name": subject.name,
        "revision_name": subject.revision,
        "configuration_name": subject.name,
    }
    if asked.metric == MEMORY:
        peak = subject.usage.memory
        measured = [peak if subject.usage.on(asked.age(step)) else 0.0 for step in range(asked.steps)]
        if any(measured):
            yield Series({"container_name": "worker", "state": "active"}, run, measured)
        return
    for failed in (False, True):
        counts = _counts(asked, subject.usage, failed=failed)
        if not any(counts):
            continue
        if asked.metric == EXECUTIONS:
            owner = {"project_id": subject.project, "region": subject.location, "function_name": subject.name}
            status = {"status": "error" if failed else "ok", "memory": "", "trigger_type": ""}
            yield Series(status, owner, counts)
        elif asked.metric == REQUESTS:
            code = {"response_code": "500", "response_code_class": "5xx"}
            yield Series(code if failed else {"response_code": "200", "response_code_class": "2xx"}, run, counts)


def _counts(asked: Question, usage: Usage, *, failed: bool) -> list[float]:
    share = usage.failed if failed else 1.0 - usage.failed
    length = asked.step.total_seconds() / 86400
    return [float(round(usage.on(asked.age(index)) * share * length)) for index in range(asked.steps)]


def _reduced(asked: Question, raw: Sequence[Series]) -> Sequence[Series]:
    if asked.reducer == "REDUCE_NONE":
        return raw
    groups = {match.groups() for match in map(_FIELD.fullmatch, asked.groups) if match}
    metric = {name for kind, name in groups if kind == "metric"}
    resource = {name for kind, name in groups if kind == "resource"} | {"project_id"}
    joined: dict[tuple[object, ...], Series] = {}
    for each in raw:
        kept = (_only(each.metric, metric), _only(each.resource, resource))
        key = (*sorted(kept[0].items()), "/", *sorted(kept[1].items()))
        into = joined.get(key)
        if into is None:
            joined[key] = Series(*kept, list(each.values))
            continue
        join = max if asked.reducer == "REDUCE_MAX" else _sum
        into.values = [join(pair) for pair in zip(into.values, each.values, strict=True)]
    return list(joined.values())


def _only(labels: Mapping[str, str], names: set[str]) -> dict[str, str]:
    return {name: value for name, value in labels.items() if name in names}


def _sum(values: Sequence[float]) -> float:
    return sum(values)


def _body(asked: Question, each: Series, intervals: Sequence[Json]) -> Json:
    whole = asked.metric != MEMORY
    kind = "cloud_function" if asked.metric == EXECUTIONS else "cloud_run_revision"
    metric: Json = {"type": asked.metric} | ({"labels": each.metric} if each.metric else {})
    return {
        "metric": metric,
        "resource": {"type": kind, "labels": each.resource},
        "metricKind": "DELTA" if whole else "GAUGE",
        "valueType": "INT64" if whole else "DOUBLE",
        "points": [
            {"interval": interval, "value": {"int64Value": str(int(value))} if whole else {"doubleValue": value}}
            for interval, value in zip(intervals, each.values, strict=True)
        ],
    }


def _time(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise invalid(f"Invalid time in the interval: {text!r}") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
