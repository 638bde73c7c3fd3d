"""Flags stages of APIs in front of a function where every change meets all callers at once."""

from collections.abc import Iterator

from auditor.analysis.gateway_stages import STAGED, each_stage, stage_locus, stage_name, stage_values
from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.gateway import Stage
from auditor.model.ids import Cloud
from auditor.model.observed import GapReason, Observed, Unknown
from auditor.model.observed_logic import negated
from auditor.model.severity import Severity

_OTHER = "aws apigatewayv2 update-stage --region {location} --api-id {api} --stage-name {stage} --no-auto-deploy"

_FIX = Fix(
    text="Deploy a new version of the API to a canary of the stage {locus} first, and promote it when its errors and latency are"
    " as before. On an HTTP or WebSocket API, switch automatic deployment off and deploy when a change was tested.",
    breaks="A change of the API takes effect only when it is deployed or promoted.",
    command="aws apigateway create-deployment --region {location} --rest-api-id {api} --stage-name {stage}"
    " --canary-settings percentTraffic=10,useStageCache=false",
    terraform="""\
resource "aws_api_gateway_stage" "this" { # HTTP, WebSocket: auto_deploy = false in aws_apigatewayv2_stage
  rest_api_id   = "{api}"
  stage_name    = "{stage}"
  deployment_id = "<deployment id>"

  canary_settings {
    deployment_id   = "<new deployment id>"
    percent_traffic = 10
  }
}""",
)


@check(
    id="api-deployment-at-once",
    title="Changes of the API reach all callers at once",
    risk=Risk.RESILIENCE,
    severity=Severity.INFORMATIONAL,
    fix={Cloud.AWS: _FIX},
    covers=("apigw-deploy-lifecycle",),
    references=(
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/canary-release.html",
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-stages.html",
    ),
    profile_level=ProfileLevel.STRICT,
)
def api_deployment_at_once(function: Function, _context: Context) -> Iterator[Hit]:
    """A route that lost its authorizer by mistake, or an integration that fails, is live for every caller the moment it is
    deployed; where deployment is automatic, that is the moment it is saved. Opinionated: a pipeline that tests a separate
    stage first serves as well, and is not visible here. How the API is replaced by its template is not visible either.
    """
    for gateway, stage, found in each_stage(function, STAGED, _at_once):
        if found.value:
            what = "no canary" if gateway.kind == "rest" else "automatic deployment"
            yield Hit(
                message=f"{stage_name(gateway, stage)} in front of {function.name} gives every change to all callers at once: {what}",
                evidence=(cite(found, f"{stage_locus(gateway, stage)}: {what}"),),
                locus=stage_locus(gateway, stage),
                site=f"deployment of {stage_locus(gateway, stage)}",
                command=None if gateway.kind == "rest" else _OTHER,
                values=stage_values(gateway, stage),
            )


def _at_once(stage: Stage) -> Observed[bool]:
    """Whether there is no step between a change and its callers, in the way of the API's kind."""
    automatic = stage.auto_deploy
    if isinstance(automatic, Unknown) and automatic.gap.reason is GapReason.NOT_OFFERED:
        return negated(stage.canary)
    return automatic
