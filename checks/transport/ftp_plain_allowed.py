"""Flags functions to which code can be uploaded by unencrypted FTP."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Severity
from auditor.model.transport import FileTransfer

FIX = {
    Cloud.AZURE: Fix(
        text="Disable FTP: deployments by zip, pipeline or container do not use it. Choose FtpsOnly if something still"
        " uploads that way, and give it time to move.",
        command="az functionapp config set --resource-group {group} --name {app}{of_slot} --ftps-state Disabled",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  site_config {
    ftps_state = "Disabled"
  }
}""",
    ),
}


@check(
    id="ftp-plain-allowed",
    title="Plain FTP is allowed",
    risk=Risk.TRANSPORT,
    severity=Severity.HIGH,
    fix=FIX,
    covers=("az-func-ftps-state", "az-func-slot-ftps-state"),
    controls=("CIS-Azure-Compute-2.0:2.3.4", "MCSB:DP-3", "NIST-800-53:CM-7", "NIST-800-53:SC-8"),
    cwe=319,
)
def ftp_plain_allowed(function: Function, _context: Context) -> Iterator[Hit]:
    """Plain FTP sends the publishing password in the clear; who reads it once replaces the code whenever they like.

    FTPS and no FTP at all both pass. Medium on a deployment slot, and low where signing in to FTP with a password is
    switched off, because then nobody can use it.
    """
    state = function.transport.then(lambda transport: transport.file_transfer)
    if state.need() is not FileTransfer.PLAIN:
        return
    password = function.deployment.then(lambda deployment: deployment.publishing.ftp_password)
    dormant = isinstance(password, Known) and not password.value
    slot = isinstance(function.hosting, Known) and function.hosting.value.slot is not None
    yield Hit(
        message="FTP without TLS is allowed" + (", though nobody can sign in with a password" if dormant else ""),
        evidence=(cite(state, "ftpsState = AllAllowed"),),
        severity=Severity.LOW if dormant else Severity.MEDIUM if slot else None,
    )
