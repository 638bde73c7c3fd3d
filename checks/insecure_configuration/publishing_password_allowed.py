"""Flags apps that accept basic authentication (user name and password) for publishing."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.finding import Dependence
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known, Observed, each_of
from auditor.model.observed_logic import none_if_not_offered
from auditor.model.severity import Severity
from auditor.model.transport import FileTransfer

FIX = {
    Cloud.AZURE: Fix(
        text="Disable basic authentication for both the management site and FTP.",
        breaks="Deployments with a publish profile or FTP credentials fail: change those pipelines to an identity"
        " first.",
        command="az resource update --ids {id}/basicPublishingCredentialsPolicies/scm"
        " {id}/basicPublishingCredentialsPolicies/ftp --set properties.allow=false",
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
    references=("https://learn.microsoft.com/en-us/azure/app-service/configure-basic-auth-disable",),
    cwe=1391,
)
def publishing_password_allowed(function: Function, _context: Context) -> Iterator[Hit]:
    """The publishing password never expires, has no second factor and leaves no user name in the logs; an attacker who
    finds it in a build script can replace the code and act as the app. Microsoft Entra authenticates people and
    pipelines that can be named instead.

    The management (SCM) site and FTP have separate settings; disabling one alone protects little. Where FTP itself is
    disabled, its password is reported as low.
    """
    ftp_off = function.transport.then(lambda transport: transport.file_transfer)
    ways = {
        "scm": (
            "the management (SCM) site",
            function.deployment.then(lambda found: found.publishing.management_password),
        ),
        "ftp": ("FTP", function.deployment.then(lambda found: found.publishing.ftp_password)),
    }
    for (way, (name, fact)), allowed in each_of(ways.items(), lambda item: _switch(*item)):
        if not allowed:
            continue
        other = next(setting for key, (_, setting) in ways.items() if key != way)
        half = isinstance(other, Known) and not other.value
        unused = way == "ftp" and isinstance(ftp_off, Known) and ftp_off.value is FileTransfer.DISABLED
        yield Hit(
            message=f"Function app {function.name} accepts its publishing password on {name}{' only' if half else ''}",
            evidence=(cite(fact, f"basicPublishingCredentialsPolicies/{way}: allow = true"),),
            locus=way,
            severity=Severity.LOW if unused else None,
            site=sites.publishing_passwords(function),
            depends=(Dependence(sites=(sites.own(function, ""),), leads=("ftp-plain-allowed",), then=Severity.LOW),)
            if way == "ftp"
            else (),
        )


def _switch(way: str, setting: tuple[str, Observed[bool]]) -> Observed[bool]:
    """Plans without FTP have the management site only."""
    return none_if_not_offered(setting[1]) if way == "ftp" else setting[1]
