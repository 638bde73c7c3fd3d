"""Flags functions whose host storage account has no SAS expiration policy."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Set an upper limit for the validity of SAS URLs.",
        breaks="Tools that create SAS URLs with a longer validity fail where the policy blocks them; existing"
        " links do not change.",
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
    references=("https://learn.microsoft.com/en-us/azure/storage/common/sas-expiration-policy",),
    cwe=613,
    profile_level=ProfileLevel.STRICT,
)
def storage_sas_policy_absent(function: Function, _context: Context) -> Iterator[Hit]:
    """A SAS URL is a credential in a link, valid until it expires; without a policy such links are often created for
    years. The policy logs or blocks longer ones. An opinion: an account that disallows shared key access does not
    need it.
    """
    used = function.storage.then(lambda storage: storage.host)
    host = used.need()
    if host is None:
        raise NotApplicable("the app uses no storage account")
    if not host.sas_policy.need():
        yield Hit(
            message=f"Host storage account {host.id.rpartition('/')[2]} of function app {function.name} has no SAS expiration policy",
            evidence=(cite(host.sas_policy, "sasPolicy = null"), cite(used, f"host storage account: {host.id}")),
            locus=host.id,
            site=host.id,
            values={"storage": host.id},
        )
