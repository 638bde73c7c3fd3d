"""What stands in the emulated Google Cloud: an organisation, folders, projects and the resources in them."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from moto_fixtures.gcp.errors import ServiceError
from moto_fixtures.gcp.policies import Binding
from moto_fixtures.gcp.usage import Usage
from moto_fixtures.gcp.wire import Json

GLOBAL = "global"
HOSTS = tuple(
    f"{service}.googleapis.com"
    for service in (
        *("apigateway", "artifactregistry", "cloudasset", "cloudbuild", "cloudfunctions", "cloudkms"),
        *("cloudtasks", "workflows"),
        *("cloudresourcemanager", "cloudscheduler", "compute", "eventarc", "iam", "logging", "monitoring"),
        *("orgpolicy", "pubsub", "run", "secretmanager", "serviceusage", "storage", "vpcaccess"),
    )
)
"""The services a project has switched on unless it says otherwise."""

REGIONS = ("asia-south1", "europe-west1", "europe-west4", "us-central1", "us-east1")


@dataclass
class Resource:
    """One thing that exists. ``type`` is the name Cloud Asset Inventory has for its kind, or would have."""

    type: str
    name: str
    body: Json
    location: str = GLOBAL
    bindings: list[Binding] = field(default_factory=list)

    @property
    def short(self) -> str:
        """The last part of the name."""
        return self.name.rpartition("/")[2]

    def bind(self, *bindings: Binding) -> None:
        """Adds bindings to its policy."""
        self.bindings.extend(bindings)


@dataclass
class Node:
    """A folder or the organisation: ``name`` is "folders/123" or "organizations/123"."""

    name: str
    title: str
    parent: str = ""
    bindings: list[Binding] = field(default_factory=list)
    audit: list[Json] = field(default_factory=list)


@dataclass
class Project:
    """A project. ``disabled`` holds the hosts of services that are off, ``unreachable`` for each host the regions
    that a list across all regions cannot ask, ``usage`` what was measured of each function by name.
    """

    id: str
    number: str
    estate: "Organization"
    parent: str
    title: str
    labels: Mapping[str, str] = field(default_factory=dict)
    bindings: list[Binding] = field(default_factory=list)
    audit: list[Json] = field(default_factory=list)
    disabled: set[str] = field(default_factory=set)
    unreachable: dict[str, tuple[str, ...]] = field(default_factory=dict)
    regions: tuple[str, ...] = REGIONS
    usage: dict[str, Usage] = field(default_factory=dict)
    _resources: dict[str, dict[str, Resource]] = field(default_factory=dict)

    def add(self, resource: Resource) -> Resource:
        """Puts a resource into the project, in place of one of the same name."""
        self._resources.setdefault(resource.type, {})[resource.name] = resource
        return resource

    def of(self, type: str, location: str = "-") -> list[Resource]:  # noqa: A002 - the cloud's own word
        """The resources of one type; ``location`` "-" is anywhere."""
        found = self._resources.get(type, {}).values()
        return [each for each in found if location in ("-", each.location)]

    def find(self, type: str, name: str) -> Resource | None:  # noqa: A002 - the cloud's own word
        """The resource of that type and name."""
        return self._resources.get(type, {}).get(name)

    def remove(self, type: str, name: str) -> None:  # noqa: A002 - the cloud's own word
        """Deletes a resource."""
        del self._resources[type][name]

    def name(self, location: str, kind: str, name: str) -> str:
        """The name of a regional resource of the project."""
        return f"projects/{self.id}/locations/{location}/{kind}/{name}"

    def email(self, name: str) -> str:
        """The address of a service account of the project."""
        return f"{name}@{self.id}.iam.gserviceaccount.com"

    @property
    def compute_account(self) -> str:
        """The account functions of the second generation run as where none is named."""
        return f"{self.number}-compute@developer.gserviceaccount.com"

    @property
    def appspot_account(self) -> str:
        """The account functions of the first generation run as where none is named."""
        return f"{self.id}@appspot.gserviceaccount.com"

    def bind(self, *bindings: Binding) -> None:
        """Adds bindings to the project's policy."""
        self.bindings.extend(bindings)

    @property
    def ancestors(self) -> list[str]:
        """The project, its folders and its organisation, as Cloud Asset Inventory lists them."""
        return [f"projects/{self.number}", *self.estate.above(self.parent)]


class Organization:
    """Everything there is. ``now`` is the time all other times are told from.

    ``run_assets`` "v2" makes Cloud Asset Inventory tell Cloud Run services in the words of version 2.
    """

    def __init__(self, organisation: str = "998877665544", now: datetime | None = None) -> None:
        self.now = now or datetime.now(UTC)
        self.organisation = Node(f"organizations/{organisation}", "fernhollow.example")
        self.nodes: dict[str, Node] = {self.organisation.name: self.organisation}
        self.projects: dict[str, Project] = {}
        self.run_assets = "v1"
        self.deny_policies: dict[str, list[Json]] = {}
        """By what they are attached to: ``projects/p`` by id, ``folders/1``, ``organizations/2``."""

    def folder(self, number: str, title: str, parent: str = "") -> Node:
        """A folder, in the organisation unless ``parent`` names another folder."""
        made = Node(f"folders/{number}", title, parent or self.organisation.name)
        self.nodes[made.name] = made
        return made

    def project(self, id: str, number: str, parent: Node | None = None, title: str = "") -> Project:
        """A project."""
        made = Project(id, number, self, (parent or self.organisation).name, title or id)
        self.projects[id] = made
        return made

    def known(self, name: str) -> Project:
        """A project by id or number; PERMISSION_DENIED for one there is not, as Google does not tell which."""
        found = self.projects.get(name) or next((each for each in self.projects.values() if each.number == name), None)
        if found is None:
            raise ServiceError(403, f"Permission denied on resource project {name}.")
        return found

    def above(self, parent: str) -> Iterator[str]:
        """``parent`` and what is above it."""
        while parent:
            yield parent
            parent = self.nodes[parent].parent

    def under(self, parent: str) -> list[Project]:
        """The projects in a project, a folder or the organisation."""
        kind, _, name = parent.partition("/")
        if kind == "projects":
            return [self.known(name)]
        return [each for each in self.projects.values() if parent in each.ancestors]

    def ago(self, days: float) -> str:
        """A time in the past as the APIs write it."""
        return stamp(self.now - timedelta(days=days))


def stamp(moment: datetime) -> str:
    """A time as the APIs write it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + "Z"


def digest(text: str, length: int = 8) -> str:
    """Letters and digits that belong to a text, for ids and names that Google would make up."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()[:length]


def uid(text: str) -> str:
    """A UUID that belongs to a text."""
    made = digest(text, 32)
    return f"{made[:8]}-{made[8:12]}-4{made[13:16]}-8{made[17:20]}-{made[20:]}"


def merged(base: Json, changes: Json) -> Json:
    """``base`` with ``changes`` laid over it, member by member; None takes a member away."""
    made = dict(base)
    for key, value in changes.items():
        if value is None:
            made.pop(key, None)
        elif isinstance(value, dict) and isinstance(made.get(key), dict):
            made[key] = merged(made[key], value)
        else:
            made[key] = value
    return made


def layered(base: Json, changes: Json) -> Json:
    """``base`` with ``changes`` laid over it, as changes still to be made: None stays, to take a member away later."""
    made = dict(base)
    for key, value in changes.items():
        below = made.get(key)
        made[key] = layered(below, value) if isinstance(value, dict) and isinstance(below, dict) else value
    return made
