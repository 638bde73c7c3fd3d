"""Flags host storage accounts without soft delete for blobs."""

from collections.abc import Iterator

from auditor.analysis.arm_ids import subscription_of
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Keep deleted blobs for at least seven days. Deleted data is billed until then.",
        command="az storage account blob-service-properties update --subscription {storage_subscription} --account-name {storage} --enable-delete-retention true --delete-retention-days 7",
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
    references=("https://learn.microsoft.com/en-us/azure/storage/blobs/soft-delete-blob-overview",),
)
def storage_no_soft_delete(function: Function, _context: Context) -> Iterator[Hit]:
    """The host keeps code, keys and leases in this account. After a mistake or an attack, soft delete allows the
    recovery of a deleted package, which may also be evidence.
    """
    host = function.storage.then(lambda storage: storage.host)
    account = host.need()
    if account is None:
        raise NotApplicable("the app has no host storage account")
    if not account.soft_delete.need():
        yield Hit(
            message=f"Host storage account {account.id.rpartition('/')[2]} of {function.name} has no soft delete for blobs",
            evidence=(cite(account.soft_delete, "deleteRetentionPolicy.enabled = false"),),
            locus=account.id,
            site=account.id,
            values={"storage": account.id.rpartition("/")[2], "storage_subscription": subscription_of(account.id)},
        )
