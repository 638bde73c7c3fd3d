"""Flags functions whose host storage account puts no limit on the life of signed URLs."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Set an upper limit for signed URLs. It changes no link that exists.",
        command="az storage account update --ids {storage} --sas-expiration-period 1.00:00:00",
        terraform="""\
resource "azurerm_storage_account" "host" { # {storage}
  sas_policy {
    expiration_period = "01.00:00:00"
  }
}""",
    ),
}


@check(
    id="storage-sas-policy-absent",
    title="Host storage account has no SAS expiration policy",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-storage-sas-policy",),
    controls=("NIST-800-53:AC-12", "NIST-800-53:IA-5"),
    cwe=613,
    profile_level=ProfileLevel.STRICT,
)
def storage_sas_policy_absent(function: Function, _context: Context) -> Iterator[Hit]:
    """A signed URL is a credential in a link, good until it runs out; without a policy people make them for years. The
    policy logs or refuses longer ones. An opinion: an account that refuses keys has no use for it.
    """
    used = function.keeping.then(lambda keeping: keeping.host)
    host = used.need()
    if host is None:
        raise NotApplicable("it uses no storage account")
    if not host.sas_policy.need():
        yield Hit(
            message="The host storage account does not limit how long signed URLs live",
            evidence=(cite(host.sas_policy, "sasPolicy is not set"), cite(used, f"the host uses {host.id}")),
            locus=host.id,
            values={"storage": host.id},
        )
