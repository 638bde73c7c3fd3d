"""Which networks may reach a function, as its record says and as its Cloud Run service has it."""

from typing import Any, Final

from auditor.model.authentication import Authentication
from auditor.model.ingress import Egress, FrontEnd, Ingress, IngressScope
from auditor.model.observed import Known, Observed, Unknown, not_offered
from auditor.model.transport import Transport
from providers.gcp.normalize.answers import known, of
from providers.gcp.normalize.fields import Enumeration, member, optional_flag
from providers.gcp.normalize.function_list import LISTED, Entry

_RECORD: Final[Enumeration[IngressScope]] = Enumeration(
    ALLOW_ALL=IngressScope.ALL,
    ALLOW_INTERNAL_ONLY=IngressScope.INTERNAL,
    ALLOW_INTERNAL_AND_GCLB=IngressScope.INTERNAL_AND_BALANCER,
)
_SERVICE: Final[Enumeration[IngressScope]] = Enumeration(
    INGRESS_TRAFFIC_ALL=IngressScope.ALL,
    INGRESS_TRAFFIC_INTERNAL_ONLY=IngressScope.INTERNAL,
    INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER=IngressScope.INTERNAL_AND_BALANCER,
    INGRESS_TRAFFIC_NONE=IngressScope.NONE,
)
_SECURITY: Final[Enumeration[bool]] = Enumeration(SECURE_ALWAYS=True, SECURE_OPTIONAL=False)


def recorded(body: dict[str, Any]) -> IngressScope:
    """The ingress a function's record names."""
    return _RECORD.read(member(body, "serviceConfig"), "ingressSettings")


def serving(body: dict[str, Any]) -> IngressScope:
    """The ingress a Cloud Run service has."""
    return _SERVICE.read(body, "ingress")


def scope(entry: Entry) -> Observed[IngressScope]:
    """What is let in: the service decides; without its answer a record that lets everything in is believed."""
    if entry.record is None:
        return of(entry.service, serving)
    own = entry.record.fact(recorded)
    if entry.generation == 1:
        return own
    service = of(entry.service, serving)
    if isinstance(service, Known):
        return service
    return own if isinstance(own, Known) and own.value is IngressScope.ALL else service


def _drifted(entry: Entry) -> Observed[IngressScope | None]:
    """What the record says where the service says otherwise."""
    if entry.generation != 2 or entry.record is None:
        return not_offered(entry.source, "only a second-generation function is recorded twice")
    own, service = entry.record.fact(recorded), of(entry.service, serving)
    if isinstance(service, Unknown):
        return service
    if isinstance(own, Unknown):
        return own
    return known(None if own.value is service.value else own.value, service.source)


def ingress(entry: Entry, egress: Egress, fronts: Observed[tuple[FrontEnd, ...]]) -> Ingress:
    """The ingress of a function."""
    none = not_offered(LISTED, "functions of Google Cloud have no access rules of their own")
    return Ingress(
        scope=scope(entry),
        public_network=none,
        rules=none,
        management_rules=none,
        private_endpoints=none,
        default_address=of(entry.service, lambda body: not optional_flag(body, "defaultUriDisabled")),
        recorded=_drifted(entry),
        front_ends=fronts,
        egress=egress,
    )


def _https(body: dict[str, Any]) -> bool:
    # unspecified: HTTPS is optional, as the API documents
    return _SECURITY.read(member(body, "serviceConfig"), "securityLevel", lambda: False)


def transport(entry: Entry) -> Transport:
    """Only the first generation may answer plain HTTP, and only where it has an address."""
    none = not_offered(LISTED, "Google Cloud's own front end decides")
    if entry.generation == 1:
        https: Observed[bool] = (
            not_offered(entry.source, "events alone start the function: it has no address")
            if entry.record is not None and "eventTrigger" in entry.record.body
            else of(entry.told, _https)
        )
    elif entry.generation is None and isinstance(entry.service, Unknown):
        https = entry.service
    else:
        https = not_offered(entry.source, "Cloud Run answers over HTTPS alone: there is no such setting")
    return Transport(
        https_only=https,
        min_tls=none,
        management_min_tls=none,
        cipher_suite=none,
        end_to_end=none,
        http2=none,
        file_transfer=none,
        client_certificates=none,
        certificate_exclusions=none,
        hostnames=none,
    )


def authentication(entry: Entry) -> Authentication:
    """Identity-Aware Proxy in front of the service."""
    enabled = of(entry.service, lambda body: optional_flag(body, "iapEnabled"))
    none = not_offered(LISTED, "Identity-Aware Proxy has no such setting")
    return Authentication(
        enabled=enabled,
        required=enabled,
        excluded_paths=none,
        any_tenant=none,
        audience_restricted=none,
        redirects=none,
        legacy=none,
        requires_https=none,
    )
