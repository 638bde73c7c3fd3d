"""Flags stages of APIs in front of a function that write no execution log."""

from collections.abc import Iterator

from auditor.analysis.gateway_stages import (
    LOGGED,
    WEBSOCKET_LOG_COMMAND,
    each_stage,
    settings_that_hold,
    stage_locus,
    stage_name,
    stage_values,
)
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Set the execution log of the stage {locus} to ERROR. The account's settings of API Gateway must name a role that may"
    " write logs.",
    breaks="Log data is billed by volume.",
    command="aws apigateway update-stage --region {location} --rest-api-id {api} --stage-name {stage}"
    " --patch-operations op=replace,path=/{methods}/logging/loglevel,value=ERROR",
    terraform="""\
resource "aws_api_gateway_method_settings" "this" { # a WebSocket API: default_route_settings of aws_apigatewayv2_stage
  rest_api_id = "{api}"
  stage_name  = "{stage}"
  method_path = "{methods}"

  settings {
    logging_level = "ERROR"
  }
}""",
)


@check(
    id="api-execution-log-off",
    title="API writes no execution log",
    risk=Risk.MONITORING,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("apigw-exec-log-off",),
    references=(
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html",
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-logging.html",
    ),
    cwe=778,
)
def api_execution_log_off(function: Function, _context: Context) -> Iterator[Hit]:
    """Why the gateway refused a request, which authorizer failed and what the integration answered is written only to the
    execution log: without it, a broken authorizer and an attack on it look alike. HTTP APIs have no such log. The settings
    that hold for the function's own routes are judged; the request log is judged by api-access-log-off.
    """
    for gateway, stage, found in each_stage(function, LOGGED, lambda stage: stage.settings, public=True):
        for each in settings_that_hold(gateway, found.value):
            if each.logged == "OFF":
                yield Hit(
                    message=f"{stage_name(gateway, stage)} in front of {function.name} writes no execution log",
                    evidence=(cite(found, f"{stage_locus(gateway, stage)} {each.methods}: loggingLevel OFF"),),
                    locus=f"{stage_locus(gateway, stage)} {each.methods}",
                    site=f"execution log of {stage_locus(gateway, stage)}",
                    command=WEBSOCKET_LOG_COMMAND if gateway.kind == "websocket" else None,
                    values=stage_values(gateway, stage, each.methods),
                )
