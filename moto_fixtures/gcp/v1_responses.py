"""Functions and services in the words of version 1 of their APIs, in which Cloud Asset Inventory tells of them."""

import json

from moto_fixtures.gcp.organization import Project, Resource, digest
from moto_fixtures.gcp.wire import Json

_RUN = "run.googleapis.com/"
_STATES = {"ACTIVE": "ACTIVE", "FAILED": "OFFLINE", "DEPLOYING": "DEPLOY_IN_PROGRESS", "DELETING": "DELETE_IN_PROGRESS"}
_BUILD = {
    "runtime": "runtime",
    "entryPoint": "entryPoint",
    "environmentVariables": "buildEnvironmentVariables",
    "workerPool": "buildWorkerPool",
    "serviceAccount": "buildServiceAccount",
    "dockerRegistry": "dockerRegistry",
    "dockerRepository": "dockerRepository",
    "automaticUpdatePolicy": "automaticUpdatePolicy",
    "onDeployUpdatePolicy": "onDeployUpdatePolicy",
    "build": "buildName",
}
_SERVICE = {
    "environmentVariables": "environmentVariables",
    "secretEnvironmentVariables": "secretEnvironmentVariables",
    "maxInstanceCount": "maxInstances",
    "minInstanceCount": "minInstances",
    "vpcConnector": "vpcConnector",
    "vpcConnectorEgressSettings": "vpcConnectorEgressSettings",
    "ingressSettings": "ingressSettings",
    "serviceAccountEmail": "serviceAccountEmail",
    "revision": "versionId",
}
_INGRESS = {
    "INGRESS_TRAFFIC_ALL": "all",
    "INGRESS_TRAFFIC_INTERNAL_ONLY": "internal",
    "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER": "internal-and-cloud-load-balancing",
    "INGRESS_TRAFFIC_NONE": "none",
}
_FLAGS = {
    "invokerIamDisabled": "invoker-iam-disabled",
    "iapEnabled": "iap-enabled",
    "defaultUriDisabled": "default-url-disabled",
    "sshEnabled": "ssh-enabled",
    "threatDetectionEnabled": "threat-detection-enabled",
}
_BUILT = {
    "functionTarget": "build-function-target",
    "baseImage": "build-base-image",
    "serviceAccount": "build-service-account",
    "workerPool": "build-worker-pool",
    "imageUri": "build-image-uri",
    "sourceLocation": "build-source-location",
    "name": "build-name",
}


def function_v1(body: Json) -> Json:
    """A function of the first generation as version 1 of the functions API writes it."""
    build, service = body["buildConfig"], body["serviceConfig"]
    made: Json = {
        key: body[key]
        for key in ("name", "updateTime", "labels", "kmsKeyName", "description", "upgradeInfo")
        if key in body
    }
    made["status"] = _STATES.get(body["state"], "UNKNOWN")
    made |= {new: build[old] for old, new in _BUILD.items() if old in build}
    made |= {new: service[old] for old, new in _SERVICE.items() if old in service}
    made["buildId"] = build.get("build", "").rpartition("/")[2]
    made["timeout"] = f"{service['timeoutSeconds']}s"
    made["availableMemoryMb"] = _megabytes(service["availableMemory"])
    made |= _source(body["name"], build["source"])
    if "eventTrigger" not in body:
        return {**made, "httpsTrigger": {"url": service["uri"], "securityLevel": service["securityLevel"]}}
    event = body["eventTrigger"]
    retried = event["retryPolicy"] == "RETRY_POLICY_RETRY"
    made["eventTrigger"] = {
        "eventType": event["eventType"],
        "resource": event["eventFilters"][0]["value"],
        "service": event["service"],
        "failurePolicy": {"retry": {}} if retried else {},
    }
    return made


def _source(name: str, source: Json) -> Json:
    """Where the code came from: uploads are told with a signed address that has run out."""
    if "repoSource" in source:
        repo = source["repoSource"]
        url = f"https://source.developers.google.com/projects/{repo['projectId']}/repos/{repo['repoName']}"
        return {"sourceRepository": {"url": f"{url}/moveable-aliases/{repo['branchName']}/paths/", "deployedUrl": url}}
    location = name.split("/")[3]
    signed = "&".join(
        (
            "GoogleAccessId=robot@gcf-admin-robot.iam.gserviceaccount.com",
            "Expires=1737470022",
            f"Signature={digest(name, 32)}",
        )
    )
    return {
        "sourceUploadUrl": f"https://storage.googleapis.com/gcf-upload-{location}-{digest(name)}/{digest(name, 12)}.zip?{signed}"
    }


def _megabytes(text: str) -> int:
    units = {"M": 1, "Mi": 1, "G": 1024, "Gi": 1024}
    number = text.rstrip("MGi")
    return int(number) * units[text[len(number) :]]


def service_v1(project: Project, service: Resource) -> Json:
    """A Cloud Run service as version 1 of its API (Knative) writes it."""
    body, short = service.body, service.short
    labels = {**body.get("labels", {}), "cloud.googleapis.com/location": service.location}
    metadata = {
        "name": short,
        "namespace": project.number,
        "selfLink": f"/apis/serving.knative.dev/v1/namespaces/{project.number}/services/{short}",
        "uid": body["uid"],
        "resourceVersion": f"AAX{digest(service.name)}",
        "generation": int(body["generation"]),
        "labels": labels,
        "annotations": _notes(body),
        "creationTimestamp": body["createTime"],
    }
    latest = body["latestReadyRevision"].rpartition("/")[2]
    traffic = [_target(each, latest) for each in body["traffic"]]
    status = {
        "observedGeneration": int(body["observedGeneration"]),
        "conditions": [
            {"type": "Ready", "status": "True", "lastTransitionTime": body["updateTime"]},
            {"type": "ConfigurationsReady", "status": "True", "lastTransitionTime": body["updateTime"]},
            {"type": "RoutesReady", "status": "True", "lastTransitionTime": body["updateTime"]},
        ],
        "latestReadyRevisionName": latest,
        "latestCreatedRevisionName": latest,
        "traffic": [{**each, "revisionName": latest} if each.get("latestRevision") else each for each in traffic],
        "url": body["uri"],
        "address": {"url": body["uri"]},
    }
    return {
        "apiVersion": "serving.knative.dev/v1",
        "kind": "Service",
        "metadata": metadata,
        "spec": {"template": _template(body["template"], latest), "traffic": traffic},
        "status": status,
    }


def _notes(body: Json) -> dict[str, str]:
    notes = {
        **body.get("annotations", {}),
        f"{_RUN}client-name": body["client"],
        "serving.knative.dev/creator": body["creator"],
        "serving.knative.dev/lastModifier": body["lastModifier"],
        f"{_RUN}operation-id": digest(body["name"], 12),
        f"{_RUN}ingress": _INGRESS[body["ingress"]],
        f"{_RUN}ingress-status": _INGRESS[body["ingress"]],
        f"{_RUN}urls": json.dumps(body["urls"]),
    }
    notes |= {f"{_RUN}{note}": _word(body[member]) for member, note in _FLAGS.items() if member in body}
    if "customAudiences" in body:
        notes[f"{_RUN}custom-audiences"] = json.dumps(body["customAudiences"])
    proof = body.get("binaryAuthorization", {})
    if proof:
        notes[f"{_RUN}binary-authorization"] = "default" if proof.get("useDefault") else proof["policy"]
    if "breakglassJustification" in proof:
        notes[f"{_RUN}binary-authorization-breakglass"] = proof["breakglassJustification"]
    build = body.get("buildConfig", {})
    notes |= {f"{_RUN}{note}": build[member] for member, note in _BUILT.items() if member in build}
    if "enableAutomaticUpdates" in build:
        notes[f"{_RUN}build-enable-automatic-updates"] = _word(build["enableAutomaticUpdates"])
    if "description" in body:
        notes[f"{_RUN}description"] = body["description"]
    return notes


def _template(template: Json, latest: str) -> Json:
    bounds = (("maxScale", "maxInstanceCount"), ("minScale", "minInstanceCount"))
    scaling = template["scaling"]
    notes = {f"autoscaling.knative.dev/{note}": str(scaling[key]) for note, key in bounds if key in scaling}
    resources = template["containers"][0]["resources"]
    notes[f"{_RUN}cpu-throttling"] = _word(resources.get("cpuIdle", True))
    notes[f"{_RUN}startup-cpu-boost"] = _word(resources.get("startupCpuBoost", False))
    if "executionEnvironment" in template:
        notes[f"{_RUN}execution-environment"] = template["executionEnvironment"].rpartition("_")[2].lower()
    if "encryptionKey" in template:
        notes[f"{_RUN}encryption-key"] = template["encryptionKey"]
    if "sessionAffinity" in template:
        notes[f"{_RUN}sessionAffinity"] = _word(template["sessionAffinity"])
    access = template.get("vpcAccess", {})
    if "connector" in access:
        notes[f"{_RUN}vpc-access-connector"] = access["connector"]
    if "networkInterfaces" in access:
        notes[f"{_RUN}network-interfaces"] = json.dumps(access["networkInterfaces"])
    if "egress" in access:
        notes[f"{_RUN}vpc-access-egress"] = access["egress"].lower().replace("_", "-")
    return {
        "metadata": {"name": latest, "labels": dict(template.get("labels", {})), "annotations": notes},
        "spec": {
            "containerConcurrency": template["maxInstanceRequestConcurrency"],
            "timeoutSeconds": int(template["timeout"].rstrip("s")),
            "serviceAccountName": template["serviceAccount"],
            "containers": [_container(each) for each in template["containers"]],
        },
    }


def _container(container: Json) -> Json:
    made = {
        key: value for key, value in container.items() if key not in ("env", "resources", "baseImageUri", "buildInfo")
    }
    limits = container["resources"]["limits"]
    return {**made, "env": [_variable(each) for each in container.get("env", ())], "resources": {"limits": limits}}


def _variable(variable: Json) -> Json:
    source = variable.get("valueSource", {}).get("secretKeyRef")
    if source is None:
        return variable
    reference = {"name": source["secret"].rpartition("/")[2], "key": source["version"]}
    return {"name": variable["name"], "valueFrom": {"secretKeyRef": reference}}


def _target(target: Json, latest: str) -> Json:
    made: Json = {key: target[key] for key in ("percent", "tag") if key in target}
    if target["type"].endswith("_LATEST"):
        return {**made, "latestRevision": True}
    return {**made, "revisionName": target.get("revision", latest)}


def _word(value: object) -> str:
    return "true" if value else "false"
