"""The functions inside an app, with their bindings: upper- and lower-case models alike."""

from typing import Any, NamedTuple

from auditor.model.capture import Json
from auditor.model.handler import Binding, Direction, Handler, HandlerAuth, HttpEntry
from auditor.model.observed import Known, Observed, Unknown
from providers.azure.normalize.answers import Answers, known
from providers.azure.normalize.fields import (
    filled_text,
    items,
    member,
    optional_flag,
    optional_member,
    optional_number,
    optional_text,
    optional_texts,
    record,
    string,
    text,
    unrecognised,
)

FUNCTIONS = "web:ListFunctions"
_OF_CONTAINERS = "app:ListFunctions"

_AUTH = {
    "anonymous": HandlerAuth.ANONYMOUS,
    "function": HandlerAuth.KEY,
    "admin": HandlerAuth.ADMIN_KEY,
    "system": HandlerAuth.ADMIN_KEY,
}
_DIRECTIONS = {"in": Direction.IN, "out": Direction.OUT, "inout": Direction.OUT, "trigger": Direction.TRIGGER}

_TARGETS = (
    *("queuename", "topicname", "eventhubname", "path", "schedule", "containername", "collectionname"),
    *("tablename", "hubname", "hub", "topic", "channel", "key", "queue", "route"),
)
"""Where bindings name what they are bound to, lower-cased."""


class Bound(NamedTuple):
    """A handler, and of its trigger what the handler itself has no room for."""

    handler: Handler
    trigger: dict[str, Any] | None
    retries: int | None
    reported: bool = True
    """Whether its bindings are known: Container Apps tell the kind of trigger alone."""


class Handlers:
    """The handlers of one subscription's apps, by the app's id."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._found = answers.subjects(FUNCTIONS, lambda body: [_bound(item) for item in items(body, "value")])

    def of_container_app(self, app: str) -> Observed[tuple[Bound, ...]]:
        """The handlers of a container app of its own."""
        listing = self._answers.readable(self._answers.rows(_OF_CONTAINERS, app), _reported)
        return Unknown(listing.gap) if listing.gap is not None else known(listing.items, _OF_CONTAINERS)

    def of(self, site: str) -> Observed[tuple[Bound, ...]]:
        """The handlers of an app; unknown where its host did not answer."""
        listing = self._answers.flat(self._found.all(site), lambda page: page)
        return Unknown(listing.gap) if listing.gap is not None else known(listing.items, FUNCTIONS)


def _bound(item: Json) -> Bound:
    body = member(item, "properties")
    config = member(body, "config")
    parsed = [_lowered(binding) for binding in items(config, "bindings")]
    bindings = tuple(_binding(binding) for binding in parsed)
    started = [
        (binding, raw) for binding, raw in zip(bindings, parsed, strict=True) if binding.direction is Direction.TRIGGER
    ]
    trigger, raw = started[0] if started else (None, None)
    handler = Handler(
        name=_name(item, body),
        language=optional_text(body, "language") or optional_text(config, "language"),
        enabled=not optional_flag(body, "isDisabled"),
        trigger=trigger,
        bindings=bindings,
        http=_http(raw, body) if raw is not None and _type(raw) == "httptrigger" else None,
        run_on_startup=optional_flag(raw, "runonstartup") if raw is not None else False,
        problem="" if trigger is not None else "it has no trigger binding",
        since=Known(None, FUNCTIONS),
    )
    retry = optional_member(config, "retry")
    return Bound(handler, raw, optional_number(retry, "maxRetryCount"))


def _reported(item: Json) -> Bound:
    """A handler as Container Apps list it: its kind of trigger, and where it answers."""
    body = member(item, "properties")
    kind = text(body, "triggerType").lower()
    trigger = Binding(type=kind, direction=Direction.TRIGGER, connection=None, target=None)
    url = filled_text(body, "invokeUrlTemplate")
    path = (url or "").partition("//")[2].partition("/")[2]
    route = path.removeprefix("api/") or None
    entry = HttpEntry(auth=HandlerAuth.UNREPORTED, methods=None, route=route, url=url)
    handler = Handler(
        name=text(item, "name").rpartition("/")[2],
        language=optional_text(body, "language"),
        enabled=not optional_flag(body, "isDisabled"),
        trigger=trigger,
        bindings=(trigger,),
        http=entry if kind == "httptrigger" else None,
        run_on_startup=None if kind == "timertrigger" else False,
        problem="",
        since=Known(None, _OF_CONTAINERS),
    )
    return Bound(handler, None, None, reported=False)


def _name(item: Json, body: dict[str, Any]) -> str:
    name = optional_text(body, "name")
    return name or text(item, "name").rpartition("/")[2]


def _lowered(binding: Json) -> dict[str, Any]:
    """A binding with its keys in lower case: every language model spells them its own way."""
    return {string(key, "a key").lower(): value for key, value in record(binding, "a binding").items()}


def _type(binding: dict[str, Any]) -> str:
    return text(binding, "type").lower()


def _binding(binding: dict[str, Any]) -> Binding:
    kind = _type(binding)
    if kind.endswith("trigger"):
        direction = Direction.TRIGGER
    else:
        told = text(binding, "direction")
        found = _DIRECTIONS.get(told.lower())
        if found is None:
            raise unrecognised("direction", told)
        direction = found
    connection = optional_text(binding, "connection") or optional_text(binding, "connectionstringsetting")
    target = _target(binding)
    resource = _resource(kind, binding, target)
    return Binding(type=kind, direction=direction, connection=connection, target=target, resource=resource)


def _resource(kind: str, binding: dict[str, Any], target: str | None) -> str | None:
    """What it means within its account or namespace: of a blob its container, of a table of documents its database."""
    base = kind.removesuffix("trigger").replace("documentdb", "cosmosdb")
    if not target:
        return None
    if base == "cosmosdb":
        database = optional_text(binding, "databasename")
        return f"{base}:{database}/{target}" if database else None
    return f"{base}:{target.strip('/').partition('/')[0] if base == 'blob' else target}"


def _target(binding: dict[str, Any]) -> str | None:
    return next((name for key in _TARGETS if (name := optional_text(binding, key))), None)


def _http(binding: dict[str, Any], body: dict[str, Any]) -> HttpEntry:
    return HttpEntry(
        auth=_auth(binding),
        methods=tuple(method.lower() for method in optional_texts(binding, "methods")),
        route=optional_text(binding, "route"),
        url=optional_text(body, "invoke_url_template"),
    )


def _auth(binding: dict[str, Any]) -> HandlerAuth:
    if "authlevel" not in binding:
        return HandlerAuth.KEY  # the host's default is a function key
    level = binding["authlevel"]
    return _AUTH.get(level.lower(), HandlerAuth.UNRECOGNISED) if isinstance(level, str) else HandlerAuth.UNRECOGNISED
