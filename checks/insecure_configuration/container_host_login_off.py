"""Flags functions on container apps that answer the internet and ask nobody to sign in."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed_logic import all_hold, negated
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Turn the container app's authentication on and turn away who has not signed in, or make its ingress"
        " internal.",
        command="az containerapp auth update --ids {container} --enabled true --action Return401",
        no_terraform="the azurerm provider has no resource for the authentication of a container app: set authConfigs/current with azapi_resource",
    ),
}


@check(
    id="container-host-login-off",
    title="Container app authentication is disabled",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.LOW,
    fix=FIX,
    while_running=True,
    covers=("az-func-container-apps-auth",),
    controls=("MCSB:IM-1", "NIST-800-53:IA-2"),
    cwe=306,
)
def container_host_login_off(function: Function, _context: Context) -> Iterator[Hit]:
    """On Container Apps the login of the container app decides who gets through. Its ingress answers the internet
    here, and callers are not asked who they are, so keys of the functions are all there is.
    """
    host = function.hosting.then(lambda hosting: hosting.container_host).need()
    if host is None:
        raise NotApplicable("it does not run on Container Apps")
    if all_hold(host.external, negated(host.login)):
        yield Hit(
            message="Its container app answers the internet and asks nobody to sign in",
            evidence=(
                cite(host.external, f"{host.id}: ingress.external = true"),
                cite(host.login, f"{host.id}: sign-in is not required"),
            ),
            values={"container": host.id},
        )
