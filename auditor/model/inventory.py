"""Everything an audit knows: scopes, places, functions. Recomputed from a capture, never stored."""

from auditor.model.base import noun
from auditor.model.exposure import ResourceGrant
from auditor.model.function import Function
from auditor.model.guardrails import Guardrails
from auditor.model.ids import Cloud
from auditor.model.observed import UNFILLED, Observed
from auditor.model.telemetry import LogGroup, Trail


@noun
class Scope:
    """An account, subscription or project. ``guardrails`` is what holds for the whole of it."""

    id: str
    cloud: Cloud
    name: str
    locations: tuple[str, ...]
    guardrails: Observed[Guardrails] = UNFILLED


@noun
class Place:
    """One location of a scope, with the settings that hold for every function there.

    ``functions`` counts them; Unknown where the list could not be read to its end.

    ``threat_detection``: the cloud's threat detector watches functions. ``package_scanning`` /
    ``code_scanning``: its vulnerability scanner does. ``recording``: configuration changes of functions are
    recorded. ``access_analysis``: Known(None) no analyser, else the ids of resources with active findings.
    ``trace_key``: traces are encrypted with a customer's key. ``trails`` record API calls.
    ``unreserved_concurrency``: the pool that unreserved functions share. ``orphaned_logs``: log groups of
    functions that no longer exist. ``log_policies``: resource policies of the log service.
    """

    id: str
    cloud: Cloud
    scope: str
    location: str
    functions: Observed[int]
    threat_detection: Observed[bool]
    package_scanning: Observed[bool]
    code_scanning: Observed[bool]
    recording: Observed[bool]
    access_analysis: Observed[tuple[str, ...] | None]
    trace_key: Observed[bool]
    trails: Observed[tuple[Trail, ...]]
    unreserved_concurrency: Observed[int]
    orphaned_logs: Observed[tuple[LogGroup, ...]]
    log_policies: Observed[tuple[ResourceGrant, ...]]


@noun
class Inventory:
    """What one provider made of one capture."""

    scopes: tuple[Scope, ...]
    places: tuple[Place, ...]
    functions: tuple[Function, ...]
