"""Flags stages of APIs in front of a function that keep no metrics of single methods."""

from collections.abc import Iterator

from auditor.analysis.gateway_stages import (
    STAGED,
    each_stage,
    settings_that_hold,
    stage_locus,
    stage_name,
    stage_values,
)
from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_OTHER = (
    "aws apigatewayv2 update-stage --region {location} --api-id {api} --stage-name {stage}"
    " --default-route-settings DetailedMetricsEnabled=true"
)

_FIX = Fix(
    text="Switch detailed metrics on for the stage {locus}.",
    breaks="Each method's metrics are billed as custom metrics.",
    command="aws apigateway update-stage --region {location} --rest-api-id {api} --stage-name {stage}"
    " --patch-operations op=replace,path=/{methods}/metrics/enabled,value=true",
    terraform="""\
resource "aws_api_gateway_method_settings" "this" { # HTTP, WebSocket: default_route_settings of aws_apigatewayv2_stage
  rest_api_id = "{api}"
  stage_name  = "{stage}"
  method_path = "{methods}"

  settings {
    metrics_enabled = true
  }
}""",
)


@check(
    id="api-metrics-off",
    title="API keeps no metrics of single methods",
    risk=Risk.MONITORING,
    severity=Severity.INFORMATIONAL,
    fix={Cloud.AWS: _FIX},
    covers=("apigw-metrics-off",),
    references=(
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html",
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html",
    ),
    cwe=778,
    profile_level=ProfileLevel.STRICT,
)
def api_metrics_off(function: Function, _context: Context) -> Iterator[Hit]:
    """Without detailed metrics CloudWatch counts requests and errors of the whole stage alone: an attack on one route
    disappears among the traffic of the others, and no alarm can watch that route. Opinionated, because detailed metrics
    are billed. Alarms of the API itself are not read; alarm-absent judges those of the function.
    """
    for gateway, stage, found in each_stage(function, STAGED, lambda stage: stage.settings, public=True):
        for each in settings_that_hold(gateway, found.value):
            if not each.metrics:
                yield Hit(
                    message=f"{stage_name(gateway, stage)} in front of {function.name} keeps no metrics of single methods",
                    evidence=(cite(found, f"{stage_locus(gateway, stage)} {each.methods}: detailed metrics off"),),
                    locus=f"{stage_locus(gateway, stage)} {each.methods}",
                    site=f"metrics of {stage_locus(gateway, stage)}",
                    command=None if gateway.kind == "rest" else _OTHER,
                    values=stage_values(gateway, stage, each.methods),
                )
