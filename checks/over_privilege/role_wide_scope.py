"""Flags identities with a data role on a whole subscription or management group."""

from collections.abc import Iterator

from auditor.analysis.role_assignments import all_read, held_roles, of_wide_data, without_identity
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Assign the same role on the one account, vault or namespace the app uses, then delete the wide"
        " assignment. First check whether the app uses other resources.",
        breaks="Operations on resources outside the new scope fail with 403.",
        command="az role assignment create --assignee {principal} --role {granted} --scope <one-resource>\n"
        "az role assignment delete --ids {assignment}",
        terraform="""\
resource "azurerm_role_assignment" "needs" { # in place of the assignment on {on}
  scope                = "<one resource>"
  role_definition_name = "{granted}"
  principal_id         = "{principal}" # {identity}
}""",
    ),
}


@check(
    id="role-wide-scope",
    title="Data role is granted on a whole subscription",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.HIGH,
    fix=FIX,
    covers=("az-func-identity-wide-scope",),
    references=("https://learn.microsoft.com/en-us/azure/role-based-access-control/best-practices",),
    cwe=250,
)
def role_wide_scope(function: Function, _context: Context) -> Iterator[Hit]:
    """The app needs one storage account or vault, and can read or change the content of all existing and future
    ones. Administrator roles are reported by role-admin, roles that reach the content through the resource's keys or
    settings by role-takeover; assignments on a resource group or a resource are not reported here.
    """
    if without_identity(function):
        raise NotApplicable("it runs without an identity")
    for held in held_roles(function):
        if of_wide_data(held.binding):
            yield Hit(
                message=held.sentence,
                evidence=(cite(held.fact, f"{held.binding.role} on {held.binding.scope}"),),
                locus=held.locus,
                site=held.site,
                values=held.placeholders(),
            )
    all_read(function)
