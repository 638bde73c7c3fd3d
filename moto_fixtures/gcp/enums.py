"""The enums of the functions API: by name for people, by number for the generated client."""

from collections.abc import Mapping, Sequence
from typing import Any

from moto_fixtures.gcp.wire import Json

Path = tuple[str, ...]

_GENERATIONS = ("ENVIRONMENT_UNSPECIFIED", "GEN_1", "GEN_2")
FUNCTION: Mapping[Path, Sequence[str]] = {
    ("environment",): _GENERATIONS,
    ("state",): (
        *("STATE_UNSPECIFIED", "ACTIVE", "FAILED", "DEPLOYING", "DELETING", "UNKNOWN", "DETACHING", "DETACH_FAILED"),
    ),
    ("stateMessages", "severity"): ("SEVERITY_UNSPECIFIED", "ERROR", "WARNING", "INFO"),
    ("buildConfig", "dockerRegistry"): ("DOCKER_REGISTRY_UNSPECIFIED", "CONTAINER_REGISTRY", "ARTIFACT_REGISTRY"),
    ("serviceConfig", "ingressSettings"): (
        *("INGRESS_SETTINGS_UNSPECIFIED", "ALLOW_ALL", "ALLOW_INTERNAL_ONLY", "ALLOW_INTERNAL_AND_GCLB"),
    ),
    ("serviceConfig", "vpcConnectorEgressSettings"): (
        *("VPC_CONNECTOR_EGRESS_SETTINGS_UNSPECIFIED", "PRIVATE_RANGES_ONLY", "ALL_TRAFFIC"),
    ),
    ("serviceConfig", "directVpcEgress"): (
        *("DIRECT_VPC_EGRESS_UNSPECIFIED", "VPC_EGRESS_PRIVATE_RANGES_ONLY", "VPC_EGRESS_ALL_TRAFFIC"),
    ),
    ("serviceConfig", "securityLevel"): ("SECURITY_LEVEL_UNSPECIFIED", "SECURE_ALWAYS", "SECURE_OPTIONAL"),
    ("eventTrigger", "retryPolicy"): (
        *("RETRY_POLICY_UNSPECIFIED", "RETRY_POLICY_DO_NOT_RETRY", "RETRY_POLICY_RETRY"),
    ),
}
RUNTIME: Mapping[Path, Sequence[str]] = {
    ("environment",): _GENERATIONS,
    ("stage",): ("RUNTIME_STAGE_UNSPECIFIED", "DEVELOPMENT", "ALPHA", "BETA", "GA", "DEPRECATED", "DECOMMISSIONED"),
}


def numbered(body: Json, table: Mapping[Path, Sequence[str]]) -> Json:
    """A copy with the numbers of its enums. A word the table does not have stays, as does a number."""
    made = dict(body)
    for path, names in table.items():
        _replace(made, path, names)
    return made


def _replace(made: Json, path: Path, names: Sequence[str]) -> None:
    key, *rest = path
    value: Any = made.get(key)
    if not rest:
        if value in names:
            made[key] = names.index(value)
    elif isinstance(value, list):
        made[key] = [numbered(item, {tuple(rest): names}) for item in value]
    elif isinstance(value, dict):
        made[key] = numbered(value, {tuple(rest): names})
