"""What stands between a stranger and a function: the network, the platform's sign-in, certificates, shared keys.

Several facts decide together whether a door is open. One that is known to close it settles the question without the
others; a fact that does not exist for this kind of hosting closes nothing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from auditor.analysis.endpoints import settled_reach
from auditor.analysis.parts import of_each
from auditor.model.exposure import Reach
from auditor.model.function import Function
from auditor.model.handler import Handler, HandlerAuth, HttpEntry
from auditor.model.ids import Cloud
from auditor.model.ingress import Ingress, IngressScope
from auditor.model.login import Login
from auditor.model.observed import Gap, GapReason, Known, Observed, Unanswered, Unknown, graver
from auditor.model.transport import ClientCertificates

T = TypeVar("T")
U = TypeVar("U")


def part(group: Observed[T], fact: Callable[[T], Observed[U]]) -> Observed[U]:
    """A fact of a group; the group's own gap where it could not be read."""
    return fact(group.value) if isinstance(group, Known) else group


def negated(fact: Observed[bool]) -> Observed[bool]:
    """The opposite of a switch."""
    return fact.map(lambda value: not value)


def all_hold(*facts: Observed[bool]) -> bool:
    """False as soon as one is known not to hold; Unanswered where one is unknown; else True."""
    gap: Gap | None = None
    for fact in facts:
        if isinstance(fact, Known):
            if not fact.value:
                return False
        else:
            gap = graver(gap, fact.gap)
    if gap is not None:
        raise Unanswered(gap)
    return True


def any_holds(*facts: Observed[bool]) -> bool:
    """True as soon as one is known to hold; Unanswered where one is unknown; else False."""
    return not all_hold(*(negated(fact) for fact in facts))


def optional(fact: Observed[bool]) -> Observed[bool]:
    """A fence that this kind of hosting may not have: where it is not offered, it is not there."""
    if isinstance(fact, Unknown) and fact.gap.reason is GapReason.NOT_OFFERED:
        return Known(False, fact.gap.operation)
    return fact


def let_in(function: Function) -> Observed[bool]:
    """Whether the network lets the whole internet knock."""
    return part(function.ingress, _knock)


def _knock(ingress: Ingress) -> Observed[bool]:
    if isinstance(ingress.scope, Known):
        return ingress.scope.map(lambda scope: scope is IngressScope.ALL)
    for closes in (ingress.public_network, ingress.rules.map(lambda rules: rules.open)):
        if isinstance(closes, Known) and not closes.value:
            return closes
    return ingress.scope


def behind_login(function: Function) -> Observed[bool]:
    """Whether the platform turns away callers who have not signed in."""
    return optional(part(function.login, _asks))


def _asks(login: Login) -> Observed[bool]:
    for switch in (login.enabled, login.required):
        if isinstance(switch, Known) and not switch.value:
            return switch
    return login.required if isinstance(login.enabled, Known) else login.enabled


def asks_certificate(function: Function) -> Observed[bool]:
    """Whether callers must present a client certificate."""
    wanted = part(function.transport, lambda transport: transport.client_certificates)
    return optional(wanted.map(lambda mode: mode is ClientCertificates.REQUIRED))


def skips(path: str, excluded: tuple[str, ...]) -> bool:
    """Whether a path is among those that skip a fence. An excluded path covers what lies below it."""
    bare = path.strip("/").lower()
    for entry in excluded:
        start = entry.strip().rstrip("*").strip("/").lower()
        if start in ("", bare) or bare.startswith(f"{start}/"):
            return True
    return False


def known_fence(function: Function, path: str) -> bool:
    """Whether something in front is known to stop strangers on this path: the network, the login, a certificate."""
    closing = (negated(let_in(function)), *fences(function, path))
    return any(isinstance(fence, Known) and fence.value for fence in closing)


@dataclass(frozen=True, slots=True)
class Door:
    """One way in over HTTP for callers who prove no identity. ``key``: they must know a shared key.

    ``what`` names it in a sentence, ``locus`` is stable, ``proof`` lists the answers it rests on, with what they say.
    """

    what: str
    locus: str
    key: bool
    proof: tuple[tuple[str, str], ...]


def http_handlers(function: Function) -> Iterator[tuple[Handler, HttpEntry]]:
    """The enabled handlers that start over HTTP; Unanswered where they could not be listed."""
    for handler in function.handlers.need():
        if handler.enabled and handler.http is not None:
            yield handler, handler.http


def path_of(handler: Handler, entry: HttpEntry) -> str:
    """The path a handler answers on, as far as it is known: that of its URL, else its route below ``/api``."""
    if entry.url and "//" in entry.url:
        return "/" + entry.url.partition("//")[2].partition("/")[2]
    return f"/api/{entry.route or handler.name}"


def unidentified_doors(function: Function) -> Iterator[Door]:
    """Doors through which the internet reaches the code without proving an identity.

    Where nobody is let in by the network, or everybody signs in, there is none, whatever else is unknown.
    """
    if function.cloud is Cloud.AZURE:
        yield from _handler_doors(function)
    else:
        yield from _endpoint_doors(function)


def _endpoint_doors(function: Function) -> Iterator[Door]:
    admitted = let_in(function)
    if isinstance(admitted, Known) and not admitted.value:
        return
    for endpoint, reach in of_each(function.endpoints.need(), settled_reach):
        if reach.public:
            yield Door(
                f"{endpoint.url} answers anyone{'' if reach is Reach.ANONYMOUS else ' who has an account of any kind'}",
                endpoint.url,
                key=False,
                proof=((endpoint.reach.source, endpoint.reach_reason),),
            )


def _handler_doors(function: Function) -> Iterator[Door]:
    admitted = let_in(function)
    if isinstance(admitted, Known) and not admitted.value:
        return
    gap: Gap | None = None
    for handler, entry in http_handlers(function):
        if entry.auth is HandlerAuth.UNRECOGNISED:
            what = f"the authorisation level of {handler.name} is newer than this version knows"
            gap = graver(gap, Gap(GapReason.UNRECOGNISED, function.handlers.source, None, what))
            continue
        if entry.auth is HandlerAuth.ADMIN_KEY:
            continue
        try:
            reached = all_hold(admitted, *(negated(fence) for fence in fences(function, path_of(handler, entry))))
        except Unanswered as unanswered:
            gap = graver(gap, unanswered.gap)
            continue
        if reached:
            yield _door(function, handler, entry, admitted)
    if gap is not None:
        raise Unanswered(gap)


def fences(function: Function, path: str) -> tuple[Observed[bool], ...]:
    """What asks who calls this path: sign-in and certificate, each unless the path is excluded from it."""
    passes = part(function.login, lambda login: login.excluded_paths)
    bare = part(function.transport, lambda transport: transport.certificate_exclusions)
    return (_unless(behind_login(function), passes, path), _unless(asks_certificate(function), bare, path))


def _unless(fence: Observed[bool], excluded: Observed[tuple[str, ...]], path: str) -> Observed[bool]:
    """A fence that stands only where the path is not excluded; a fence that is down needs no list."""
    if isinstance(fence, Known) and not fence.value:
        return fence
    if isinstance(excluded, Known):
        return Known(False, excluded.source) if skips(path, excluded.value) else fence
    return fence if isinstance(fence, Unknown) or excluded.gap.reason is GapReason.NOT_OFFERED else excluded


def _door(function: Function, handler: Handler, entry: HttpEntry, admitted: Observed[bool]) -> Door:
    key = entry.auth is HandlerAuth.KEY
    asks = "asks for a shared key only" if key else "asks for nothing"
    return Door(
        f"{entry.url or handler.name} {asks}",
        handler.name,
        key=key,
        proof=(
            (function.handlers.source, f"{handler.name}: authLevel {entry.auth}"),
            (admitted.source, "the network lets the internet in"),
            (behind_login(function).source, "nobody has to sign in"),
        ),
    )
