"""Flags site extensions that the operator has not named."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Put it on allowed_extensions if it is meant. Otherwise remove it and look at who installed it.",
        command="az resource delete --ids {id}/siteextensions/{locus}",
        no_terraform="site extensions have no Terraform form",
    ),
}


@check(
    id="host-extension-unexpected",
    title="Unexpected site extension is installed",
    risk=Risk.THIRD_PARTY_DEPENDENCY,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("az-func-site-extensions",),
    controls=(
        "CSA-SAS:SAS-5",
        "NIST-800-53:CM-11",
    ),
    cwe=829,
)
def host_extension_unexpected(function: Function, context: Context) -> Iterator[Hit]:
    """A site extension is code of a third party that runs inside the management site, with the app's identity and files. It is
    also a place to stay for somebody who has been in.
    """
    installed = function.hosting.then(lambda hosting: hosting.extensions)
    for extension in installed.need():
        if not any(fnmatchcase(extension, pattern) for pattern in context.settings.allowed_extensions):
            yield Hit(
                message=f"Site extension {extension} is installed",
                evidence=(cite(installed, extension),),
                locus=extension,
            )
