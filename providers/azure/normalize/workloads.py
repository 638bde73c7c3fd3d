"""The user-assigned identities of a subscription, and what besides functions runs as identities."""

from functools import partial
from typing import Any

from auditor.model.observed import Gap, Known, Observed, Unknown
from auditor.model.role_holders import Workload, WorkloadKind
from providers.azure.normalize.answers import Answers, Listing
from providers.azure.normalize.fields import given, member, optional_member, optional_text, text
from providers.azure.normalize.ids import name_of
from providers.azure.normalize.resource_index import Row, listed

_IDENTITIES = "graph:Identities"
_WORKLOADS = "graph:Workloads"
_KINDS = {
    "microsoft.compute/virtualmachines": WorkloadKind.MACHINE,
    "microsoft.compute/virtualmachinescalesets": WorkloadKind.MACHINE,
    "microsoft.automation/automationaccounts": WorkloadKind.AUTOMATION,
    "microsoft.logic/workflows": WorkloadKind.WORKFLOW,
    "microsoft.containerservice/managedclusters": WorkloadKind.CLUSTER,
    "microsoft.containerinstance/containergroups": WorkloadKind.CONTAINER,
}


def workloads(answers: Answers) -> tuple[Observed[tuple[Workload, ...]], ...]:
    """What was listed, and why there may be more."""
    found: list[Observed[tuple[Workload, ...]]] = []
    gaps: list[Gap] = []
    for operation, read in ((_IDENTITIES, _identity), (_WORKLOADS, _workload)):
        rows: Listing[Row] = listed(answers, operation)
        made = [answers.fact(operation, partial(read, row), row.id) for row in rows.items]
        found.append(Known(tuple(each.value for each in made if isinstance(each, Known)), operation))
        gaps += [each.gap for each in made if isinstance(each, Unknown)]
        gaps += [rows.gap] if rows.gap is not None else []
    return (*found, *map(Unknown, dict.fromkeys(gaps)))


def _identity(row: Row) -> Workload:
    principal = text(member(row.body, "properties"), "principalId").lower()
    return Workload(id=row.id, name=name_of(row.id), kind=WorkloadKind.IDENTITY, runs_as=(principal,))


def _workload(row: Row) -> Workload:
    identity = optional_member(row.body, "identity")
    own = optional_text(identity, "principalId") if identity else None
    return Workload(
        id=row.id,
        name=name_of(row.id),
        kind=_KINDS[text(row.body, "type").lower()],
        runs_as=(own.lower(),) if own else (),
        attached=tuple(name.lower().rstrip("/") for name in _attached(identity)),
    )


def _attached(identity: dict[str, Any]) -> tuple[str, ...]:
    if not identity or not given(identity, "userAssignedIdentities"):
        return ()
    return tuple(sorted(member(identity, "userAssignedIdentities")))
