"""Cloud Logging and Cloud Monitoring."""

from collections.abc import Callable, Iterator

from moto_fixtures.gcp import usage
from moto_fixtures.gcp.functions import GEN1, GEN2
from moto_fixtures.gcp.organization import Project, Resource
from moto_fixtures.gcp.paging import page, size_of
from moto_fixtures.gcp.project_settings import ALERT, EXCLUSION, LOG_BUCKET, METRIC, SINK
from moto_fixtures.gcp.routes.registry import Asked, route
from moto_fixtures.gcp.services import SERVICE
from moto_fixtures.gcp.wire import Json

_MOST_POINTS = 100_000


def _listing(kind: str, key: str) -> Callable[[Asked], Json]:
    def answer(asked: Asked) -> Json:
        found = asked.project.of(kind, asked.names.get("location", "-"))
        return page(found, asked.call, key, _body, default=100)

    return answer


route("logging:ListSinks", "v2/projects/{project}/sinks", "logging.sinks.list")(_listing(SINK, "sinks"))
route("logging:ListExclusions", "v2/projects/{project}/exclusions", "logging.exclusions.list")(
    _listing(EXCLUSION, "exclusions")
)
route("logging:ListBuckets", "v2/projects/{project}/locations/{location}/buckets", "logging.buckets.list")(
    _listing(LOG_BUCKET, "buckets")
)
route("logging:ListMetrics", "v2/projects/{project}/metrics", "logging.logMetrics.list")(_listing(METRIC, "metrics"))


@route("monitoring:ListAlertPolicies", "v3/projects/{project}/alertPolicies", "monitoring.alertPolicies.list")
def alert_policies(asked: Asked) -> Json:
    """The alerts of the project."""
    found = asked.project.of(ALERT)
    return {**page(found, asked.call, "alertPolicies", _body), "totalSize": len(found)}


@route("monitoring:ListTimeSeries", "v3/projects/{project}/timeSeries", "monitoring.timeSeries.list")
def time_series(asked: Asked) -> Json:
    """What was measured of every function. A page holds so many points, told in whole series."""
    question = usage.question(asked.call.parameters)
    made = usage.series(question, _subjects(asked.project, question.metric))
    points = len(made[0]["points"]) if made else 1
    most = max(min(size_of(asked.call) or _MOST_POINTS, _MOST_POINTS) // max(points, 1), 1)
    body = page(made, asked.call, "timeSeries", lambda each: each, default=most, most=most)
    return {**body, "unit": "1"}


def _subjects(project: Project, metric: str) -> Iterator[usage.Subject]:
    kinds = (GEN1, GEN2) if metric == usage.EXECUTIONS else (SERVICE,)
    for kind in kinds:
        for each in project.of(kind):
            measured = project.usage.get(each.short, usage.Usage())
            revision = each.body.get("latestReadyRevision", "").rpartition("/")[2]
            yield usage.Subject(project.id, each.short, each.location, revision, measured)


def _body(resource: Resource) -> Json:
    return resource.body
