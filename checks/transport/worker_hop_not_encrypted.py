"""Flags functions whose requests travel unencrypted from the platform's front end to the worker."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.hosting import HostingKind
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_SHARED = (HostingKind.CONSUMPTION, HostingKind.FLEX_CONSUMPTION)

FIX = {
    Cloud.AZURE: Fix(
        text="Enable end-to-end TLS encryption. It adds a little latency to each request; the code needs no change.",
        command="az resource update --ids {id} --set properties.endToEndEncryptionEnabled=true",
        no_terraform="the azurerm function app resources have no argument for it; set it with azapi_update_resource",
    ),
}


@check(
    id="worker-hop-not-encrypted",
    title="End-to-end TLS encryption is disabled",
    risk=Risk.TRANSPORT,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("az-func-e2e-encryption",),
    references=("https://learn.microsoft.com/en-us/azure/app-service/overview-tls",),
    cwe=319,
    profile_level=ProfileLevel.STRICT,
)
def worker_hop_not_encrypted(function: Function, _context: Context) -> Iterator[Hit]:
    """The front end terminates TLS and forwards requests over the provider's network, unencrypted unless end-to-end TLS
    encryption is enabled.

    An opinion: that network belongs to the provider. Policies that require end-to-end encryption include this hop. Only
    Premium and dedicated plans offer the setting.
    """
    if function.hosting.need().kind in _SHARED:
        raise NotApplicable("the hosting plan does not offer end-to-end TLS encryption")
    encrypted = function.transport.then(lambda transport: transport.end_to_end)
    if not encrypted.need():
        yield Hit(
            message=f"Requests to function app {function.name} travel unencrypted from the front end to the worker",
            evidence=(cite(encrypted, "endToEndEncryptionEnabled = false"),),
        )
