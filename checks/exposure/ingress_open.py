"""Flags functions whose network lets the whole internet knock."""

from collections.abc import Iterator

from auditor.analysis.endpoints import settled_reach
from auditor.analysis.network_exposure import authentication_required, internet_reaches
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Admit the networks that call it (or a front door by its id) and deny the rest, or switch public access off and"
        " add a private endpoint. Callers from elsewhere get 403 from then on.",
        command="az functionapp config access-restriction add --resource-group {group} --name {app}{of_slot} --priority 100"
        " --rule-name <callers> --action Allow --ip-address <network>\n"
        "az functionapp config access-restriction set --resource-group {group} --name {app}{of_slot} --default-action Deny",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  site_config {
    ip_restriction_default_action = "Deny"

    ip_restriction {
      name       = "callers"
      priority   = 100
      action     = "Allow"
      ip_address = "<network>"
    }
  }
}""",
    ),
    Cloud.GCP: Fix(
        text="Restrict ingress to internal traffic, or to internal traffic and a load balancer with a security policy."
        " Callers from the internet that use the default address get 404.",
        command="gcloud functions deploy {name} --region={location} --project={account} --ingress-settings=internal-and-gclb\n"
        "gcloud run services update {run_service} --region={location} --project={account} --ingress=internal-and-cloud-load-balancing"
        "  # without a function record",
        terraform="""\
resource "google_cloudfunctions2_function" "this" {
  name     = "{name}"
  location = "{location}"

  service_config {
    ingress_settings = "ALLOW_INTERNAL_AND_GCLB"
  }
}""",
    ),
}


@check(
    id="ingress-open",
    title="Ingress allows all internet traffic",
    risk=Risk.EXPOSURE,
    severity=Severity.MEDIUM,
    fix=FIX,
    while_running=True,
    covers=("az-func-public-network-access", "gcp-fn-ingress-all"),
    controls=("CIS-Azure-Compute-2.0:2.3.13", "MCSB:NS-2", "NIST-800-53:SC-7", "CSA-SAS:SAS-3"),
    cwe=668,
)
def ingress_open(function: Function, _context: Context) -> Iterator[Hit]:
    """The network is the fence that still holds when a key leaks, a token is forged or a handler forgets to ask.

    We join all switches: public access, every access rule and its default, ingress settings. Low where callers have to
    sign in (on Google Cloud: where IAM or a proxy admits no public caller), and without any HTTP handler; medium where a key
    is all that is asked for. Handlers that ask for
    nothing are anonymous-endpoint-effective's. A function with no address of its own is not asked.
    """
    if function.cloud is Cloud.GCP and isinstance(function.endpoints, Known) and not function.endpoints.value:
        raise NotApplicable("it has no address of its own")
    admitted = internet_reaches(function)
    if admitted.need():
        yield Hit(
            message="The network lets requests of the whole internet in",
            evidence=(cite(admitted, "public access is on and no rule narrows it"),),
            severity=_weigh(function) if function.cloud is Cloud.AZURE else _weigh_callers(function),
        )


def _weigh(function: Function) -> Severity | None:
    handlers = function.handlers
    if not isinstance(handlers, Known):
        return None
    if not any(handler.enabled and handler.http for handler in handlers.value):
        return Severity.LOW
    signed = authentication_required(function)
    return Severity.LOW if isinstance(signed, Known) and signed.value else None


def _weigh_callers(function: Function) -> Severity | None:
    """Low where every address is known to admit no public caller: the network is a second control there."""
    if not isinstance(function.endpoints, Known):
        return None
    reaches = [settled_reach(endpoint) for endpoint in function.endpoints.value]
    closed = all(isinstance(reach, Known) and not reach.value.public for reach in reaches)
    return Severity.LOW if closed else None
