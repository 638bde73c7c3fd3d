"""Flags functions without a dead-letter queue."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Set a queue for events that failed all retries, and let the role send to it. It applies to"
    " asynchronous invocations only; queues and streams that trigger the function have their own redrive"
    " policy or failure destination.",
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
    references=("https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html",),
    profile_level=ProfileLevel.STRICT,
)
def dlq_absent(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """A dead-letter queue keeps events of which every attempt failed. It has no effect on functions that are only
    invoked synchronously, and an on-failure destination does the same and more: therefore only a recommendation.
    async-no-failure-path reports the functions that can lose events.
    """
    if function.failures.dead_letter.need() is None:
        yield Hit(
            message=f"Function {function.name} has no dead-letter queue",
            evidence=(cite(function.failures.dead_letter, "no DeadLetterConfig.TargetArn"),),
        )
