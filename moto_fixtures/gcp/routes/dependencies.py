"""What functions refer to and what calls them: Pub/Sub, Eventarc, Storage, secrets, keys, schedules, front ends."""

from collections.abc import Callable

from moto_fixtures.gcp.errors import ServiceError, missing
from moto_fixtures.gcp.events import SUBSCRIPTION, TRIGGER
from moto_fixtures.gcp.organization import Resource
from moto_fixtures.gcp.paging import first, page
from moto_fixtures.gcp.policies import policy
from moto_fixtures.gcp.project_settings import API_CONFIG, BACKEND, NEG
from moto_fixtures.gcp.resource_builders import (
    BUCKET,
    CHANNEL,
    CONNECTOR,
    JOB,
    KEY,
    QUEUE,
    REPOSITORY,
    SECRET,
    TOPIC,
    WORKFLOW,
)
from moto_fixtures.gcp.routes.functions import version
from moto_fixtures.gcp.routes.registry import Asked, route
from moto_fixtures.gcp.wire import Json

_EVENTARC = "eventarc.googleapis.com"
_COMPUTE = "compute/v1/projects/{project}/aggregated"


def _regional(kind: str, key: str, host: str) -> Callable[[Asked], Json]:
    """A list of one type in a region, or in all of them with those that could not be asked."""

    def answer(asked: Asked) -> Json:
        project, location = asked.project, asked.names.get("location", "-")
        away = project.unreachable.get(host, ()) if location == "-" else ()
        found = [each for each in project.of(kind, location) if each.location not in away]
        body = page(found, asked.call, key, _body, default=100)
        if away and first(asked.call):
            body["unreachable"] = [f"projects/{project.id}/locations/{each}" for each in away]
        return body

    return answer


route("eventarc:ListTriggers", "v1/projects/{project}/locations/{location}/triggers", "eventarc.triggers.list")(
    _regional(TRIGGER, "triggers", _EVENTARC)
)
route("eventarc:ListChannels", "v1/projects/{project}/locations/{location}/channels", "eventarc.channels.list")(
    _regional(CHANNEL, "channels", _EVENTARC)
)
route("vpcaccess:ListConnectors", "v1/projects/{project}/locations/{location}/connectors", "vpcaccess.connectors.list")(
    _regional(CONNECTOR, "connectors", "vpcaccess.googleapis.com")
)
route("cloudscheduler:ListJobs", "v1/projects/{project}/locations/{location}/jobs", "cloudscheduler.jobs.list")(
    _regional(JOB, "jobs", "cloudscheduler.googleapis.com")
)
route("cloudtasks:ListQueues", "v2/projects/{project}/locations/{location}/queues", "cloudtasks.queues.list")(
    _regional(QUEUE, "queues", "cloudtasks.googleapis.com")
)
route("workflows:ListWorkflows", "v1/projects/{project}/locations/{location}/workflows", "workflows.workflows.list")(
    _regional(WORKFLOW, "workflows", "workflows.googleapis.com")
)
route("pubsub:ListSubscriptions", "v1/projects/{project}/subscriptions", "pubsub.subscriptions.list")(
    _regional(SUBSCRIPTION, "subscriptions", "pubsub.googleapis.com")
)


@route("pubsub:GetTopicPolicy", "v1/projects/{project}/topics/{topic}:getIamPolicy", "pubsub.topics.getIamPolicy")
def topic_policy(asked: Asked) -> Json:
    """Who may publish to a topic."""
    name = f"projects/{asked.project.id}/topics/{asked.names['topic']}"
    return policy(_found(asked, TOPIC, name).bindings, version(asked))


@route("storage:GetBucket", "storage/v1/b/{bucket}", "storage.buckets.get")
def bucket(asked: Asked) -> Json:
    """A bucket; with the list that new objects receive only where such lists count and a full answer is wanted."""
    name = f"projects/_/buckets/{asked.names['bucket']}"
    found = next(filter(None, (project.find(BUCKET, name) for project in asked.estate.projects.values())), None)
    if found is None:
        raise ServiceError(404, "The specified bucket does not exist.")
    full = asked.call.one("projection") == "full"
    return {key: value for key, value in found.body.items() if full or key != "defaultObjectAcl"}


@route("storage:GetBucketPolicy", "storage/v1/b/{bucket}/iam", "storage.buckets.getIamPolicy")
def bucket_policy(asked: Asked) -> Json:
    """Who may do what with a bucket."""
    name = f"projects/_/buckets/{asked.names['bucket']}"
    for project in asked.estate.projects.values():
        found = project.find(BUCKET, name)
        if found is not None:
            return {
                "kind": "storage#policy",
                "resourceId": name,
                **policy(found.bindings, version(asked)),
                "etag": "CAE=",
            }
    raise ServiceError(404, "The specified bucket does not exist.")


@route(
    "artifactregistry:GetRepositoryPolicy",
    "v1/projects/{project}/locations/{location}/repositories/{repository}:getIamPolicy",
    "artifactregistry.repositories.getIamPolicy",
)
def repository_policy(asked: Asked) -> Json:
    """Who may write to a repository of images."""
    name = asked.project.name(asked.names["location"], "repositories", asked.names["repository"])
    return policy(_found(asked, REPOSITORY, name).bindings, version(asked))


@route("secretmanager:ListSecrets", "v1/projects/{project}/secrets", "secretmanager.secrets.list")
def list_secrets(asked: Asked) -> Json:
    """The secrets, without their values. They go by the project's number."""
    project = asked.project
    found = project.of(SECRET)

    def show(resource: Resource) -> Json:
        return {**resource.body, "name": f"projects/{project.number}/secrets/{resource.short}"}

    return {**page(found, asked.call, "secrets", show, default=25_000, most=25_000), "totalSize": len(found)}


@route(
    "cloudkms:GetCryptoKey",
    "v1/projects/{project}/locations/{location}/keyRings/{ring}/cryptoKeys/{key}",
    "cloudkms.cryptoKeys.get",
)
def crypto_key(asked: Asked) -> Json:
    """A key: what state its version is in, and whether it rotates."""
    names = asked.names
    name = asked.project.name(names["location"], "keyRings", f"{names['ring']}/cryptoKeys/{names['key']}")
    found = asked.project.find(KEY, name)
    if found is None:
        raise ServiceError(404, f"CryptoKey {name} not found.")
    return found.body


@route(
    "apigateway:ListConfigs", "v1/projects/{project}/locations/global/apis/{api}/configs", "apigateway.apiconfigs.list"
)
def api_configs(asked: Asked) -> Json:
    """The configurations of gateways, without their documents, which only a full view has."""
    return page(asked.project.of(API_CONFIG), asked.call, "apiConfigs", _body)


@route("compute:ListNegs", f"{_COMPUTE}/networkEndpointGroups", "compute.networkEndpointGroups.list")
def endpoint_groups(asked: Asked) -> Json:
    """Groups of endpoints by region."""
    return _aggregated(asked, NEG, "networkEndpointGroups", "compute#networkEndpointGroupAggregatedList")


@route("compute:ListBackendServices", f"{_COMPUTE}/backendServices", "compute.backendServices.list")
def backend_services(asked: Asked) -> Json:
    """Backend services, global and by region."""
    return _aggregated(asked, BACKEND, "backendServices", "compute#backendServiceAggregatedList")


def _aggregated(asked: Asked, kind: str, key: str, says: str) -> Json:
    """Compute's lists go by place; a place that has none carries a warning instead."""
    project = asked.project
    places = ["global", *(f"regions/{region}" for region in project.regions)]
    held: dict[str, list[Json]] = {place: [] for place in places}
    for resource in project.of(kind):
        held.setdefault(resource.location, []).append(resource.body)
    rows = list(held.items())
    body = page(rows, asked.call, "items", lambda row: row, default=500, most=500, size="maxResults")
    shown = {place: {key: found} if found else _nothing(place) for place, found in body.pop("items", ())}
    link = f"https://www.googleapis.com/compute/v1/projects/{project.id}/aggregated/{key}"
    return {"kind": says, "id": f"projects/{project.id}/aggregated/{key}", "items": shown, "selfLink": link, **body}


def _nothing(place: str) -> Json:
    data = [{"key": "scope", "value": place}]
    return {
        "warning": {
            "code": "NO_RESULTS_ON_PAGE",
            "message": f"There are no results for scope '{place}' on this page.",
            "data": data,
        }
    }


def _found(asked: Asked, kind: str, name: str) -> Resource:
    found = asked.project.find(kind, name)
    if found is None:
        raise missing(name)
    return found


def _body(resource: Resource) -> Json:
    return resource.body
