"""Flags stages of APIs in front of a function that write whole requests to the log."""

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
    text="Switch data tracing off on the stage {locus}, and delete or restrict what the log group holds already.",
    breaks="Teams that read whole requests in the log must use the function's own log.",
    command="aws apigateway update-stage --region {location} --rest-api-id {api} --stage-name {stage}"
    " --patch-operations op=replace,path=/{methods}/logging/dataTrace,value=false",
    terraform="""\
resource "aws_api_gateway_method_settings" "this" { # a WebSocket API: default_route_settings of aws_apigatewayv2_stage
  rest_api_id = "{api}"
  stage_name  = "{stage}"
  method_path = "{methods}"

  settings {
    data_trace_enabled = false
  }
}""",
)


@check(
    id="api-data-trace-on",
    title="API writes whole requests to its log",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.MEDIUM,
    fix={Cloud.AWS: _FIX},
    covers=("apigw-data-trace",),
    references=(
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html",
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-logging.html",
    ),
    cwe=532,
)
def api_data_trace_on(function: Function, _context: Context) -> Iterator[Hit]:
    """Data tracing copies the headers and bodies of requests and responses to the execution log: passwords, session
    cookies and personal data are then readable by everyone who may read logs, for as long as the log group keeps them.
    API Gateway redacts some authorization headers and nothing else. AWS advises against it in production.
    """
    for gateway, stage, found in each_stage(function, LOGGED, lambda stage: stage.settings):
        for each in settings_that_hold(gateway, found.value):
            if each.data_trace and each.logged != "OFF":
                yield Hit(
                    message=f"{stage_name(gateway, stage)} in front of {function.name} writes whole requests and responses to its log",
                    evidence=(cite(found, f"{stage_locus(gateway, stage)} {each.methods}: dataTraceEnabled true"),),
                    locus=f"{stage_locus(gateway, stage)} {each.methods}",
                    site=f"data tracing of {stage_locus(gateway, stage)}",
                    command=WEBSOCKET_LOG_COMMAND if gateway.kind == "websocket" else None,
                    values=stage_values(gateway, stage, each.methods),
                )
