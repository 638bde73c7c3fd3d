"""Flags functions whose host storage account allows shared key access."""

from collections.abc import Iterator

from auditor.analysis.host_storage import signs_in_with_key
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Let every app that uses the account authenticate with its managed identity, then disallow shared key"
        " access.",
        breaks="Everything that still uses a key stops working: mounted shares, Consumption and Premium content"
        " shares, SAS URLs.",
        command="az storage account update --ids {storage} --allow-shared-key-access false",
        terraform="""\
resource "azurerm_storage_account" "host" { # {storage}
  shared_access_key_enabled = false
}""",
    ),
}


@check(
    id="storage-shared-key-allowed",
    title="Host storage account allows shared key access",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-storage-shared-key",),
    references=("https://learn.microsoft.com/en-us/azure/storage/common/shared-key-authorization-prevent",),
    cwe=522,
)
def storage_shared_key_allowed(function: Function, _context: Context) -> Iterator[Hit]:
    """As long as account keys are accepted, one leaked key grants access to the whole account: the functions' keys,
    their queues and often their code, without a user name in the log and regardless of role assignments. A setting
    that was never set counts as allowed, as in Azure. Checked where the host itself needs no key; where it does,
    host-storage-shared-key reports it.
    """
    if signs_in_with_key(function):
        raise NotApplicable("the host connection uses an account key: host-storage-shared-key reports it")
    used = function.storage.then(lambda storage: storage.host)
    host = used.need()
    if host is None:
        raise NotApplicable("the app uses no storage account")
    if host.shared_key.need():
        yield Hit(
            message=f"Host storage account {host.id.rpartition('/')[2]} of function app {function.name} allows shared key access",
            evidence=(
                cite(host.shared_key, "allowSharedKeyAccess is not false"),
                cite(used, f"host storage account: {host.id}"),
            ),
            locus=host.id,
            site=host.id,
            values={"storage": host.id},
        )
