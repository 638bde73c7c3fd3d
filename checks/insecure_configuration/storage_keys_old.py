"""Flags functions whose host storage account keys are older than 90 days."""

from collections.abc import Iterator
from datetime import date

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, GapReason, Known, Unanswered
from auditor.model.severity import Severity

_DAYS = 90

FIX = {
    Cloud.AZURE: Fix(
        text="Rotate the keys one after the other: move every app to the second key, regenerate the first, and back."
        " Managed identities instead of keys make rotation unnecessary.",
        breaks="Everything that still uses the regenerated key fails: other apps, mounted shares, SAS URLs signed"
        " with it.",
        command='az resource invoke-action --action regenerateKey --ids {storage} --request-body \'{"keyName":"key1"}\'',
        no_terraform="Terraform describes state and cannot rotate a key: renew the keys with the command, or let a Key Vault managed storage account do it",
    ),
}


@check(
    id="storage-keys-old",
    title="Host storage account keys are old",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-storage-key-rotation",),
    facet_of=("storage-shared-key-allowed",),
    references=("https://learn.microsoft.com/en-us/azure/storage/common/storage-account-keys-manage",),
    cwe=324,
)
def storage_keys_old(function: Function, context: Context) -> Iterator[Hit]:
    """Account keys are in settings, pipelines and on laptops; after ninety days a key has usually been copied more
    often than was recorded. The older of the two keys counts. An account that disallows shared key access is not
    judged.
    """
    used = function.storage.then(lambda storage: storage.host)
    host = used.need()
    if host is None:
        raise NotApplicable("the app uses no storage account")
    if isinstance(host.shared_key, Known) and not host.shared_key.value:
        raise NotApplicable("the account disallows shared key access")
    created = host.keys_created.need()
    if created is None:
        raise Unanswered(
            Gap(GapReason.NOT_COLLECTED, host.keys_created.source, None, "Azure does not return the age of the keys")
        )
    age = (context.today - date.fromisoformat(created[:10])).days
    if age > _DAYS:
        yield Hit(
            message=f"An account key of host storage account {host.id.rpartition('/')[2]} (function app {function.name}) is {age} days old",
            evidence=(
                cite(host.keys_created, f"keyCreationTime: {created[:10]}"),
                cite(host.shared_key, "allowSharedKeyAccess is not false"),
                cite(used, f"host storage account: {host.id}"),
            ),
            locus=host.id,
            site=host.id,
            values={"storage": host.id},
        )
