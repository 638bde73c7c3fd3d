"""How the company's functions ran: the metrics that Lambda and Lambda Insights write, days before the demo begins."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from moto_fixtures.aws.company.deploy_context import ABROAD, HOME, Workbench

_STEADY: Final = ((2, 7000), (10, 7000), (40, 7000))
"""Days before the demo, and how often a function ran on that day: a thousand times a day."""


@dataclass(frozen=True)
class Activity:
    """How a function ran: times by days before the demo, shares of what failed, milliseconds, percent of its memory."""

    name: str
    region: str = HOME
    runs: tuple[tuple[int, int], ...] = _STEADY
    failed: float = 0.001
    throttled: int = 0
    average: float = 900.0
    longest: float = 6_000.0
    memory: float = 55.0


ACTIVITY: Final = (
    Activity("catalog-search"),
    Activity("checkout-create-order"),
    Activity("gift-registry-api"),
    Activity("eu-catalog-search", ABROAD),
    Activity("order-fulfilment", runs=((2, 28_000), (10, 1_400))),  # a loop, or a very good week
    Activity("orders-db-sync", failed=0.31),
    Activity("reviews-api", throttled=120),
    Activity("sales-report-api", longest=54_200.0),
    Activity("catalog-reindex", average=2_000.0, longest=4_100.0),
    Activity("image-resizer", memory=96.0),
    Activity("price-engine", memory=11.0),
)
UNUSED: Final = ("eu-consent-log", ABROAD)
"""Deployed long ago and not called since; every other function without activity was deployed with the demo."""


def measure(bench: Workbench) -> None:
    """Writes the metrics of every function that ran."""
    today = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
    for region in (HOME, ABROAD):
        ours = [each for each in ACTIVITY if each.region == region]
        client = bench.client("cloudwatch", region)
        data = [row for each in ours for row in _lambda(each, today)]
        client.put_metric_data(Namespace="AWS/Lambda", MetricData=data)
        used = [_datum(each, "memory_utilization", today - timedelta(days=2), each.memory, "Percent") for each in ours]
        client.put_metric_data(Namespace="LambdaInsights", MetricData=used)


def _lambda(activity: Activity, today: datetime) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for ago, times in activity.runs:
        day = today - timedelta(days=ago)
        counts = {"Invocations": times, "Errors": round(times * activity.failed), "Throttles": activity.throttled}
        rows += [_datum(activity, metric, day, count, "Count") for metric, count in counts.items()]
        took = {
            "SampleCount": times,
            "Sum": times * activity.average,
            "Minimum": activity.average / 2,
            "Maximum": activity.longest,
        }
        rows.append(_datum(activity, "Duration", day, None, "Milliseconds") | {"StatisticValues": took})
    return rows


def _datum(activity: Activity, metric: str, day: datetime, value: float | None, unit: str) -> dict[str, Any]:
    dimension = "function_name" if unit == "Percent" else "FunctionName"
    counted = {} if value is None else {"Value": value}
    return {
        "MetricName": metric,
        "Dimensions": [{"Name": dimension, "Value": activity.name}],
        "Timestamp": day,
        "Unit": unit,
        **counted,
    }
