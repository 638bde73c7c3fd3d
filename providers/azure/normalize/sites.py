"""The apps of one subscription: the union of the lists, slots among them, function apps told from the rest."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeVar

from auditor.model.capture import Json
from auditor.model.observed import Gap, GapReason, Known, Observed, Unknown
from providers.azure.normalize.answers import GLOBAL, Answers, Part, known
from providers.azure.normalize.configs import Configs
from providers.azure.normalize.container_rows import environment_of, ingress_names, managed_by_site
from providers.azure.normalize.defaults import switch
from providers.azure.normalize.fields import flag, member, optional_member, text
from providers.azure.normalize.hosting_kind import NATIVE, Host, host
from providers.azure.normalize.ids import SiteId, container_app_id, location_of, site_id
from providers.azure.normalize.resource_index import ResourceIndex

T = TypeVar("T")

_GRAPH = "graph:Sites"
_LISTED = "web:ListSites"
_SLOTS = "web:ListSlots"


class Site(NamedTuple):
    """One function app or slot. ``properties`` and ``config`` are read member by member.

    ``host`` tells how it runs, as far as the list says; ``listed`` is the site configuration of the list, in which
    most members are null: what is there may stand in for a configuration that could not be read.
    """

    id: str
    parts: SiteId
    location: str
    row: Part
    properties: Part
    config: Part
    listed: Part
    host: Host

    @property
    def source(self) -> str:
        """The operation that listed it."""
        return self.row.source

    @property
    def answers(self) -> Answers:
        """Its subscription's answers."""
        return self.row.answers

    @property
    def name(self) -> str:
        """Its name, a slot's with that of its app."""
        return f"{self.parts.app}/{self.parts.slot}" if self.parts.slot else self.parts.app


class Damaged(NamedTuple):
    """An entry of a list that may be a function but cannot be read."""

    id: str
    name: str
    location: str
    source: str
    message: str


class _Entry(NamedTuple):
    parts: SiteId
    body: dict[str, Any]
    source: str
    kinds: tuple[str, ...]
    location: str
    native: bool = False


class Sites:
    """The apps of one subscription. ``workflows`` are Logic Apps; ``hostnames`` maps every app's names to its id.

    ``nameless`` are apps whose host names could not be read, ``damaged`` entries that could not even be told apart.
    """

    def __init__(self, answers: Answers, world: ResourceIndex) -> None:
        self._answers = answers
        self._world = world
        self._entries: dict[str, _Entry] = {}
        self._slots: dict[str, list[str]] = {}
        self.damaged: dict[str, Damaged] = {}
        self.workflows: list[str] = []
        self.hostnames: dict[str, str] = {}
        self.nameless: list[str] = []
        graph, listed = answers.rows(_GRAPH), answers.rows(_LISTED)
        for operation, entries in ((_GRAPH, graph.items), (_LISTED, listed.items)):
            self._add_all(entries, operation)
        self._slot_gaps: dict[str, Gap | None] = {}
        self.gap: Gap | None = None
        if graph.gap is not None:
            self.gap = self._read_slots() if listed.gap is None else graph.gap
        self._complete = graph.gap is None
        self.container_gap = world.containers.gap(answers.subscription)
        """Why functions that are container apps of their own may be missing."""
        self._add_container_apps()
        self._configs = Configs(answers)

    def _read_slots(self) -> Gap | None:
        """Without the bulk list every app was asked for its slots."""
        for entry in [entry for entry in self._entries.values() if entry.parts.slot is None and _is_function(entry)]:
            listing = self._answers.rows(_SLOTS, entry.parts.id)
            self._slot_gaps[entry.parts.id] = listing.gap
            self._add_all(listing.items, _SLOTS)
        return next((gap for gap in self._slot_gaps.values() if gap is not None), None)

    def _add_all(self, entries: tuple[Json, ...], operation: str) -> None:
        for index, item in enumerate(entries):
            parts = _parts(item)
            if parts is not None and parts.id in self._entries:
                continue
            kinds = _kinds(item) if isinstance(item, dict) else None
            if parts is None or kinds is None:
                self._damage(item, index, operation, parts)
                continue
            entry = _Entry(parts, _lean(item), operation, kinds, _location(item))
            self._entries[parts.id] = entry
            names = _hostnames(item)
            if not names:
                self.nameless.append(parts.id)
            for name in names:
                self.hostnames.setdefault(name, parts.id)
            if parts.slot:
                self._slots.setdefault(parts.parent or "", []).append(parts.slot)
            if "workflowapp" in kinds:
                self.workflows.append(parts.id)

    def _add_container_apps(self) -> None:
        """Container apps that are functions of their own: no site manages them, or has their name and environment."""
        homes = {
            (str(entry.body.get("properties", {}).get("managedEnvironmentId") or "").lower(), entry.parts.app)
            for entry in self._entries.values()
            if isinstance(entry.body.get("properties"), dict)
        }
        for row in self._world.containers:
            parts = container_app_id(row.id)
            if parts is None or parts.subscription != self._answers.subscription or managed_by_site(row.body):
                continue
            if (environment_of(row.body), parts.app) in homes:
                continue
            kinds = _kinds(row.body)
            if kinds is None:
                self._damage(row.body, 0, row.source, parts)
            elif "functionapp" in kinds and "workflowapp" not in kinds:
                self._entries[parts.id] = _Entry(parts, row.body, row.source, kinds, _location(row.body), native=True)
                for name in ingress_names(row.body):
                    self.hostnames.setdefault(name, parts.id)

    def _damage(self, item: Json, index: int, operation: str, parts: SiteId | None) -> None:
        name = _printable(item.get("name") if isinstance(item, dict) else None) or f"entry-{index}"
        what = "id" if parts is None else "kind"
        identifier = parts.id if parts else f"azure/{self._answers.subscription}/unreadable/{operation}/{index}/{name}"
        message = f"entry {index} of the list of apps has no readable {what}"
        self.damaged.setdefault(identifier, Damaged(identifier, name, _location(item), operation, message))

    def __iter__(self) -> Iterator[Site]:
        for entry in self._entries.values():
            if _is_function(entry):
                yield self._site(entry)

    def doubts(self) -> Iterator[Gap]:
        """Why there may be functions of which nothing is known: lists that were not read, entries that are damaged."""
        yield from (gap for gap in (self.gap, self.container_gap) if gap is not None)
        for entry in self.damaged.values():
            yield self._answers.gap(entry.source, GapReason.MALFORMED, entry.message, entry.name)

    def where(self) -> dict[str, int]:
        """How many functions there are at each location."""
        counted: dict[str, int] = {}
        functions = [entry.location for entry in self._entries.values() if _is_function(entry)]
        for location in (*functions, *(entry.location for entry in self.damaged.values())):
            counted[location] = counted.get(location, 0) + 1
        return counted

    def _site(self, entry: _Entry) -> Site:
        row = Part(self._answers, entry.parts.id, Known(entry.body, entry.source))
        properties = row.inner(lambda value: member(value, "properties"))
        if entry.native:
            nothing = Part(self._answers, entry.parts.id, NATIVE.lacks(entry.source, "has no site configuration"))
            return Site(entry.parts.id, entry.parts, entry.location, row, properties, nothing, nothing, NATIVE)
        return Site(
            id=entry.parts.id,
            parts=entry.parts,
            location=entry.location,
            row=row,
            properties=properties,
            config=self._configs.of(entry.parts.id),
            listed=properties.inner(lambda value: optional_member(value, "siteConfig")),
            host=host(entry.kinds, properties, self._tier),
        )

    def _tier(self, plan: str) -> str | None:
        tier = self._world.plans.part(plan, "sku").read(lambda sku: text(sku, "tier"))
        return tier.value if isinstance(tier, Known) else None

    def slots(self, app: str) -> Observed[tuple[str, ...]]:
        """The names of an app's slots."""
        found = tuple(sorted(self._slots.get(app, ())))
        entry = next(iter(self.damaged.values()), None)
        if entry is not None:  # it may be a slot
            return Unknown(self._answers.gap(entry.source, GapReason.MALFORMED, entry.message, entry.name))
        if self._complete:
            return known(found, _GRAPH)
        gap = self._slot_gaps.get(app, self._answers.missing(_SLOTS, app))
        return known(found, _SLOTS) if gap is None else Unknown(gap)


def _is_function(entry: _Entry) -> bool:
    return "functionapp" in entry.kinds and "workflowapp" not in entry.kinds


def _parts(item: Json) -> SiteId | None:
    identifier = item.get("id") if isinstance(item, dict) else None
    return site_id(identifier) if isinstance(identifier, str) and _printable(identifier) == identifier else None


def _kinds(body: dict[str, Any]) -> tuple[str, ...] | None:
    """The words of an app's kind; none for a plain web app of old, None where it cannot be read."""
    kind = body.get("kind")
    properties = body.get("properties")
    if kind is None and isinstance(properties, dict):
        kind = properties.get("kind")
    if kind is None:
        return ()
    return tuple(word.strip().lower() for word in kind.split(",")) if isinstance(kind, str) else None


def _location(item: Json) -> str:
    location = item.get("location") if isinstance(item, dict) else None
    return location_of(location) if isinstance(location, str) and location.isascii() and location.strip() else GLOBAL


def _hostnames(item: dict[str, Any]) -> set[str]:
    """Every name an app answers on, whatever else of the entry is damaged."""
    properties = item.get("properties")
    if not isinstance(properties, dict):
        return set()
    named: list[Any] = [properties.get("defaultHostName")]
    for key in ("hostNames", "enabledHostNames"):
        names = properties.get(key)
        named.extend(names if isinstance(names, list) else ())
    return {name.lower() for name in named if isinstance(name, str) and name}


def _lean(item: dict[str, Any]) -> dict[str, Any]:
    """An entry without the members of its site configuration that the list leaves null: they say nothing."""
    properties = item.get("properties")
    configuration = properties.get("siteConfig") if isinstance(properties, dict) else None
    if not isinstance(configuration, dict):
        return item
    said = {key: value for key, value in configuration.items() if value is not None}
    return {**item, "properties": {**item["properties"], "siteConfig": said}}


def _printable(name: Json) -> str | None:
    return name.encode("utf-8", "replace").decode() if isinstance(name, str) and name else None


def configured_switch(site: Site, key: str) -> Observed[bool]:
    """A switch of the site configuration, else what the list says of it; the list leaves most unsaid."""
    fact = site.config.read(lambda body: switch(body, key))
    if isinstance(fact, Known):
        return fact
    stand_in = site.listed.read(lambda body: flag(body, key))
    return stand_in if isinstance(stand_in, Known) else fact


def configured(site: Site, read: Callable[[dict[str, Any]], T]) -> Observed[T]:
    """A setting of the site configuration, else what the list says of it."""
    fact = site.config.read(read)
    if isinstance(fact, Known):
        return fact
    stand_in = site.listed.read(read)
    return stand_in if isinstance(stand_in, Known) else fact
