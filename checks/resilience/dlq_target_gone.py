"""Flags dead-letter queues and failure destinations that do not exist."""

from collections.abc import Iterator

from auditor.analysis.destinations import MAPPED, MAPPED_HCL, failing, mapped
from auditor.check import Context, Evidence, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known, each
from auditor.model.severity import Severity

_FIX = Fix(
    text="Create the target again or configure another. Events that failed since it was deleted are lost.",
    command="aws lambda update-function-configuration --region {location} --function-name {name} --dead-letter-config TargetArn=<queue-arn>\n"
    "# or, for a destination\n"
    "aws lambda put-function-event-invoke-config --region {location} --function-name {name}"
    " --destination-config 'OnFailure={Destination=<queue-arn>}'",
    terraform="""\
resource "aws_sqs_queue" "failed_events" {
  name = "<queue name>"
}

resource "aws_lambda_function" "this" {
  function_name = "{name}"

  dead_letter_config {
    target_arn = aws_sqs_queue.failed_events.arn
  }
}""",
)


@check(
    id="dlq-target-gone",
    title="Failure destination does not exist",
    risk=Risk.RESILIENCE,
    severity=Severity.HIGH,
    fix={Cloud.AWS: _FIX},
    covers=("dlq-target-gone",),
    references=("https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html",),
)
def dlq_target_gone(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """The configuration looks correct, but every failed event is lost. Dead-letter queues and topics, and destinations
    of every kind except buckets (destination-s3-gone), are looked up; a target that cannot be looked up, or that is
    in another account, is unknown, not missing.
    """
    targets = []
    for found in failing(function):
        source, locus, target = found
        if target.kind == "s3" or locus.endswith("on-success"):
            continue
        targets.append(target)
        if target.exists == Known(False, target.exists.source):
            yield Hit(
                message=f"The {locus.rpartition('/')[2]} target {target.id} of function {function.name} does not exist",
                evidence=(Evidence(source, f"{locus}: {target.id}"), cite(target.exists, f"{target.id} was not found")),
                locus=locus,
                command=MAPPED if mapped(found) else None,
                terraform=MAPPED_HCL if mapped(found) else None,
            )
    if not targets:
        raise NotApplicable("no target of failed events is configured")
    tuple(each(target.exists for target in targets if target.kind != "kafka"))
