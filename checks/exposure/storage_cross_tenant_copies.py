"""Flags functions whose host storage account allows replication to another tenant."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Disallow cross-tenant replication.",
        breaks="A replication policy that copies to another tenant must be removed first; one inside the tenant"
        " keeps working.",
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
    references=(
        "https://learn.microsoft.com/en-us/azure/storage/blobs/object-replication-prevent-cross-tenant-policies",
    ),
    cwe=668,
)
def storage_cross_tenant_copies(function: Function, _context: Context) -> Iterator[Hit]:
    """One object replication policy on the account, set by a principal that can configure it, copies every new blob
    to an account of another tenant. The logs of the function do not show it. New accounts disallow it; older ones keep
    the former default until it is changed.
    """
    host = function.storage.then(lambda storage: storage.host).need()
    if host is None:
        raise NotApplicable("it has no host storage account")
    if host.cross_tenant_copies.need():
        yield Hit(
            message=f"Host storage account {host.id.rpartition('/')[2]} of {function.name} allows cross-tenant replication",
            evidence=(cite(host.cross_tenant_copies, "allowCrossTenantReplication = true"),),
            locus=host.id,
            site=host.id,
            values={"storage": host.id},
        )
