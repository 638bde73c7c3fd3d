"""Flags function apps whose code or keys can be replaced in the host storage account."""

from collections.abc import Iterator

from auditor.analysis.permissions.role_dependences import until_harmless
from auditor.analysis.permissions.takeover import all_holders_read, taken_by, weight
from auditor.analysis.role_repairs import AZURE_UNASSIGNMENT, AZURE_UNASSIGNMENT_HCL
from auditor.check import Context, Evidence, Fix, Hit, NotApplicable, Risk, check
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, GapReason, Known, Unanswered
from auditor.model.severity import Severity

_TECHNIQUES = ("read-storage-keys", "write-blobs", "write-files")

FIX = {
    Cloud.AZURE: Fix(
        text="Give each app a storage account of its own, on which only its identity has a data role, and delete the assignment on {on}.",
        breaks="The holders of the role lose everything else that it allows there.",
        command=AZURE_UNASSIGNMENT,
        terraform=AZURE_UNASSIGNMENT_HCL,
    ),
}


@check(
    id="host-storage-writable-by-others",
    title="Principals can write to the host storage account",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.HIGH,
    fix=FIX,
    facet_of=(
        "role-admin",
        "escalation-path",
        "role-takeover",
        "role-above-account",
        "role-wide-scope",
        "role-through-group",
        "identity-usable-by-others",
        "code-writable-by-others",
    ),
    covers=("az-func-who-can-write-host-storage",),
    references=("https://learn.microsoft.com/en-us/azure/azure-functions/storage-considerations",),
    cwe=269,
)
def host_storage_writable_by_others(function: Function, context: Context) -> Iterator[Hit]:
    """The host starts what is kept in its storage account: the package of a Flex Consumption app, the content share of a
    Premium or Consumption app, and often the keys. A principal that writes there, or reads the keys of the account, runs code as
    the identity of the app. Only parts of the account that this app uses count. Critical where the identity administers
    an account, high where it can write data, read secrets or take others over, otherwise
    informational; less where a requirement
    could not be evaluated.
    """
    host = function.storage.then(lambda storage: storage.host)
    if isinstance(host, Known) and host.value is None:
        raise NotApplicable("it has no host storage account")
    paths = context.role_paths(function.cloud)
    for found in taken_by(function, paths, *_TECHNIQUES):
        severity = weight(function, found)
        yield Hit(
            message=found.sentence,
            evidence=(Evidence(found.source, f"{found.binding.role} on {found.binding.scope}"),),
            locus=found.locus,
            site=found.site,
            severity=severity,
            depends=until_harmless(function, found, severity),
            confidence=found.confidence,
            values=found.fix_values(),
            command=found.command,
        )
    account = host.need()
    if account is not None and not account.id.startswith("/"):
        raise Unanswered(_elsewhere(account.id))
    all_holders_read(function, paths)


def _elsewhere(account: str) -> Gap:
    """Why nothing is known of who may write to an account that no audited subscription lists."""
    message = "the storage account was not found in the audited subscriptions"
    permission = "Microsoft.Storage/storageAccounts/read"
    return Gap(GapReason.NOT_COLLECTED, "graph:StorageAccounts", permission, message, account)
