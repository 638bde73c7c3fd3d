"""Flags stages of REST APIs whose callers' API keys have no rate, no quota or no usage plan."""

from collections.abc import Iterator

from auditor.analysis.gateway_stages import REST, each_stage, stage_locus, stage_name
from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.gateway import Gateway, UsagePlan
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Severity

_NO_PLAN = (
    "aws apigateway create-usage-plan --region {location} --name <name> --api-stages apiId={api},stage={stage}"
    " --throttle rateLimit=<rate>,burstLimit=<burst> --quota limit=<requests>,period=DAY"
)

_FIX = Fix(
    text="Give the usage plan of {locus} a rate and a quota, a little above what its callers need.",
    breaks="Requests beyond the rate or the quota get 429.",
    command="aws apigateway update-usage-plan --region {location} --usage-plan-id {plan} --patch-operations"
    " op=replace,path=/throttle/rateLimit,value=<rate> op=replace,path=/throttle/burstLimit,value=<burst>"
    " op=replace,path=/quota/limit,value=<requests> op=replace,path=/quota/period,value=DAY",
    terraform="""\
resource "aws_api_gateway_usage_plan" "this" {
  name = "<name>"

  api_stages {
    api_id = "{api}"
    stage  = "{stage}"
  }
  throttle_settings {
    rate_limit  = 20
    burst_limit = 10
  }
  quota_settings {
    limit  = 10000
    period = "DAY"
  }
}""",
)


@check(
    id="api-usage-plan-unlimited",
    title="API keys have no rate or quota",
    risk=Risk.DENIAL_OF_WALLET,
    severity=Severity.INFORMATIONAL,
    fix={Cloud.AWS: _FIX},
    covers=("apigw-no-usage-plan",),
    references=(
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html",
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html",
    ),
    cwe=770,
    profile_level=ProfileLevel.STRICT,
)
def api_usage_plan_unlimited(function: Function, _context: Context) -> Iterator[Hit]:
    """A route asks for an API key so that each caller has limits of its own: without a rate, one key that leaked takes the
    capacity of all callers, without a quota it runs up costs without an end. Opinionated, because limits of the
    stage may suffice; AWS calls all of them targets, not ceilings. Only stages through which a route with a key leads to the
    function are judged; api-key-not-required reports the others.
    """
    for gateway, stage, found in each_stage(function, REST, lambda stage: stage.plans):
        if not _keyed(gateway):
            continue
        for plan in found.value or (None,):
            lacks = _lacks(plan)
            if lacks:
                yield Hit(
                    message=f"{stage_name(gateway, stage)} in front of {function.name} limits no key: {lacks}",
                    evidence=(cite(found, f"{stage_locus(gateway, stage)}: {lacks}"),),
                    locus=f"{stage_locus(gateway, stage)} {plan.id if plan else ''}".rstrip(),
                    site=f"usage plan {plan.id}" if plan else f"usage plan of {stage_locus(gateway, stage)}",
                    command=None if plan else _NO_PLAN,
                    values={
                        "api": gateway.id.rpartition(":")[2],
                        "stage": stage.name,
                        "plan": plan.id if plan else "<usage-plan-id>",
                    },
                )


def _keyed(gateway: Gateway) -> bool:
    return any(isinstance(route.key, Known) and route.key.value for route in gateway.routes)


def _lacks(plan: UsagePlan | None) -> str:
    """What limits are missing, for a sentence; "" where none is."""
    if plan is None:
        return "no usage plan"
    missing = [word for word, value in (("rate", plan.rate), ("quota", plan.quota)) if value is None]
    return f"usage plan {plan.name} has no {' and no '.join(missing)}" if missing else ""
