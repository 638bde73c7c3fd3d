"""Flags functions whose host storage account accepts plain HTTP."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Require secure transfer on the account.",
        breaks="Clients that use http:// or SMB without encryption are refused; the host uses HTTPS unless its"
        " connection string says DefaultEndpointsProtocol=http.",
        command="az storage account update --ids {storage} --https-only true",
        terraform="""\
resource "azurerm_storage_account" "host" { # {storage}
  https_traffic_only_enabled = true
}""",
    ),
}


@check(
    id="storage-http-allowed",
    title="Host storage account accepts plain HTTP",
    risk=Risk.TRANSPORT,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("az-func-storage-https",),
    references=("https://learn.microsoft.com/en-us/azure/storage/common/storage-require-secure-transfer",),
    cwe=319,
)
def storage_http_allowed(function: Function, _context: Context) -> Iterator[Hit]:
    """A SAS URL, or a blob with the function's keys, that is fetched over http:// can be read on the network path.

    The account holds keys, leases and often the code of the function, so an attacker who can alter a response in
    transit can alter the function.
    """
    host = function.storage.then(lambda storage: storage.host).need()
    if host is None:
        raise NotApplicable("the app uses no storage account")
    if not host.https_only.need():
        yield Hit(
            message=f"Host storage account {host.id.rpartition('/')[2]} of function app {function.name} accepts plain HTTP",
            evidence=(cite(host.https_only, "supportsHttpsTrafficOnly = false"),),
            locus=host.id,
            site=host.id,
            values={"storage": host.id},
        )
