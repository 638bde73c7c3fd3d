"""Flags apps that load their package from a URL at every start."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.deployment import PackageKind
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Confidence, Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Deploy the package to the app, or let the app load it from your storage account with its managed"
        " identity, without a signature in the URL.",
        breaks="Deployments that replace the file behind the URL have no effect any more; the app restarts.",
        command="az functionapp deployment source config-zip --resource-group {group} --name {app}{of_slot} --src <package.zip>",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"
  zip_deploy_file = "<package.zip>"
}""",
    ),
}


@check(
    id="package-from-url",
    title="Code package is fetched from a URL",
    risk=Risk.THIRD_PARTY_DEPENDENCY,
    severity=Severity.HIGH,
    fix=FIX,
    covers=("az-func-run-from-package-url",),
    references=("https://learn.microsoft.com/en-us/azure/azure-functions/run-functions-from-deployment-package",),
    cwe=494,
)
def package_from_url(function: Function, _context: Context) -> Iterator[Hit]:
    """A principal with write access to the target of the URL controls the code of the app from its next start on. A
    signature (SAS) in the URL is a credential that every reader of the app settings can use; without one the package
    is either public, or loaded with the app's managed identity; the setting does not show which, so the severity is
    lower.
    """
    package = function.deployment.then(lambda deployment: deployment.package)
    kind = package.need()
    if kind is PackageKind.SIGNED_URL:
        yield Hit(
            message=f"WEBSITE_RUN_FROM_PACKAGE of function app {function.name} is a URL with a signature",
            evidence=(cite(package, "WEBSITE_RUN_FROM_PACKAGE is a signed URL, not shown"),),
            locus="WEBSITE_RUN_FROM_PACKAGE",
        )
    elif kind is PackageKind.PLAIN_URL:
        yield Hit(
            message=f"WEBSITE_RUN_FROM_PACKAGE of function app {function.name} is a URL",
            evidence=(cite(package, "WEBSITE_RUN_FROM_PACKAGE is a URL, not shown"),),
            locus="WEBSITE_RUN_FROM_PACKAGE",
            severity=Severity.MEDIUM,
            confidence=Confidence.LOW,
        )
