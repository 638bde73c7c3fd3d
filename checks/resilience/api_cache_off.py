"""Flags stages of REST APIs in front of a function that cache no responses."""

from collections.abc import Iterator

from auditor.analysis.gateway_stages import REST, each_stage, stage_locus, stage_name, stage_values
from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Switch the cache of the stage {locus} on, encrypted, for methods whose answers may be shared.",
    breaks="Callers may get an answer that is as old as the cache keeps it, and the cache is billed by the hour.",
    command="aws apigateway update-stage --region {location} --rest-api-id {api} --stage-name {stage} --patch-operations"
    " op=replace,path=/cacheClusterEnabled,value=true op=replace,path=/cacheClusterSize,value=0.5"
    " op=replace,path=/<resource~1path>/GET/caching/enabled,value=true"
    " op=replace,path=/<resource~1path>/GET/caching/dataEncrypted,value=true",
    terraform="""\
resource "aws_api_gateway_stage" "this" {
  rest_api_id           = "{api}"
  stage_name            = "{stage}"
  deployment_id         = "<deployment id>"
  cache_cluster_enabled = true
  cache_cluster_size    = "0.5"
}""",
)


@check(
    id="api-cache-off",
    title="API caches no responses",
    risk=Risk.RESILIENCE,
    severity=Severity.INFORMATIONAL,
    fix={Cloud.AWS: _FIX},
    covers=("apigw-cache-off",),
    references=("https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html",),
    profile_level=ProfileLevel.STRICT,
)
def api_cache_off(function: Function, _context: Context) -> Iterator[Hit]:
    """With a cache, repeated requests for the same answer do not run the function again: bursts cost less and reach its
    concurrency limit later. Opinionated: a cache is billed by the hour, and answers that depend on the caller must not be
    shared. Only stages through which the function answers GET requests are judged.
    """
    for gateway, stage, found in each_stage(function, REST, lambda stage: stage.cache):
        if not found.value and any(route.method in ("GET", "ANY") for route in gateway.routes):
            yield Hit(
                message=f"{stage_name(gateway, stage)} caches no answers of {function.name}",
                evidence=(cite(found, f"{stage_locus(gateway, stage)}: cacheClusterEnabled false"),),
                locus=stage_locus(gateway, stage),
                site=f"cache of {stage_locus(gateway, stage)}",
                values=stage_values(gateway, stage),
            )
