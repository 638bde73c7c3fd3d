"""Flags request logs of APIs in front of a function that are not JSON or leave out what an investigation needs."""

from collections.abc import Iterator

from auditor.analysis.gateway_stages import STAGED, each_stage, stage_locus, stage_name, stage_values
from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_OTHER = (
    "aws apigatewayv2 update-stage --region {location} --api-id {api} --stage-name {stage}"
    " --access-log-settings DestinationArn=<log-group-arn>,Format=<json-format>"
)
_WANTED = (
    ("who called", ("$context.identity.sourceIp", "$context.identity.caller", "$context.authorizer")),
    ("when", ("$context.requestTime",)),  # requestTimeEpoch begins the same
    ("which route", ("$context.routeKey", "$context.resourcePath", "$context.path", "$context.eventType")),
    ("with which result", ("$context.status",)),
    ("the request's id", ("$context.requestId", "$context.extendedRequestId")),
)
"""What must be told, and the variables of which one tells it."""

_FIX = Fix(
    text="Write one JSON object a request for the stage {locus}, with id, caller, time, route and status.",
    breaks="What parses the log as it is now must be changed.",
    command="aws apigateway update-stage --region {location} --rest-api-id {api} --stage-name {stage}"
    " --patch-operations file://<patch-of-accessLogSettings-format.json>",
    terraform="""\
resource "aws_api_gateway_stage" "this" { # HTTP, WebSocket: aws_apigatewayv2_stage with $context.routeKey
  rest_api_id   = "{api}"
  stage_name    = "{stage}"
  deployment_id = "<deployment id>"

  access_log_settings {
    destination_arn = "<log group arn>"
    format = jsonencode({
      id     = "$context.requestId"
      caller = "$context.identity.sourceIp"
      time   = "$context.requestTime"
      route  = "$context.httpMethod $context.resourcePath"
      status = "$context.status"
    })
  }
}""",
)


@check(
    id="api-log-format-incomplete",
    title="Request log of the API lacks structure or fields",
    risk=Risk.MONITORING,
    severity=Severity.INFORMATIONAL,
    fix={Cloud.AWS: _FIX},
    covers=("apigw-log-format",),
    references=(
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html",
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html",
    ),
    cwe=778,
    profile_level=ProfileLevel.STRICT,
)
def api_log_format_incomplete(function: Function, _context: Context) -> Iterator[Hit]:
    """A log that does not say who called which route, when and with which result cannot answer the first questions of an
    investigation, and lines that are not JSON need a parser of their own before a query can filter them. Opinionated,
    because the common log format is readable as well. Encryption and retention of the log group are not read here; stages
    without a log are reported by api-access-log-off.
    """
    for gateway, stage, found in each_stage(function, STAGED, lambda stage: stage.log_format, public=True):
        if found.value is None:
            continue
        missing = [what for what, names in _WANTED if not any(name in found.value for name in names)]
        lacks = ([] if _is_json(found.value) else ["JSON"]) + missing
        if lacks:
            yield Hit(
                message=f"Request log of {stage_name(gateway, stage)} in front of {function.name} lacks: {', '.join(lacks)}",
                evidence=(cite(found, f"{stage_locus(gateway, stage)}: {found.value[:200]}"),),
                locus=stage_locus(gateway, stage),
                site=f"log format of {stage_locus(gateway, stage)}",
                command=None if gateway.kind == "rest" else _OTHER,
                values=stage_values(gateway, stage),
            )


def _is_json(text: str) -> bool:
    """Whether a format makes an object. Variables may be written without quotes, as numbers: it need not be one itself."""
    found = text.strip()
    return found.startswith("{") and found.endswith("}")
