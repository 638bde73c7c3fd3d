"""Flags functions whose management site (SCM) allows all internet traffic."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.analysis.network_exposure import internet_reaches
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.finding import Dependence
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Apply the access restrictions of the app to the management site (SCM), or a separate list that"
        " allows your build agents and administrators.",
        breaks="Deployments from addresses that are not allowed fail: hosted build agents use changing ones.",
        command="az functionapp config access-restriction add --resource-group {group} --name {app}{of_slot}"
        " --scm-site true --priority 100 --rule-name <builders> --action Allow --ip-address <network>\n"
        "az functionapp config access-restriction set --resource-group {group} --name {app}{of_slot}"
        " --use-same-restrictions-for-scm-site false --scm-default-action Deny",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  site_config {
    scm_use_main_ip_restriction       = false
    scm_ip_restriction_default_action = "Deny"

    scm_ip_restriction {
      name       = "builders"
      priority   = 100
      action     = "Allow"
      ip_address = "<network>"
    }
  }
}""",
    ),
}

_AS_THE_APP = (
    "az functionapp config access-restriction set --resource-group {group} --name {app}{of_slot}"
    " --use-same-restrictions-for-scm-site true"
)
"""Where the rules of the app itself admit no caller of the internet at large."""


@check(
    id="management-site-open",
    title="Management site (SCM) allows all internet traffic",
    risk=Risk.EXPOSURE,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("az-func-scm-ip-restrictions",),
    references=("https://learn.microsoft.com/en-us/azure/app-service/app-service-ip-restrictions",),
    cwe=668,
)
def management_site_open(function: Function, _context: Context) -> Iterator[Hit]:
    """The management site (Kudu, SCM) deploys code, opens a console and shows every app setting. Its access
    restrictions are separate from those of the app and are often forgotten. It still requires credentials: low where
    basic publishing credentials are known to be disabled, because only Microsoft Entra identities have access then.
    """
    admitted = function.ingress.then(lambda ingress: ingress.public_network)
    if isinstance(admitted, Known) and not admitted.value:
        return
    listed = function.ingress.then(lambda ingress: ingress.management_rules)
    if listed.need().open:
        admitted.need()
        password = function.deployment.then(lambda deployment: deployment.publishing.management_password)
        app = internet_reaches(function)
        identities_only = isinstance(password, Known) and not password.value
        yield Hit(
            message=f"The management site (SCM) of {function.name} allows all internet traffic",
            evidence=(cite(listed, "scmIpSecurityRestrictions: every source is allowed"),),
            depends=(
                Dependence(
                    sites=(sites.publishing_passwords(function),),
                    leads=("publishing-password-allowed",),
                    then=Severity.LOW,
                ),
            ),
            severity=Severity.LOW if identities_only else None,
            command=_AS_THE_APP if isinstance(app, Known) and not app.value else None,
        )
