"""Builds Cloud Run services: the one behind a function, and functions that only Cloud Run knows."""

from collections.abc import Sequence
from typing import Any

from moto_fixtures.gcp.organization import Project, Resource, digest, merged, uid
from moto_fixtures.gcp.policies import Binding
from moto_fixtures.gcp.wire import Json

SERVICE = "run.googleapis.com/Service"
REVISION = "run.googleapis.com/Revision"
_INGRESS = {
    "ALLOW_ALL": "INGRESS_TRAFFIC_ALL",
    "ALLOW_INTERNAL_ONLY": "INGRESS_TRAFFIC_INTERNAL_ONLY",
    "ALLOW_INTERNAL_AND_GCLB": "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER",
}
_LATEST = {"type": "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", "percent": 100}
_PROBE = {"timeoutSeconds": 240, "periodSeconds": 240, "failureThreshold": 1, "tcpSocket": {"port": 8080}}


def service_of(project: Project, function: Resource, changes: Json, container: Json) -> Resource:
    """The service behind a function of the second generation, as its record says; then the changes."""
    record, settings, name = function.body, function.body["serviceConfig"], function.short
    image = f"{record['buildConfig'].get('dockerRepository', '')}/{name}"
    body = _service(project, name, function.location)
    build = record["buildConfig"]
    body |= {
        "labels": {**record.get("labels", {}), "goog-managed-by": "cloudfunctions"},
        "annotations": {"cloudfunctions.googleapis.com/trigger-type": "event" if "eventTrigger" in record else "http"},
        "client": "cloudfunctions",
        "ingress": _INGRESS[settings["ingressSettings"]],
        "uri": settings["uri"],
        "updateTime": record["updateTime"],
        "template": {
            **_template(settings, record.get("kmsKeyName", "")),
            "containers": [_container(settings, build, _image(function.location, project.id, image))],
        },
    }
    policy = settings.get("binaryAuthorizationPolicy")
    if policy:
        body["binaryAuthorization"] = {"useDefault": True} if policy == "default" else {"policy": policy}
    return _stand(project, function.location, name, _changed(body, changes, container))


def run_service(
    project: Project,
    name: str,
    *,
    location: str = "europe-west1",
    target: str = "handle",
    runtime: str = "python313",
    changes: Json | None = None,
    container: Json | None = None,
    invokers: Sequence[Binding] = (),
) -> Resource:
    """A service that no functions API knows: a function where ``target`` names one, else any container."""
    body = _service(project, name, location)
    built = {"runtime": runtime, "entryPoint": target} if target else {}
    image = _image(location, project.id, f"{project.name(location, 'repositories', 'cloud-run-source-deploy')}/{name}")
    settings = {
        "serviceAccountEmail": project.compute_account,
        "availableMemory": "512Mi",
        "availableCpu": "1000m",
        "maxInstanceCount": 100,
    }
    body["template"] = {**_template(settings, ""), "containers": [_container(settings, built, image)]}
    if target:
        body["buildConfig"] = {
            "name": f"projects/{project.number}/locations/{location}/builds/{uid(name)}",
            "sourceLocation": f"gs://run-sources-{project.id}-{location}/services/{name}/1700000000.zip#1700000000000000",
            "functionTarget": target,
            "imageUri": image.partition("@")[0],
            "baseImage": _base(runtime),
            "enableAutomaticUpdates": True,
        }
    made = _stand(project, location, name, _changed(body, changes or {}, container or {}))
    made.bind(*invokers)
    return made


def revision(project: Project, service: Resource, number: int, changes: Json | None = None) -> Resource:
    """An older revision of a service, with the containers it still has unless ``changes`` say otherwise."""
    name = f"{service.name}/revisions/{service.short}-{number:05}-{digest(f'{service.name}{number}', 3)}"
    body = {
        **serving(project, service),
        "name": name,
        "uid": uid(name),
        "generation": str(number),
        "createTime": project.estate.ago(400 - number),
        "updateTime": project.estate.ago(400 - number),
    }
    return project.add(Resource(REVISION, name, merged(body, changes or {}), service.location))


def serving(project: Project, service: Resource) -> Json:
    """The revision that serves, as it follows from the service."""
    name, changed = service.body["latestReadyRevision"], service.body["updateTime"]
    template = service.body["template"]
    return {
        "name": name,
        "uid": uid(name),
        "generation": service.body["generation"],
        "createTime": changed,
        "updateTime": changed,
        "launchStage": "GA",
        "service": service.short,
        **{key: value for key, value in template.items() if key not in ("revision", "annotations")},
        "conditions": [{"type": "Ready", "state": "CONDITION_SUCCEEDED", "lastTransitionTime": changed}],
        "logUri": f"https://console.cloud.google.com/logs/viewer?project={project.id}",
        "etag": f'"{digest(name)}"',
    }


def address(project: Project, name: str, location: str) -> str:
    """The older of a service's two addresses: a part made up, and the region shortened."""
    area, _, place = location.partition("-")
    return f"https://{name}-{digest(project.number, 10)}-{area[0]}{place[0]}.a.run.app"


def _service(project: Project, name: str, location: str) -> Json:
    full = project.name(location, "services", name)
    latest = f"{name}-00004-{digest(name, 3)}"
    ready = {"type": "Ready", "state": "CONDITION_SUCCEEDED", "lastTransitionTime": project.estate.ago(21)}
    older = address(project, name, location)
    return {
        "name": full,
        "uid": uid(full),
        "generation": "4",
        "createTime": project.estate.ago(700),
        "updateTime": project.estate.ago(21),
        "creator": "release@fernhollow.example",
        "lastModifier": "release@fernhollow.example",
        "client": "gcloud",
        "ingress": "INGRESS_TRAFFIC_ALL",
        "launchStage": "GA",
        "traffic": [dict(_LATEST)],
        "observedGeneration": "4",
        "terminalCondition": ready,
        "conditions": [{**ready, "type": kind} for kind in ("RoutesReady", "ConfigurationsReady")],
        "latestReadyRevision": f"{full}/revisions/{latest}",
        "latestCreatedRevision": f"{full}/revisions/{latest}",
        "trafficStatuses": [dict(_LATEST)],
        "uri": older,
        "urls": [f"https://{name}-{project.number}.{location}.run.app", older],
        "etag": f'"{digest(full, 12)}"',
    }


def _template(settings: Json, key: str) -> Json:
    scaling = {key: settings[key] for key in ("minInstanceCount", "maxInstanceCount") if settings.get(key)}
    made: Json = {
        "scaling": scaling,
        "timeout": f"{settings.get('timeoutSeconds', 300)}s",
        "serviceAccount": settings["serviceAccountEmail"],
        "maxInstanceRequestConcurrency": settings.get("maxInstanceRequestConcurrency", 80),
    }
    if key:
        made["encryptionKey"] = key
    access = _access(settings)
    return {**made, "vpcAccess": access} if access else made


def _access(settings: Json) -> Json:
    if settings.get("vpcConnector"):
        return {
            "connector": settings["vpcConnector"],
            "egress": settings.get("vpcConnectorEgressSettings", "PRIVATE_RANGES_ONLY"),
        }
    if settings.get("directVpcNetworkInterface"):
        egress = settings.get("directVpcEgress", "VPC_EGRESS_PRIVATE_RANGES_ONLY")
        return {
            "networkInterfaces": settings["directVpcNetworkInterface"],
            "egress": egress.removeprefix("VPC_EGRESS_"),
        }
    return {}


def _container(settings: Json, build: Json, image: str) -> Json:
    env: list[Any] = [
        {"name": name, "value": value} for name, value in settings.get("environmentVariables", {}).items()
    ]
    for each in settings.get("secretEnvironmentVariables", ()):
        secret = f"projects/{each['projectId']}/secrets/{each['secret']}"
        env.append(
            {"name": each["key"], "valueSource": {"secretKeyRef": {"secret": secret, "version": each["version"]}}}
        )
    if build.get("entryPoint"):
        env.append({"name": "FUNCTION_TARGET", "value": build["entryPoint"]})
    limits = {"cpu": settings.get("availableCpu", "0.1666"), "memory": settings["availableMemory"]}
    made: Json = {
        "name": "worker",
        "image": image,
        "env": env,
        "resources": {"limits": limits, "cpuIdle": True, "startupCpuBoost": True},
        "ports": [{"name": "http1", "containerPort": 8080}],
        "startupProbe": dict(_PROBE),
    }
    if build.get("runtime") and "onDeployUpdatePolicy" not in build:
        made["baseImageUri"] = _base(build["runtime"])
    return made


def _image(location: str, project: str, path: str) -> str:
    repository, _, name = path.rpartition("/")
    short = repository.rpartition("/")[2] or "gcf-artifacts"
    return f"{location}-docker.pkg.dev/{project}/{short}/{name}@sha256:{digest(path, 32)}{digest(name, 32)}"


def _base(runtime: str) -> str:
    return f"europe-west1-docker.pkg.dev/serverless-runtimes/google-22-full/runtimes/{runtime}"


def _changed(body: Json, changes: Json, container: Json) -> Json:
    made = merged(body, changes)
    first, *others = made["template"]["containers"]
    made["template"]["containers"] = [merged(first, container), *others]
    return made


def _stand(project: Project, location: str, name: str, body: Json) -> Resource:
    return project.add(Resource(SERVICE, project.name(location, "services", name), body, location))
