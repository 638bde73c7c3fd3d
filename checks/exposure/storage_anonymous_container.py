"""Flags functions whose host storage account has containers that anyone may read."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Forbid anonymous access for the whole account; it overrides every container. Public files belong in an"
        " account of their own, or behind a content network.",
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
    controls=("MCSB:NS-2", "NIST-800-53:AC-3", "CSA-SAS:SAS-3"),
    cwe=200,
)
def storage_anonymous_container(function: Function, _context: Context) -> Iterator[Hit]:
    """Code packages, exports and the function's own keys lie in containers of this account.

    One that answers without credentials is found by guessing its name, and its content is copied within hours. Only
    containers of the account the host itself uses are looked at.
    """
    host = function.keeping.then(lambda keeping: keeping.host).need()
    if host is None:
        raise NotApplicable("it uses no storage account")
    for container in host.anonymous.need():
        yield Hit(
            message=f"Anyone may read the container {container} of the host storage account",
            evidence=(cite(host.anonymous, f"{container}: publicAccess is not None"),),
            locus=container,
            values={"storage": host.id},
        )
