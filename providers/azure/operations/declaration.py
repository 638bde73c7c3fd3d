"""How a call is declared, and what the declarations of several services share."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from auditor.answer_shape import AnswerShape
from auditor.model.capture import Depth
from auditor.model.secret import Treatment
from auditor.provider import Operation


@dataclass(frozen=True, slots=True)
class AzureOperation(Operation):
    """A declared call as Resource Manager knows it.

    ``path`` may hold ``{subscription}``, ``{group}`` (a management group) or ``{id}`` (the resource asked about, as
    Azure spells it); ``parameters`` are further query parameters, whose values may hold ``{timespan}``, or ``{since}``
    and ``{until}``.
    ``slot_permission`` is what allows the same call on a slot ("" if the same thing does); ``also`` are further
    permissions the answer needs to be whole; ``data``: they are permissions on data (``DataActions`` of a role).
    ``graph`` is the Resource Graph table ("" for a call to Resource Manager itself) and ``types`` the resource types
    that are this operation's rows of it, in lower case.
    ``reshape`` names what the gateway does to the answer before it is redacted, where redaction could not tell what to
    keep otherwise.
    """

    method: str = "GET"
    path: str = ""
    api_version: str = ""
    slot_permission: str = ""
    also: tuple[str, ...] = ()
    data: bool = False
    graph: str = ""
    types: tuple[str, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    reshape: str = ""


READS: Final = "arm:reads"
POSTS: Final = "arm:subscription-resource-requests"
WEB: Final = "2025-05-01"
CONTAINER_APPS: Final = "2024-03-01"
FULL, STANDARD = Depth.FULL, Depth.STANDARD

_CONTAINER: Final[Mapping[str, Treatment]] = {
    "env": Treatment.VARIABLES,
    "args": Treatment.VARIABLES,
    "command": Treatment.VARIABLES,
    "probes[].httpGet.httpHeaders": Treatment.VARIABLES,
}
CONTAINERS: Final[Mapping[str, Treatment]] = {
    "properties.configuration.secrets": Treatment.VARIABLES,
    "properties.configuration.secretSources[].identity": Treatment.NAME,
    **{
        f"properties.template.{kind}[].{path}": treatment
        for kind in ("containers", "initContainers")
        for path, treatment in _CONTAINER.items()
    },
    "properties.template.scale.rules[].custom.metadata": Treatment.VARIABLES,
}
"""Of a container app: its variables, its command line, the headers of its probes, what its scaler is told."""

CONFIGURATION: Final[Mapping[str, Treatment]] = {
    "appSettings": Treatment.VARIABLES,
    "connectionStrings": Treatment.VARIABLES,
    "metadata": Treatment.VARIABLES,
    "azureStorageAccounts.*.accessKey": Treatment.TEXT,
    "publishingPassword": Treatment.DROP,
    "runtimeADUserPassword": Treatment.DROP,
    "machineKey": Treatment.DROP,
    "handlerMappings": Treatment.DROP,
    "experiments.rampUpRules[].changeDecisionCallbackUrl": Treatment.URL,
}
"""Of a site configuration. Lists and Resource Graph answer null for most of these; a legal answer may hold them."""


LIST: Final = AnswerShape(required={"value": list}, nulls=True)
"""Of a list of Resource Manager, which writes one that is empty."""

LIST_OR_ONE: Final = AnswerShape(identifying={"value": list, "properties": dict}, nulls=True)
"""Of a list that Azure answers as a single object where there is one."""

RESOURCE: Final = AnswerShape(required={"properties": dict}, optional={"id": str, "name": str, "type": str}, nulls=True)
"""Of one resource."""


def under(prefix: str, rules: Mapping[str, Treatment]) -> dict[str, Treatment]:
    """The same rules below a field."""
    return {f"{prefix}.{path}": treatment for path, treatment in rules.items()}


SITE: Final[Mapping[str, Treatment]] = {
    **under("properties.siteConfig", CONFIGURATION),
    "properties.customDomainVerificationId": Treatment.DROP,
    "properties.siteProperties.appSettings": Treatment.VARIABLES,
    "properties.siteProperties.metadata": Treatment.VARIABLES,
    "properties.siteProperties.properties": Treatment.VARIABLES,
    "properties.cloningInfo.appSettingsOverrides": Treatment.VARIABLES,
}
"""Of a site: its verification id proves ownership of a domain."""


def declare(id: str, permission: str, purpose: str, path: str, version: str, **rest: Any) -> AzureOperation:
    """Declares a GET to Resource Manager: of a list where ``pages`` is given, else of one resource."""
    rest.setdefault("answer", LIST if rest.get("pages") else RESOURCE)
    rest.setdefault("continuation", ("nextLink",) if rest.get("pages") else ())
    rest.setdefault("bucket", READS)
    return AzureOperation(id=id, permission=permission, purpose=purpose, path=path, api_version=version, **rest)
