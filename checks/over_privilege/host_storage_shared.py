"""Flags function apps that share their host storage account."""

from collections.abc import Iterator

from auditor.analysis.permissions.stored_code import host_account
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known, Observed, Unanswered
from auditor.model.severity import Severity
from auditor.model.storage import HostStorage

_SHOWN = 4

FIX = {
    Cloud.AZURE: Fix(
        text="Create a storage account for this app, give its identity the roles on it, and point AzureWebJobsStorage"
        " to it.",
        breaks="Keys kept in the old account, leases of timers and events that wait in its queues stay behind.",
        command="az storage account create --resource-group {group} --name <account> --allow-shared-key-access false\n"
        "az functionapp config appsettings set --resource-group {group} --name {app}{of_slot}"
        " --settings AzureWebJobsStorage__accountName=<account>",
        terraform="""\
resource "azurerm_storage_account" "own" { # in place of {storage}
  name                      = "<account>"
  resource_group_name       = "{group}"
  location                  = "{location}"
  account_tier              = "Standard"
  account_replication_type  = "ZRS"
  shared_access_key_enabled = false
}""",
    ),
}


@check(
    id="host-storage-shared",
    title="Host storage account is shared by several apps",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-storage-shared-by-apps",),
    references=("https://learn.microsoft.com/en-us/azure/azure-functions/storage-considerations",),
    cwe=653,
)
def host_storage_shared(function: Function, context: Context) -> Iterator[Hit]:
    """The host of each app needs to write to the account, so that each app can read the keys and replace the stored
    code of the others, and they compete for its throughput. Slots of one app count as one app. Only apps of this report
    are compared; whether principals besides apps can write there is reported by host-storage-writable-by-others.
    """
    host = function.storage.then(lambda storage: storage.host)
    if isinstance(host, Known) and host.value is None:
        raise NotApplicable("it has no host storage account")
    account = host.need()
    estate = context.role_paths(function.cloud).estate
    others = [
        other
        for other in estate.functions
        if _app(other) != _app(function) and account is not None and _same(other, account.id)
    ]
    if others and account is not None:
        sharing = sorted(other.name for other in others)
        apps = {_app(other) for other in others}  # of two, whichever moves ends the sharing; of more, each has to
        more = len(sharing) - _SHOWN
        names = ", ".join((*sharing[:_SHOWN], *((f"{more} more",) if more > 0 else ())))
        yield Hit(
            message=f"{function.name} keeps its keys and code in storage account {account.id}, as {names} do",
            evidence=(cite(host, f"AzureWebJobsStorage: {account.id}"),),
            site=f"sharing of {account.id}" if len(apps) == 1 else "",
            values={"storage": account.id},
        )
    gap = next((fact.gap for fact in map(_host, estate.functions) if not isinstance(fact, Known)), None)
    gap = gap or context.unlisted(function.cloud)
    if gap is not None:
        raise Unanswered(gap)


def _host(function: Function) -> Observed[HostStorage | None]:
    return function.storage.then(lambda storage: storage.host)


def _same(other: Function, account: str) -> bool:
    found = host_account(other)
    return found is not None and found.id.lower() == account.lower()


def _app(function: Function) -> str:
    return function.id.partition("/slots/")[0]
