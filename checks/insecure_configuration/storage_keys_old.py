"""Flags functions whose host storage account has had the same keys for long."""

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
        text="Renew the keys one after the other: move every app to the second, renew the first, and back. Identities"
        " in place of keys end the chore.",
        command="az storage account keys renew --ids {storage} --key primary",
        no_terraform="rotating is an act, not a state: renew the keys with the command, or let a Key Vault managed storage account do it",
    ),
}


@check(
    id="storage-keys-old",
    title="Host storage account keys are old",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-storage-key-rotation",),
    controls=("MCSB:IM-8", "NIST-800-53:IA-5", "CIS-Azure-Foundations-3.0:4.4"),
    cwe=324,
)
def storage_keys_old(function: Function, context: Context) -> Iterator[Hit]:
    """Keys stand in settings, pipelines and laptops; one that is ninety days old has been copied more often than
    anyone remembers. The older of the two keys counts. An account that refuses keys is not asked.
    """
    used = function.keeping.then(lambda keeping: keeping.host)
    host = used.need()
    if host is None:
        raise NotApplicable("it uses no storage account")
    if isinstance(host.shared_key, Known) and not host.shared_key.value:
        raise NotApplicable("the account refuses account keys")
    created = host.keys_created.need()
    if created is None:
        raise Unanswered(
            Gap(GapReason.NOT_COLLECTED, host.keys_created.source, None, "Azure does not tell how old they are")
        )
    age = (context.today - date.fromisoformat(created[:10])).days
    if age > _DAYS:
        yield Hit(
            message=f"A key of the host storage account is {age} days old",
            evidence=(
                cite(host.keys_created, f"keyCreationTime: {created[:10]}"),
                cite(host.shared_key, "account keys are accepted"),
                cite(used, f"the host uses {host.id}"),
            ),
            locus=host.id,
            values={"storage": host.id},
        )
