"""Flags functions without a dead-letter queue."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Set a queue for events that failed all retries, and let the role send to it. It serves asynchronous invocations only; queues and"
    " streams that feed the function have their own redrive or failure destination.",
    command="aws lambda update-function-configuration --region {location} --function-name {name} --dead-letter-config TargetArn=<queue-arn>",
    terraform="""\
resource "aws_lambda_function" "this" {
  function_name = "{name}"

  dead_letter_config {
    target_arn = "<ARN of a queue>"
  }
}""",
)


@check(
    id="dlq-absent",
    title="Function has no dead-letter queue",
    risk=Risk.RESILIENCE,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("dlq-absent",),
    controls=("NIST-800-53:CP-10",),
    profile_level=ProfileLevel.STRICT,
)
def dlq_absent(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """A dead-letter queue keeps events whose every attempt failed. For functions that are only called synchronously it does nothing, and an
    on-failure destination does the same and more: an opinion, therefore. async-no-failure-path reports the
    functions that really lose events.
    """
    if function.failures.dead_letter.need() is None:
        yield Hit(
            message="DeadLetterConfig names no target",
            evidence=(cite(function.failures.dead_letter, "no DeadLetterConfig.TargetArn"),),
        )
