"""Flags functions that were throttled and have no reserved concurrency."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Find out which function used up the pool (metric ConcurrentExecutions of each), bound that one, and reserve"
    " what this function needs at its peak.",
    breaks="Invocations above the reservation are throttled, and what is reserved is missing from the account's"
    " pool, which the other functions share.",
    command="aws lambda put-function-concurrency --region {location} --function-name {name} --reserved-concurrent-executions <peak>",
    terraform="""\
resource "aws_lambda_function" "this" {
  function_name                  = "{name}"
  reserved_concurrent_executions = 20 # its measured peak
}""",
)


@check(
    id="throttled-unreserved",
    title="Function is throttled and has no reserved concurrency",
    risk=Risk.RESILIENCE,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("throttled-unreserved",),
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html",
    ),
    cwe=400,
)
def throttled_unreserved(function: Function, _context: Context) -> Iterator[Hit]:
    """Invocations were refused because the pool that all functions of the region share was used up. Callers got errors
    or tried again, events were delayed or lost, and a flood of another function can repeat it. A reservation keeps a part
    of the pool for this function.
    """
    reserved = function.limits.reserved_concurrency
    if reserved.need() is not None:
        return
    usage = function.monitoring.then(lambda monitoring: monitoring.usage)
    throttled = usage.then(lambda found: found.throttled)
    if throttled.need():
        yield Hit(
            message=f"Function {function.name} was throttled {throttled.need():,} times in {usage.need().days} days and has no reserved concurrency",
            evidence=(
                cite(throttled, f"Throttles: {throttled.need():,}"),
                cite(reserved, "no ReservedConcurrentExecutions"),
            ),
        )
