"""Flags functions whose host storage account has no customer-managed key."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Encrypt the account with a customer-managed key in a key vault with purge protection; grant the account's"
        " identity the use of the key first.",
        breaks="The account and every app on it stop if the key is disabled or its vault cannot be reached.",
        command="az storage account update --ids {storage} --encryption-key-source Microsoft.Keyvault --encryption-key-vault https://<vault>.vault.azure.net --encryption-key-name <key>",
        terraform="""\
resource "azurerm_storage_account_customer_managed_key" "host" {
  storage_account_id = "{storage}"
  key_vault_id       = "<id of the vault>"
  key_name           = "<key>"
}""",
    ),
}


@check(
    id="storage-no-customer-key",
    title="Host storage account has no customer-managed key",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-storage-cmk",),
    references=("https://learn.microsoft.com/en-us/azure/storage/common/customer-managed-keys-overview",),
    cwe=311,
    profile_level=ProfileLevel.STRICT,
)
def storage_no_customer_key(function: Function, _context: Context) -> Iterator[Hit]:
    """With a customer-managed key, reading the account requires a second permission that you control and can revoke. An
    opinion: it also makes the functions depend on the key vault that holds the key.
    """
    used = function.storage.then(lambda storage: storage.host)
    host = used.need()
    if host is None:
        raise NotApplicable("the app uses no storage account")
    if not host.customer_key.need():
        yield Hit(
            message=f"Host storage account {host.id.rpartition('/')[2]} of function app {function.name} is not encrypted with a customer-managed key",
            evidence=(
                cite(host.customer_key, "encryption.keySource = Microsoft.Storage"),
                cite(used, f"host storage account: {host.id}"),
            ),
            locus=host.id,
            site=host.id,
            values={"storage": host.id},
        )
