"""Builds functions of both generations, as a deployment that names nothing leaves them, with what stands behind."""

from collections.abc import Sequence
from dataclasses import dataclass

from moto_fixtures.gcp.events import Event
from moto_fixtures.gcp.organization import Project, Resource, digest, merged, uid
from moto_fixtures.gcp.policies import Binding
from moto_fixtures.gcp.services import address, service_of
from moto_fixtures.gcp.wire import Json

GEN1 = "cloudfunctions.googleapis.com/CloudFunction"
GEN2 = "cloudfunctions.googleapis.com/Function"
HOME = "europe-west1"
RUNTIME = "python313"


@dataclass(frozen=True)
class Made:
    """A function and the Cloud Run service behind it (None for the first generation)."""

    function: Resource
    service: Resource | None = None


def function(
    project: Project,
    name: str,
    *,
    location: str = HOME,
    generation: int = 2,
    event: Event | None = None,
    changes: Json | None = None,
    service: Json | None = None,
    container: Json | None = None,
    invokers: Sequence[Binding] = (),
) -> Made:
    """A function. ``changes`` are laid over its record, ``service`` over the service behind it and ``container``
    over its container (None removes a member).

    What stands behind follows the record; so ``service`` is where the two drift apart. ``invokers`` are bound where
    the generation looks for them.
    """
    build = _gen1 if generation == 1 else _gen2
    body = merged(build(project, name, location, event), changes or {})
    kind = GEN1 if generation == 1 else GEN2
    record = project.add(Resource(kind, body["name"], body, location))
    if generation == 1:
        record.bind(*invokers)
        if event is not None and event.topic:
            event.subscribe(project, record)
        return Made(record)
    behind = service_of(project, record, service or {}, container or {})
    behind.bind(*invokers)
    if event is not None:
        event.deliver(project, record, behind)
    return Made(record, behind)


def _common(project: Project, name: str, location: str) -> Json:
    return {
        "name": project.name(location, "functions", name),
        "state": "ACTIVE",
        "updateTime": project.estate.ago(21),
        "labels": {"deployment-tool": "cli-gcloud"},
        "url": f"https://{location}-{project.id}.cloudfunctions.net/{name}",
        "satisfiesPzi": True,
    }


def _build(project: Project, name: str, location: str, bucket: str, item: str) -> Json:
    source = {"bucket": bucket, "object": item, "generation": str(1700000000000000 + int(digest(name, 6), 16))}
    return {
        "build": f"projects/{project.number}/locations/{location}/builds/{uid(name)}",
        "runtime": RUNTIME,
        "entryPoint": "handle",
        "source": {"storageSource": source},
        "sourceProvenance": {"resolvedStorageSource": dict(source)},
        "dockerRegistry": "ARTIFACT_REGISTRY",
        "serviceAccount": f"projects/{project.id}/serviceAccounts/{project.compute_account}",
        "automaticUpdatePolicy": {},
    }


def _gen2(project: Project, name: str, location: str, event: Event | None) -> Json:
    repository = project.name(location, "repositories", "gcf-artifacts")
    bucket = f"gcf-v2-sources-{project.number}-{location}"
    build = _build(project, name, location, bucket, f"{name}/function-source.zip")
    body = {
        **_common(project, name, location),
        "createTime": project.estate.ago(700),
        "environment": "GEN_2",
        "buildConfig": {**build, "dockerRepository": repository},
        "serviceConfig": {
            "service": project.name(location, "services", name),
            "timeoutSeconds": 60,
            "environmentVariables": {"LOG_EXECUTION_ID": "true"},
            "maxInstanceCount": 100,
            "ingressSettings": "ALLOW_ALL",
            "uri": address(project, name, location),
            "serviceAccountEmail": project.compute_account,
            "availableMemory": "256M",
            "allTrafficOnLatestRevision": True,
            "revision": f"{name}-00004-{digest(name, 3)}",
            "maxInstanceRequestConcurrency": 1,
            "availableCpu": "0.1666",
        },
    }
    return body if event is None else {**body, "eventTrigger": event.trigger(project, name, location)}


def _gen1(project: Project, name: str, location: str, event: Event | None) -> Json:
    bucket = f"gcf-sources-{project.number}-{location}"
    service: Json = {
        "timeoutSeconds": 60,
        "maxInstanceCount": 3000,
        "ingressSettings": "ALLOW_ALL",
        "serviceAccountEmail": project.appspot_account,
        "availableMemory": "256M",
        "revision": "4",
    }
    body = {
        **_common(project, name, location),
        "environment": "GEN_1",
        "buildConfig": _build(project, name, location, bucket, f"{name}-{uid(name)}/version-4/function-source.zip"),
    }
    if event is not None:
        return {**body, "serviceConfig": service, "eventTrigger": event.older()}
    return {**body, "serviceConfig": {**service, "uri": body["url"], "securityLevel": "SECURE_ALWAYS"}}
