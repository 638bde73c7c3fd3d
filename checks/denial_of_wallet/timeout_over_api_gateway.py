"""Flags functions behind API Gateway that may run longer than the gateway waits for them."""

from collections.abc import Iterator
from typing import Final

from auditor.analysis.triggers import known_triggers, raise_unread
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Confidence, Severity

_LONGEST_WAIT: Final = 29
"""Seconds. API Gateway quotas (as of 2026-11): 29 for the integrations of REST and WebSocket APIs, 30 for HTTP APIs."""

_FIX = Fix(
    text="Set the timeout to what the gateway waits for. Work that takes longer belongs into a second function that is started"
    " asynchronously, or behind a queue; its caller asks for the result later.",
    command="aws lambda update-function-configuration --region {location} --function-name {name} --timeout 29",
    terraform="""\
resource "aws_lambda_function" "this" {
  function_name = "{name}"
  timeout       = 29
}""",
)


@check(
    id="timeout-over-api-gateway",
    title="Timeout exceeds the API Gateway integration timeout",
    risk=Risk.DENIAL_OF_WALLET,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("timeout-over-threshold",),
    controls=("NIST-800-53:SC-5", "CSA-SAS:SAS-8"),
    cwe=770,
    confidence=Confidence.MEDIUM,
)
def timeout_over_api_gateway(function: Function, _context: Context) -> Iterator[Hit]:
    """After 29 seconds API Gateway answers 504 and forgets the function, which runs on: the result reaches no client, it is billed to
    the end, and a client that tries again starts the same work once more. Only functions that nothing but API Gateway starts
    are judged, for other triggers may need the time. Confidence is medium, because the limit of regional and private REST
    APIs can be raised on request. Durable functions are not judged.
    """
    durable = function.limits.durable
    if isinstance(durable, Known) and durable.value:
        raise NotApplicable("a durable function: its timeout bounds one step, not the whole run")
    found = tuple(known_triggers(function))
    behind = [(group, trigger) for group, trigger, _ in found if trigger.service == "apigateway"]
    raise_unread(function)
    if not behind or len(behind) < len(found):
        raise NotApplicable("something else than API Gateway starts it" if behind else "API Gateway does not start it")
    seconds = function.limits.timeout_seconds.need()
    if seconds > _LONGEST_WAIT:
        group, trigger = behind[0]
        others = (other for other in function.triggers if isinstance(other, Known) and other is not group)
        yield Hit(
            message=f"{function.name} may run for {seconds} seconds, but API Gateway gives up after {_LONGEST_WAIT}",
            evidence=(
                cite(function.limits.timeout_seconds, f"Timeout = {seconds}"),
                cite(group, f"apigateway {trigger.source or ''}".strip()),
                *dict.fromkeys(cite(other, "no trigger besides API Gateway") for other in others),
            ),
        )
