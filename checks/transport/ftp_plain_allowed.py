"""Flags functions to which code can be uploaded by unencrypted FTP."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.finding import Dependence
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Severity
from auditor.model.transport import FileTransfer

FIX = {
    Cloud.AZURE: Fix(
        text="Disable FTP: deployments by zip, pipeline or container do not use it. Choose FtpsOnly if something still"
        " uploads by FTP, until it has moved.",
        breaks="Uploads by FTP fail; the app restarts.",
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
    references=("https://learn.microsoft.com/en-us/azure/app-service/deploy-ftp",),
    cwe=319,
)
def ftp_plain_allowed(function: Function, _context: Context) -> Iterator[Hit]:
    """Plain FTP sends the publishing password unencrypted; an attacker who captures it once can replace the code at any
    time.

    FTPS only and FTP disabled both pass. Medium on a deployment slot, and low where basic authentication for FTP is
    disabled, because then no password can be used.
    """
    state = function.transport.then(lambda transport: transport.file_transfer)
    if state.need() is not FileTransfer.PLAIN:
        return
    password = function.deployment.then(lambda deployment: deployment.publishing.ftp_password)
    dormant = isinstance(password, Known) and not password.value
    slot = isinstance(function.hosting, Known) and function.hosting.value.slot is not None
    yield Hit(
        message=f"Function app {function.name} allows plain FTP"
        + (", although basic authentication for FTP is disabled" if dormant else ""),
        evidence=(cite(state, "ftpsState = AllAllowed"),),
        depends=(
            Dependence(
                sites=(sites.publishing_passwords(function),), leads=("publishing-password-allowed",), then=Severity.LOW
            ),
        ),
        severity=Severity.LOW if dormant else Severity.MEDIUM if slot else None,
    )
