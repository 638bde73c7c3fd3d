"""Flags apps that run a package fetched from a URL at every start."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.deployment import PackageKind
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Confidence, Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Deploy the package into the app, or let the app fetch it from your own storage with its identity, without a signature in the URL.",
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
    controls=(
        "CSA-SAS:SAS-5",
        "NIST-800-53:SI-7",
    ),
    cwe=494,
)
def package_from_url(function: Function, _context: Context) -> Iterator[Hit]:
    """Whoever can write where the URL points to runs code as the app, at its next start. A signature in the URL is a
    credential everyone reads who may read the settings; without one the file is public, or the app fetches it with its
    identity, which we cannot tell apart and rank lower.
    """
    package = function.deployment.then(lambda deployment: deployment.package)
    kind = package.need()
    if kind is PackageKind.SIGNED_URL:
        yield Hit(
            message="WEBSITE_RUN_FROM_PACKAGE is a URL with a signature in it",
            evidence=(cite(package, "WEBSITE_RUN_FROM_PACKAGE is a signed URL, not shown"),),
            locus="WEBSITE_RUN_FROM_PACKAGE",
        )
    elif kind is PackageKind.PLAIN_URL:
        yield Hit(
            message="WEBSITE_RUN_FROM_PACKAGE is a URL",
            evidence=(cite(package, "WEBSITE_RUN_FROM_PACKAGE is a URL, not shown"),),
            locus="WEBSITE_RUN_FROM_PACKAGE",
            severity=Severity.MEDIUM,
            confidence=Confidence.LOW,
        )
