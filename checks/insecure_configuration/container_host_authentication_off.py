"""Flags functions on container apps with external ingress and no required authentication."""

from collections.abc import Iterator

from auditor.analysis.public_ways import until_authenticated
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed_logic import all_hold, negated
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Enable authentication of the container app and reject unauthenticated requests, or make its ingress"
        " internal.",
        breaks="Callers without a token get 401, health checks and webhooks included.",
        command="az containerapp auth update --ids {container} --enabled true --action Return401",
        no_terraform="the azurerm provider has no resource for the authentication of a container app: set authConfigs/current with azapi_resource",
    ),
}


@check(
    id="container-host-authentication-off",
    aliases=("container-host-login-off",),
    title="Container app authentication is disabled",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.LOW,
    fix=FIX,
    while_running=True,
    facet_of=("container-host-open",),
    covers=("az-func-container-apps-auth",),
    references=("https://learn.microsoft.com/en-us/azure/container-apps/authentication",),
    cwe=306,
)
def container_host_authentication_off(function: Function, _context: Context) -> Iterator[Hit]:
    """On Container Apps the authentication of the container app decides which callers are admitted. Here its ingress is
    external and callers need not authenticate, so the functions' access keys are the only control.
    """
    host = function.hosting.then(lambda hosting: hosting.container_host).need()
    if host is None:
        raise NotApplicable("the function does not run on Container Apps")
    if all_hold(host.external, negated(host.authentication)):
        yield Hit(
            message=f"Container app {host.id.rpartition('/')[2]} of function {function.name} has external ingress and does not require authentication",
            evidence=(
                cite(host.external, f"{host.id}: ingress.external = true"),
                cite(host.authentication, f"{host.id}: authConfigs do not require authentication"),
            ),
            site=host.id,
            depends=until_authenticated(function),
            values={"container": host.id},
        )
