"""Flags event sources that do not encrypt what they store."""

from collections.abc import Iterator

from auditor.analysis.event_sources import KEY_COMMANDS, KEY_HCL, judged_sources, source_values
from auditor.analysis.source_policies import policy_holder
from auditor.analysis.triggers import source_name
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.event_source import SourceEncryption
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Switch server-side encryption on: with the key of SQS on a queue; with a customer-managed key on a topic, whose"
    " key policy admits the services that publish to it; with a key that writers and readers may use on a stream.",
    breaks="Services that publish to a topic need kms:GenerateDataKey* and kms:Decrypt for its key, as do writers and readers of a"
    " stream: without them their events are lost.",
    command="aws sqs set-queue-attributes --region {location} --queue-url {queue} --attributes SqsManagedSseEnabled=true",
    terraform="""\
resource "aws_sqs_queue" "this" { # {source}
  name                    = "{source_label}"
  sqs_managed_sse_enabled = true
}""",
)


@check(
    id="trigger-source-unencrypted",
    title="Event source is not encrypted",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.MEDIUM,
    fix={Cloud.AWS: _FIX},
    covers=("sqs-unencrypted", "sns-unencrypted", "kinesis-unencrypted"),
    references=(
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html",
        "https://docs.aws.amazon.com/sns/latest/dg/sns-server-side-encryption.html",
        "https://docs.aws.amazon.com/streams/latest/dev/getting-started-with-sse.html",
    ),
    cwe=311,
)
def trigger_source_unencrypted(function: Function, _context: Context) -> Iterator[Hit]:
    """Messages carry what the function works on: orders, addresses, tokens. New queues are encrypted with a key of SQS
    unless somebody switches it off. Low for a topic: SNS encrypts its disks and keeps a message only until it is
    delivered; server-side encryption adds a key. A Kinesis stream is encrypted only where it names a key; tables of DynamoDB and buckets
    always are.
    """
    for (group, trigger, locus), encryption in judged_sources(
        function, lambda settings: settings.encryption, services=("sns",)
    ):
        if encryption.value is SourceEncryption.NONE:
            holder = policy_holder(trigger)
            yield Hit(
                message=f"{source_name(trigger)}, an event source of {function.name}, has no server-side encryption",
                evidence=(cite(encryption, f"{trigger.source}: server-side encryption is off"), cite(group, locus)),
                locus=locus,
                site=f"encryption of {holder}",
                severity=Severity.LOW if trigger.service == "sns" else None,
                values=source_values(trigger),
                command=KEY_COMMANDS.get(trigger.service),
                terraform=KEY_HCL.get(trigger.service),
            )
