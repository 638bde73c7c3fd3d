"""Whether an app can answer at all, and why not."""

from collections.abc import Iterator
from typing import Any

from auditor.model.hosting import ServiceState
from auditor.model.observed import Known, Observed
from providers.azure.normalize.fields import choice, filled_text, flag, given, optional_text, text
from providers.azure.normalize.sites import Site

_RUNNING = {
    "running": ServiceState.ACTIVE,
    "ready": ServiceState.ACTIVE,
    "progressing": ServiceState.DEPLOYING,
    "stopped": ServiceState.STOPPED,
    "suspended": ServiceState.STOPPED,
}
_USUAL = ("Running", "Normal", "")
_STATES = {"running": ServiceState.ACTIVE, "stopped": ServiceState.STOPPED}


def state_of(site: Site) -> Observed[ServiceState]:
    """The state of an app."""
    return site.properties.read(_replica_state if site.host.native else _state)


def _state(body: dict[str, Any]) -> ServiceState:
    """Stopped by its owner, taken offline, switched off by the platform, or out of its quota: none of them answers."""
    own = _STATES.get(text(body, "state").lower(), ServiceState.UNRECOGNISED)
    return ServiceState.STOPPED if any(_halts(body)) else own


def _replica_state(body: dict[str, Any]) -> ServiceState:
    """Of a container app; older versions of the API do not tell, and then it is as good as running."""
    return choice(body, "runningStatus", _RUNNING) if given(body, "runningStatus") else ServiceState.ACTIVE


def _halts(body: dict[str, Any]) -> Iterator[bool]:
    """Members that each keep an app from running. They are optional: what is not there halts nothing."""
    yield given(body, "enabled") and not flag(body, "enabled")
    yield given(body, "adminEnabled") and not flag(body, "adminEnabled")
    yield (optional_text(body, "usageState") or "").lower() == "exceeded"
    yield filled_text(body, "suspendedTill") is not None


def reason_of(site: Site) -> str:
    """Why it is not simply running, in the cloud's words."""
    body = site.properties.body.value if isinstance(site.properties.body, Known) else {}
    said = [
        (key, body.get(key)) for key in ("state", "runningStatus", "usageState", "availabilityState", "suspendedTill")
    ]
    words = [f"{key} {value}" for key, value in said if isinstance(value, str) and value not in _USUAL]
    words += [f"{key} false" for key in ("enabled", "adminEnabled") if body.get(key) is False]
    return ", ".join(words)
