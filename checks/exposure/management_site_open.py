"""Flags functions whose management site answers the whole internet."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Give the management (SCM) site the restrictions of the app, or a list of its own that admits your build agents"
        " and administrators. Hosted agents deploy from addresses that change, and are shut out.",
        command="az functionapp config access-restriction set --resource-group {group} --name {app}{of_slot}"
        " --use-same-restrictions-for-scm-site true --scm-default-action Deny",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  site_config {
    scm_use_main_ip_restriction       = true
    scm_ip_restriction_default_action = "Deny"
  }
}""",
    ),
}


@check(
    id="management-site-open",
    title="Management site (SCM) allows all internet traffic",
    risk=Risk.EXPOSURE,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("az-func-scm-ip-restrictions",),
    controls=("MCSB:NS-2", "NIST-800-53:AC-17", "NIST-800-53:SC-7"),
    cwe=668,
)
def management_site_open(function: Function, _context: Context) -> Iterator[Hit]:
    """The management (Kudu) site uploads code, opens a console and shows every setting of the app.

    Its restrictions are a list apart from the app's, which people close and forget this one. It still asks for
    credentials: low where publishing passwords are known to be off, because only identities get in then.
    """
    admitted = function.ingress.then(lambda ingress: ingress.public_network)
    if isinstance(admitted, Known) and not admitted.value:
        return
    listed = function.ingress.then(lambda ingress: ingress.management_rules)
    if listed.need().open:
        admitted.need()
        password = function.deployment.then(lambda deployment: deployment.publishing.management_password)
        identities_only = isinstance(password, Known) and not password.value
        yield Hit(
            message="The management site has no restriction that keeps anyone out",
            evidence=(cite(listed, "scmIpSecurityRestrictions admit every source"),),
            severity=Severity.LOW if identities_only else None,
        )
