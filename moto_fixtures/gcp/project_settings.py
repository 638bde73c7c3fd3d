"""Builds what holds for a whole project: log routing, alerts, constraints, and what stands in front of functions."""

from collections.abc import Sequence

from moto_fixtures.gcp.organization import GLOBAL, Project, Resource, digest, merged
from moto_fixtures.gcp.wire import Json

SINK = "logging.googleapis.com/LogSink"
EXCLUSION = "logging.googleapis.com/LogExclusion"
LOG_BUCKET = "logging.googleapis.com/LogBucket"
METRIC = "logging.googleapis.com/LogMetric"
ALERT = "monitoring.googleapis.com/AlertPolicy"
CONSTRAINT = "orgpolicy.googleapis.com/Policy"
API_CONFIG = "apigateway.googleapis.com/ApiConfig"
NEG = "compute.googleapis.com/NetworkEndpointGroup"
BACKEND = "compute.googleapis.com/BackendService"
_ADMIN_LOGS = (
    *("cloudaudit.googleapis.com/activity", "externalaudit.googleapis.com/activity"),
    *("cloudaudit.googleapis.com/system_event", "externalaudit.googleapis.com/system_event"),
    *("cloudaudit.googleapis.com/access_transparency", "externalaudit.googleapis.com/access_transparency"),
)


def default_logging(project: Project, days: int = 30) -> None:
    """The two sinks and buckets every project is born with."""
    for name, kept, glue, word in (("_Required", 400, " OR ", ""), ("_Default", days, " AND ", "NOT ")):
        where = log_bucket(project, name, kept, locked=name == "_Required")
        chosen = glue.join(f'{word}LOG_ID("{log}")' for log in _ADMIN_LOGS)
        body = {"name": name, "destination": f"logging.googleapis.com/{where}", "filter": chosen}
        project.add(Resource(SINK, f"projects/{project.id}/sinks/{name}", body))


def log_bucket(project: Project, name: str, days: int, *, locked: bool = False, location: str = GLOBAL) -> str:
    """A log bucket that keeps entries so many days; returns its name."""
    full = project.name(location, "buckets", name)
    body: Json = {"name": full, "description": "Logs", "retentionDays": days, "lifecycleState": "ACTIVE"}
    if locked:
        body["locked"] = True
    project.add(Resource(LOG_BUCKET, full, body, location))
    return full


def sink(project: Project, name: str, destination: str, chosen: str = "", **changes: object) -> None:
    """A sink that exports what its filter chooses: everything where it is empty."""
    body: Json = {
        "name": name,
        "destination": destination,
        "outputVersionFormat": "V2",
        "writerIdentity": f"serviceAccount:service-{project.number}@gcp-sa-logging.iam.gserviceaccount.com",
        "createTime": project.estate.ago(500),
        "updateTime": project.estate.ago(500),
    } | ({"filter": chosen} if chosen else {})
    project.add(Resource(SINK, f"projects/{project.id}/sinks/{name}", merged(body, changes)))


def exclusion(project: Project, name: str, chosen: str, *, disabled: bool = False) -> None:
    """Log entries that are thrown away."""
    body: Json = {
        "name": name,
        "filter": chosen,
        "createTime": project.estate.ago(100),
        "updateTime": project.estate.ago(100),
    }
    if disabled:
        body["disabled"] = True
    project.add(Resource(EXCLUSION, f"projects/{project.id}/exclusions/{name}", body))


def alert(project: Project, metric: str, chosen: str, *, enabled: bool = True) -> None:
    """A metric that counts log entries, and an alert when there is one."""
    described = {
        "name": f"projects/{project.id}/metricDescriptors/logging.googleapis.com/user/{metric}",
        "metricKind": "DELTA",
        "valueType": "INT64",
        "unit": "1",
        "type": f"logging.googleapis.com/user/{metric}",
    }
    counting = {
        "name": metric,
        "description": "Counts changes",
        "filter": chosen,
        "metricDescriptor": described,
        "createTime": project.estate.ago(400),
        "updateTime": project.estate.ago(400),
    }
    project.add(Resource(METRIC, f"projects/{project.id}/metrics/{metric}", counting))
    name = f"projects/{project.id}/alertPolicies/{int(digest(metric, 12), 16)}"
    threshold = {
        "filter": f'metric.type="logging.googleapis.com/user/{metric}" AND resource.type="global"',
        "comparison": "COMPARISON_GT",
        "duration": "0s",
        "trigger": {"count": 1},
        "aggregations": [{"alignmentPeriod": "60s", "perSeriesAligner": "ALIGN_COUNT"}],
    }
    body = {
        "name": name,
        "displayName": metric,
        "combiner": "OR",
        "conditions": [{"name": f"{name}/conditions/1", "displayName": metric, "conditionThreshold": threshold}],
        "notificationChannels": [f"projects/{project.id}/notificationChannels/1"],
        "enabled": enabled,
    }
    project.add(Resource(ALERT, name, body))


def constraint(project: Project, name: str, *rules: Json) -> None:
    """A constraint in force; one that is not set has no rule of anybody's and allows everything."""
    full = f"projects/{project.number}/policies/{name}"
    project.add(
        Resource(CONSTRAINT, f"projects/{project.id}/policies/{name}", {"name": full, "spec": {"rules": list(rules)}})
    )


def api_config(project: Project, api: str, config: str, account: str = "") -> None:
    """A gateway's configuration."""
    name = f"projects/{project.id}/locations/global/apis/{api}/configs/{config}"
    body = {
        "name": name,
        "createTime": project.estate.ago(50),
        "updateTime": project.estate.ago(50),
        "displayName": config,
        "gatewayServiceAccount": f"projects/-/serviceAccounts/{account or project.compute_account}",
        "serviceConfigId": f"{config}-{digest(name, 12)}",
        "state": "ACTIVE",
    }
    project.add(Resource(API_CONFIG, name, body))


def balancer(project: Project, name: str, service: str, *, location: str = "europe-west1", armour: str = "") -> None:
    """A load balancer in front of a Cloud Run service; ``armour`` names its security policy."""
    root = f"https://www.googleapis.com/compute/v1/projects/{project.id}"
    group = f"{root}/regions/{location}/networkEndpointGroups/{name}-neg"
    endpoints = {
        "kind": "compute#networkEndpointGroup",
        "id": str(int(digest(group, 14), 16)),
        "creationTimestamp": "2026-02-03T04:05:06.789-08:00",
        "name": f"{name}-neg",
        "selfLink": group,
        "networkEndpointType": "SERVERLESS",
        "size": 0,
        "region": f"{root}/regions/{location}",
        "cloudRun": {"service": service},
    }
    behind = {
        "kind": "compute#backendService",
        "id": str(int(digest(name, 14), 16)),
        "creationTimestamp": "2026-02-03T04:06:06.789-08:00",
        "name": f"{name}-backend",
        "selfLink": f"{root}/global/backendServices/{name}-backend",
        "backends": [{"group": group, "balancingMode": "UTILIZATION", "capacityScaler": 1.0}],
        "protocol": "HTTPS",
        "timeoutSec": 30,
        "loadBalancingScheme": "EXTERNAL_MANAGED",
        "connectionDraining": {"drainingTimeoutSec": 0},
        "enableCDN": False,
        "fingerprint": "mC2hO5l7n3E=",
    } | ({"securityPolicy": f"{root}/global/securityPolicies/{armour}"} if armour else {})
    project.add(
        Resource(
            NEG,
            f"projects/{project.id}/regions/{location}/networkEndpointGroups/{name}-neg",
            endpoints,
            f"regions/{location}",
        )
    )
    project.add(Resource(BACKEND, f"projects/{project.id}/global/backendServices/{name}-backend", behind))


def only(*values: str) -> Json:
    """A rule that allows these values."""
    return {"values": {"allowedValues": list(values)}}


def in_force(project: Project, rules: dict[str, Sequence[Json]]) -> None:
    """Several constraints at once."""
    for name, each in rules.items():
        constraint(project, name, *each)
