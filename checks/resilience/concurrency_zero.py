"""Flags functions with a reserved concurrency of zero."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="If the function was disabled in an emergency, either fix and enable it, or delete it and its triggers.",
    breaks="The function runs again, and events that waited are processed.",
    command="aws lambda delete-function-concurrency --region {location} --function-name {name}",
    terraform="""\
resource "aws_lambda_function" "this" {
  function_name                  = "{name}"
  reserved_concurrent_executions = 10
}""",
)


@check(
    id="concurrency-zero",
    title="Reserved concurrency is zero",
    risk=Risk.RESILIENCE,
    severity=Severity.INFORMATIONAL,
    fix={Cloud.AWS: _FIX},
    covers=("concurrency-zero",),
    references=("https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html",),
)
def concurrency_zero(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """With zero reserved concurrency every invocation is throttled. Set in an emergency and forgotten, it leaves
    triggers that retry in vain and unmaintained code. Informational, because it is also the safest way to retire a
    function before it is deleted.
    """
    if function.limits.reserved_concurrency.need() == 0:
        yield Hit(
            message=f"Reserved concurrency of function {function.name} is 0: every invocation is throttled",
            evidence=(cite(function.limits.reserved_concurrency, "ReservedConcurrentExecutions = 0"),),
        )
