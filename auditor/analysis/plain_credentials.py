"""Credentials kept in plain text: how severe each is by what it opens, and which ones a check of their own reports."""

import re
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from auditor.analysis.host_storage import HOST_CONNECTION, signs_in_with_key
from auditor.analysis.secrets.kinds import FIREBASE_KEY, TELEMETRY_KEY
from auditor.model.deployment import PackageKind, StorageAuthentication
from auditor.model.function import Function
from auditor.model.observed import Known
from auditor.model.severity import Confidence, Severity

_BY_CONFIDENCE: Final[Mapping[Confidence, Severity]] = {
    Confidence.HIGH: Severity.CRITICAL,
    Confidence.MEDIUM: Severity.HIGH,
    Confidence.LOW: Severity.MEDIUM,
}


class Weight(NamedTuple):
    """How severe a credential in plain text is; `reason` says why it ranks lower than others, "" where it does not."""

    severity: Severity
    reason: str


_BY_DETECTOR: Final[Mapping[str, Weight]] = {
    FIREBASE_KEY: Weight(
        Severity.LOW,
        "a Firebase web key identifies the project and authorizes nothing by itself: restrict it to its APIs and sites",
    ),
    TELEMETRY_KEY: Weight(
        Severity.LOW, "an ingestion key sends events and reads none: restrict or renew it where they matter"
    ),
}
_MADE_BY_PLATFORM: Final[tuple[tuple[re.Pattern[str], Weight], ...]] = (
    (
        re.compile(r"MACHINEKEY_\w+", re.IGNORECASE),
        Weight(Severity.LOW, "the platform's tooling made it for this app alone, which encrypts its own keys with it"),
    ),
    (
        re.compile(r"WEBSITE_AUTH_(?:ENCRYPTION|SIGNING)_KEY", re.IGNORECASE),
        Weight(Severity.HIGH, "the platform made it for this app alone, which signs its sessions with it"),
    ),
    (
        re.compile(
            r"(?:\w{1,40}CONNSTR_)?AzureWebJobs(?:Storage|Dashboard)(?:__\w+)?|WEBSITE_CONTENTAZUREFILECONNECTIONSTRING"
            r"|DEPLOYMENT_STORAGE_CONNECTION_STRING|DOCKER_REGISTRY_SERVER_PASSWORD|WEBSITE_RUN_FROM_PACKAGE",
            re.IGNORECASE,
        ),
        Weight(Severity.HIGH, "the platform's tooling puts it there unless it is told to use an identity"),
    ),
)


def weigh(name: str, detector: str | None, confidence: Confidence) -> Weight:
    """How severe a variable's credential is: by the evidence that it is one, and by what such a credential opens.

    What is published by design, or made by the platform's own tooling, is never critical.
    """
    known = _BY_DETECTOR.get(detector or "")
    plain = Weight(_BY_CONFIDENCE[confidence], "")
    weight = known or next((weight for names, weight in _MADE_BY_PLATFORM if names.fullmatch(name)), plain)
    return weight if weight.severity.rank <= plain.severity.rank else Weight(plain.severity, weight.reason)


def reported_elsewhere(function: Function) -> frozenset[str]:
    """The settings, in lower case, whose credential a check of their own reports for this function."""
    return frozenset(name for name, reported in _OWNED.items() if reported(function))


def _content_share(function: Function) -> bool:
    authentication = function.deployment.then(lambda deployment: deployment.content_storage)
    return isinstance(authentication, Known) and authentication.value is StorageAuthentication.KEY


def _deployment_storage(function: Function) -> bool:
    authentication = function.deployment.then(lambda deployment: deployment.deployment_storage)
    return isinstance(authentication, Known) and authentication.value is StorageAuthentication.KEY


def _package(function: Function) -> bool:
    kind = function.deployment.then(lambda deployment: deployment.package)
    return isinstance(kind, Known) and kind.value is PackageKind.SIGNED_URL


def _registry(function: Function) -> bool:
    registry = function.deployment.then(lambda deployment: deployment.registry)
    if not isinstance(registry, Known) or registry.value is None:
        return False
    return isinstance(registry.value.password, Known) and registry.value.password.value


_OWNED: Final[Mapping[str, Callable[[Function], bool]]] = {
    HOST_CONNECTION: signs_in_with_key,
    "website_contentazurefileconnectionstring": _content_share,
    "deployment_storage_connection_string": _deployment_storage,
    "website_run_from_package": _package,
    "docker_registry_server_password": _registry,
}
"""Settings of the platform, and whether the check that owns each reports it: host-storage-shared-key,
content-share-shared-key, deployment-storage-shared-key, package-from-url, registry-password-in-settings."""
