"""What the ingress of a container app says of traffic: encryption, certificates, host names, other origins."""

from typing import Any, Final

from auditor.model.exposure import Cors
from auditor.model.observed import GapReason, Known, Observed, not_offered
from auditor.model.transport import ClientCertificates, Hostname, Transport
from providers.azure.normalize.answers import Part, known
from providers.azure.normalize.fields import (
    choice,
    given,
    optional_flag,
    optional_items,
    optional_member,
    optional_text,
    optional_texts,
    record,
    text,
)
from providers.azure.normalize.sites import Site

_CERTIFICATES: Final = {
    "require": ClientCertificates.REQUIRED,
    "accept": ClientCertificates.OPTIONAL,
    "ignore": ClientCertificates.OFF,
}
_BINDINGS: Final = {"snienabled": True, "auto": True, "disabled": False}
_HTTP2: Final = {"auto": True, "http2": True, "http": False, "tcp": False}


def transport(site: Site, ingress: Part) -> Transport:
    """How traffic to a container app is encrypted. Its ingress speaks TLS 1.2 and newer, with no choice of suites."""
    return Transport(
        https_only=ingress.read(lambda body: not optional_flag(body, "allowInsecure")),
        min_tls=site.host.lacks(ingress.source, "accepts no TLS older than 1.2"),
        management_min_tls=site.host.lacks(ingress.source, "has no management site"),
        cipher_suite=site.host.lacks(ingress.source, "has no choice of cipher suites"),
        end_to_end=site.host.lacks(ingress.source, "encrypts between its apps by a switch of the environment"),
        http2=_http2(ingress),
        file_transfer=site.host.lacks(ingress.source, "has no FTP"),
        client_certificates=ingress.read(_client_certificates),
        certificate_exclusions=known((), ingress.source),
        hostnames=ingress.read(lambda body: tuple(_hostnames(ingress, body))),
    )


def _http2(ingress: Part) -> Observed[bool]:
    if isinstance(ingress.body, Known) and not ingress.body.value:
        return not_offered(ingress.source, "it has no ingress")
    return ingress.read(lambda body: choice(body, "transport", _HTTP2) if given(body, "transport") else True)


def _client_certificates(body: dict[str, Any]) -> ClientCertificates:
    if not given(body, "clientCertificateMode"):
        return ClientCertificates.OFF
    return choice(body, "clientCertificateMode", _CERTIFICATES)


def _hostnames(ingress: Part, body: dict[str, Any]) -> list[Hostname]:
    none: Observed[str | None] = known(None, ingress.source)
    fqdn = optional_text(body, "fqdn")
    found = [Hostname(name=fqdn.lower(), default=True, tls=True, certificate_expires=none)] if fqdn else []
    for item in optional_items(body, "customDomains"):
        domain = record(item, "a custom domain")
        bound = choice(domain, "bindingType", _BINDINGS) if given(domain, "bindingType") else False
        expires = ingress.unknown(GapReason.NOT_COLLECTED, "certificates of environments are not read")
        name = text(domain, "name").lower()
        managed = "/managedcertificates/" in (optional_text(domain, "certificateId") or "").lower()
        found.append(
            Hostname(name=name, default=False, tls=bound, certificate_expires=none if managed or not bound else expires)
        )
    return found


def cors(body: dict[str, Any]) -> Cors | None:
    """The cross-origin rules of an ingress; without a policy there are none."""
    policy = optional_member(body, "corsPolicy")
    if not policy:
        return None
    return Cors(
        origins=optional_texts(policy, "allowedOrigins"),
        methods=optional_texts(policy, "allowedMethods"),
        headers=optional_texts(policy, "allowedHeaders"),
        credentials=optional_flag(policy, "allowCredentials"),
    )


def sticky(ingress: Part) -> Observed[bool]:
    """Whether callers are sent to the same replica again."""
    return ingress.read(
        lambda body: (optional_text(optional_member(body, "stickySessions"), "affinity") or "").lower() == "sticky"
    )
