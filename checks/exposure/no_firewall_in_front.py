"""Flags public HTTP functions without a web application firewall in front."""

from collections.abc import Iterator

from auditor.analysis.network_exposure import http_handlers, internet_reaches
from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known, Observed, each_of
from auditor.model.observed_logic import none_if_not_offered
from auditor.model.severity import Severity

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
}


@check(
    id="no-firewall-in-front",
    title="Public function has no web application firewall",
    risk=Risk.EXPOSURE,
    severity=Severity.MEDIUM,
    fix=FIX,
    while_running=True,
    covers=("az-func-waf-absent",),
    references=(
        "https://learn.microsoft.com/en-us/azure/web-application-firewall/overview",
        "https://learn.microsoft.com/en-us/azure/frontdoor/origin-security",
    ),
    cwe=693,
    profile_level=ProfileLevel.STRICT,
)
def no_firewall_in_front(function: Function, _context: Context) -> Iterator[Hit]:
    """Requests from the internet reach the code unfiltered: no rate limit applies and known attack patterns are not
    blocked. Opinionated: a small API with strict input validation may not need one, and a firewall is billed by the
    hour. Front ends of other subscriptions are not visible.
    """
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
            message=f"HTTP handlers of {function.name} are reachable from the internet without a web application firewall",
            evidence=(
                cite(admitted, "effective ingress: every source is allowed"),
                cite(listed, "no front end that routes to it has a firewall policy"),
            ),
        )


def _filters(firewall: Observed[bool]) -> bool:
    return isinstance(firewall, Known) and firewall.value
