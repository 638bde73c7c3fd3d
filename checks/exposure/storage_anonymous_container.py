"""Flags functions whose host storage account has containers with anonymous access."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Disallow anonymous access for the whole account; that overrides the setting of every container.",
        breaks="Every anonymous read of the account fails: public files belong in a separate account, or behind a"
        " content delivery network.",
        command="az storage account update --ids {storage} --allow-blob-public-access false",
        terraform="""\
resource "azurerm_storage_account" "host" { # {storage}
  allow_nested_items_to_be_public = false
}""",
    ),
}


@check(
    id="storage-anonymous-container",
    title="Host storage container allows anonymous reads",
    risk=Risk.EXPOSURE,
    severity=Severity.HIGH,
    fix=FIX,
    covers=("az-func-storage-anonymous-blob",),
    references=("https://learn.microsoft.com/en-us/azure/storage/blobs/anonymous-read-access-prevent",),
    cwe=200,
)
def storage_anonymous_container(function: Function, _context: Context) -> Iterator[Hit]:
    """The host storage account contains code packages, exports and the function's own keys. A container that allows
    anonymous reads is found by guessing its name. Only containers of the account that the host itself uses are
    checked.
    """
    host = function.storage.then(lambda storage: storage.host).need()
    if host is None:
        raise NotApplicable("it has no host storage account")
    for container in host.anonymous.need():
        yield Hit(
            message=f"Container {container} of host storage account {host.id.rpartition('/')[2]} allows anonymous reads",
            evidence=(cite(host.anonymous, f"{container}: publicAccess is not None"),),
            locus=container,
            site=host.id,
            values={"storage": host.id},
        )
