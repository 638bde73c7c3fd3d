"""Cloud Run services as version 1 of its API (and Cloud Asset Inventory) writes them, in the words of version 2.

Version 1 keeps in annotations what version 2 has members for. Nothing is judged here: an annotation that is not as
documented is carried over as it is, for the reader to refuse; only a service without its parts is refused here.
"""

import json
from typing import Any, Final

from auditor.model.capture import Json
from providers.gcp.normalize.fields import member, optional_items, optional_member

_RUN: Final = "run.googleapis.com/"
_SCALE: Final = "autoscaling.knative.dev/"
_FLAGS: Final = {
    "invoker-iam-disabled": "invokerIamDisabled",
    "iap-enabled": "iapEnabled",
    "default-url-disabled": "defaultUriDisabled",
    "ssh-enabled": "sshEnabled",
    "threat-detection-enabled": "threatDetectionEnabled",
}
_INGRESS: Final = {
    "all": "INGRESS_TRAFFIC_ALL",
    "internal": "INGRESS_TRAFFIC_INTERNAL_ONLY",
    "internal-and-cloud-load-balancing": "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER",
    "none": "INGRESS_TRAFFIC_NONE",
}
_EGRESS: Final = {"all-traffic": "ALL_TRAFFIC", "all": "ALL_TRAFFIC", "private-ranges-only": "PRIVATE_RANGES_ONLY"}
_SANDBOX: Final = {"gen1": "EXECUTION_ENVIRONMENT_GEN1", "gen2": "EXECUTION_ENVIRONMENT_GEN2"}
_READY: Final = {"True": "CONDITION_SUCCEEDED", "False": "CONDITION_FAILED", "Unknown": "CONDITION_RECONCILING"}
_BUILD: Final = {
    "build-function-target": "functionTarget",
    "build-base-image": "baseImage",
    "build-service-account": "serviceAccount",
    "build-worker-pool": "workerPool",
    "build-image-uri": "imageUri",
    "build-source-location": "sourceLocation",
}
_BOOLEANS: Final = {"true": True, "false": False}


def is_knative(data: dict[str, Any]) -> bool:
    """Whether a service is written as version 1 writes it."""
    return "spec" in data or "metadata" in data


def modern(data: dict[str, Any], name: str) -> dict[str, Any]:
    """The service in the words of version 2, under its full relative name. Raises UnreadableError."""
    if not is_knative(data):
        return data
    metadata, spec, status = member(data, "metadata"), member(data, "spec"), optional_member(data, "status")
    notes = optional_member(metadata, "annotations")
    made: dict[str, Any] = {"name": name, "labels": _labels(metadata)}
    for note, key in _FLAGS.items():
        _put(made, key, notes, note, _BOOLEANS)
    _put(made, "ingress", notes, "ingress", _INGRESS)
    audiences = notes.get(f"{_RUN}custom-audiences")
    if audiences is not None:
        made["customAudiences"] = _parsed(audiences)
    made |= {key: value for key, value in (("binaryAuthorization", _attestation(notes)),) if value}
    build = _build(notes)
    if build:
        made["buildConfig"] = build
    made["template"] = _template(member(spec, "template"))
    made["traffic"] = [_target(target) for target in optional_items(spec, "traffic")]
    made |= _status(status, name)
    if "creationTimestamp" in metadata:
        made["createTime"] = metadata["creationTimestamp"]
    return made


def _template(template: dict[str, Any]) -> dict[str, Any]:
    spec = member(template, "spec")
    notes = optional_member(optional_member(template, "metadata"), "annotations")
    made: dict[str, Any] = {}
    for old, new in (
        ("serviceAccountName", "serviceAccount"),
        ("containerConcurrency", "maxInstanceRequestConcurrency"),
    ):
        if old in spec:
            made[new] = spec[old]
    if "timeoutSeconds" in spec:
        made["timeout"] = spec["timeoutSeconds"]
    _put(made, "executionEnvironment", notes, "execution-environment", _SANDBOX)
    _put(made, "sessionAffinity", notes, "sessionAffinity", _BOOLEANS)
    _put(made, "encryptionKey", notes, "encryption-key", {})
    scaling = {
        new: notes[f"{_SCALE}{old}"]
        for old, new in (("maxScale", "maxInstanceCount"), ("minScale", "minInstanceCount"))
        if f"{_SCALE}{old}" in notes
    }
    if scaling:
        made["scaling"] = scaling
    access = _access(notes)
    if access:
        made["vpcAccess"] = access
    if "containers" in spec:
        throttled = notes.get(f"{_RUN}cpu-throttling", "true")  # absent: throttled, as documented
        idle = _BOOLEANS.get(throttled, throttled) if isinstance(throttled, str) else throttled
        given = spec["containers"]
        made["containers"] = [_container(each, idle) for each in given] if isinstance(given, list) else given
    return made


def _container(container: Json, idle: Json) -> Json:
    if not isinstance(container, dict):
        return container
    resources = container.get("resources", {})
    if isinstance(resources, dict):
        resources = {**resources, "cpuIdle": idle}
    return {**container, "resources": resources}


def _access(notes: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    _put(made, "connector", notes, "vpc-access-connector", {})
    _put(made, "egress", notes, "vpc-access-egress", _EGRESS)
    interfaces = notes.get(f"{_RUN}network-interfaces")
    if interfaces is not None:
        made["networkInterfaces"] = _parsed(interfaces)
    return made


def _attestation(notes: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    policy = notes.get(f"{_RUN}binary-authorization")
    if policy == "default":
        made["useDefault"] = True
    elif policy is not None:
        made["policy"] = policy
    _put(made, "breakglassJustification", notes, "binary-authorization-breakglass", {})
    return made


def _build(notes: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for note, key in _BUILD.items():
        _put(made, key, notes, note, {})
    _put(made, "enableAutomaticUpdates", notes, "build-enable-automatic-updates", _BOOLEANS)
    return made


def _target(target: Json) -> Json:
    if not isinstance(target, dict):
        return target
    made = {key: target[key] for key in ("percent", "tag") if key in target}
    if target.get("latestRevision") is True:
        return made | {"type": "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST"}
    return made | {"type": "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION", "revision": target.get("revisionName")}


def _status(status: dict[str, Any], name: str) -> dict[str, Any]:
    made: dict[str, Any] = {}
    if "url" in status:
        made["uri"] = status["url"]
    if isinstance(status.get("latestReadyRevisionName"), str):
        made["latestReadyRevision"] = f"{name}/revisions/{status['latestReadyRevisionName']}"
    for condition in optional_items(status, "conditions"):
        if isinstance(condition, dict) and condition.get("type") == "Ready":
            state = condition.get("status")
            made["terminalCondition"] = {"state": _READY.get(state, state) if isinstance(state, str) else state}
            made["terminalCondition"] |= {key: condition[key] for key in ("message",) if key in condition}
    return made


def _labels(metadata: dict[str, Any]) -> Json:
    labels = metadata.get("labels", {})
    if not isinstance(labels, dict):
        return labels
    return {name: value for name, value in labels.items() if name != "cloud.googleapis.com/location"}


def _put(made: dict[str, Any], key: str, notes: dict[str, Any], note: str, table: dict[str, Any]) -> None:
    value = notes.get(f"{_RUN}{note}")
    if value is not None or f"{_RUN}{note}" in notes:
        made[key] = table.get(value, value) if isinstance(value, str) else value


def _parsed(value: Json) -> Json:
    try:
        return json.loads(value) if isinstance(value, str) else value
    except (ValueError, RecursionError):
        return value
