"""Flags functions whose host storage account accepts TLS versions older than 1.2."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Set the account's minimum to TLS 1.2.",
        breaks="Clients that support only versions before TLS 1.2 lose the account, also those of other apps;"
        " current SDKs and the host use 1.2.",
        command="az storage account update --ids {storage} --min-tls-version TLS1_2",
        terraform="""\
resource "azurerm_storage_account" "host" { # {storage}
  min_tls_version = "TLS1_2"
}""",
    ),
}


@check(
    id="storage-min-tls-old",
    title="Host storage account accepts TLS older than 1.2",
    risk=Risk.TRANSPORT,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-storage-tls",),
    references=(
        "https://learn.microsoft.com/en-us/azure/storage/common/transport-layer-security-configure-minimum-version",
    ),
    cwe=327,
)
def storage_min_tls_old(function: Function, _context: Context) -> Iterator[Hit]:
    """The host keeps the function's keys, its work queues and often its code in this account.

    The host itself uses TLS 1.2, so the setting admits other clients with outdated libraries, and attackers who
    downgrade their connections.
    """
    host = function.storage.then(lambda storage: storage.host).need()
    if host is None:
        raise NotApplicable("the app uses no storage account")
    if host.min_tls.need() in ("1.0", "1.1"):
        yield Hit(
            message=f"Host storage account {host.id.rpartition('/')[2]} of function app {function.name} accepts TLS {host.min_tls.need()}",
            evidence=(cite(host.min_tls, f"minimumTlsVersion = {host.min_tls.need()}"),),
            locus=host.id,
            site=host.id,
            values={"storage": host.id},
        )
