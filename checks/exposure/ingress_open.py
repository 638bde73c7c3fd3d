"""Flags functions whose ingress allows all internet traffic."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.analysis.endpoints import settled_reach
from auditor.analysis.network_exposure import authentication_required, internet_reaches
from auditor.analysis.public_ways import until_authenticated, until_cut_off
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Allow the networks that call it (or a Front Door by its ID) and deny the rest, or disable public"
        " network access and add a private endpoint.",
        breaks="Callers outside the allowed networks get 403, webhooks of third parties included.",
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
        text="Restrict ingress to internal traffic, or to internal traffic and a load balancer with a security policy.",
        breaks="Callers from the internet that use the default URL get 404.",
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


_CONTAINER = "az containerapp ingress update --ids {container} --type internal"
"""On Container Apps, where access restrictions of the function app do not apply."""


@check(
    id="ingress-open",
    title="Ingress allows all internet traffic",
    risk=Risk.EXPOSURE,
    severity=Severity.MEDIUM,
    fix=FIX,
    while_running=True,
    covers=("az-func-public-network-access", "gcp-fn-ingress-all"),
    facet_of=("front-end-bypass", "container-host-open", "access-rule-admits-everyone"),
    references=(
        "https://learn.microsoft.com/en-us/azure/azure-functions/functions-networking-options",
        "https://cloud.google.com/run/docs/securing/ingress",
    ),
    cwe=668,
)
def ingress_open(function: Function, _context: Context) -> Iterator[Hit]:
    """The network restriction is the control that still holds when a key leaks, a token is forged or a handler lacks
    an authentication check. All settings are combined: public network access, every access restriction rule and the
    default action, ingress settings. Low where callers must authenticate (on Google Cloud: where IAM or Identity-Aware
    Proxy admits no public caller), and without any HTTP handler; medium where only a key is required. Handlers that
    require nothing are reported by anonymous-endpoint-effective. A function without a URL is not evaluated.
    """
    if function.cloud is Cloud.GCP and isinstance(function.endpoints, Known) and not function.endpoints.value:
        raise NotApplicable("it has no URL")
    admitted = internet_reaches(function)
    container = sites.container_app(function)
    if admitted.need():
        yield Hit(
            message=f"Ingress of {function.name} allows all internet traffic",
            evidence=(cite(admitted, "effective ingress: public access is enabled and no rule restricts it"),),
            site=sites.ingress(function),
            values={"container": container},
            command=_CONTAINER if container else None,
            severity=_weigh(function) if function.cloud is Cloud.AZURE else _weigh_callers(function),
            depends=(*until_authenticated(function, Severity.LOW), *until_cut_off(function)),
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
    """Low where every URL is known to admit no public caller: the network is an additional control there."""
    if not isinstance(function.endpoints, Known):
        return None
    reaches = [settled_reach(endpoint) for endpoint in function.endpoints.value]
    closed = all(isinstance(reach, Known) and not reach.value.public for reach in reaches)
    return Severity.LOW if closed else None
