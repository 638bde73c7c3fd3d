"""Flags functions whose longest run came close to the timeout."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_NEAR = 0.9

_FIX = Fix(
    text="Find out what is slow (traces, or the slowest calls of the log); give its calls timeouts of their own, or"
    " raise the function's timeout above its slowest successful run.",
    breaks="A longer timeout lets a run that hangs cost more; the visibility timeout of a queue in front must be raised"
    " with it, to six times as much.",
    command="aws lambda update-function-configuration --region {location} --function-name {name} --timeout <seconds>",
    terraform="""\
resource "aws_lambda_function" "this" {
  function_name = "{name}"
  timeout       = 60 # above the slowest successful run
}""",
)


@check(
    id="timeout-nearly-reached",
    title="Runs come close to the timeout",
    risk=Risk.RESILIENCE,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("timeout-vs-observed-duration",),
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html",
    ),
)
def timeout_nearly_reached(function: Function, _context: Context) -> Iterator[Hit]:
    """A run that reaches the timeout is ended in the middle of its work: the caller gets an error, and events are tried
    again and billed again. Reported where the longest run took over 90 percent of the timeout.
    """
    longest = function.monitoring.then(lambda monitoring: monitoring.usage).then(lambda usage: usage.longest_ms)
    took = longest.need()
    if took is None:
        raise NotApplicable("the function had no executions")
    timeout = function.limits.timeout_seconds
    if took > _NEAR * timeout.need() * 1000:
        yield Hit(
            message=f"The longest run of function {function.name} took {took / 1000:.1f} of the {timeout.need()} seconds that it may last",
            evidence=(cite(longest, f"longest Duration: {took:.0f} ms"), cite(timeout, f"Timeout = {timeout.need()}")),
        )
