"""Event Grid subscriptions that deliver to apps, by URL or as the native destination."""

from functools import partial
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from auditor.model.capture import Json
from auditor.model.guardrails import Caller
from auditor.model.handler import HandlerAuth
from auditor.model.observed import Gap, Observed, Unknown
from providers.azure.normalize.answers import known
from providers.azure.normalize.fields import (
    UnreadableError,
    filled_text,
    given,
    member,
    optional_member,
    text,
)
from providers.azure.normalize.handlers import Bound
from providers.azure.normalize.ids import site_id
from providers.azure.normalize.resource_index import ResourceIndex
from providers.azure.normalize.sites import Site

_LISTED = "eventgrid:ListSubscriptions"
_REGIONAL = "eventgrid:ListRegionalSubscriptions"
_KIND = "event-subscription"
_EXTENSION = "/providers/microsoft.eventgrid/eventsubscriptions/"
"""What follows the id of a resource in the id of a subscription to its events."""
_WEBHOOKS = "/runtime/webhooks/"


class Delivery(NamedTuple):
    """``app`` is the id or the host name of what it delivers to. ``dead_letter``: what cannot be delivered is kept.

    ``topic`` is the resource whose events it is, ``handler`` the name of the function that takes them ("": told by the
    address), ``source`` the operation that listed it.
    """

    id: str
    app: str
    target: str
    path: str
    identified: bool
    native: bool
    dead_letter: bool
    topic: str
    handler: str
    source: str


class Callers:
    """What calls apps, from every audited subscription. ``hostnames`` maps host names to the ids of apps."""

    def __init__(self, world: ResourceIndex, hostnames: dict[str, str]) -> None:
        self._gap: Gap | None = None
        self._found: dict[str, list[Delivery]] = {}
        for answers in world.subscriptions.values():
            regions = tuple(answers.bodies(_REGIONAL))
            if not regions:  # a subscription with an app has a region
                self._gap = self._gap or answers.missing(_REGIONAL)
            for operation, subject in ((_LISTED, ""), *((_REGIONAL, region) for region in regions)):
                listing = answers.readable(answers.rows(operation, subject), partial(_delivery, operation))
                self._gap = self._gap or listing.gap
                for delivery in listing.items:
                    if delivery is not None:
                        app = hostnames.get(delivery.app, delivery.app)
                        self._found.setdefault(app, []).append(delivery)
        # where resources could not be listed, so could not the regions that their events come from
        self._gap = self._gap or world.index("graph:StorageAccounts").any_gap()

    def of(self, site: Site, handlers: Observed[tuple[Bound, ...]]) -> Observed[tuple[Caller, ...]]:
        """The subscriptions that deliver to an app; unknown where there may be more, unless one of them has a key."""
        deliveries = self._found.get(site.id, [])
        if isinstance(site.properties.body, Unknown):  # without its names, nobody can tell what is meant for it
            return site.properties.body
        found = tuple(_caller(each, site.id, handlers) for each in deliveries)
        if self._gap is not None and not any(caller.key_in_url for caller in found):
            return Unknown(self._gap)  # those that are unread may call with a key
        keyed = (each.source for each, caller in zip(deliveries, found, strict=True) if caller.key_in_url)
        return known(found, next(keyed, deliveries[0].source if deliveries else _LISTED))

    def deliveries(self, site: str) -> tuple[tuple[Delivery, ...], Gap | None]:
        """What delivers to an app, and why there may be more."""
        return tuple(self._found.get(site, ())), self._gap

    def dead_letter(self, site: str) -> Observed[bool]:
        """Whether every subscription that delivers to an app keeps what cannot be delivered."""
        found = self._found.get(site, [])
        if any(not delivery.dead_letter for delivery in found):
            return known(False, _LISTED)
        return known(True, _LISTED) if self._gap is None else Unknown(self._gap)


def _caller(delivery: Delivery, site: str, handlers: Observed[tuple[Bound, ...]]) -> Caller:
    return Caller(
        id=delivery.id,
        kind=_KIND,
        target=delivery.target,
        function=site,
        identified=delivery.identified,
        key_in_url=not delivery.native and _needs_key(delivery, handlers),
    )


def _needs_key(delivery: Delivery, handlers: Observed[tuple[Bound, ...]]) -> bool:
    """The list tells no query; the host's own webhooks, and handlers that ask for a key, are reached with one only."""
    if delivery.path.startswith(_WEBHOOKS):
        return True
    if isinstance(handlers, Unknown):
        return not delivery.identified
    for bound in handlers.value:
        entry = bound.handler.http
        name = (entry.route or bound.handler.name) if entry is not None else None
        if name is not None and delivery.path.strip("/").lower().endswith(name.strip("/").lower()):
            return entry is not None and entry.auth is not HandlerAuth.ANONYMOUS
    return not delivery.identified


def _delivery(source: str, item: Json) -> Delivery | None:
    """One subscription, None where it delivers to something that is no app."""
    body = member(item, "properties")
    managed = optional_member(body, "deliveryWithResourceIdentity")
    destination = member(managed, "destination") if given(managed, "destination") else member(body, "destination")
    kind = text(destination, "endpointType").lower()
    properties = optional_member(destination, "properties")
    identified = bool(managed) or bool(filled_text(properties, "azureActiveDirectoryApplicationIdOrUri"))
    kept = given(body, "deadLetterDestination") or given(body, "deadLetterWithResourceIdentity")
    identifier = text(item, "id").lower()
    topic = identifier.partition(_EXTENSION)[0].partition("/eventsubscriptions/")[0]
    if kind == "azurefunction":
        app = site_id(text(properties, "resourceId").lower().partition("/functions/")[0])
        if app is None:
            raise UnreadableError("resourceId is not that of a function")
        target = text(properties, "resourceId").lower()
        handler = target.partition("/functions/")[2]
        return Delivery(identifier, app.id, target, "", identified, True, kept, topic, handler, source)
    if kind != "webhook":
        return None
    host, path = _address(properties)
    return Delivery(identifier, host, f"{host}{path}", path, identified, False, kept, topic, "", source)


def _address(properties: dict[str, Any]) -> tuple[str, str]:
    try:
        parts = urlsplit(text(properties, "endpointBaseUrl"))
        return (parts.hostname or "").lower(), parts.path
    except ValueError as error:
        raise UnreadableError("endpointBaseUrl is not a URL") from error
