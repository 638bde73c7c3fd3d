"""What watches a project, what stands in front of its functions, and how often they ran: asked at full depth."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from auditor.model.capture import Depth
from auditor.provider import ACTIVITY
from providers.answers.answers import GLOBAL
from providers.calls.work_queue import Job
from providers.gcp.collect.project_context import ProjectContext
from providers.gcp.gateway import Request
from providers.gcp.metrics import DEFAULT_DAYS, subject

_LISTS: Final = (
    "eventarc:ListChannels",
    "logging:ListMetrics",
    "monitoring:ListAlertPolicies",
    "apigateway:ListConfigs",
    "compute:ListNegs",
    "compute:ListBackendServices",
)
_SERVICE: Final = ("resource.label.service_name", "resource.label.location")
METRICS: Final[Mapping[str, Mapping[str, str | tuple[str, ...]]]] = {
    "cloudfunctions.googleapis.com/function/execution_count": {
        "aggregation.perSeriesAligner": "ALIGN_SUM",
        "aggregation.crossSeriesReducer": "REDUCE_SUM",
        "aggregation.groupByFields": ("resource.label.function_name", "resource.label.region", "metric.label.status"),
    },
    "run.googleapis.com/request_count": {
        "aggregation.perSeriesAligner": "ALIGN_SUM",
        "aggregation.crossSeriesReducer": "REDUCE_SUM",
        "aggregation.groupByFields": (*_SERVICE, "metric.label.response_code_class"),
    },
    # a distribution, which has percentiles but no maximum
    "run.googleapis.com/container/memory/utilizations": {
        "aggregation.perSeriesAligner": "ALIGN_PERCENTILE_99",
        "aggregation.crossSeriesReducer": "REDUCE_MAX",
        "aggregation.groupByFields": _SERVICE,
    },
}
"""What is measured, a day at a time, and how the instances and revisions of a function are summed up."""


def jobs(context: ProjectContext) -> Iterator[Job]:
    """The questions of full depth; those about metrics also where the run asks for them."""
    full = context.at_least(Depth.FULL)
    for operation in _LISTS if full else ():
        yield partial(context.listing, operation)
    if not full and ACTIVITY not in context.options.tiers:
        return
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    for metric in METRICS:
        yield partial(_measure, context, metric, now)


def _measure(context: ProjectContext, metric: str, now: datetime) -> None:
    days = context.options.activity_days or DEFAULT_DAYS
    parameters: dict[str, str | tuple[str, ...]] = {
        "filter": f'metric.type="{metric}"',
        "interval.startTime": _time(now - timedelta(days=days)),
        "interval.endTime": _time(now),
        **METRICS[metric],
    }
    request = Request({"project": context.project.id}, parameters)
    context.gateway.listing("monitoring:ListTimeSeries", context.target(GLOBAL, subject(metric, days)), request)


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
