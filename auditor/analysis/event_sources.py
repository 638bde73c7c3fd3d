"""The settings of event sources on AWS, as checks read them: each source once, however many triggers name it."""

from collections.abc import Callable, Collection, Iterator
from typing import Final, TypeVar

from auditor.analysis.source_policies import policy_holder, queue_url
from auditor.analysis.triggers import MAPPINGS, Placed, heavier, known_triggers, raise_unmapped, raise_unread
from auditor.model.event_source import SourceSettings
from auditor.model.function import Function
from auditor.model.observed import Gap, Known, Observed, not_offered
from auditor.model.trigger import Trigger, TriggerVia

T = TypeVar("T")
Judged = tuple[Placed, Known[T]]

KEY_COMMANDS: Final = {
    "dynamodb": "aws dynamodb update-table --region {location} --table-name {source_label}"
    " --sse-specification Enabled=true,SSEType=KMS,KMSMasterKeyId=<key-id>",
    "kinesis": "aws kinesis start-stream-encryption --region {location} --stream-name {source_label}"
    " --encryption-type KMS --key-id <key-id>",
    "s3": "aws s3api put-bucket-encryption --bucket {source_label} --server-side-encryption-configuration"
    ' \'{"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"aws:kms","KMSMasterKeyID":"<key-id>"},'
    '"BucketKeyEnabled":true}]}\'',
    "sns": "aws sns set-topic-attributes --region {location} --topic-arn {source}"
    " --attribute-name KmsMasterKeyId --attribute-value <key-id>",
}
"""What gives a source a customer-managed key, by service: a topic has no other encryption that one can switch on."""
KEY_HCL: Final = {
    "dynamodb": """\
resource "aws_dynamodb_table" "this" { # {source}
  name = "{source_label}"

  server_side_encryption {
    enabled     = true
    kms_key_arn = "<key ARN>"
  }
}""",
    "kinesis": """\
resource "aws_kinesis_stream" "this" { # {source}
  name            = "{source_label}"
  encryption_type = "KMS"
  kms_key_id      = "<key ID>"
}""",
    "s3": """\
resource "aws_s3_bucket_server_side_encryption_configuration" "this" { # {source}
  bucket = "{source_label}"

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = "<key ARN>"
    }
    bucket_key_enabled = true
  }
}""",
    "sns": """\
resource "aws_sns_topic" "this" { # {source}
  name              = "{source_label}"
  kms_master_key_id = "<key ID>"
}""",
}
"""The same as Terraform."""


def judged_sources(
    function: Function, fact: Callable[[SourceSettings], Observed[T]], services: Collection[str] = ()
) -> Iterator[Judged[T]]:
    """One setting of every source of an enabled trigger, once each; see :func:`judged_triggers`."""
    seen: set[str] = set()
    for placed, known in judged_triggers(function, lambda trigger: trigger.settings.then(fact), services):
        holder = policy_holder(placed[1])
        if holder not in seen:
            seen.add(holder)
            yield placed, known


def judged_triggers(
    function: Function, fact: Callable[[Trigger], Observed[T]], services: Collection[str] = ()
) -> Iterator[Judged[T]]:
    """A fact of every enabled trigger that has it, then Unanswered where it could not be read, or where triggers may be
    missing: those of mappings, and of ``services``.
    """
    gap: Gap | None = None
    for placed in known_triggers(function):
        observed = fact(placed[1])
        if isinstance(observed, Known):
            yield placed, observed
        else:
            gap = heavier(gap, observed.gap)
    if services:
        raise_unread(function, gap, services=services)
    raise_unmapped(function, gap)


def judged_mappings(function: Function, fact: Callable[[Trigger], Observed[T]]) -> Iterator[Judged[T]]:
    """The same of event source mappings alone."""
    yield from judged_triggers(
        function, lambda trigger: fact(trigger) if trigger.via is TriggerVia.MAPPING else _NO_MAPPING
    )


def brokers(function: Function) -> Iterator[Judged[SourceSettings]]:
    """The settings of every cluster and broker that a mapping reads, once each, where AWS runs it."""
    seen: set[str] = set()
    for placed, known in judged_mappings(
        function, lambda trigger: trigger.settings if trigger.service in _BROKERS else _NO_BROKER
    ):
        if placed[1].source not in seen:
            seen.add(placed[1].source or "")
            yield placed, known


def broker_values(trigger: Trigger) -> dict[str, str]:
    """The placeholders that name a cluster or broker in a repair: ARNs end with its name and id."""
    *_, name, id = (trigger.source or "").replace("/", ":").split(":")
    return {"source": trigger.source or "", "broker": name, "broker_id": id}


_BROKERS: Final = frozenset({"kafka", "mq"})
_NO_BROKER: Final = not_offered(MAPPINGS, "it has no brokers")
_NO_MAPPING: Final = not_offered(MAPPINGS, "it is no event source mapping")


def mapping_id(trigger: Trigger) -> str:
    """The UUID of an event source mapping, as a repair names it; a blank to fill in where it was not told."""
    return trigger.id.value if isinstance(trigger.id, Known) else "<mapping-uuid>"


def source_values(trigger: Trigger) -> dict[str, str]:
    """The placeholders that name a source in a repair."""
    holder = policy_holder(trigger)
    name = holder.rpartition(":")[2]
    return {
        "source": holder,
        "mapping": mapping_id(trigger),
        "source_label": name.rpartition("/")[2],
        "queue": queue_url(holder) if trigger.service == "sqs" else "<queue-url>",
    }
