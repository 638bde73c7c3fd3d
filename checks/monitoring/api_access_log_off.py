"""Flags stages of APIs in front of a function that log no requests."""

from collections.abc import Iterator

from auditor.analysis.gateway_routes import public_gateways
from auditor.analysis.triggers import heavier
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, Known, Unanswered
from auditor.model.severity import Severity

_REST = (
    "aws apigateway update-stage --region {location} --rest-api-id {api} --stage-name {stage}"
    " --patch-operations op=replace,path=/accessLogSettings/destinationArn,value=<log-group-arn>"
)
_HTTP = (
    "aws apigatewayv2 update-stage --region {location} --api-id {api} --stage-name {stage}"
    " --access-log-settings DestinationArn=<log-group-arn>,Format=<format>"
)
_GRAPHQL = (
    "aws appsync update-graphql-api --region {location} --api-id {api} --name {api_name}"
    " --authentication-type <as-it-is> --log-config fieldLogLevel=ERROR,cloudWatchLogsRoleArn=<role-arn>"
)
_COMMANDS = {"rest": _REST, "graphql": _GRAPHQL}

_FIX = Fix(
    text="Log the requests of the stage {locus} to a log group: caller, time, route, status and size.",
    command=_HTTP.replace("{api}", "<api>").replace("{stage}", "<stage>"),
    terraform="""\
resource "aws_apigatewayv2_stage" "this" { # a REST API: aws_api_gateway_stage
  api_id = "<api id>"
  name   = "<stage>"

  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.requests.arn
    format          = "$context.requestId $context.identity.sourceIp $context.routeKey $context.status"
  }
}""",
)


@check(
    id="api-access-log-off",
    title="Requests of the API are not logged",
    risk=Risk.MONITORING,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("apigw-access-log-off", "apigw-v2-access-log-off"),
    references=(
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html",
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html",
        "https://docs.aws.amazon.com/appsync/latest/devguide/monitoring.html",
    ),
    cwe=778,
)
def api_access_log_off(function: Function, _context: Context) -> Iterator[Hit]:
    """Requests that the API turns away never reach the function, and those that do show it no address: without the log of
    the stage, scanning and abuse leave no trace. Stages of public APIs are judged; load balancers are not, because
    where they log is not read.
    """
    gap: Gap | None = None
    for _, gateway in public_gateways(function):
        if gateway.kind == "load-balancer":
            continue
        if not isinstance(gateway.stages, Known):
            gap = heavier(gap, gateway.stages.gap)
            continue
        for stage in gateway.stages.value:
            if not isinstance(stage.access_log, Known):
                gap = heavier(gap, stage.access_log.gap)
            elif not stage.access_log.value:
                yield Hit(
                    message=f"Stage {stage.name} of API {gateway.name} in front of {function.name} logs no requests",
                    evidence=(cite(stage.access_log, f"{gateway.id} {stage.name}: no access log"),),
                    locus=f"{gateway.id}/{stage.name}",
                    site=f"access log of {gateway.id}/{stage.name}",
                    command=_COMMANDS.get(gateway.kind, _HTTP),
                    values={
                        "api": gateway.id.rpartition(":")[2].rpartition("/")[2],
                        "api_name": gateway.name,
                        "stage": stage.name,
                    },
                )
    if gap is not None:
        raise Unanswered(gap)
