"""Whether unauthenticated callers reach a function: network, platform authentication, certificates, shared keys.

Several facts decide together. One that is known to block callers settles the question without the others; a control
that this kind of hosting does not offer blocks no caller.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from auditor.analysis.endpoints import settled_reach
from auditor.model.authentication import Authentication
from auditor.model.exposure import Reach
from auditor.model.function import Function
from auditor.model.handler import Handler, HandlerAuth, HttpEntry
from auditor.model.ids import Cloud
from auditor.model.ingress import Ingress, IngressScope
from auditor.model.observed import Gap, GapReason, Known, Observed, Unanswered, Unknown, each_of, graver
from auditor.model.observed_logic import all_hold, negated, none_if_not_offered
from auditor.model.transport import ClientCertificates


def internet_reaches(function: Function) -> Observed[bool]:
    """Whether the network admits callers from the whole internet."""
    return function.ingress.then(_public_network)


def _public_network(ingress: Ingress) -> Observed[bool]:
    if isinstance(ingress.scope, Known):
        return ingress.scope.map(lambda scope: scope is IngressScope.ALL)
    for closes in (ingress.public_network, ingress.rules.map(lambda rules: rules.open)):
        if isinstance(closes, Known) and not closes.value:
            return closes
    return ingress.scope


def authentication_required(function: Function) -> Observed[bool]:
    """Whether the platform rejects unauthenticated callers."""
    return none_if_not_offered(function.authentication.then(_authentication_required))


def _authentication_required(authentication: Authentication) -> Observed[bool]:
    for switch in (authentication.enabled, authentication.required):
        if isinstance(switch, Known) and not switch.value:
            return switch
    return authentication.required if isinstance(authentication.enabled, Known) else authentication.enabled


def client_certificate_required(function: Function) -> Observed[bool]:
    """Whether callers must present a client certificate."""
    wanted = function.transport.then(lambda transport: transport.client_certificates)
    return none_if_not_offered(wanted.map(lambda mode: mode is ClientCertificates.REQUIRED))


def path_excluded(path: str, excluded: tuple[str, ...]) -> bool:
    """Whether a path is among those that a control excludes. An excluded path covers what lies below it."""
    bare = path.strip("/").lower()
    for entry in excluded:
        start = entry.strip().rstrip("*").strip("/").lower()
        if start in ("", bare) or bare.startswith(f"{start}/"):
            return True
    return False


def known_access_control(function: Function, path: str) -> bool:
    """Whether the network, authentication or a certificate is known to block unauthenticated callers of this path."""
    closing = (negated(internet_reaches(function)), *access_controls(function, path))
    return any(isinstance(control, Known) and control.value for control in closing)


@dataclass(frozen=True, slots=True)
class UnauthenticatedPath:
    """One HTTP path to the code for callers who prove no identity. ``key``: they must know a shared key.

    ``what`` names it in a sentence, ``locus`` is stable, ``proof`` lists the answers it rests on, with what they say.
    """

    what: str
    locus: str
    key: bool
    proof: tuple[tuple[str, str], ...]
    excluded: bool = False
    """Whether authentication leaves it out, where that is required or might be."""


def http_handlers(function: Function) -> Iterator[tuple[Handler, HttpEntry]]:
    """The enabled handlers that start over HTTP; Unanswered where they could not be listed."""
    for handler in function.handlers.need():
        if handler.enabled and handler.http is not None:
            yield handler, handler.http


def handler_path(handler: Handler, entry: HttpEntry) -> str:
    """The path a handler answers on, as far as it is known: that of its URL, else its route below ``/api``."""
    if entry.url and "//" in entry.url:
        return "/" + entry.url.partition("//")[2].partition("/")[2]
    return f"/api/{entry.route or handler.name}"


def unauthenticated_paths(function: Function) -> Iterator[UnauthenticatedPath]:
    """Paths by which internet callers reach the code without proving an identity.

    Where the network admits no caller, or every caller signs in, there is none, whatever else is unknown.
    """
    if function.cloud is Cloud.AZURE:
        yield from _handler_paths(function)
    else:
        yield from _endpoint_paths(function)


def _endpoint_paths(function: Function) -> Iterator[UnauthenticatedPath]:
    admitted = internet_reaches(function)
    if isinstance(admitted, Known) and not admitted.value:
        return
    for endpoint, reach in each_of(function.endpoints.need(), settled_reach):
        if reach.public:
            yield UnauthenticatedPath(
                f"{endpoint.url} accepts requests"
                f" {'without authentication' if reach is Reach.ANONYMOUS else 'of any authenticated account'}",
                endpoint.url,
                key=False,
                proof=((endpoint.reach.source, endpoint.reach_reason),),
            )


def _handler_paths(function: Function) -> Iterator[UnauthenticatedPath]:
    admitted = internet_reaches(function)
    if isinstance(admitted, Known) and not admitted.value:
        return
    gap: Gap | None = None
    for handler, entry in http_handlers(function):
        if entry.auth is HandlerAuth.ADMIN_KEY:
            continue
        try:
            reached = all_hold(
                admitted, *(negated(control) for control in access_controls(function, handler_path(handler, entry)))
            )
        except Unanswered as unanswered:
            gap = graver(gap, unanswered.gap)
            continue
        if not reached:
            continue
        unclear = unclear_auth(function, handler, entry)
        if unclear is None:
            yield _path(function, handler, entry, admitted)
        else:
            gap = graver(gap, unclear)
    if gap is not None:
        raise Unanswered(gap)


def unclear_auth(function: Function, handler: Handler, entry: HttpEntry) -> Gap | None:
    """Why it is not known what a handler itself asks of its callers; None where it is."""
    if entry.auth is HandlerAuth.UNRECOGNISED:
        what = f"the authorisation level of {handler.name} is newer than this version knows"
        return Gap(GapReason.UNRECOGNISED, function.handlers.source, None, what)
    if entry.auth is HandlerAuth.UNREPORTED:
        what = f"what {handler.name} asks of its callers is not told by the API that lists it"
        return Gap(GapReason.NOT_COLLECTED, function.handlers.source, None, what)
    return None


def access_controls(function: Function, path: str) -> tuple[Observed[bool], ...]:
    """The controls that authenticate callers of this path: platform and certificate, unless the path is excluded."""
    passes = function.authentication.then(lambda authentication: authentication.excluded_paths)
    bare = function.transport.then(lambda transport: transport.certificate_exclusions)
    return (
        _unless(authentication_required(function), passes, path),
        _unless(client_certificate_required(function), bare, path),
    )


def _unless(control: Observed[bool], excluded: Observed[tuple[str, ...]], path: str) -> Observed[bool]:
    """A control that holds only where the path is not excluded; one that is off needs no list."""
    if isinstance(control, Known) and not control.value:
        return control
    if isinstance(excluded, Known):
        return Known(False, excluded.source) if path_excluded(path, excluded.value) else control
    return control if isinstance(control, Unknown) or excluded.gap.reason is GapReason.NOT_OFFERED else excluded


def _path(function: Function, handler: Handler, entry: HttpEntry, admitted: Observed[bool]) -> UnauthenticatedPath:
    key = entry.auth is HandlerAuth.KEY
    asks = "requires only a shared key" if key else "requires no authentication"
    return UnauthenticatedPath(
        f"{entry.url or handler.name} {asks}",
        handler.name,
        key=key,
        proof=(
            (function.handlers.source, f"{handler.name}: authLevel {entry.auth}"),
            (admitted.source, "ingress allows internet traffic"),
            (authentication_required(function).source, "authentication is not required"),
        ),
        excluded=_left_out(function, handler_path(handler, entry)),
    )


def _left_out(function: Function, path: str) -> bool:
    authentication = function.authentication.value if isinstance(function.authentication, Known) else None
    excluded = authentication.excluded_paths if authentication is not None else None
    return isinstance(excluded, Known) and path_excluded(path, excluded.value)
