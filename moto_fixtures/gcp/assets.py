"""Cloud Asset Inventory's view of an estate: resources as Structs, in which every number is a double, and policies."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from moto_fixtures.gcp import resource_builders, v1_responses
from moto_fixtures.gcp.events import SUBSCRIPTION, TRIGGER
from moto_fixtures.gcp.functions import GEN1, GEN2
from moto_fixtures.gcp.organization import Project, Resource
from moto_fixtures.gcp.policies import policy
from moto_fixtures.gcp.services import SERVICE
from moto_fixtures.gcp.wire import Json


@dataclass(frozen=True)
class Kind:
    """How the inventory tells of a type: the name its API has for it, and that API's version."""

    discovery: str
    version: str = "v1"


KINDS: Mapping[str, Kind] = {
    SERVICE: Kind("Service"),
    GEN1: Kind("CloudFunction"),
    GEN2: Kind("Function", "v2"),
    resource_builders.ACCOUNT: Kind("ServiceAccount"),
    SUBSCRIPTION: Kind("Subscription"),
    resource_builders.TOPIC: Kind("Topic"),
    TRIGGER: Kind("Trigger"),
    resource_builders.JOB: Kind("Job"),
    resource_builders.QUEUE: Kind("Queue", "v2"),
    resource_builders.WORKFLOW: Kind("Workflow"),
    resource_builders.CONNECTOR: Kind("Connector"),
    resource_builders.SECRET: Kind("Secret"),
    resource_builders.REPOSITORY: Kind("Repository"),
    resource_builders.BUCKET: Kind("Bucket"),
    resource_builders.KEY: Kind("CryptoKey"),
}
Listed = tuple[Project, Resource]


def listed(projects: Sequence[Project], types: Sequence[str], *, policies: bool) -> list[Listed]:
    """The assets to tell of, in the order of their names; with ``policies`` those that have one."""
    return [
        (project, resource)
        for project in projects
        for kind in sorted(types)
        for resource in sorted(project.of(kind), key=_by_name)
        if resource.bindings or not policies
    ]


def _by_name(resource: Resource) -> str:
    return resource.name


def resource_asset(listed: Listed) -> Json:
    """An asset with its configuration."""
    project, resource = listed
    kind = KINDS[resource.type]
    host = resource.type.partition("/")[0]
    knative = resource.type == SERVICE and project.estate.run_assets == "v1"
    asset = _asset(project, resource)
    asset["resource"] = {
        "version": kind.version if knative or resource.type != SERVICE else "v2",
        "discoveryDocumentUri": f"https://{host}/$discovery/rest",
        "discoveryName": kind.discovery,
        "parent": f"//cloudresourcemanager.googleapis.com/projects/{project.number}",
        "data": doubles(_data(project, resource, knative=knative)),
        "location": resource.location,
    }
    return asset


def policy_asset(listed: Listed) -> Json:
    """An asset with its policy."""
    project, resource = listed
    return {**_asset(project, resource), "iamPolicy": policy(resource.bindings)}


def _asset(project: Project, resource: Resource) -> Json:
    return {
        "name": full_name(resource),
        "assetType": resource.type,
        "ancestors": project.ancestors,
        "updateTime": project.estate.ago(1),
    }


def full_name(resource: Resource) -> str:
    """The name with the service's host before it."""
    host = resource.type.partition("/")[0]
    return f"//{host}/{resource.short if resource.type == resource_builders.BUCKET else resource.name}"


def _data(project: Project, resource: Resource, *, knative: bool) -> Json:
    if resource.type == GEN1:
        return v1_responses.function_v1(resource.body)
    return v1_responses.service_v1(project, resource) if knative else resource.body


def doubles(value: Any) -> Any:
    """A value as it comes out of a Struct: the whole numbers are gone."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return float(value)
    if isinstance(value, dict):
        return {key: doubles(item) for key, item in value.items()}
    return [doubles(item) for item in value] if isinstance(value, list) else value


Show = Callable[[Listed], Json]
VIEWS: Mapping[str, Show] = {"RESOURCE": resource_asset, "IAM_POLICY": policy_asset}
