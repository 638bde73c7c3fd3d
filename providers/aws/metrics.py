"""Which metrics of functions are asked for, over which time, and how a query and its answer are told by their names."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from providers.answers.json_paths import rows, text

GET: Final = "cloudwatch:GetMetricData"
DEFAULT_DAYS: Final = 90
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric of CloudWatch that a function has, and the statistic of a day that is asked for."""

    namespace: str
    name: str
    statistic: str
    dimension: str = "FunctionName"

    def query(self, identifier: str, function: str) -> dict[str, Any]:
        """A member of MetricDataQueries. Its label comes back with the values, so it says whose they are."""
        metric = {
            "Namespace": self.namespace,
            "MetricName": self.name,
            "Dimensions": [{"Name": self.dimension, "Value": function}],
        }
        stat = {"Metric": metric, "Period": int(_DAY.total_seconds()), "Stat": self.statistic}
        return {"Id": identifier, "Label": function, "MetricStat": stat}


INVOCATIONS, THROTTLES, ERRORS = "invocations", "throttles", "errors"
AVERAGE, LONGEST, MEMORY = "average", "longest", "memory"
METRICS: Final = {
    INVOCATIONS: Metric("AWS/Lambda", "Invocations", "Sum"),
    THROTTLES: Metric("AWS/Lambda", "Throttles", "Sum"),
    ERRORS: Metric("AWS/Lambda", "Errors", "Sum"),
    AVERAGE: Metric("AWS/Lambda", "Duration", "Average"),
    LONGEST: Metric("AWS/Lambda", "Duration", "Maximum"),
    MEMORY: Metric("LambdaInsights", "memory_utilization", "Maximum", "function_name"),
}
"""By the name that begins a query's id. Lambda Developer Guide, "Types of metrics for Lambda functions"; CloudWatch
User Guide, "Metrics collected by Lambda Insights" (percent of the memory of the function), 2026-12-01."""
ALWAYS: Final = (INVOCATIONS, THROTTLES)
"""Asked of every function; the others tell something only of one that ran."""
WHERE_IT_RAN: Final = (ERRORS, AVERAGE, LONGEST, MEMORY)
_INSIGHTS: Final = ":layer:LambdaInsightsExtension"
"""In the ARN of every layer that brings Lambda Insights to an archive. CloudWatch User Guide, 2026-12-01."""


@dataclass(frozen=True, slots=True)
class Window:
    """Whole days in UTC, from ``start`` to before ``end``: the days asked for, and the day of the run so far."""

    start: date
    end: date

    @classmethod
    def of(cls, days: int) -> "Window":
        """The last days up to now."""
        today = datetime.now(UTC).date()
        return cls(today - days * _DAY, today + _DAY)

    @classmethod
    def parse(cls, subject: str) -> "Window | None":
        """The window that a subject names; None where it names none."""
        start, slash, end = subject.partition("#")[0].partition("/")
        try:
            found = cls(date.fromisoformat(start), date.fromisoformat(end))
        except ValueError:
            return None
        return found if slash and found.days > 0 else None

    @property
    def days(self) -> int:
        """Whole days before the day of the run."""
        return (self.end - self.start).days - 1

    @property
    def today(self) -> date:
        """The day of the run."""
        return self.end - _DAY

    def subject(self, batch: str) -> str:
        """What a call is recorded as asking about: the window, and which functions' batch."""
        return f"{self.start}/{self.end}#{batch}"

    @property
    def starts(self) -> datetime:
        """The moment it starts, as StartTime takes it."""
        return _midnight(self.start)

    @property
    def ends(self) -> datetime:
        """The moment it ends, as EndTime takes it."""
        return _midnight(self.end)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def may_have_insights(config: Mapping[str, Any]) -> bool:
    """Whether Lambda Insights may run in a function: as a layer, or in an image, into which nobody looks here."""
    if text(config, "PackageType") == "Image":
        return True
    return any(_INSIGHTS in text(layer, "Arn") for layer in rows(config, "Layers"))
