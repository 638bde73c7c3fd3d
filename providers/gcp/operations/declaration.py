"""How a call is declared, and what the declarations of several services share."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from auditor.answer_shape import AnswerShape
from auditor.model.capture import Depth
from auditor.model.secret import Treatment
from auditor.provider import Operation


@dataclass(frozen=True, slots=True)
class GcpOperation(Operation):
    """A declared call as it is sent.

    ``method``, ``host`` and ``path`` are the request's; ``{name}`` in the path is filled in, ``parameters`` are
    sent always. ``token`` holds the request's and the answer's field that continue a list, ``unreachable`` the
    answer's field that names places it could not ask ("" where there is none). ``sdk`` is the method of
    ``FunctionServiceClient`` that makes the call ("" for plain REST).
    """

    method: str = "GET"
    host: str = ""
    path: str = ""
    parameters: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    token: tuple[str, str] = ("pageToken", "nextPageToken")
    unreachable: str = ""
    sdk: str = ""


FULL, STANDARD = Depth.FULL, Depth.STANDARD
NOT_FOUND: Final = frozenset({"404"})
POLICY_3: Final = {"options.requestedPolicyVersion": "3"}
"""Asks for bindings with their conditions; without it they come stripped or not at all."""

POLICY: Final = AnswerShape(
    identifying={"etag": str, "bindings": list, "auditConfigs": list}, optional={"version": int}
)
"""Of an allow policy: one without a binding still comes with its etag."""

NONE_LISTED: Final = "a list without a member is left out of the answer, as protocol buffers write it in JSON"

ENVIRONMENT: Final[Mapping[str, Treatment]] = {
    "environmentVariables": Treatment.VARIABLES,
    "buildEnvironmentVariables": Treatment.VARIABLES,
    "serviceConfig.environmentVariables": Treatment.VARIABLES,
    "buildConfig.environmentVariables": Treatment.VARIABLES,
    "sourceUploadUrl": Treatment.URL,
    "sourceToken": Treatment.DROP,
    "buildConfig.sourceToken": Treatment.DROP,
}
"""What functions of both generations carry, and Cloud Run services built from source."""


def containers(prefix: str) -> dict[str, Treatment]:
    """The variables, the command line and the probes' headers of the containers below a field."""
    probes = ("livenessProbe", "readinessProbe", "startupProbe")
    names = ("env", "args", "command", *(f"{probe}.httpGet.httpHeaders" for probe in probes))
    return {f"{prefix}containers[].{name}": Treatment.VARIABLES for name in names}


PUSH: Final[Mapping[str, Treatment]] = {
    "pushConfig.pushQuery": Treatment.VARIABLES,
    "pushConfig.attributes": Treatment.VARIABLES,
    "messageTransforms": Treatment.DROP,
}
"""The query of a push endpoint, which often holds a token, is kept apart from its address; transforms hold code."""

JOB: Final[Mapping[str, Treatment]] = {
    "httpTarget.uriQuery": Treatment.VARIABLES,
    "httpTarget.headers": Treatment.VARIABLES,
    "httpTarget.body": Treatment.DROP,
    "appEngineHttpTarget.headers": Treatment.VARIABLES,
    "appEngineHttpTarget.body": Treatment.DROP,
    "appEngineHttpTarget.relativeUri": Treatment.DROP,
    "pubsubTarget.attributes": Treatment.VARIABLES,
    "pubsubTarget.data": Treatment.DROP,
}
QUEUE: Final[Mapping[str, Treatment]] = {
    "httpTarget.headerOverrides": Treatment.DROP,
    "httpTarget.uriOverride.queryOverride": Treatment.DROP,
}
"""What a queue of tasks adds to each call: its headers and query may hold a token."""
WORKFLOW: Final[Mapping[str, Treatment]] = {"userEnvVars": Treatment.DROP}
TRIGGER: Final[Mapping[str, Treatment]] = {"destination.httpEndpoint.uriQuery": Treatment.VARIABLES}


def under(prefix: str, *rules: Mapping[str, Treatment]) -> dict[str, Treatment]:
    """The same rules below a field."""
    return {f"{prefix}.{path}": treatment for rule in rules for path, treatment in rule.items()}


def listed(key: str, *lists: str, empty: str = NONE_LISTED, **others: type) -> AnswerShape:
    """The shape of a list's page. Only what else is in it tells an empty page from an answer to another question."""
    identifying = {key: list, **dict.fromkeys(lists, list), "nextPageToken": str, **others}
    return AnswerShape(identifying=identifying, empty=empty)


def named(*members: str) -> AnswerShape:
    """The shape of a resource, which always holds its name and these texts."""
    return AnswerShape(required={"name": str, **dict.fromkeys(members, str)})


def declare(id: str, path: str, permission: str, purpose: str, **rest: Any) -> GcpOperation:
    """Declares ``service:Operation``; host, bucket and, of a list, the answer's shape follow unless given."""
    service = id.partition(":")[0]
    if rest.get("pages"):
        rest.setdefault("continuation", ("nextPageToken",))
        rest.setdefault("answer", listed(rest["pages"], *filter(None, [rest.get("unreachable", "")])))
    host = rest.pop("host", f"{service}.googleapis.com")
    return GcpOperation(
        id=id,
        permission=permission,
        purpose=purpose,
        bucket=rest.pop("bucket", host.split(".")[0]),
        host=host,
        path=path,
        **rest,
    )
