"""Flags queues and topics whose policy does not deny plain HTTP."""

from collections.abc import Iterator

from auditor.analysis.event_sources import judged_sources, source_values
from auditor.analysis.source_policies import policy_holder
from auditor.analysis.triggers import source_name
from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_COMMANDS = {
    "sns": "aws sns set-topic-attributes --region {location} --topic-arn {source} --attribute-name Policy"
    " --attribute-value <policy-with-the-deny>",
}
_TERRAFORM = """\
resource "%s" "this" { # one policy for the whole source: keep its other statements
  %s    = "%s"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "DenyPlainHttp"
      Effect    = "Deny"
      Principal = "*"
      Action    = "%s:*"
      Resource  = "{source}"
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}"""

_FIX = Fix(
    text="Add a statement to the policy of the source that denies every request with aws:SecureTransport false.",
    breaks="Senders that use plain HTTP are rejected.",
    command="aws sqs get-queue-attributes --region {location} --queue-url {queue} --attribute-names Policy\n"
    "aws sqs set-queue-attributes --region {location} --queue-url {queue} --attributes <file-with-the-whole-policy>",
    terraform=_TERRAFORM % ("aws_sqs_queue_policy", "queue_url", "{queue}", "sqs"),
)
_HCL = {"sns": (_TERRAFORM % ("aws_sns_topic_policy", "arn", "{source}", "sns")).replace('"sns:*"', '"sns:Publish"')}


@check(
    id="trigger-source-no-tls",
    title="Event source accepts messages over plain HTTP",
    risk=Risk.TRANSPORT,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("sqs-no-tls", "sns-http-subscription"),
    references=(
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html",
        "https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html",
    ),
    cwe=319,
    profile_level=ProfileLevel.STRICT,
)
def trigger_source_no_tls(function: Function, _context: Context) -> Iterator[Hit]:
    """SQS and SNS answer plain HTTP as well, and a message that is sent so can be read and changed on its way. SDKs use TLS
    unless they are configured otherwise, so this is an opinion: a Deny for aws:SecureTransport false makes it a rule that no
    sender can break.
    """
    for (group, trigger, locus), tls in judged_sources(
        function, lambda settings: settings.tls_required, services=("sns",)
    ):
        if not tls.value:
            holder = policy_holder(trigger)
            yield Hit(
                message=f"The policy of {source_name(trigger)}, an event source of {function.name}, does not deny plain HTTP",
                evidence=(
                    cite(tls, f"{holder}: no Deny for aws:SecureTransport = false"),
                    cite(group, locus),
                ),
                locus=locus,
                site=f"TLS of {holder}",
                values=source_values(trigger),
                command=_COMMANDS.get(trigger.service),
                terraform=_HCL.get(trigger.service),
            )
