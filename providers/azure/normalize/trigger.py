"""What starts an app, as its bindings tell."""

import re
from dataclasses import replace
from typing import NamedTuple

from auditor.model.handler import Binding, Direction
from auditor.model.observed import Gap, GapReason, Known, Observed, Unknown, not_offered
from auditor.model.storage import HostStorage
from auditor.model.trigger import Certainty, Trigger, TriggerAuthentication, TriggerKind, TriggerVia
from providers.azure.normalize.answers import known
from providers.azure.normalize.bound_resources import account_behind
from providers.azure.normalize.callers import Callers, Delivery
from providers.azure.normalize.event_source_access import MESSAGING, Namespaces
from providers.azure.normalize.handlers import FUNCTIONS, Bound
from providers.azure.normalize.ids import subscription_of
from providers.azure.normalize.settings import AppSettings, sign_in
from providers.azure.normalize.sites import Site
from providers.azure.normalize.storage import Storages, account_name

Group = Observed[tuple[Trigger, ...]]


class _Source(NamedTuple):
    """``lost``: a failed event is gone, where nobody keeps it. ``buried``: the service keeps what fails too often."""

    kind: TriggerKind
    service: str
    lost: bool = False
    buried: bool | None = None
    connection: str | None = None


_KINDS = TriggerKind
_SOURCES = {
    "httptrigger": _Source(_KINDS.HTTP, "http"),
    "timertrigger": _Source(_KINDS.SCHEDULE, "timer"),
    "queuetrigger": _Source(_KINDS.QUEUE, "storage", buried=True, connection="Storage"),
    "blobtrigger": _Source(_KINDS.STORAGE, "storage", buried=True, connection="Storage"),
    "servicebustrigger": _Source(_KINDS.QUEUE, "servicebus", buried=True, connection="ServiceBus"),
    "eventhubtrigger": _Source(_KINDS.STREAM, "eventhubs", lost=True, buried=False, connection="EventHub"),
    "iothubtrigger": _Source(_KINDS.DEVICE, "iothub", lost=True, buried=False, connection="EventHub"),
    "kafkatrigger": _Source(_KINDS.STREAM, "kafka", lost=True, buried=False),
    "cosmosdbtrigger": _Source(_KINDS.DATABASE, "cosmosdb", lost=True, buried=False, connection="CosmosDB"),
    "documentdbtrigger": _Source(_KINDS.DATABASE, "cosmosdb", lost=True, buried=False, connection="DocumentDB"),
    "sqltrigger": _Source(_KINDS.DATABASE, "sql", lost=True, buried=False),
    "mysqltrigger": _Source(_KINDS.DATABASE, "mysql", lost=True, buried=False),
    "eventgridtrigger": _Source(_KINDS.EVENT_BUS, "eventgrid", lost=True),
    "rabbitmqtrigger": _Source(_KINDS.QUEUE, "rabbitmq", buried=False),
    "redispubsubtrigger": _Source(_KINDS.TOPIC, "redis", lost=True, buried=False),
    "redislisttrigger": _Source(_KINDS.QUEUE, "redis", lost=True, buried=False),
    "redisstreamtrigger": _Source(_KINDS.STREAM, "redis", lost=True, buried=False),
    "signalrtrigger": _Source(_KINDS.OTHER, "signalr"),
    "webpubsubtrigger": _Source(_KINDS.OTHER, "webpubsub"),
    "daprtopictrigger": _Source(_KINDS.TOPIC, "dapr"),
    "orchestrationtrigger": _Source(_KINDS.WORKFLOW, "durable"),
    "activitytrigger": _Source(_KINDS.WORKFLOW, "durable"),
    "entitytrigger": _Source(_KINDS.WORKFLOW, "durable"),
}
"""Azure Functions, triggers and bindings (as of 2026-11); what keeps failed events is told on each trigger's page."""

_LISTED = "app:ListFunctions"
_WILD = re.compile(r"(?:\{[^{}/]+\}|\*)(?:\.\{[^{}/]+\})?")
_ACCOUNTS = "/providers/microsoft.storage/storageaccounts/"
_TOPICS = "/providers/microsoft.eventgrid/"
_PARAMETER = re.compile(r"\{[^{}/]+\}")
_UNCONNECTED = frozenset({_KINDS.HTTP, _KINDS.SCHEDULE, _KINDS.EVENT_BUS, _KINDS.WORKFLOW, _KINDS.OTHER})


class Triggers:
    """The triggers of one subscription's apps."""

    def __init__(self, keepings: Storages, callers: Callers, namespaces: Namespaces) -> None:
        self._namespaces = namespaces
        self._storages = keepings
        self._callers = callers

    def of(
        self, site: Site, settings: Observed[AppSettings], handlers: Observed[tuple[Bound, ...]]
    ) -> tuple[Group, ...]:
        """What starts one app; a second, unknown group where the bindings of a trigger are not told."""
        if isinstance(handlers, Unknown):
            return (handlers,)
        found = [
            self._trigger(site, settings, bound, bound.handler.trigger)
            for bound in handlers.value
            if bound.handler.trigger is not None
        ]
        groups, gap = self._delivered(site, found, handlers.source)
        if gap is not None and any(trigger.kind in (_KINDS.HTTP, _KINDS.EVENT_BUS) for trigger in found):
            groups = (*groups, Unknown(gap))
        if all(bound.reported for bound in handlers.value) or all(trigger.kind in _UNCONNECTED for trigger in found):
            return groups
        return (*groups, _untold(site))

    def _delivered(self, site: Site, found: list[Trigger], source: str) -> tuple[tuple[Group, ...], Gap | None]:
        """The triggers, those of Event Grid once for each source, by the list that tells it; why there may be more."""
        deliveries, gap = self._callers.deliveries(site.id)
        if isinstance(site.properties.body, Unknown):  # without its names, nobody can tell what is posted to it
            gap = gap or site.properties.body.gap
        own: list[Trigger] = []
        told: dict[str, dict[Trigger, None]] = {}
        for trigger in found:
            mine = [each for each in deliveries if each.handler == (trigger.handler or "").lower()]
            if trigger.service != "eventgrid" or not mine:
                own.append(trigger)
                continue
            for each in mine:
                told.setdefault(each.source, {})[self._of_source(site, trigger, each, TriggerVia.BINDING)] = None
        takers = [trigger for trigger in found if trigger.kind in (_KINDS.HTTP, _KINDS.EVENT_BUS)]
        if takers:  # which of them takes it, the host's own address does not tell: one that is enabled, if any is
            like = next((trigger for trigger in takers if trigger.enabled), takers[0])
            for each in deliveries:
                if not each.native:
                    told.setdefault(each.source, {})[self._of_source(site, like, each, TriggerVia.SOURCE)] = None
        listed = (known(tuple(triggers), operation) for operation, triggers in told.items())
        return (known(tuple(dict.fromkeys(own)), source), *listed), gap

    def _of_source(self, site: Site, trigger: Trigger, delivery: Delivery, via: TriggerVia) -> Trigger:
        native = via is TriggerVia.BINDING
        return replace(
            trigger,
            kind=_KINDS.EVENT_BUS,
            service="eventgrid",
            source=delivery.topic,
            resource=None,
            account=subscription_of(delivery.topic),
            via=via,
            asynchronous=True,
            handler=trigger.handler if native else None,
            open_to=self._sends(site, delivery),
            dead_letter=known(delivery.dead_letter, delivery.source),
            certainty=Certainty.BOTH_ENDS if native else Certainty.SOURCE_ONLY,
        )

    def _sends(self, site: Site, delivery: Delivery) -> Observed[tuple[str, ...]]:
        """Who else decides what Event Grid delivers: whoever may write to the account whose blobs it tells of."""
        name = delivery.topic.partition(_ACCOUNTS)[2]
        if name and "/" not in name:
            return _strangers(self._storages.account(name))
        if _TOPICS in delivery.topic:
            message = "who may publish to a topic of Event Grid is not read"
            return Unknown(site.answers.gap(delivery.source, GapReason.NOT_COLLECTED, message, site.id))
        return not_offered(delivery.source, "Azure itself raises the events of this resource")

    def _trigger(self, site: Site, settings: Observed[AppSettings], bound: Bound, binding: Binding) -> Trigger:
        fallback = _Source(_KINDS.OTHER, binding.type.removesuffix("trigger"), lost=True)
        source = _SOURCES.get(binding.type, fallback)
        if not bound.reported:
            return _unreported(site, source, bound)
        kind = _KINDS.TOPIC if _topic(bound) else source.kind
        connection = binding.connection or source.connection
        account = self._account(site, settings, source, connection)
        place = subscription_of(account.value.id) if isinstance(account, Known) and account.value else None
        filters = (binding.target,) if kind is _KINDS.STORAGE and binding.target else ()
        return Trigger(
            kind=kind,
            service=source.service,
            source=binding.target if kind not in (_KINDS.HTTP, _KINDS.SCHEDULE) else None,
            account=place,
            via=TriggerVia.BINDING,
            enabled=bound.handler.enabled,
            asynchronous=source.lost,
            qualifier=None,
            handler=bound.handler.name,
            authentication=_authentication(site, settings, source, connection),
            open_to=(
                self._namespaces.open_to(site, settings, connection)
                if source.service in MESSAGING
                else self._open_to(site, source, account)
            ),
            filters=filters,
            broad=tuple(path for path in filters if broad(path)),
            retry=known(bound.retries == -1, FUNCTIONS),
            dead_letter=self._dead_letter(site, source),
            writes_back=_writes_back(bound, binding),
            can_invoke=not_offered(FUNCTIONS, "the host fetches its events itself"),
            resource=binding.resource,
        )

    def _account(
        self, site: Site, settings: Observed[AppSettings], source: _Source, connection: str | None
    ) -> Observed[HostStorage | None]:
        """The storage account a trigger reads from; Known(None) for other services."""
        if source.service != "storage" or connection is None:
            return known(None, FUNCTIONS)
        if connection.lower() in ("storage", "azurewebjobsstorage"):
            name = account_name(site, settings)
        elif isinstance(settings, Unknown):
            return settings
        else:
            name = _account_of(site, settings.value, connection, settings.source)
        if isinstance(name, Unknown):
            return name
        return known(None, FUNCTIONS) if name.value is None else Known(self._storages.account(name.value), name.source)

    def _open_to(self, site: Site, source: _Source, account: Observed[HostStorage | None]) -> Observed[tuple[str, ...]]:
        """Which strangers may write to the source: those with an account key, where every network may connect."""
        if source.service != "storage":
            if source.kind in _UNCONNECTED:
                return not_offered(FUNCTIONS, "nothing is written to that it reads from")
            message = f"who may write to {source.service} is not read"
            return Unknown(site.answers.gap(FUNCTIONS, GapReason.NOT_COLLECTED, message, site.id))
        if isinstance(account, Unknown):
            return account
        if account.value is None:
            message = "the storage account it reads from is not known"
            return Unknown(site.answers.gap(FUNCTIONS, GapReason.NOT_COLLECTED, message, site.id))
        return _strangers(account.value)

    def _dead_letter(self, site: Site, source: _Source) -> Observed[bool]:
        if source.kind is _KINDS.EVENT_BUS:
            return self._callers.dead_letter(site.id)
        if source.buried is None:
            return not_offered(FUNCTIONS, "this trigger has no place for failed events")
        return known(source.buried, FUNCTIONS)


def _strangers(account: HostStorage) -> Observed[tuple[str, ...]]:
    """Who else may write to a storage account."""
    network, keys = account.open_network, account.shared_key
    for fact in (network, keys):
        if isinstance(fact, Known) and not fact.value:
            return known((), fact.source)
    for fact in (network, keys):
        if isinstance(fact, Unknown):
            return fact
    return Known(("any client with an account key, from any network",), network.source)


def broad(path: str) -> bool:
    """Whether a path covers a whole container, or containers whose name is left open."""
    container, _, blob = path.strip("/").partition("/")
    return "{" in container or "*" in container or not blob or _WILD.fullmatch(blob) is not None


def _untold(site: Site) -> Unknown:
    message = "the bindings of a container app are not told"
    return Unknown(site.answers.gap(_LISTED, GapReason.NOT_COLLECTED, message, site.id))


def _unreported(site: Site, source: _Source, bound: Bound) -> Trigger:
    """A trigger of which only the kind is told."""
    why = _untold(site)
    unconnected = not_offered(_LISTED, "the host signs in nowhere for it")
    return Trigger(
        kind=source.kind,
        service=source.service,
        source=None,
        account=None,
        via=TriggerVia.BINDING,
        enabled=bound.handler.enabled,
        asynchronous=source.lost,
        qualifier=None,
        handler=bound.handler.name,
        authentication=unconnected if source.kind in _UNCONNECTED else why,
        open_to=unconnected if source.kind in _UNCONNECTED else why,
        filters=(),
        broad=(),
        retry=unconnected if source.kind in _UNCONNECTED else why,
        dead_letter=not_offered(_LISTED, "this trigger has no place for failed events")
        if source.buried is None
        else known(source.buried, _LISTED),
        writes_back=not_offered(_LISTED, "what the code itself writes is not told by bindings"),
        can_invoke=not_offered(_LISTED, "the host fetches its events itself"),
    )


def _topic(bound: Bound) -> bool:
    raw = bound.trigger or {}
    return raw.get("topicname") is not None and str(raw.get("type")).lower() == "servicebustrigger"


def _authentication(
    site: Site, settings: Observed[AppSettings], source: _Source, connection: str | None
) -> Observed[TriggerAuthentication]:
    if source.kind in _UNCONNECTED:
        return not_offered(FUNCTIONS, "the host signs in nowhere for it")
    if isinstance(settings, Unknown):
        return settings
    name = connection or ""
    authentication = site.answers.fact(settings.source, lambda: sign_in(settings.value, name), site.id)
    if isinstance(authentication, Known) and authentication.value is None:
        message = f"the connection {name or '(none named)'} is not among the settings"
        return Unknown(site.answers.gap(settings.source, GapReason.NOT_FOUND, message, site.id))
    return authentication  # type: ignore[return-value]


def _account_of(site: Site, settings: AppSettings, connection: str, source: str) -> Observed[str | None]:
    name = account_behind(settings, connection)
    if name is not None:
        return Known(name, source)
    message = f"the account behind {connection} could not be told"
    return Unknown(site.answers.gap(source, GapReason.NOT_COLLECTED, message, site.id))


def _leads_to(kind: str, target: str, source: str) -> bool:
    """Whether an output lands where a trigger looks: the same queue, or a blob whose path the trigger's path covers."""
    if kind != "blob" or "{" in source.partition("/")[0]:
        return target == source
    paths = [_PARAMETER.split(path.strip("/")) for path in (source, target)]
    covers = ".+".join(re.escape(part) for part in paths[0])
    return re.fullmatch(covers, "x".join(paths[1])) is not None


def _one_place(binding: Binding, trigger: Binding) -> bool:
    """Whether both mean one account or namespace: by what is known of it, else by the name of the connection."""
    if binding.resource and trigger.resource:
        return binding.resource == trigger.resource
    return binding.connection == trigger.connection


def _writes_back(bound: Bound, trigger: Binding) -> Observed[bool]:
    """True where what an output binding writes starts it again; code may write there by other ways too."""
    base = trigger.type.removesuffix("trigger")
    outputs = [binding for binding in bound.handler.bindings if binding.direction is Direction.OUT]
    for binding in outputs:
        same = binding.type == base and _one_place(binding, trigger)
        if same and binding.target is not None and _leads_to(base, binding.target, trigger.target or ""):
            return known(True, FUNCTIONS)
    return not_offered(FUNCTIONS, "what the code itself writes is not told by bindings")
