"""Flags functions whose event source is writable by the public or by external principals."""

from collections.abc import Iterator

from auditor.analysis.binding_removal import Removal, for_each, named, removal
from auditor.analysis.triggers import connection_of, heavier, known_triggers, raise_unread
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, Known
from auditor.model.severity import Severity
from auditor.model.trigger import Trigger

_NAMESPACE = Removal(
    "az resource update --ids <namespace-id> --set properties.disableLocalAuth=true properties.publicNetworkAccess=Disabled",
    {},
)
_AT = {"servicebus": _NAMESPACE, "eventhubs": _NAMESPACE}
"""On Azure: the command for what is no storage account."""

FIX = {
    Cloud.AZURE: Fix(
        text="Restrict the source: no anonymous containers, no shared keys, network rules for the senders. Senders"
        " authenticate with identities that have a role on the one queue, hub or container.",
        breaks="Senders that use anonymous access or a shared key are rejected, and so is every app whose triggers"
        " or host storage use a key of this account.",
        command="az storage account update --ids <storage-account-id> --allow-blob-public-access false --allow-shared-key-access false"
        " --default-action Deny",
        terraform="""\
resource "azurerm_storage_account" "source" { # {source}
  allow_nested_items_to_be_public = false
  shared_access_key_enabled       = false
}""",
    ),
    Cloud.GCP: Fix(
        text="Remove the permission to publish or create from those members and grant it to known senders.",
        breaks="Senders without a grant of their own are rejected: grant it to the known ones first.",
        command="gcloud pubsub topics remove-iam-policy-binding {source} --member={member} --role=<role>",
        terraform="""\
resource "google_pubsub_topic_iam_member" "sender" { # in place of the grant to {member}
  topic  = "{source}" # a bucket: google_storage_bucket_iam_member with bucket, roles/storage.objectCreator
  role   = "roles/pubsub.publisher"
  member = "serviceAccount:<the sender>"
}""",
    ),
}


@check(
    id="trigger-source-open",
    title="Event source is publicly writable",
    risk=Risk.EVENT_INJECTION,
    severity=Severity.HIGH,
    fix=FIX,
    covers=("az-func-untrusted-event-source", "gcp-fn-event-trigger-source-public"),
    references=(
        "https://learn.microsoft.com/en-us/azure/storage/blobs/anonymous-read-access-prevent",
        "https://cloud.google.com/pubsub/docs/access-control",
        "https://cloud.google.com/storage/docs/public-access-prevention",
    ),
    cwe=346,
)
def trigger_source_open(function: Function, _context: Context) -> Iterator[Hit]:
    """The function trusts its queue, topic or bucket, and every principal that can write there chooses its input,
    even if the function has no public endpoint. The access to the source itself is judged: anonymous access, public
    network access with shared keys, members of other organizations, allUsers and allAuthenticatedUsers. On Azure it is
    medium where a leaked key is still needed.
    """
    gap: Gap | None = None
    for group, trigger, locus in known_triggers(function):
        if not isinstance(trigger.open_to, Known):
            gap = heavier(gap, trigger.open_to.gap)
            continue
        if trigger.open_to.value:
            writers = ", ".join(trigger.open_to.value)
            azure = function.cloud is Cloud.AZURE
            taken = _AT.get(trigger.service, Removal(None, {})) if azure else removal(trigger.source or "")
            yield Hit(
                message=f"{writers} can write to {trigger.source or trigger.service}, an event source of {function.name}",
                evidence=(cite(trigger.open_to, writers), cite(group, locus)),
                locus=locus,
                severity=Severity.MEDIUM if function.cloud is Cloud.AZURE else None,
                values={
                    "source": trigger.source or "<source>",
                    "member": trigger.open_to.value[0],
                    **named(trigger.open_to.value),
                    "granted": "<role>",
                    **taken.values,
                },
                site=_site(function, trigger),
                command=taken.command if azure else for_each(taken.command, trigger.open_to.value),
            )
    raise_unread(function, gap)


def _site(function: Function, trigger: Trigger) -> str:
    """On Azure the account or namespace that a connection leads to; on Google Cloud the source, whoever listens."""
    if function.cloud is Cloud.AZURE:
        connection = connection_of(function, trigger)
        return f"source of {connection} of {function.id}" if connection else ""
    writers = trigger.open_to.value if isinstance(trigger.open_to, Known) else ()
    return f"{trigger.source} for {', '.join(sorted(writers))}" if trigger.source else ""
