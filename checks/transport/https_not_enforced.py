"""Flags functions that answer plain HTTP requests instead of redirecting them to HTTPS."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.analysis.gateway_routes import public_gateways
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, Known, Unanswered, graver
from auditor.model.severity import Severity

_OFF = {Cloud.AZURE: "httpsOnly = false", Cloud.GCP: "httpsTrigger.securityLevel is not SECURE_ALWAYS"}

FIX = {
    Cloud.AWS: Fix(
        text="Redirect the listener {locus} to HTTPS in place of forwarding, and forward from an HTTPS listener.",
        breaks="Callers that post over http:// and do not follow redirects fail.",
        command="aws elbv2 modify-listener --region {location} --listener-arn {locus}"
        " --default-actions Type=redirect,RedirectConfig='{Protocol=HTTPS,Port=443,StatusCode=HTTP_301}'",
        terraform="""\
resource "aws_lb_listener" "plain" { # {locus}
  load_balancer_arn = "<load balancer arn>"
  port              = 80
  protocol          = "HTTP"
  default_action {
    type = "redirect"
    redirect {
      port        = "443"
      protocol    = "HTTPS"
      status_code = "HTTP_301"
    }
  }
}""",
    ),
    Cloud.AZURE: Fix(
        text="Enable HTTPS only: plain requests are then redirected.",
        breaks="Callers that post over http:// and do not follow redirects fail and must be changed first.",
        command="az functionapp update --resource-group {group} --name {app}{of_slot} --set httpsOnly=true",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"
  https_only          = true
}""",
    ),
    Cloud.GCP: Fix(
        text="Deploy the function again with the security level secure-always: plain requests are then redirected."
        " Second generation functions answer HTTPS only.",
        breaks="Callers that post over http:// and do not follow redirects fail.",
        command="gcloud functions deploy {name} --no-gen2 --region={location} --project={account} --security-level=secure-always",
        terraform="""\
resource "google_cloudfunctions_function" "this" {
  name                         = "{name}"
  region                       = "{location}"
  trigger_http                 = true
  https_trigger_security_level = "SECURE_ALWAYS"
}""",
    ),
}

_CONTAINER = "az containerapp ingress update --ids {container} --allow-insecure false"


@check(
    id="https-not-enforced",
    title="HTTPS is not enforced",
    risk=Risk.TRANSPORT,
    severity=Severity.HIGH,
    fix=FIX,
    while_running=True,
    facet_of=("container-host-open",),
    covers=("az-func-https-only", "az-func-slot-https-only", "gcp-fn-gen1-https-optional"),
    references=(
        "https://learn.microsoft.com/en-us/azure/app-service/overview-tls",
        "https://cloud.google.com/functions/docs/reference/rest/v1/projects.locations.functions",
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/create-listener.html",
    ),
    cwe=319,
)
def https_not_enforced(function: Function, _context: Context) -> Iterator[Hit]:
    """An attacker on the network path reads the keys, tokens and data of every plain HTTP request, and can change them.

    A client that is given the address without a scheme starts there. Deployment slots have their own setting, and are
    judged separately. On AWS the listeners of public load balancers are judged: everything else answers HTTPS only.
    """
    if function.cloud is Cloud.AWS:
        yield from _listeners(function)
        return
    enforced = function.transport.then(lambda transport: transport.https_only)
    container = sites.container_app(function)
    if not enforced.need():
        yield Hit(
            message=f"Function {function.name} answers plain HTTP requests and does not redirect them to HTTPS",
            evidence=(cite(enforced, _OFF[function.cloud]),),
            site=container,
            values={"container": container},
            command=_CONTAINER if container else None,
        )


def _listeners(function: Function) -> Iterator[Hit]:
    """Listeners in front of the function that pass on what came in plain text."""
    gap: Gap | None = None
    for _, gateway in public_gateways(function):
        if not isinstance(gateway.stages, Known):
            gap = graver(gap, gateway.stages.gap)
            continue
        for stage in gateway.stages.value:
            if not isinstance(stage.encrypted, Known):
                gap = graver(gap, stage.encrypted.gap)
            elif not stage.encrypted.value:
                yield Hit(
                    message=f"Load balancer {gateway.name} passes plain HTTP requests to {function.name}",
                    evidence=(cite(stage.encrypted, f"{gateway.id}: Protocol HTTP"),),
                    locus=gateway.id,
                    site=f"protocol of {gateway.id}",
                )
    if gap is not None:
        raise Unanswered(gap)
