"""Flags stages of REST APIs in front of a function that do not trace requests."""

from collections.abc import Iterator

from auditor.analysis.gateway_stages import REST, each_stage, stage_locus, stage_name, stage_values
from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Switch tracing with X-Ray on for the stage {locus}.",
    breaks="Traces are billed by number.",
    command="aws apigateway update-stage --region {location} --rest-api-id {api} --stage-name {stage}"
    " --patch-operations op=replace,path=/tracingEnabled,value=true",
    terraform="""\
resource "aws_api_gateway_stage" "this" {
  rest_api_id          = "{api}"
  stage_name           = "{stage}"
  deployment_id        = "<deployment id>"
  xray_tracing_enabled = true
}""",
)


@check(
    id="api-tracing-off",
    title="API does not trace requests",
    risk=Risk.MONITORING,
    severity=Severity.INFORMATIONAL,
    fix={Cloud.AWS: _FIX},
    covers=("apigw-xray-off",),
    references=("https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-xray.html",),
    cwe=778,
    profile_level=ProfileLevel.STRICT,
)
def api_tracing_off(function: Function, _context: Context) -> Iterator[Hit]:
    """A trace that begins at the gateway shows which caller's request led to which calls behind it; one that begins at
    the function has lost the caller. Opinionated, because traces are billed. HTTP and WebSocket APIs do not offer
    tracing; tracing-off judges the function itself.
    """
    for gateway, stage, found in each_stage(function, REST, lambda stage: stage.traced):
        if not found.value:
            yield Hit(
                message=f"{stage_name(gateway, stage)} in front of {function.name} does not trace requests",
                evidence=(cite(found, f"{stage_locus(gateway, stage)}: tracingEnabled false"),),
                locus=stage_locus(gateway, stage),
                site=f"tracing of {stage_locus(gateway, stage)}",
                values=stage_values(gateway, stage),
            )
