"""What the emulated tenant holds: subscriptions, resources as ARM answers them, and the documents below them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from moto_fixtures.azure.activity import ActivityLog
from moto_fixtures.azure.traffic import Traffic
from moto_fixtures.azure.wire import encoded

TENANT = "5e1f7a30-2c4b-4d6e-9f80-1a2b3c4d5e6f"
COLUMNS = (
    "id", "name", "type", "tenantId", "kind", "location", "resourceGroup", "subscriptionId", "managedBy", "sku", "plan",
    "properties", "tags", "identity", "zones", "extendedLocation",
)  # fmt: skip


@dataclass(frozen=True)
class Resource:
    """One ARM resource. ``body`` is what GET answers, ids in their written case.

    ``table`` is where Resource Graph has it (empty: nowhere, as when the index lags); ``kind`` its type there;
    ``columns`` are what Resource Graph tells otherwise than ARM.
    """

    body: Mapping[str, Any]
    table: str = "resources"
    kind: str = ""
    columns: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The id in its written case."""
        return str(self.body["id"])

    @property
    def type(self) -> str:
        """Its type in Resource Graph: lower case."""
        return (self.kind or str(self.body["type"])).lower()


def part(id: str, name: str) -> str:
    """The segment of an id that follows ``name`` (subscriptions, resourceGroups); empty when it has none."""
    segments = id.strip("/").split("/")
    for index, segment in enumerate(segments[:-1]):
        if segment.lower() == name.lower():
            return segments[index + 1]
    return ""


class Tenant:
    """The emulated tenant. Bodies are not changed once they are put; put another one instead."""

    def __init__(self, id: str = TENANT) -> None:
        self.id = id
        self.subscriptions: dict[str, Mapping[str, Any]] = {}
        self.resources: dict[str, Resource] = {}
        self.documents: dict[str, Mapping[str, Any]] = {}
        self.lists: dict[str, Sequence[Mapping[str, Any]]] = {}
        self.traffic: dict[str, Traffic] = {}
        self.groups: dict[str, set[str]] = {}
        """The groups each principal is a member of; a group may be a member of another."""
        self.activity = ActivityLog()
        """What was done through Resource Manager: every change here, as far as the service would log it."""
        self._by_type: dict[tuple[str, str], dict[str, Resource]] = {}
        self._by_graph: dict[tuple[str, str], dict[str, Resource]] = {}
        self._bytes: dict[tuple[str, tuple[str, ...]], bytes] = {}
        self._written: dict[str, list[bytes]] = {}

    def add_subscription(self, id: str, name: str) -> None:
        """A subscription of the tenant."""
        self.subscriptions[id] = {
            "id": f"/subscriptions/{id}",
            "authorizationSource": "RoleBased",
            "managedByTenants": [],
            "tags": None,
            "subscriptionId": id,
            "tenantId": self.id,
            "displayName": name,
            "state": "Enabled",
            "subscriptionPolicies": {
                "locationPlacementId": "Public_2014-09-01",
                "quotaId": "PayAsYouGo_2014-09-01",
                "spendingLimit": "Off",
            },
        }

    def put(self, resource: Resource) -> str:
        """Adds or replaces a resource; answers its id."""
        key = resource.id.lower()
        self._discard(key)
        self.activity.note(resource.id, "write")
        self.resources[key] = resource
        subscription = part(key, "subscriptions")
        self._by_type.setdefault((subscription, str(resource.body["type"]).lower()), {})[key] = resource
        if resource.table:
            self._by_graph.setdefault((resource.table, resource.type), {})[key] = resource
        return resource.id

    def remove(self, id: str) -> None:
        """Forgets a resource, as if it were deleted between two calls; its documents go with it."""
        self.activity.note(id, "delete")
        self._discard(id.lower())

    def _discard(self, key: str) -> None:
        gone = self.resources.pop(key, None)
        if gone is None:
            return
        for index in (*self._by_type.values(), *self._by_graph.values()):
            index.pop(key, None)
        self._bytes = {kept: value for kept, value in self._bytes.items() if kept[0] != key}
        for store in (self.documents, self.lists):
            for path in [path for path in store if path.startswith(f"{key}/")]:
                del store[path]
                self._forget(path)

    def put_document(self, path: str, body: Mapping[str, Any]) -> None:
        """A document below a resource, such as ``{site}/config/logs``."""
        self.activity.note(path, "write")
        self.documents[path.lower()] = body
        self._forget(path)

    def put_list(self, path: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """The rows a list answers, such as ``{site}/functions``."""
        self.activity.note(path, "write")
        self.lists[path.lower()] = tuple(rows)
        self._forget(path)

    def _forget(self, path: str) -> None:
        self._bytes.pop((path.lower(), ()), None)
        self._written.pop(path.lower(), None)

    def holders(self, principal: str) -> set[str]:
        """A principal and every group it is in, directly or through another."""
        found: set[str] = set()
        left = {principal.lower()}
        while left:
            one = left.pop()
            found.add(one)
            left |= {group.lower() for group in self.groups.get(one, ())} - found
        return found

    def of_type(self, subscription: str, kind: str) -> list[Resource]:
        """The resources of one ARM type in a subscription."""
        return list(self._by_type.get((subscription, kind.lower()), {}).values())

    def in_graph(self, table: str, kinds: Iterable[str]) -> list[Resource]:
        """The resources of some types in a table of Resource Graph."""
        return [found for kind in kinds for found in self._by_graph.get((table, kind), {}).values()]

    def written(self, resource: Resource) -> bytes:
        """A resource as a list or GET carries it."""
        return self._kept(resource.id.lower(), (), resource.body)

    def document(self, path: str) -> bytes | None:
        """A document as GET carries it; None when there is none."""
        body = self.documents.get(path)
        return None if body is None else self._kept(path, (), body)

    def listed(self, path: str) -> list[bytes]:
        """The rows of a list, each as the wire carries it; none where nothing was put."""
        if path not in self._written:
            self._written[path] = [encoded(row) for row in self.lists.get(path, ())]
        return self._written[path]

    def row(self, resource: Resource, columns: tuple[str, ...]) -> bytes:
        """A resource as a row of Resource Graph, with only these columns."""
        key = (resource.id.lower(), columns)
        if key not in self._bytes:
            whole = self._row(resource)
            self._bytes[key] = encoded({name: whole[name] for name in columns})
        return self._bytes[key]

    def _kept(self, path: str, columns: tuple[str, ...], body: Mapping[str, Any]) -> bytes:
        key = (path, columns)
        if key not in self._bytes:
            self._bytes[key] = encoded(body)
        return self._bytes[key]

    def _row(self, resource: Resource) -> dict[str, Any]:
        body = resource.body
        row: dict[str, Any] = dict.fromkeys(("sku", "plan", "tags", "identity", "zones", "extendedLocation"))
        row |= {
            "id": resource.id.lower(),
            "name": body["name"],
            "type": resource.type,
            "tenantId": self.id,
            "kind": body.get("kind") or "",
            "location": str(body.get("location") or "").replace(" ", "").lower(),
            "resourceGroup": part(resource.id, "resourceGroups").lower(),
            "subscriptionId": part(resource.id, "subscriptions").lower(),
            "managedBy": body.get("managedBy") or "",
        }
        row |= {name: body[name] for name in COLUMNS if name not in row and name in body}
        row |= {name: body.get(name) for name in ("sku", "tags", "identity", "zones", "extendedLocation")}
        return {**row, "properties": body.get("properties"), **resource.columns}
