"""Flags custom host names without TLS, or with a certificate that has expired or is about to expire."""

from collections.abc import Iterator
from datetime import date, timedelta

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import each_of
from auditor.model.severity import Severity

_NOTICE = timedelta(days=30)

FIX = {
    Cloud.AZURE: Fix(
        text="Bind a certificate to the host name; one managed by App Service is free and renews automatically. If the"
        " name is no longer used, remove it and its DNS record.",
        breaks="Clients that pinned the old certificate fail.",
        command="az functionapp config ssl create --resource-group {group} --name {app} --hostname {hostname}\n"
        "az functionapp config ssl bind --resource-group {group} --name {app}{of_slot} --certificate-thumbprint <thumbprint> --ssl-type SNI",
        terraform="""\
resource "azurerm_app_service_managed_certificate" "this" {
  custom_hostname_binding_id = azurerm_app_service_custom_hostname_binding.this.id # of "{hostname}"
}

resource "azurerm_app_service_certificate_binding" "this" {
  hostname_binding_id = azurerm_app_service_custom_hostname_binding.this.id
  certificate_id      = azurerm_app_service_managed_certificate.this.id
  ssl_state           = "SniEnabled"
}""",
    ),
}


@check(
    id="custom-hostname-without-tls",
    title="Custom host name has no valid TLS certificate",
    risk=Risk.TRANSPORT,
    severity=Severity.HIGH,
    fix=FIX,
    covers=("az-func-custom-hostname-tls",),
    references=(
        "https://learn.microsoft.com/en-us/azure/app-service/configure-ssl-bindings",
        "https://learn.microsoft.com/en-us/azure/app-service/configure-ssl-certificate",
    ),
    cwe=319,
)
def custom_hostname_without_tls(function: Function, context: Context) -> Iterator[Hit]:
    """Callers of a host name without a certificate use plain HTTP, or get used to clicking certificate warnings away.

    An expired certificate breaks every client that validates it. It is reported 30 days ahead, as medium. Default host
    names of the platform and certificates that renew automatically are not judged.
    """
    names = function.transport.then(lambda transport: transport.hostnames)
    own = tuple(name for name in names.need() if not name.default)
    for name in own:
        if not name.tls:
            yield Hit(
                message=f"Custom host name {name.name} of function app {function.name} has no TLS certificate",
                evidence=(cite(names, f"{name.name}: sslState = Disabled"),),
                locus=name.name,
                values={"hostname": name.name},
            )
    for name, expires in each_of((name for name in own if name.tls), lambda name: name.certificate_expires):
        if expires is None or date.fromisoformat(expires[:10]) > context.today + _NOTICE:
            continue
        over = date.fromisoformat(expires[:10]) < context.today
        yield Hit(
            message=f"The TLS certificate of {name.name} (function app {function.name}) {'expired' if over else 'expires'} on {expires[:10]}",
            evidence=(cite(name.certificate_expires, f"expirationDate = {expires}"),),
            locus=name.name,
            severity=None if over else Severity.MEDIUM,
            values={"hostname": name.name},
        )
