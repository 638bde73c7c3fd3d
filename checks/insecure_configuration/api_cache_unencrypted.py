"""Flags stages of REST APIs in front of a function that cache responses without encrypting them."""

from collections.abc import Iterator

from auditor.analysis.gateway_stages import REST, each_stage, settings_that_hold, stage_locus, stage_name, stage_values
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.gateway import MethodSettings, Stage
from auditor.model.ids import Cloud
from auditor.model.observed import Observed
from auditor.model.severity import Severity

_FIX = Fix(
    text="Encrypt the cached responses of the stage {locus}.",
    breaks="The cache is emptied by the change, so that the function answers more requests for a while.",
    command="aws apigateway update-stage --region {location} --rest-api-id {api} --stage-name {stage}"
    " --patch-operations op=replace,path=/{methods}/caching/dataEncrypted,value=true",
    terraform="""\
resource "aws_api_gateway_method_settings" "this" {
  rest_api_id = "{api}"
  stage_name  = "{stage}"
  method_path = "{methods}"

  settings {
    caching_enabled      = true
    cache_data_encrypted = true
  }
}""",
)


@check(
    id="api-cache-unencrypted",
    title="API caches responses without encryption",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.MEDIUM,
    fix={Cloud.AWS: _FIX},
    covers=("apigw-cache-unencrypted",),
    references=("https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html",),
    cwe=311,
)
def api_cache_unencrypted(function: Function, _context: Context) -> Iterator[Hit]:
    """The cache holds copies of what the function answered its callers, personal data included, on the disk of a cluster
    that API Gateway runs. Encryption at rest is a setting of each method and off unless it is asked for. Only stages whose
    cache is on are judged, by the settings that hold for the function's own routes.
    """
    for gateway, stage, found in each_stage(function, REST, _cached):
        for each in settings_that_hold(gateway, found.value):
            if each.cached and not each.cache_encrypted:
                yield Hit(
                    message=f"{stage_name(gateway, stage)} caches what {function.name} answers without encryption",
                    evidence=(cite(found, f"{stage_locus(gateway, stage)} {each.methods}: cacheDataEncrypted false"),),
                    locus=f"{stage_locus(gateway, stage)} {each.methods}",
                    site=f"cache encryption of {stage_locus(gateway, stage)}",
                    values=stage_values(gateway, stage, each.methods),
                )


def _cached(stage: Stage) -> Observed[tuple[MethodSettings, ...]]:
    """The settings of a stage that has a cache; none of one that has not."""
    return stage.cache.then(lambda on: stage.settings if on else stage.settings.map(lambda _: ()))
