"""Flags functions without reserved concurrency."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Reserve what the function needs at its peak.",
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
    id="concurrency-unreserved",
    title="Function has no reserved concurrency",
    risk=Risk.DENIAL_OF_WALLET,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("concurrency-unreserved",),
    facet_of=("public-and-unreserved",),
    references=("https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html",),
    cwe=770,
    profile_level=ProfileLevel.STRICT,
)
def concurrency_unreserved(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """Without reserved concurrency the function can use the whole unreserved pool of the region: a flood of requests is
    billed without an upper limit and throttles every other function. Only a recommendation, because reserving
    concurrency everywhere just moves the shortage; public-and-unreserved reports the functions for which it matters.
    """
    if function.limits.reserved_concurrency.need() is None:
        yield Hit(
            message=f"Function {function.name} has no reserved concurrency and can use the whole unreserved pool of {function.location}",
            evidence=(cite(function.limits.reserved_concurrency, "no ReservedConcurrentExecutions"),),
        )
