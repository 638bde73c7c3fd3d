"""Flags public HTTP functions with nothing in front of them that filters requests."""

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
        text="Put a front door or an application gateway with a firewall policy in front, and admit only what comes through it.",
        no_command="it takes a profile, an endpoint, a route and a policy: follow the front door quickstart for function apps",
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
    controls=("NIST-800-53:SC-7", "NIST-800-53:SC-5", "CSA-SAS:SAS-8"),
    cwe=693,
    profile_level=ProfileLevel.STRICT,
)
def no_firewall_in_front(function: Function, _context: Context) -> Iterator[Hit]:
    """Requests of strangers reach the code unfiltered: nothing limits their rate or drops what is known to be an attack.

    An opinion: a small API with a strict parser may do well without, and a firewall is billed by the hour. Front ends
    of other subscriptions are not seen.
    """
    admitted = internet_reaches(function)
    if isinstance(admitted, Known) and not admitted.value:
        return
    if not any(True for _ in http_handlers(function)):
        return
    listed = function.ingress.then(lambda ingress: ingress.front_ends)
    if isinstance(listed, Known) and any(_guards(front.firewall) for front in listed.value):
        return
    tuple(
        each_of(listed.need(), lambda front: none_if_not_offered(front.firewall))
    )  # one we could not read may guard it
    if admitted.need():
        yield Hit(
            message="The internet reaches its HTTP handlers past any web application firewall",
            evidence=(
                cite(admitted, "all traffic is let in"),
                cite(listed, "no front end that is known to lead to it has a firewall"),
            ),
        )


def _guards(firewall: Observed[bool]) -> bool:
    return isinstance(firewall, Known) and firewall.value
