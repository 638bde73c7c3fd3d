"""Flags apps on a Functions host version that is past end of support, pinned or not set."""

from collections.abc import Iterator
from datetime import date

from auditor.analysis.lifecycle import spoken
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, GapReason, Observed, Unanswered
from auditor.model.severity import Severity

_CURRENT = "~4"
_ENDS = {"~1": date(2026, 9, 14), "~2": date(2022, 12, 13), "~3": date(2022, 12, 13)}
"""When Microsoft ends support of a host version (Azure Functions runtime versions, page of 2026-09-21)."""

FIX = {
    Cloud.AZURE: Fix(
        text="Upgrade to version 4 in a slot first: bindings and programming models of older versions changed, and"
        " versions 1 to 3 have an upgrade guide each.",
        breaks="Bindings and programming models changed: code written for an older version can fail to load.",
        command="az functionapp config appsettings set --resource-group {group} --name {app}{of_slot} --settings FUNCTIONS_EXTENSION_VERSION=~4",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"
  functions_extension_version = "~4"
}""",
    ),
}


@check(
    id="host-version-unsupported",
    title="Functions host version is past end of support",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.HIGH,
    fix=FIX,
    covers=("az-func-host-version",),
    references=("https://learn.microsoft.com/en-us/azure/azure-functions/functions-versions",),
    cwe=1104,
)
def host_version_unsupported(function: Function, context: Context) -> Iterator[Hit]:
    """The host runs in front of the functions' code: it checks keys, reads queues and holds the connections. Versions 1
    to 3 get no security fixes after end of support. A version pinned to one build gets none either, and without a
    version the platform chooses; both are medium.

    Container images bring the host of their own base image and are not judged.
    """
    hosting = function.hosting.need()
    if hosting.container:
        raise NotApplicable("a container image brings its own host")
    version = hosting.host_version.need()
    if version is None:
        yield _hit(
            hosting.host_version, f"Function app {function.name} sets no Functions host version", Severity.MEDIUM
        )
    elif not version.startswith("~"):
        yield _hit(
            hosting.host_version, f"Function app {function.name} pins the Functions host to {version}", Severity.MEDIUM
        )
    elif version in _ENDS:
        ended = _ENDS[version] <= context.today
        when = f"{'ended' if ended else 'ends'} on {spoken(_ENDS[version])}"
        message = f"Function app {function.name} uses Functions host version {version}, whose support {when}"
        yield _hit(hosting.host_version, message, None if ended else Severity.MEDIUM)
    elif version != _CURRENT:
        gap = Gap(
            GapReason.UNRECOGNISED, hosting.host_version.source, None, f"host version {version} is not recognized"
        )
        raise Unanswered(gap)


def _hit(version: Observed[str | None], message: str, severity: Severity | None) -> Hit:
    return Hit(
        message=message,
        evidence=(cite(version, f"FUNCTIONS_EXTENSION_VERSION: {version.need() or 'not set'}"),),
        severity=severity,
    )
