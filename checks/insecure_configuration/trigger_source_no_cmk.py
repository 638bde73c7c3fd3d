"""Flags event sources without a customer-managed key."""

from collections.abc import Iterator

from auditor.analysis.event_sources import KEY_COMMANDS, KEY_HCL, judged_sources, source_values
from auditor.analysis.source_policies import policy_holder
from auditor.analysis.triggers import NOTIFICATIONS, source_name
from auditor.check import Context, Evidence, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.event_source import SourceEncryption
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity
from auditor.model.trigger import Trigger

_FIX = Fix(
    text="Encrypt the source with a customer-managed key; grant its use to the role of the function and to the services and"
    " roles that send.",
    breaks="Senders and functions without permission for the key fail.",
    command="aws sqs set-queue-attributes --region {location} --queue-url {queue} --attributes KmsMasterKeyId=<key-id>",
    terraform="""\
resource "aws_sqs_queue" "this" { # {source}
  name              = "{source_label}"
  kms_master_key_id = "<key ID>"
}""",
)


@check(
    id="trigger-source-no-cmk",
    title="Event source has no customer-managed key",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=(
        *("sqs-unencrypted", "sns-unencrypted", "kinesis-unencrypted"),
        *("s3-trigger-unencrypted", "dynamodb-source"),
    ),
    facet_of=("trigger-source-unencrypted",),
    references=(
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html",
        "https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html",
    ),
    cwe=311,
    profile_level=ProfileLevel.STRICT,
)
def trigger_source_no_cmk(function: Function, _context: Context) -> Iterator[Hit]:
    """With a customer-managed key, reading messages requires a second permission that you control, and each use of the key
    is recorded in CloudTrail. An opinion: a key of the service protects against loss of the disks as well.
    """
    for (group, trigger, locus), encryption in judged_sources(
        function, lambda settings: settings.encryption, services=("s3", "sns")
    ):
        if encryption.value is not SourceEncryption.CUSTOMER_KEY:
            holder = policy_holder(trigger)
            yield Hit(
                message=f"{source_name(trigger)}, an event source of {function.name}, has no customer-managed key",
                evidence=(
                    cite(encryption, f"{trigger.source}: no key of the customer"),
                    cite(group, locus),
                    *_sends(trigger),
                ),
                locus=locus,
                site=f"encryption of {holder}",
                values=source_values(trigger),
                command=KEY_COMMANDS.get(trigger.service),
                terraform=KEY_HCL.get(trigger.service),
            )


def _sends(trigger: Trigger) -> Iterator[Evidence]:
    """A bucket is a source only because it says so itself."""
    if trigger.service == "s3":
        yield Evidence(NOTIFICATIONS, f"{trigger.source} sends its events to the function")
