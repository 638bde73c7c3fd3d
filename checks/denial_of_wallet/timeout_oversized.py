"""Flags functions whose timeout is far above their longest run."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Severity

_SHARE = 0.1
_SHORT = 10
"""Seconds: a shorter timeout bounds what a run that hangs can cost well enough."""

_FIX = Fix(
    text="Lower the timeout to about twice the longest run.",
    breaks="Runs longer than the new value are terminated.",
    command="aws lambda update-function-configuration --region {location} --function-name {name} --timeout {seconds}",
    terraform="""\
resource "aws_lambda_function" "this" {
  function_name = "{name}"
  timeout       = {seconds}
}""",
)


@check(
    id="timeout-oversized",
    title="Timeout is far above the longest run",
    risk=Risk.DENIAL_OF_WALLET,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("timeout-vs-observed-duration",),
    facet_of=("timeout-over-api-gateway", "timeout-max"),
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html",
    ),
    cwe=770,
)
def timeout_oversized(function: Function, _context: Context) -> Iterator[Hit]:
    """The timeout is what a run that hangs, or that an attacker keeps waiting, costs at most, and how long it occupies
    concurrency. Reported where the longest run took less than a tenth of it; timeouts up to ten seconds are not
    reported. Durable functions are not judged.
    """
    durable = function.limits.durable
    if isinstance(durable, Known) and durable.value:
        raise NotApplicable("a durable function: its timeout bounds one step, not the whole run")
    timeout = function.limits.timeout_seconds
    if timeout.need() <= _SHORT:
        return
    longest = function.monitoring.then(lambda monitoring: monitoring.usage).then(lambda usage: usage.longest_ms)
    took = longest.need()
    if took is None:
        raise NotApplicable("the function had no executions")
    if took < _SHARE * timeout.need() * 1000:
        yield Hit(
            message=f"Function {function.name} may run for {timeout.need()} seconds, but its longest run took {took / 1000:.1f}",
            evidence=(cite(timeout, f"Timeout = {timeout.need()}"), cite(longest, f"longest Duration: {took:.0f} ms")),
            values={"seconds": str(max(3, round(took * 2 / 1000)))},
        )
