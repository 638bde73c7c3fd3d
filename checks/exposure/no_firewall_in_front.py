"""Flags public HTTP functions without a web application firewall in front."""

from collections.abc import Iterator

from auditor.analysis.gateway_routes import protected, public_gateways
from auditor.analysis.network_exposure import http_handlers, internet_reaches
from auditor.analysis.public_ways import until_cut_off
from auditor.analysis.triggers import heavier
from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.gateway import Gateway, Stage
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, GapReason, Known, Observed, Unanswered, each_of, graver
from auditor.model.observed_logic import none_if_not_offered
from auditor.model.severity import Severity

_AWS = (
    "aws wafv2 associate-web-acl --region {location} --web-acl-arn <web-acl-arn>"
    " --resource-arn arn:{partition}:apigateway:{location}::/restapis/{api}/stages/{stage}"
)
"""With the API that was found; in general, with a word in its place."""
_BY_ARN = "aws wafv2 associate-web-acl --region {location} --web-acl-arn <web-acl-arn> --resource-arn {gateway}"

FIX = {
    Cloud.AZURE: Fix(
        text="Place Azure Front Door or an application gateway with a WAF policy in front, and allow only requests"
        " that pass through it.",
        breaks="Clients that use the app's own host name get 403, and false positives of the rules reject"
        " legitimate requests.",
        no_command="it takes a profile, an endpoint, a route and a policy: follow the Azure Front Door quickstart for App Service",
        terraform="""\
resource "azurerm_cdn_frontdoor_origin" "this" {
  name                          = "{app}"
  cdn_frontdoor_origin_group_id = azurerm_cdn_frontdoor_origin_group.this.id
  host_name                     = "<default host name>"
  certificate_name_check_enabled = true
}""",
    ),
    Cloud.AWS: Fix(
        text="Associate a web ACL with the stage {locus}. An HTTP or WebSocket API takes none: place CloudFront with a"
        " web ACL in front, and switch the default endpoint off.",
        breaks="False positives of the rules reject legitimate requests.",
        command=_AWS.replace("{api}", "<api>").replace("{stage}", "<stage>"),
        terraform="""\
resource "aws_wafv2_web_acl_association" "this" {
  resource_arn = "arn:{partition}:apigateway:{location}::/restapis/<api id>/stages/<stage>"
  web_acl_arn  = aws_wafv2_web_acl.this.arn
}""",
    ),
}


@check(
    id="no-firewall-in-front",
    title="Public function has no web application firewall",
    risk=Risk.EXPOSURE,
    severity=Severity.MEDIUM,
    fix=FIX,
    while_running=True,
    covers=("az-func-waf-absent", "apigw-no-waf"),
    references=(
        "https://learn.microsoft.com/en-us/azure/web-application-firewall/overview",
        "https://learn.microsoft.com/en-us/azure/frontdoor/origin-security",
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-aws-waf.html",
    ),
    cwe=693,
    profile_level=ProfileLevel.STRICT,
)
def no_firewall_in_front(function: Function, _context: Context) -> Iterator[Hit]:
    """Requests from the internet reach the code unfiltered: no rate limit applies and known attack patterns are not
    blocked. Opinionated: a small API with strict input validation may not need one, and a firewall is billed by the
    hour. Front ends of other subscriptions are not visible.
    """
    if function.cloud is Cloud.AWS:
        yield from _stages(function)
        return
    admitted = internet_reaches(function)
    if isinstance(admitted, Known) and not admitted.value:
        return
    if not any(True for _ in http_handlers(function)):
        return
    listed = function.ingress.then(lambda ingress: ingress.front_ends)
    if isinstance(listed, Known) and any(_filters(front.firewall) for front in listed.value):
        return
    tuple(
        each_of(listed.need(), lambda front: none_if_not_offered(front.firewall))
    )  # one we could not read may have a firewall
    if admitted.need():
        yield Hit(
            depends=until_cut_off(function),
            message=f"HTTP handlers of {function.name} are reachable from the internet without a web application firewall",
            evidence=(
                cite(admitted, "effective ingress: every source is allowed"),
                cite(listed, "no front end that routes to it has a firewall policy"),
            ),
        )


def _filters(firewall: Observed[bool]) -> bool:
    return isinstance(firewall, Known) and firewall.value


def _stages(function: Function) -> Iterator[Hit]:
    """Stages of public APIs without a web ACL; kinds of API that take none have none."""
    gap: Gap | None = None
    for _, gateway in public_gateways(function):
        if not isinstance(gateway.stages, Known):
            gap = graver(gap, gateway.stages.gap)
            continue
        for stage in gateway.stages.value:
            if not isinstance(stage.firewall, Known):
                gap = heavier(gap, stage.firewall.gap)
            takes_none = not isinstance(stage.firewall, Known) and stage.firewall.gap.reason is GapReason.NOT_OFFERED
            if takes_none or (isinstance(stage.firewall, Known) and not stage.firewall.value):
                yield Hit(
                    message=f"{_shown(gateway, stage)} in front of {function.name} has no web application firewall",
                    evidence=(
                        cite(
                            stage.firewall if isinstance(stage.firewall, Known) else gateway.stages,
                            f"{gateway.id} {stage.name}: no web ACL",
                        ),
                    ),
                    locus=f"{gateway.id}/{stage.name}",
                    site=f"firewall of {protected(gateway)}"
                    + ("" if gateway.kind == "load-balancer" else f"/{stage.name}"),
                    command=_BY_ARN if gateway.kind in ("graphql", "load-balancer") else _AWS,
                    values={"api": gateway.id.rpartition(":")[2], "stage": stage.name, "gateway": protected(gateway)},
                )
    if gap is not None:
        raise Unanswered(gap)


def _shown(gateway: Gateway, stage: Stage) -> str:
    if gateway.kind == "load-balancer":
        return f"Load balancer {gateway.name}"
    return f"Stage {stage.name} of API {gateway.name}"
