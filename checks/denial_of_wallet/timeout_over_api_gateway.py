"""Flags functions whose timeout is longer than the API Gateway integration timeout."""

from collections.abc import Iterator
from typing import Final

from auditor.analysis.triggers import LOSE_EVENTS, URL, known_triggers, raise_unread
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Confidence, Severity

_LONGEST_WAIT: Final = 29
_MAY_NEED_IT: Final = (LOSE_EVENTS | {URL}) - {"cloudfront"}
"""Services whose triggers may need more time; CloudFront waits no longer, and ends functions at the edge by then."""
"""Seconds. API Gateway quotas (as of 2026-11): 29 for the integrations of REST and WebSocket APIs, 30 for HTTP APIs."""

_FIX = Fix(
    text="Set the timeout to the integration timeout of the API. Move longer work to a second function that is"
    " invoked asynchronously, or behind a queue; the client polls for the result.",
    breaks="Runs longer than the new timeout are terminated, also those that other triggers start.",
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
    references=(
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html",
    ),
    cwe=770,
    confidence=Confidence.MEDIUM,
)
def timeout_over_api_gateway(function: Function, _context: Context) -> Iterator[Hit]:
    """After 29 seconds API Gateway answers 504 while the function goes on running: the client gets no result, the run is
    billed to the end, and a client that retries starts the same work again. Only functions that are triggered by API
    Gateway alone are judged, because other triggers may need the time. Confidence is medium, because the limit of
    regional and private REST APIs can be raised on request. Durable functions are not judged.
    """
    durable = function.limits.durable
    if isinstance(durable, Known) and durable.value:
        raise NotApplicable("a durable function: its timeout bounds one step, not the whole run")
    found = tuple(known_triggers(function))
    behind = [(group, trigger) for group, trigger, _ in found if trigger.service == "apigateway"]
    raise_unread(function, services={"apigateway"})
    if not behind or len(behind) < len(found):
        raise NotApplicable(
            "another trigger than API Gateway invokes the function"
            if behind
            else "API Gateway does not invoke the function"
        )
    seconds = function.limits.timeout_seconds.need()
    if seconds > _LONGEST_WAIT:
        raise_unread(function, services=_MAY_NEED_IT)  # another trigger may need the time
        group, trigger = behind[0]
        others = (other for other in function.triggers if isinstance(other, Known) and other is not group)
        yield Hit(
            message=f"Timeout of function {function.name} is {seconds} seconds, but API Gateway times out after {_LONGEST_WAIT}",
            evidence=(
                cite(function.limits.timeout_seconds, f"Timeout = {seconds}"),
                cite(group, f"apigateway {trigger.source or ''}".strip()),
                *dict.fromkeys(cite(other, "no trigger besides API Gateway") for other in others),
            ),
        )
