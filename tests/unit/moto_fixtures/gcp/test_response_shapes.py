"""What is told has the members that recorded answers of Google Cloud have."""

from typing import Any

import pytest

from moto_fixtures.gcp import events, resource_builders
from moto_fixtures.gcp.assets import resource_asset
from moto_fixtures.gcp.functions import GEN1, function
from moto_fixtures.gcp.organization import Project, Resource
from moto_fixtures.gcp.project_settings import SINK, sink
from moto_fixtures.gcp.services import SERVICE
from tests.unit.moto_fixtures.gcp.conftest import PROJECT, Ask, small

_HERE = f"projects/{PROJECT}/locations/europe-west1"
_FIRST = {
    *("name", "httpsTrigger", "status", "entryPoint", "timeout", "availableMemoryMb", "serviceAccountEmail"),
    *("updateTime", "versionId", "labels", "sourceUploadUrl", "runtime", "maxInstances", "ingressSettings", "buildId"),
    *("buildName", "dockerRegistry", "automaticUpdatePolicy", "buildServiceAccount"),
}


def _all(*members: str) -> dict[str, Any]:
    return {member: {} for member in members}


_KNATIVE: dict[str, Any] = {
    "apiVersion": {},
    "kind": {},
    "metadata": {
        **_all("name", "namespace", "selfLink", "uid", "resourceVersion", "generation", "creationTimestamp"),
        "labels": {"cloud.googleapis.com/location": {}},
        "annotations": {
            "run.googleapis.com/client-name": {},
            "serving.knative.dev/creator": {},
            "serving.knative.dev/lastModifier": {},
            "run.googleapis.com/operation-id": {},
            "run.googleapis.com/ingress": {},
            "run.googleapis.com/ingress-status": {},
        },
    },
    "spec": {
        "template": {
            "metadata": {"name": {}, "annotations": {"autoscaling.knative.dev/maxScale": {}}},
            "spec": {
                "containerConcurrency": {},
                "timeoutSeconds": {},
                "serviceAccountName": {},
                "containers": {
                    "image": {},
                    "resources": {"limits": {"cpu": {}, "memory": {}}},
                    "ports": {"name": {}, "containerPort": {}},
                    "startupProbe": {
                        "timeoutSeconds": {},
                        "periodSeconds": {},
                        "failureThreshold": {},
                        "tcpSocket": {},
                    },
                },
            },
        },
        "traffic": {"percent": {}, "latestRevision": {}},
    },
    "status": {
        "observedGeneration": {},
        "conditions": {"type": {}, "status": {}, "lastTransitionTime": {}},
        "latestReadyRevisionName": {},
        "latestCreatedRevisionName": {},
        "traffic": {"revisionName": {}, "percent": {}, "latestRevision": {}},
        "url": {},
        "address": {"url": {}},
    },
}
_ASSET: dict[str, Any] = {
    "name": {},
    "assetType": {},
    "resource": _all("version", "discoveryDocumentUri", "discoveryName", "parent", "data", "location"),
    "ancestors": {},
    "updateTime": {},
}


def _lacks(shape: dict[str, Any], told: Any, path: str = "") -> list[str]:
    """The members of the shape that are not told; the first of a list stands for all."""
    if not shape:
        return []
    if isinstance(told, list):
        told = told[0]
    lacking = [f"{path}{key}" for key in shape if key not in told]
    return lacking + [
        each for key, inner in shape.items() if key in told for each in _lacks(inner, told[key], f"{path}{key}.")
    ]


@pytest.fixture
def project() -> Project:
    """A project with a function of each sort."""
    return small().projects[PROJECT]


def _asset(project: Project, kind: str, name: str) -> dict[str, Any]:
    found = project.find(kind, f"{_HERE}/{name}")
    assert found is not None
    return resource_asset((project, found))


def test_a_function_of_the_first_generation(project: Project) -> None:
    asset = _asset(project, GEN1, "functions/first")
    assert _lacks(_ASSET, asset) == []
    assert set(asset["resource"]["data"]) >= _FIRST
    assert asset["resource"]["discoveryName"] == "CloudFunction"


def test_an_event_of_the_first_generation(project: Project) -> None:
    topic = f"projects/{PROJECT}/topics/orders"
    made = function(project, "old-worker", generation=1, event=events.published(topic, retry=True)).function
    told = resource_asset((project, made))["resource"]["data"]
    assert "httpsTrigger" not in told
    assert told["eventTrigger"] == {
        "eventType": "google.pubsub.topic.publish",
        "resource": topic,
        "service": "pubsub.googleapis.com",
        "failurePolicy": {"retry": {}},
    }


@pytest.mark.parametrize("name", ["second", "alone", "container"])
def test_a_cloud_run_service(name: str, project: Project) -> None:
    assert _lacks(_KNATIVE, _asset(project, SERVICE, f"services/{name}")["resource"]["data"]) == []


def test_secret_variables_refer_in_both_words(project: Project) -> None:
    secret = {"key": "PASSWORD", "projectId": project.number, "secret": "mail", "version": "2"}
    settings = {"serviceConfig": {"secretEnvironmentVariables": [secret]}}
    service = function(project, "referring", changes=settings).service
    assert service is not None
    told = {each["name"]: each for each in service.body["template"]["containers"][0]["env"]}
    reference = {"secret": f"projects/{project.number}/secrets/mail", "version": "2"}
    assert told["PASSWORD"] == {"name": "PASSWORD", "valueSource": {"secretKeyRef": reference}}
    knative = resource_asset((project, service))["resource"]["data"]["spec"]["template"]["spec"]["containers"][0]["env"]
    assert {"name": "PASSWORD", "valueFrom": {"secretKeyRef": {"name": "mail", "key": "2"}}} in knative


@pytest.mark.parametrize(
    ("kind", "members"),
    [
        (resource_builders.SECRET, {"name", "replication", "createTime", "etag"}),
        (
            resource_builders.ACCOUNT,
            {"name", "projectId", "uniqueId", "email", "displayName", "etag", "oauth2ClientId"},
        ),
        (resource_builders.ROLE, {"description", "includedPermissions", "name", "etag", "title"}),
        (
            resource_builders.BUCKET,
            {
                *(
                    "kind",
                    "selfLink",
                    "id",
                    "name",
                    "projectNumber",
                    "metageneration",
                    "location",
                    "storageClass",
                    "etag",
                ),
                *("timeCreated", "updated", "iamConfiguration", "locationType"),
            },
        ),
        (SINK, {"name", "destination", "filter", "outputVersionFormat", "writerIdentity", "createTime", "updateTime"}),
    ],
)
def test_what_functions_refer_to(kind: str, members: set[str], project: Project) -> None:
    resource_builders.secret(project, "s")
    resource_builders.service_account(project, "a")
    resource_builders.custom_role(project, "r", "run.services.list")
    resource_builders.bucket(project, "b")
    sink(project, "out", "storage.googleapis.com/archive", 'resource.type="audited_resource"')
    found: list[Resource] = project.of(kind)
    assert set(found[-1].body) >= members


def test_projects_and_folders(ask: Ask) -> None:
    (project,) = ask("v3/projects:search").body["projects"]
    assert set(project) >= {"name", "parent", "projectId", "state", "displayName", "createTime", "etag"}
    assert project["name"] == "projects/515151515151"
    folder = ask("v3/folders/717171717171").body
    assert set(folder) >= {"name", "parent", "displayName", "state", "createTime"}
