"""Flags functions on container apps whose ingress is unrestricted or allows plain HTTP."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed_logic import all_hold, negated
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Make the ingress internal, or add IP security restrictions, and reject insecure connections.",
        breaks="Callers outside the environment lose access, and callers that use plain HTTP are redirected.",
        command="az containerapp ingress update --ids {container} --type internal --allow-insecure false",
        terraform="""\
resource "azurerm_container_app" "this" { # {container}
  ingress {
    external_enabled           = false
    allow_insecure_connections = false
    target_port                = 80
  }
}""",
    ),
}


@check(
    id="container-host-open",
    title="Container app ingress has no restrictions",
    risk=Risk.EXPOSURE,
    severity=Severity.LOW,
    fix=FIX,
    while_running=True,
    covers=("az-func-container-apps-ingress",),
    references=("https://learn.microsoft.com/en-us/azure/container-apps/ingress-overview",),
    cwe=668,
)
def container_host_open(function: Function, _context: Context) -> Iterator[Hit]:
    """On Container Apps the ingress of the container app controls access; access restrictions of the function app do
    not apply. External ingress without IP restrictions allows all internet traffic, and insecure connections send keys
    in clear text. Low: ingress-open and https-not-enforced report the same two settings for all hosting.
    """
    host = function.hosting.then(lambda hosting: hosting.container_host).need()
    if host is None:
        raise NotApplicable("it does not run on Container Apps")
    hosted = function.hosting.then(lambda hosting: hosting.container_host)
    values = {"container": host.id}
    if all_hold(host.external, negated(host.restricted)):
        yield Hit(
            message=f"The container app ingress of {function.name} is external and has no IP restrictions",
            evidence=(cite(host.external, f"{host.id}: ingress.external = true"),),
            locus="external",
            site=host.id,
            values=values,
        )
    if host.allow_insecure.need():
        yield Hit(
            message=f"The container app ingress of {function.name} allows plain HTTP",
            evidence=(cite(hosted, f"{host.id}: ingress.allowInsecure = true"),),
            locus="insecure",
            site=host.id,
            values=values,
        )
