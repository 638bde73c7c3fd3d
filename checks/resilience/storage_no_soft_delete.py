"""Flags host storage whose blobs cannot be recovered after a deletion."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Keep deleted blobs for at least seven days. Deleted data is billed until then.",
        command="az storage account blob-service-properties update --account-name {storage} --enable-delete-retention true --delete-retention-days 7",
        terraform="""\
resource "azurerm_storage_account" "this" {
  name = "{storage}"

  blob_properties {
    delete_retention_policy {
      days = 7
    }
  }
}""",
    ),
}


@check(
    id="storage-no-soft-delete",
    title="Host storage account has no soft delete",
    risk=Risk.RESILIENCE,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-storage-soft-delete",),
    controls=("NIST-800-53:CP-9",),
)
def storage_no_soft_delete(function: Function, _context: Context) -> Iterator[Hit]:
    """The host keeps its code, keys and leases there. After a mistake or a break-in the deleted package is the evidence, and
    the quickest way back.
    """
    host = function.keeping.then(lambda keeping: keeping.host)
    account = host.need()
    if account is None:
        raise NotApplicable("it keeps nothing in a storage account")
    if not account.soft_delete.need():
        yield Hit(
            message=f"Blobs deleted from {account.id.rpartition('/')[2]} are gone at once",
            evidence=(cite(account.soft_delete, "deleteRetentionPolicy.enabled = false"),),
            locus=account.id,
            values={"storage": account.id.rpartition("/")[2]},
        )
