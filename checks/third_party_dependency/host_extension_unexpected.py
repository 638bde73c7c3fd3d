"""Flags site extensions that are not on the allow-list."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Add the extension to allowed_extensions if it is intended. Otherwise remove it and find out who"
        " installed it.",
        breaks="What the extension did no longer runs; the app restarts.",
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
    references=(
        "https://learn.microsoft.com/en-us/azure/app-service/resources-kudu",
        "https://learn.microsoft.com/en-us/rest/api/appservice/web-apps/list-site-extensions",
    ),
    cwe=829,
)
def host_extension_unexpected(function: Function, context: Context) -> Iterator[Hit]:
    """A site extension is third-party code that runs in the management (SCM) site, with the app's identity and files. An
    attacker can use one for persistence.
    """
    installed = function.hosting.then(lambda hosting: hosting.extensions)
    for extension in installed.need():
        if not any(fnmatchcase(extension, pattern) for pattern in context.settings.allowed_extensions):
            yield Hit(
                message=f"Site extension {extension} is installed on function app {function.name}",
                evidence=(cite(installed, extension),),
                locus=extension,
            )
