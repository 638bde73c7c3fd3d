"""Flags functions that may run for the service's whole 15 minutes."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Set the time-out a little above the slowest good run (see the Duration metric). Runs longer than that are cut off, so"
    " make sure that work in progress can be resumed.",
    command="aws lambda update-function-configuration --region {location} --function-name {name} --timeout <seconds>",
    terraform="""\
resource "aws_lambda_function" "this" {
  function_name = "{name}"
  timeout       = 30 # a little above the slowest good run
}""",
)


@check(
    id="timeout-max",
    title="Time-out is the service maximum",
    risk=Risk.DENIAL_OF_WALLET,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("timeout-max",),
    controls=("NIST-800-53:SC-5", "CSA-SAS:SAS-8"),
    cwe=770,
)
def timeout_max(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """A call that hangs, or an input crafted to, is billed for 15 minutes and holds a slot of your concurrency that long. The maximum
    is rarely measured; it is what is set when a function once failed. Long batch work is better cut into
    steps, or waived here with its reason.
    """
    seconds = function.limits.timeout_seconds.need()
    if seconds >= 900:
        yield Hit(
            message=f"Timeout is {seconds} seconds, the longest a function may run",
            evidence=(cite(function.limits.timeout_seconds, f"Timeout = {seconds}"),),
        )
