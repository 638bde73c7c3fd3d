"""Flags functions whose requests travel unencrypted from the cloud's front end to the worker."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.hosting import HostingKind
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_SHARED = (HostingKind.CONSUMPTION, HostingKind.FLEX_CONSUMPTION)

FIX = {
    Cloud.AZURE: Fix(
        text="Turn on end-to-end TLS encryption. It costs a little time a request; the code needs no change.",
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
    controls=("CIS-Azure-Compute-2.0:2.3.8", "MCSB:DP-3", "NIST-800-53:SC-8"),
    cwe=319,
    profile_level=ProfileLevel.STRICT,
)
def worker_hop_not_encrypted(function: Function, _context: Context) -> Iterator[Hit]:
    """The front end ends TLS and passes the request on inside the cloud's own network, in the clear unless told not to.

    An opinion: that network is the cloud's, not a stranger's. Rules that ask for encryption end to end mean this hop
    too. Only Premium and dedicated plans offer it.
    """
    if function.hosting.need().kind in _SHARED:
        raise NotApplicable("its plan does not offer encryption to the worker")
    encrypted = function.transport.then(lambda transport: transport.end_to_end)
    if not encrypted.need():
        yield Hit(
            message="Requests reach the worker unencrypted",
            evidence=(cite(encrypted, "endToEndEncryptionEnabled = false"),),
        )
