"""Flags functions without reserved concurrency."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Reserve what the function needs at its peak. The reservation is taken from the account's pool and is also a ceiling: calls"
    " above it are throttled.",
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
    controls=("NIST-800-53:SC-6", "CSA-SAS:SAS-8"),
    cwe=770,
    profile_level=ProfileLevel.STRICT,
)
def concurrency_unreserved(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """Without a reservation the function may use the whole pool of the region: a flood bills without a ceiling and starves every
    other function. An opinion, because reserving everywhere only moves the shortage; public-and-unreserved
    reports the functions for which it matters.
    """
    if function.limits.reserved_concurrency.need() is None:
        yield Hit(
            message="No reserved concurrency: it may use the whole unreserved pool of the region",
            evidence=(cite(function.limits.reserved_concurrency, "no ReservedConcurrentExecutions"),),
        )
