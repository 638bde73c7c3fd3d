"""Functions as the first version of the API writes them, rewritten in the words of the second.

Both list the same things; only one reader is needed. Nothing is judged here: a value that is not as documented is
carried over as it is, for the reader to refuse.
"""

from typing import Any, Final

from auditor.model.capture import Json

_NEWER: Final = ("serviceConfig", "buildConfig", "environment", "state")
_OLDER: Final = (
    *("httpsTrigger", "entryPoint", "status", "availableMemoryMb", "serviceAccountEmail", "runtime", "timeout"),
    *("ingressSettings", "sourceUploadUrl", "sourceArchiveUrl", "versionId"),
)

_SAME: Final = ("name", "labels", "updateTime", "kmsKeyName", "description", "upgradeInfo")
_BUILD: Final = {
    "runtime": "runtime",
    "entryPoint": "entryPoint",
    "buildEnvironmentVariables": "environmentVariables",
    "buildWorkerPool": "workerPool",
    "buildServiceAccount": "serviceAccount",
    "dockerRegistry": "dockerRegistry",
    "dockerRepository": "dockerRepository",
    "automaticUpdatePolicy": "automaticUpdatePolicy",
    "onDeployUpdatePolicy": "onDeployUpdatePolicy",
}
_SERVICE: Final = {
    "timeout": "timeout",
    "availableMemoryMb": "availableMemoryMb",
    "environmentVariables": "environmentVariables",
    "secretEnvironmentVariables": "secretEnvironmentVariables",
    "secretVolumes": "secretVolumes",
    "maxInstances": "maxInstanceCount",
    "minInstances": "minInstanceCount",
    "vpcConnector": "vpcConnector",
    "vpcConnectorEgressSettings": "vpcConnectorEgressSettings",
    "ingressSettings": "ingressSettings",
    "serviceAccountEmail": "serviceAccountEmail",
}
_STATES: Final = {
    "ACTIVE": "ACTIVE",
    "OFFLINE": "OFFLINE",
    "DEPLOY_IN_PROGRESS": "DEPLOYING",
    "DELETE_IN_PROGRESS": "DELETING",
    "UNKNOWN": "UNKNOWN",
}
_STATE_NUMBERS: Final = ("CLOUD_FUNCTION_STATUS_UNSPECIFIED", *_STATES)


def older(data: dict[str, Any]) -> bool:
    """Whether a function is written as version 1 of the API writes it."""
    return not any(key in data for key in _NEWER) and any(key in data for key in _OLDER)


def modern(data: dict[str, Any]) -> dict[str, Any]:
    """The function in the words of version 2."""
    if not older(data):
        return data
    made: dict[str, Any] = {key: data[key] for key in _SAME if key in data}
    made["environment"] = "GEN_1"
    if "status" in data:
        made["state"] = _state(data["status"])
    made["buildConfig"] = _renamed(data, _BUILD) | {"source": _source(data)}
    made["serviceConfig"] = _renamed(data, _SERVICE)
    web = data.get("httpsTrigger")
    if isinstance(web, dict):
        made["serviceConfig"] |= _renamed(web, {"url": "uri", "securityLevel": "securityLevel"})
    elif web is not None:
        made["serviceConfig"] |= {"uri": web, "securityLevel": web}
    if "eventTrigger" in data:
        made["eventTrigger"] = _event(data["eventTrigger"])
    return made


def _renamed(data: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    return {new: data[old] for old, new in names.items() if old in data}


def _state(status: Json) -> Json:
    if isinstance(status, (int, float)) and not isinstance(status, bool) and 0 <= status < len(_STATE_NUMBERS):
        status = _STATE_NUMBERS[int(status)]
    return _STATES.get(status, status) if isinstance(status, str) else status


def _source(data: dict[str, Any]) -> Json:
    archive = data.get("sourceArchiveUrl")
    if isinstance(archive, str) and archive.startswith("gs://"):
        bucket, _, name = archive.removeprefix("gs://").partition("/")
        return {"storageSource": {"bucket": bucket, "object": name}}
    if "sourceRepository" in data:
        repository = data["sourceRepository"]
        return {"repositoryUrl": repository.get("url") if isinstance(repository, dict) else repository}
    return {"uploaded": True} if "sourceUploadUrl" in data or "sourceToken" in data else {}


def _event(event: Json) -> Json:
    if not isinstance(event, dict):
        return event
    made = {key: event[key] for key in ("eventType", "service") if key in event}
    resource = event.get("resource")
    made["eventFilters"] = [{"attribute": "resource", "value": resource}]
    if isinstance(resource, str) and "/topics/" in resource:
        made["pubsubTopic"] = resource
    policy = event.get("failurePolicy", {})
    if isinstance(policy, dict):
        made["retryPolicy"] = "RETRY_POLICY_RETRY" if "retry" in policy else "RETRY_POLICY_DO_NOT_RETRY"
    else:
        made["retryPolicy"] = policy
    return made
