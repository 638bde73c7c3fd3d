"""Flags functions that are switched off by a reserved concurrency of zero."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="If the function was switched off in an emergency, decide: fix and enable it, or delete it and its triggers. The command lets it run"
    " again, with the events that waited.",
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
    controls=("CSA-SAS:SAS-11",),
)
def concurrency_zero(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """Zero reserved concurrency is the emergency brake: every invocation is throttled. Pulled and forgotten, it leaves triggers retrying against
    a wall and code nobody maintains. Informational, because it is also the safest way to retire a function
    before deleting it.
    """
    if function.limits.reserved_concurrency.need() == 0:
        yield Hit(
            message="Reserved concurrency is 0: every invocation is throttled",
            evidence=(cite(function.limits.reserved_concurrency, "ReservedConcurrentExecutions = 0"),),
        )
