"""Gateways with the routes that start functions: what is read of them, whatever their service."""

import re
from dataclasses import dataclass, field, replace
from typing import Final

from auditor.model.exposure import AuthMode
from auditor.model.gateway import Backend, Gateway, Route, SourceRoute
from auditor.model.observed import Gap, GapReason, Known
from auditor.model.trigger import Flow, TriggerKind
from providers.aws.normalize.references import qualified
from providers.aws.normalize.sources.integrations import Target, Writes
from providers.aws.normalize.sources.reading import EVERYTHING, Delivery, Reading, delivery

_FUNCTION: Final = re.compile(r"(arn:[^/]*:lambda:[^/]*:function:[^/]+)(?:/|$)")
_VARIABLE: Final = re.compile(r"\$\{[^}]*\}")

MODES: Final = {
    "NONE": AuthMode.NONE,
    "AWS_IAM": AuthMode.IAM,
    "CUSTOM": AuthMode.IDENTITY_PROVIDER,
    "COGNITO_USER_POOLS": AuthMode.IDENTITY_PROVIDER,
    "JWT": AuthMode.IDENTITY_PROVIDER,
}

_OPEN: Final = frozenset({AuthMode.NONE, AuthMode.UNRECOGNISED})


def function_of(uri: str) -> str | None:
    """The function that an integration names, with ``*`` for what a stage variable decides; None for another target."""
    found = _FUNCTION.search(uri)
    return _VARIABLE.sub("*", found.group(1)) if found else None


def backend(route: str, uri: str, *, verified: bool, internal: bool, encrypted: bool = False, id: str = "") -> Backend:
    """An HTTP endpoint behind a gateway: of its address, only scheme and host."""
    scheme, found, rest = uri.partition("://")
    address = f"{scheme.lower()}://{rest.partition('/')[0].partition('?')[0].rpartition('@')[2]}" if found else uri
    return Backend(
        route=route,
        address=address,
        encrypted=encrypted or address.startswith("https://"),
        verified=verified,
        internal=internal,
        id=id,
    )


@dataclass(slots=True)
class Found:
    """What was read of the gateways of one service in one location."""

    operation: str
    service: str = "apigateway"
    by_role: bool = True
    forwards: bool = True
    deliveries: list[Delivery] = field(default_factory=list)
    gaps: dict[str, Gap] = field(default_factory=dict)
    resources: set[str] = field(default_factory=set)
    routes: dict[str, dict[str, list[Route]]] = field(default_factory=dict)
    """Routes by API and by function."""
    flows: list[Flow] = field(default_factory=list)
    gateways: dict[str, Gateway] = field(default_factory=dict)
    """Gateways by id, without routes."""
    writes: Writes = field(default_factory=Writes)
    """Routes that write to event sources."""

    def missed(self, resource: str, gap: Gap | None) -> None:
        """Notes what could not be read."""
        if gap is not None:
            self.gaps.setdefault(resource, gap)

    def route(self, api: str, function: str, route: Route) -> None:
        """A route of a gateway that starts a function."""
        self.started(api, function)
        self.leads(api, function, route)

    def leads(self, api: str, function: str, route: Route) -> None:
        """A route that ends at a function, whatever it is that starts it."""
        arn, qualifier = qualified(function)
        self.routes.setdefault(api, {}).setdefault(arn, []).append(replace(route, qualifier=qualifier))

    def writing(self, target: Target, api: SourceRoute, source: str) -> None:
        """A route that writes to an event source; ``source``: the operation whose answer holds it."""
        self.writes.routes.append((target, Known(api, source)))
        closed = isinstance(api.public, Known) and not api.public.value
        if target.source is None and not closed and api.route.auth in _OPEN:
            way = f"{api.route.method} {api.route.path} of API {api.name}"
            told = f"which source of {target.service} {way} writes to is not in the answers that are collected"
            self.writes.unnamed.append(
                (target.service, Gap(GapReason.NOT_COLLECTED, source, None, told, api.gateway.rpartition(":")[2]))
            )

    def started(self, api: str, function: str) -> None:
        """The gateway starts a function: by a route, or to decide who may call."""
        self.deliveries.append(delivery(function, self.service, api, TriggerKind.HTTP, asynchronous=False))

    def reading(self) -> Reading:
        """As a reading."""
        return Reading(
            service=self.service,
            operation=self.operation,
            deliveries=tuple(self.deliveries),
            flows=tuple(dict.fromkeys(self.flows)),
            gaps=self.gaps,
            resources=None if EVERYTHING in self.gaps else frozenset(self.resources),
            by_role=self.by_role,
            forwards=self.forwards,
        )
