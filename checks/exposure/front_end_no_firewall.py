"""Flags functions behind a front end that has no web application firewall."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import GapReason, Observed, Unknown, each_of
from auditor.model.severity import Severity

_GATEWAY = "api-gateway"
"""It supports no firewall policy itself: only a load balancer before it does."""

FIX = {
    Cloud.AZURE: Fix(
        text="Attach a WAF policy to the Front Door endpoint or the application gateway. Start in detection mode,"
        " review what it would have blocked, then switch to prevention.",
        breaks="In prevention mode false positives of the rules reject legitimate requests.",
        command="az extension add --name front-door\n"
        "az network front-door waf-policy create --resource-group {group} --name <policy> --sku Premium_AzureFrontDoor --mode Detection\n"
        "az extension add --name cdn\n"
        "az afd security-policy create --resource-group {group} --profile-name <profile> --security-policy-name <name>"
        " --web-application-firewall '"
        '{"waf-policy":"<policy-id>","associations":[{"domains":[{"id":"<endpoint-id>"}],"patterns-to-match":["/*"]}]}'
        "'",
        terraform="""\
resource "azurerm_cdn_frontdoor_firewall_policy" "this" {
  name                = "<policy>"
  resource_group_name = "{group}"
  sku_name            = "Premium_AzureFrontDoor"
  mode                = "Detection" # then Prevention
}""",
    ),
    Cloud.GCP: Fix(
        text="Attach a Cloud Armor security policy to the backend service. Start its rules in preview, review the"
        " log, then enforce them.",
        breaks="Once the rules are enforced, their false positives reject legitimate requests.",
        command="gcloud compute security-policies create <policy> --project={account}\n"
        "gcloud compute backend-services update <backend-service> --global --project={account} --security-policy=<policy>",
        terraform="""\
resource "google_compute_backend_service" "this" { # {front}
  name            = "<backend service>"
  security_policy = google_compute_security_policy.this.id
}""",
    ),
}


@check(
    id="front-end-no-firewall",
    title="Front end has no web application firewall",
    risk=Risk.EXPOSURE,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("az-func-waf-absent", "gcp-fn-cloud-armor"),
    references=(
        "https://learn.microsoft.com/en-us/azure/web-application-firewall/overview",
        "https://cloud.google.com/armor/docs/cloud-armor-overview",
    ),
    cwe=693,
)
def front_end_no_firewall(function: Function, _context: Context) -> Iterator[Hit]:
    """A front end without a firewall policy forwards floods, scanners and known attack patterns unfiltered.
    Attaching a policy is enough to block them. Only front ends that support a firewall are evaluated;
    no-firewall-in-front lists public functions without a front end.
    """
    listed = function.ingress.then(lambda ingress: ingress.front_ends)
    able = (front for front in listed.need() if front.kind != _GATEWAY and not _cannot(front.firewall))
    for front, filtered in each_of(able, lambda front: front.firewall):
        if not filtered:
            yield Hit(
                message=f"Front end {front.kind} {front.id} of {function.name} has no web application firewall policy",
                evidence=(cite(front.firewall, "no security policy is attached"),),
                locus=front.id,
                site=front.id,
                values={"front": front.id},
            )


def _cannot(firewall: Observed[bool]) -> bool:
    return isinstance(firewall, Unknown) and firewall.gap.reason is GapReason.NOT_OFFERED
