"""Flags functions whose host storage account may be replicated into another tenant."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Forbid replication across tenants. A replication policy that copies to another tenant must be removed first,"
        " and one inside the tenant keeps working.",
        command="az storage account update --ids {storage} --allow-cross-tenant-replication false",
        terraform="""\
resource "azurerm_storage_account" "host" { # {storage}
  cross_tenant_replication_enabled = false
}""",
    ),
}


@check(
    id="storage-cross-tenant-copies",
    title="Host storage allows cross-tenant replication",
    risk=Risk.EXPOSURE,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("az-func-storage-cross-tenant",),
    controls=("MCSB:NS-2", "NIST-800-53:AC-4"),
    cwe=668,
)
def storage_cross_tenant_copies(function: Function, _context: Context) -> Iterator[Hit]:
    """One rule on the account, set by somebody who may configure it, copies every new blob to a stranger's account.

    Nothing in the function's own logs shows that. New accounts forbid it; older ones keep the former default until
    somebody changes it.
    """
    host = function.keeping.then(lambda keeping: keeping.host).need()
    if host is None:
        raise NotApplicable("it uses no storage account")
    if host.cross_tenant_copies.need():
        yield Hit(
            message="The host storage account allows replication into another tenant",
            evidence=(cite(host.cross_tenant_copies, "allowCrossTenantReplication = true"),),
            locus=host.id,
            values={"storage": host.id},
        )
