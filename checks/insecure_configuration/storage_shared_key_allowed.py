"""Flags functions whose host storage account accepts its account keys."""

from collections.abc import Iterator

from auditor.analysis.host_storage import signs_in_with_key
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Let every app that uses the account sign in with its identity, then refuse keys. Whatever still uses one"
        " stops: mounted shares, Consumption and Premium content shares, signed URLs.",
        command="az storage account update --ids {storage} --allow-shared-key-access false",
        terraform="""\
resource "azurerm_storage_account" "host" { # {storage}
  shared_access_key_enabled = false
}""",
    ),
}


@check(
    id="storage-shared-key-allowed",
    title="Host storage account allows shared key access",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-storage-shared-key",),
    controls=("MCSB:IM-1", "NIST-800-53:AC-6", "CIS-Azure-Foundations-3.0:4.16"),
    cwe=522,
)
def storage_shared_key_allowed(function: Function, _context: Context) -> Iterator[Hit]:
    """As long as account keys are accepted, one leaked key is the whole account: the functions' keys, their queues and
    often their code, without a name in the log and past every role. What was never set counts as allowed, as Azure
    does. Asked where the host itself needs no key; where it does, host-storage-login-key reports that.
    """
    if signs_in_with_key(function):
        raise NotApplicable("its host signs in with a key: host-storage-login-key reports that")
    used = function.keeping.then(lambda keeping: keeping.host)
    host = used.need()
    if host is None:
        raise NotApplicable("it uses no storage account")
    if host.shared_key.need():
        yield Hit(
            message="The host storage account accepts account keys",
            evidence=(
                cite(host.shared_key, "allowSharedKeyAccess is not false"),
                cite(used, f"the host uses {host.id}"),
            ),
            locus=host.id,
            values={"storage": host.id},
        )
