"""Flags identities of functions that machines or other compute run as too."""

from collections.abc import Iterator

from auditor.analysis.permissions.role_estate import known_of
from auditor.analysis.role_assignments import without_identity
from auditor.analysis.roles import identities_of
from auditor.check import Context, Evidence, Fix, Hit, NotApplicable, Risk, check
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known, Unanswered
from auditor.model.role_holders import WorkloadKind
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Give the function an identity of its own, preferably system-assigned, with only the roles it needs, and"
        " then remove the shared identity from it.",
        breaks="Operations that the new identity has no role for fail with 403 immediately: assign the roles first.",
        command="az functionapp identity assign --resource-group {group} --name {app}{of_slot} --identities [system]\n"
        "az functionapp identity remove --resource-group {group} --name {app}{of_slot} --identities {identity}",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # in place of {identity}; a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  identity {
    type = "SystemAssigned"
  }
}""",
    ),
}


@check(
    id="identity-on-other-compute",
    title="Identity is also attached to other compute",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("az-func-identity-shared-vm",),
    references=(
        "https://learn.microsoft.com/en-us/entra/identity/managed-identities-azure-resources/managed-identity-best-practice-recommendations",
    ),
    cwe=250,
)
def identity_on_other_compute(function: Function, context: Context) -> Iterator[Hit]:
    """Code or a user on that machine, Automation account, workflow, cluster or container group obtains tokens of the
    identity and so has every permission of the function. Machines are patched and entered by more people than a
    function. Identities that several functions share are reported by role-shared.
    """
    if without_identity(function):
        raise NotApplicable("it runs without an identity")
    estate = context.role_paths(function.cloud).estate
    named = {identity.id: identity for identity in identities_of(function)}
    for scope in estate.scopes.values():
        for workload in known_of(scope.workloads):
            for identity in (named[name] for name in workload.attached if name in named):
                if workload.kind is not WorkloadKind.IDENTITY:
                    yield Hit(
                        message=f"{workload.kind.value.capitalize()} {workload.name} runs as identity {identity.name} of"
                        f" {function.name}",
                        evidence=(Evidence("graph:Workloads", f"{workload.id}: userAssignedIdentities {identity.id}"),),
                        locus=f"{identity.id} on {workload.id}",
                        values={"identity": identity.id},
                    )
    for fact in (function.identity, function.attached):
        fact.need()
    gap = next(
        (fact.gap for each in estate.scopes.values() for fact in each.workloads if not isinstance(fact, Known)), None
    )
    if gap is not None and named:
        raise Unanswered(gap)
