"""What runs a function: its generation, its state, the switches of its container."""

from typing import Any, Final

from auditor.model.hosting import Hosting, HostingKind, ServiceState
from auditor.model.observed import Known, Observed, Unknown, not_offered
from providers.gcp.normalize.answers import known, of
from providers.gcp.normalize.fields import (
    Enumeration,
    UnreadableError,
    member,
    optional_flag,
    optional_items,
    optional_member,
    optional_text,
    record,
    texts,
)
from providers.gcp.normalize.function_list import LISTED, Entry
from providers.gcp.normalize.limits import main

_KINDS: Final = {
    0: HostingKind.SERVICE,
    1: HostingKind.FIRST_GENERATION,
    2: HostingKind.SECOND_GENERATION,
    None: HostingKind.UNRECOGNISED,
}
_STATES: Final[Enumeration[ServiceState]] = Enumeration(
    ACTIVE=ServiceState.ACTIVE,
    FAILED=ServiceState.FAILED,
    DEPLOYING=ServiceState.DEPLOYING,
    DELETING=ServiceState.STOPPED,
    UNKNOWN=ServiceState.FAILED,
    DETACHING=ServiceState.DEPLOYING,
    DETACH_FAILED=ServiceState.FAILED,
    OFFLINE=ServiceState.STOPPED,
)
_CONDITIONS: Final[Enumeration[ServiceState]] = Enumeration(
    CONDITION_PENDING=ServiceState.DEPLOYING,
    CONDITION_RECONCILING=ServiceState.DEPLOYING,
    CONDITION_FAILED=ServiceState.FAILED,
    CONDITION_SUCCEEDED=ServiceState.ACTIVE,
)
_SANDBOXES: Final[Enumeration[bool]] = Enumeration(
    EXECUTION_ENVIRONMENT_GEN1=True,
    EXECUTION_ENVIRONMENT_GEN2=False,
)
_UPGRADES: Final[Enumeration[str | None]] = Enumeration(
    ELIGIBLE_FOR_2ND_GEN_UPGRADE=None,
    INELIGIBLE_FOR_UPGRADE_UNTIL_REDEPLOYMENT=None,
    UPGRADE_OPERATION_IN_PROGRESS="UPGRADE_OPERATION_IN_PROGRESS",
    SETUP_FUNCTION_UPGRADE_CONFIG_SUCCESSFUL="SETUP_FUNCTION_UPGRADE_CONFIG_SUCCESSFUL",
    SETUP_FUNCTION_UPGRADE_CONFIG_ERROR="SETUP_FUNCTION_UPGRADE_CONFIG_ERROR",
    ABORT_FUNCTION_UPGRADE_ERROR="ABORT_FUNCTION_UPGRADE_ERROR",
    REDIRECT_FUNCTION_UPGRADE_TRAFFIC_SUCCESSFUL="REDIRECT_FUNCTION_UPGRADE_TRAFFIC_SUCCESSFUL",
    REDIRECT_FUNCTION_UPGRADE_TRAFFIC_ERROR="REDIRECT_FUNCTION_UPGRADE_TRAFFIC_ERROR",
    ROLLBACK_FUNCTION_UPGRADE_TRAFFIC_ERROR="ROLLBACK_FUNCTION_UPGRADE_TRAFFIC_ERROR",
    COMMIT_FUNCTION_UPGRADE_ERROR="COMMIT_FUNCTION_UPGRADE_ERROR",
    COMMIT_FUNCTION_UPGRADE_ERROR_ROLLBACK_SAFE="COMMIT_FUNCTION_UPGRADE_ERROR_ROLLBACK_SAFE",
    COMMIT_FUNCTION_UPGRADE_AS_GEN2_SUCCESSFUL=None,
    COMMIT_FUNCTION_UPGRADE_AS_GEN2_ERROR="COMMIT_FUNCTION_UPGRADE_AS_GEN2_ERROR",
)
_REASONS: Final = {
    "DELETING": "it is being deleted",
    "UNKNOWN": "the service does not know its state",
    "OFFLINE": "it is offline",
    "DETACH_FAILED": "detaching it from Cloud Functions failed",
}


def hosting(entry: Entry) -> Hosting:
    """The hosting of a function."""
    service = entry.service
    first = entry.generation == 1
    none = not_offered(LISTED, "functions of Google Cloud have nothing of the kind")
    return Hosting(
        kind=_KINDS.get(entry.generation, HostingKind.UNRECOGNISED),
        system="linux",
        container=False,
        slots=none,
        plan=none,
        state=_state(entry),
        state_reason=_reason(entry),
        health_probe=of(service, _probe),
        interactive_shell=of(service, lambda body: optional_flag(body, "sshEnabled")),
        session_affinity=of(service, lambda body: optional_flag(member(body, "template"), "sessionAffinity")),
        first_sandbox=of(service, _first_sandbox),
        cpu_always=of(service, _cpu_always),
        upgrade=_upgrade(entry) if first else not_offered(entry.source, "only the first generation is moved up"),
        audiences=of(service, lambda body: texts(body, "customAudiences")),
        container_host=none,
    )


def _state(entry: Entry) -> Observed[ServiceState]:
    if entry.record is not None:
        return entry.record.fact(lambda body: _STATES.read(body, "state"))
    return of(entry.service, lambda body: _CONDITIONS.read(member(body, "terminalCondition"), "state"))


def _reason(entry: Entry) -> str:
    if entry.record is None:
        told = of(entry.service, lambda body: optional_text(optional_member(body, "terminalCondition"), "message"))
        return told.value if isinstance(told, Known) else ""
    told = entry.record.fact(_messages)
    state = entry.record.body.get("state")
    return (told.value if isinstance(told, Known) else "") or (
        _REASONS.get(state, "") if isinstance(state, str) else ""
    )


def _messages(body: dict[str, Any]) -> str:
    messages = (optional_text(record(item), "message") for item in optional_items(body, "stateMessages"))
    return "; ".join(message for message in messages if message)


def _probe(body: dict[str, Any]) -> str | None:
    """The path of an HTTP probe, or the kind of another; None where neither is set."""
    container = main(body)
    for name, shown in (("livenessProbe", "liveness"), ("startupProbe", "startup")):
        if name not in container:
            continue
        probe = member(container, name)
        if "httpGet" in probe:
            return optional_text(member(probe, "httpGet"), "path") or "/"
        for kind in ("grpc", "tcpSocket"):
            if kind in probe:
                return f"{shown} {kind}"
        raise UnreadableError(f"{name} is of no known kind")
    return None


def _first_sandbox(body: dict[str, Any]) -> bool:
    # unspecified: Cloud Run chooses, and the first generation was not asked for
    return _SANDBOXES.read(member(body, "template"), "executionEnvironment", lambda: False)


def _cpu_always(body: dict[str, Any]) -> bool:
    """Processors are paid for while idle where resources are set without ``cpuIdle``, as the API documents."""
    container = main(body)
    if "resources" not in container:
        return False
    return not optional_flag(member(container, "resources"), "cpuIdle")


def _upgrade(entry: Entry) -> Observed[str | None]:
    told = entry.told
    if isinstance(told, Unknown):
        return told
    if "upgradeInfo" not in told.value.body:
        return known(None, told.value.source)
    return told.value.fact(lambda body: _UPGRADES.read(member(body, "upgradeInfo"), "upgradeState", lambda: None))
