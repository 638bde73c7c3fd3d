"""Flags apps whose code can be published with a user name and a password."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known, Observed, each_of
from auditor.model.observed_logic import none_if_not_offered
from auditor.model.severity import Severity
from auditor.model.transport import FileTransfer

FIX = {
    Cloud.AZURE: Fix(
        text="Switch the password off on both ways. Pipelines must sign in with an identity first (publish profiles"
        " stop working).",
        command="az resource update --ids {id}/basicPublishingCredentialsPolicies/{way} --set properties.allow=false",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"
  webdeploy_publish_basic_authentication_enabled = false
  ftp_publish_basic_authentication_enabled       = false
}""",
    ),
}


@check(
    id="publishing-password-allowed",
    title="Basic publishing credentials are enabled",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.HIGH,
    fix=FIX,
    covers=("az-func-basic-auth-scm", "az-func-basic-auth-ftp", "az-func-ftp-scm-both-off"),
    controls=("CIS-Azure-Compute-2.0:2.3.3", "MCSB:IM-1", "NIST-800-53:IA-2", "NIST-800-53:IA-5"),
    cwe=1391,
)
def publishing_password_allowed(function: Function, _context: Context) -> Iterator[Hit]:
    """The publishing password never expires, knows no second factor and leaves no name in the logs; whoever finds it
    in a build script replaces the code and acts as the app. Entra ID does the same with people and pipelines you
    can name.

    The management site and FTP have a switch each; one switched off alone protects little. Where FTP itself is off,
    its password is reported as low.
    """
    ftp_off = function.transport.then(lambda transport: transport.file_transfer)
    ways = {
        "scm": ("the management site", function.deployment.then(lambda found: found.publishing.management_password)),
        "ftp": ("FTP", function.deployment.then(lambda found: found.publishing.ftp_password)),
    }
    for (way, (name, fact)), allowed in each_of(ways.items(), lambda item: _switch(*item)):
        if not allowed:
            continue
        other = next(told for key, (_, told) in ways.items() if key != way)
        half = isinstance(other, Known) and not other.value
        unused = way == "ftp" and isinstance(ftp_off, Known) and ftp_off.value is FileTransfer.DISABLED
        yield Hit(
            message=f"The publishing password works on {name}{', and only there' if half else ''}",
            evidence=(cite(fact, f"basicPublishingCredentialsPolicies/{way}: allow = true"),),
            locus=way,
            severity=Severity.LOW if unused else None,
            values={"way": way},
        )


def _switch(way: str, told: tuple[str, Observed[bool]]) -> Observed[bool]:
    """Plans without FTP have one way only."""
    return none_if_not_offered(told[1]) if way == "ftp" else told[1]
