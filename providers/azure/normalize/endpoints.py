"""The URLs an app answers on, one for each handler that starts over HTTP, and who can really call each."""

from typing import Any

from auditor.model.authentication import Authentication
from auditor.model.exposure import AuthMode, Cors, Endpoint, Reach
from auditor.model.handler import Handler, HandlerAuth, HttpEntry
from auditor.model.ingress import Ingress, IngressScope
from auditor.model.observed import GapReason, Known, Observed, Unknown
from auditor.model.transport import ClientCertificates, Transport
from providers.azure.normalize.answers import known
from providers.azure.normalize.container_rows import ingress_names
from providers.azure.normalize.fields import given, member, optional_flag, optional_texts, text
from providers.azure.normalize.handlers import Bound
from providers.azure.normalize.sites import Site

_MODES = {
    HandlerAuth.ANONYMOUS: AuthMode.NONE,
    HandlerAuth.KEY: AuthMode.KEY,
    HandlerAuth.ADMIN_KEY: AuthMode.KEY,
    HandlerAuth.UNRECOGNISED: AuthMode.UNRECOGNISED,
    HandlerAuth.UNREPORTED: AuthMode.UNRECOGNISED,
}


_UNCLEAR = {
    HandlerAuth.UNRECOGNISED: "Its authorisation level is newer than this version knows.",
    HandlerAuth.UNREPORTED: "What it asks of its callers is not told by the API that lists it.",
}


def endpoints(
    site: Site,
    handlers: Observed[tuple[Bound, ...]],
    authentication: Observed[Authentication],
    ingress: Observed[Ingress],
    transport: Observed[Transport],
    origins: Observed[Cors | None],
) -> Observed[tuple[Endpoint, ...]]:
    """The URLs of an app. Disabled handlers do not answer."""
    if isinstance(handlers, Unknown):
        return handlers
    open_handlers = [
        (bound.handler, bound.handler.http)
        for bound in handlers.value
        if bound.handler.http is not None and bound.handler.enabled
    ]
    if not open_handlers:
        return known((), handlers.source)
    if isinstance(origins, Unknown):
        return origins
    host = _host_name(site)
    found: list[Endpoint] = []
    for handler, entry in open_handlers:
        url = _url(handler, entry, host)
        if isinstance(url, Unknown):
            return url
        path = "/" + url.value.partition("//")[2].partition("/")[2]
        asks = _unless_excluded(_asks_authentication(authentication), _of(authentication, "excluded_paths"), path)
        reach, reason = _reach(entry, asks, ingress, transport, path, handlers.source)
        found.append(
            Endpoint(
                url=url.value,
                qualifier=None,
                auth=_mode(entry, asks),
                cors=origins.value,
                reach=reach,
                reach_reason=reason,
                source=handlers.source,
            )
        )
    return Known(tuple(found), handlers.source)


def _host_name(site: Site) -> Observed[str]:
    if site.host.native:
        return site.row.read(lambda body: min(ingress_names(body), default=site.parts.app))
    return site.properties.read(lambda body: text(body, "defaultHostName"))


def cors(config: dict[str, Any]) -> Cors | None:
    """The cross-origin rules of an app."""
    if not given(config, "cors"):  # null: the app answers without cross-origin headers
        return None
    body = member(config, "cors")
    origins = optional_texts(body, "allowedOrigins")
    return Cors(origins=origins, methods=(), headers=(), credentials=optional_flag(body, "supportCredentials"))


def _url(handler: Handler, entry: HttpEntry, host: Observed[str]) -> Observed[str]:
    if entry.url:
        return Known(entry.url, host.source)
    route = entry.route if entry.route is not None else handler.name
    return host.map(lambda name: f"https://{name.lower()}/api/{route.lstrip('/')}")


def _of(group: Observed[Any], name: str) -> Observed[Any]:
    found: Observed[Any] = getattr(group.value, name) if isinstance(group, Known) else group
    return found


def _asks_authentication(authentication: Observed[Authentication]) -> Observed[bool]:
    """Whether the platform turns unauthenticated callers away; it does not where one of its switches is off."""
    if isinstance(authentication, Unknown):
        return (
            known(False, authentication.source)
            if authentication.gap.reason is GapReason.NOT_OFFERED
            else authentication
        )
    enabled, required = authentication.value.enabled, authentication.value.required
    for switch in (enabled, required):
        if isinstance(switch, Known) and not switch.value:
            return switch
    return enabled if isinstance(enabled, Unknown) else required


def _unless_excluded(fence: Observed[bool], excluded: Observed[tuple[str, ...]], path: str) -> Observed[bool]:
    """A fence that applies only where the path is not excluded; a fence that is down needs no list."""
    if isinstance(fence, Unknown) or not fence.value:
        return fence
    if isinstance(excluded, Unknown):
        return fence if excluded.gap.reason is GapReason.NOT_OFFERED else excluded
    return known(False, excluded.source) if _skips(path, excluded.value) else fence


def _skips(path: str, excluded: tuple[str, ...]) -> bool:
    """An excluded path covers what lies below it."""
    bare = path.strip("/").lower()
    for entry in excluded:
        start = entry.strip().rstrip("*").strip("/").lower()
        if start in ("", bare) or bare.startswith(f"{start}/"):
            return True
    return False


def _mode(entry: HttpEntry, asks: Observed[bool]) -> AuthMode:
    if isinstance(asks, Known) and asks.value:
        return AuthMode.IDENTITY_PROVIDER
    # without knowing the sign-in in front of it, a handler is not known to ask for no more than it does itself
    return AuthMode.UNRECOGNISED if isinstance(asks, Unknown) else _MODES[entry.auth]


def _reach(
    entry: HttpEntry,
    asks: Observed[bool],
    ingress: Observed[Ingress],
    transport: Observed[Transport],
    path: str,
    source: str,
) -> tuple[Observed[Reach], str]:
    """Anonymous, where no control protects an anonymous handler; one known control settles it."""
    if entry.auth in (HandlerAuth.KEY, HandlerAuth.ADMIN_KEY):
        return known(Reach.SCOPED, source), "Callers need a key."
    scope = _of(ingress, "scope")
    certificates = _of(transport, "client_certificates").map(lambda mode: mode is ClientCertificates.REQUIRED)
    certified = _unless_excluded(certificates, _of(transport, "certificate_exclusions"), path)
    fences: tuple[tuple[Observed[bool], str], ...] = (
        (asks, "The platform rejects unauthenticated callers."),
        (scope.map(lambda found: found is not IngressScope.ALL), "The network blocks access from the internet."),
        (certified, "Callers must present a certificate."),
    )
    for fence, sentence in fences:
        if isinstance(fence, Known) and fence.value:
            return known(Reach.SCOPED, fence.source), sentence
    for fence, _ in fences:
        if isinstance(fence, Unknown) and fence.gap.reason is not GapReason.NOT_OFFERED:
            return fence, "The controls in front of it could not all be read."
    if entry.auth in _UNCLEAR:
        return known(Reach.UNRECOGNISED, source), _UNCLEAR[entry.auth]
    return known(Reach.ANONYMOUS, source), "It is anonymous, without platform authentication, and open to the internet."
