"""How traffic to an app is encrypted."""

from typing import Any

from auditor.model.capture import Json
from auditor.model.hosting import HostingKind
from auditor.model.observed import GapReason, Known, Observed, Unknown
from auditor.model.transport import ClientCertificates, FileTransfer, Hostname, Transport
from providers.answers.fields import day
from providers.azure.normalize import container_ingress
from providers.azure.normalize.answers import known
from providers.azure.normalize.containers import Containers
from providers.azure.normalize.defaults import switch
from providers.azure.normalize.fields import (
    choice,
    filled_text,
    items,
    optional_flag,
    optional_text,
    record,
    text,
)
from providers.azure.normalize.resource_index import ResourceIndex
from providers.azure.normalize.sites import Site, configured_switch

_CERTIFICATES = "graph:Certificates"

_VERSIONS = {version: version for version in ("1.0", "1.1", "1.2", "1.3")}
_FTP = {
    "allallowed": FileTransfer.PLAIN,
    "ftpsonly": FileTransfer.TLS_ONLY,
    "disabled": FileTransfer.DISABLED,
}
_CERTIFICATE_MODES = {
    "required": ClientCertificates.REQUIRED,
    "optional": ClientCertificates.OPTIONAL,
    "optionalinteractiveuser": ClientCertificates.OPTIONAL,
}
_TLS_STATES = {"disabled": False, "snienabled": True, "ipbasedenabled": True}


class Transports:
    """The transport settings of apps."""

    def __init__(self, world: ResourceIndex, containers: Containers) -> None:
        self._containers = containers
        self._expiring: dict[str, Observed[str | None]] = {}
        index = world.index(_CERTIFICATES)
        self._gap = index.any_gap()
        for row in index:
            part = index.part(row.id)
            thumbprint = part.read(lambda body: text(body, "thumbprint").upper())
            if isinstance(thumbprint, Known):
                self._expiring[thumbprint.value] = part.read(_expires)
            else:
                self._gap = self._gap or thumbprint.gap

    def of(self, site: Site) -> Observed[Transport]:
        """The transport settings of one app."""
        if isinstance(site.properties.body, Unknown):
            return site.properties.body
        if site.host.kind is HostingKind.CONTAINER_APPS:
            ingress = self._containers.ingress(site)
            return Known(container_ingress.transport(site, ingress), ingress.source)
        return Known(
            Transport(
                https_only=site.properties.read(lambda body: optional_flag(body, "httpsOnly")),
                min_tls=site.config.read(lambda body: choice(body, "minTlsVersion", _VERSIONS)),
                management_min_tls=site.config.read(lambda body: choice(body, "scmMinTlsVersion", _VERSIONS)),
                cipher_suite=site.config.read(lambda body: filled_text(body, "minTlsCipherSuite")),
                end_to_end=_end_to_end(site),
                http2=configured_switch(site, "http20Enabled"),
                file_transfer=_file_transfer(site),
                client_certificates=site.properties.read(_client_certificates),
                certificate_exclusions=site.properties.read(_exclusions),
                hostnames=self._hostnames(site),
            ),
            site.source,
        )

    def _hostnames(self, site: Site) -> Observed[tuple[Hostname, ...]]:
        states = site.properties.read(lambda body: tuple(_states(body)))
        if isinstance(states, Unknown):
            return states
        default = site.properties.read(lambda body: text(body, "defaultHostName").lower())
        if isinstance(default, Unknown):
            return default
        return site.properties.read(
            lambda _: tuple(self._hostname(site, state, default.value) for state in states.value)
        )

    def _hostname(self, site: Site, state: dict[str, Any], default: str) -> Hostname:
        name = text(state, "name").lower()
        if name == default:  # the platform's own certificate answers there
            return Hostname(name=name, default=True, tls=True, certificate_expires=known(None, site.source))
        bound = choice(state, "sslState", _TLS_STATES)
        expires = self._expires(site, filled_text(state, "thumbprint")) if bound else known(None, site.source)
        return Hostname(name=name, default=False, tls=bound, certificate_expires=expires)

    def _expires(self, site: Site, thumbprint: str | None) -> Observed[str | None]:
        if thumbprint is None:
            return site.properties.unknown(GapReason.MALFORMED, "a bound name without a thumbprint")
        found = self._expiring.get(thumbprint.upper())
        if found is not None:
            return found
        message = "the certificate is not in an audited subscription"
        gap = self._gap or site.answers.gap(_CERTIFICATES, GapReason.NOT_COLLECTED, message, site.id)
        return Unknown(gap)


def _states(body: dict[str, Any]) -> list[dict[str, Any]]:
    """The names the app itself answers on, without those of its management site."""
    found: list[Json] = items(body, "hostNameSslStates")
    states = [record(state, "hostNameSslStates") for state in found]
    return [state for state in states if text(state, "hostType").lower() != "repository"]


def _client_certificates(body: dict[str, Any]) -> ClientCertificates:
    if not switch(body, "clientCertEnabled"):
        return ClientCertificates.OFF
    return choice(body, "clientCertMode", _CERTIFICATE_MODES)


def _exclusions(body: dict[str, Any]) -> tuple[str, ...]:
    paths = optional_text(body, "clientCertExclusionPaths") or ""
    return tuple(path.strip() for path in paths.split(";") if path.strip())


def _end_to_end(site: Site) -> Observed[bool]:
    if (unclear := site.host.unclear(site.row)) is not None:
        return unclear
    if site.host.on_plan:
        return site.properties.read(lambda body: optional_flag(body, "endToEndEncryptionEnabled"))
    return site.host.lacks(site.source, "has no switch for it")


def _file_transfer(site: Site) -> Observed[FileTransfer]:
    if (unclear := site.host.unclear(site.row)) is not None:
        return unclear
    if site.host.kind is HostingKind.FLEX_CONSUMPTION or not site.host.app_service:
        return site.host.lacks(site.source, "has no FTP")
    return site.config.read(lambda body: choice(body, "ftpsState", _FTP))


def _expires(body: dict[str, Any]) -> str | None:
    return day(text(body, "expirationDate"), "expirationDate")
