"""What an answer tells of one function: only what decides which calls come next."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from providers.answers.json_paths import record, rows, text
from providers.gcp import images
from providers.gcp.collect.resource_names import part

FIRST: Final = frozenset({"GEN_1", "1"})
"""The first generation, by its name or its number."""
TARGET: Final = "run.googleapis.com/build-function-target"
"""By this annotation a service that was deployed from source says which function it runs."""

_LOCATION: Final = "run.googleapis.com/build-source-location"
_CONNECTOR: Final = "run.googleapis.com/vpc-access-connector"
_KEY: Final = "run.googleapis.com/encryption-key"
_PUBLISHED: Final = "google.cloud.pubsub.topic.v1.messagePublished"
_HOSTS: Final = (".run.app", ".cloudfunctions.net")
"""How the addresses end that Google gives functions and services."""
_BUCKET: Final = re.compile(r"gs://([^/]+)")


@dataclass(frozen=True, slots=True)
class Found:
    """A function. ``service`` is the Cloud Run service behind it ("" for the first generation).

    ``standalone``: only Cloud Run knows it.
    """

    name: str
    first: bool = False
    standalone: bool = False
    service: str = ""
    labels: Mapping[str, Any] = field(default_factory=dict)
    accounts: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    buckets: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()
    repositories: frozenset[str] = frozenset()
    connectors: frozenset[str] = frozenset()

    @property
    def region(self) -> str:
        """Where it is."""
        return part(self.name, "locations")


def function(row: Any) -> Found | None:
    """A function as the second version of the API tells of it, whichever its generation."""
    name = text(row, "name")
    if not part(name, "functions"):
        return None
    runs, built, event = record(row, "serviceConfig"), record(row, "buildConfig"), record(row, "eventTrigger")
    first = str(row.get("environment")) in FIRST
    return Found(
        name=name,
        first=first,
        service="" if first else text(runs, "service"),
        labels=record(row, "labels"),
        accounts=_accounts(
            text(runs, "serviceAccountEmail"), text(built, "serviceAccount"), text(event, "serviceAccountEmail")
        ),
        topics=_names("topics", text(event, "pubsubTopic")),
        buckets=frozenset(_watched(event)),
        sources=_filled(
            text(built, "source", "storageSource", "bucket"),
            text(built, "sourceProvenance", "resolvedStorageSource", "bucket"),
        ),
        keys=_names("cryptoKeys", text(row, "kmsKeyName")),
        repositories=_names("repositories", text(built, "dockerRepository")),
        connectors=_connectors(name, text(runs, "vpcConnector")),
    )


def first_generation(row: Any) -> Found | None:
    """A function as the first version of the API tells of it: that is how an inventory keeps the first generation."""
    name = text(row, "name")
    if not part(name, "functions"):
        return None
    watched = text(row, "eventTrigger", "resource")
    return Found(
        name=name,
        first=True,
        labels=record(row, "labels"),
        accounts=_accounts(text(row, "serviceAccountEmail"), text(row, "buildServiceAccount")),
        topics=_names("topics", watched),
        buckets=_filled(part(watched, "buckets")),
        sources=_filled(_bucket(text(row, "sourceArchiveUrl"))),
        keys=_names("cryptoKeys", text(row, "kmsKeyName")),
        repositories=_names("repositories", text(row, "dockerRepository")),
        connectors=_connectors(name, text(row, "vpcConnector")),
    )


def service(row: Any) -> Found | None:
    """A Cloud Run service that runs a function nobody but Cloud Run knows, or None for any other service."""
    name = text(row, "name")
    built, template = record(row, "buildConfig"), record(row, "template")
    if not part(name, "services") or not text(built, "functionTarget"):
        return None
    return Found(
        name=name,
        standalone=True,
        service=name,
        labels=record(row, "labels"),
        accounts=_accounts(text(template, "serviceAccount"), text(built, "serviceAccount")),
        sources=_filled(_bucket(text(built, "sourceLocation")), *_run_as_stored(template)),
        keys=_names("cryptoKeys", text(template, "encryptionKey")),
        repositories=frozenset(_repository(text(built, "imageUri"))),
        connectors=_connectors(name, text(template, "vpcAccess", "connector")),
    )


def knative(row: Any, name: str) -> Found | None:
    """The same as :func:`service` for a service as an inventory keeps it."""
    notes = record(row, "metadata", "annotations")
    inner = record(row, "spec", "template", "metadata", "annotations")
    if not text(notes, TARGET):
        return None
    return Found(
        name=name,
        standalone=True,
        service=name,
        labels=record(row, "metadata", "labels"),
        accounts=_accounts(text(row, "spec", "template", "spec", "serviceAccountName")),
        sources=_filled(_bucket(text(notes, _LOCATION))),
        keys=_names("cryptoKeys", text(inner, _KEY)),
        connectors=_connectors(name, text(inner, _CONNECTOR)),
    )


def trigger(row: Any) -> Found | None:
    """An Eventarc trigger that calls a service: who calls it, and what sets it off."""
    name, calls = text(row, "name"), record(row, "destination", "cloudRun")
    project, region, behind = part(name, "projects"), text(calls, "region"), text(calls, "service")
    if not (project and region and behind):
        return None
    published = any(text(condition, "value") == _PUBLISHED for condition in rows(row, "eventFilters"))
    return Found(
        name=name,
        standalone=True,
        service=f"projects/{project}/locations/{region}/services/{behind}",
        accounts=_accounts(text(row, "serviceAccount")),
        topics=_names("topics", text(row, "transport", "pubsub", "topic")) if published else frozenset(),
        buckets=frozenset(_watched(row)),
    )


def push(row: Any) -> Found | None:
    """A subscription that pushes to an address of a function or service: what its messages are published to."""
    try:
        host = urlsplit(text(row, "pushConfig", "pushEndpoint")).hostname or ""
    except ValueError:
        return None
    topics = _names("topics", text(row, "topic"))
    return Found(name=text(row, "name"), standalone=True, topics=topics) if host.endswith(_HOSTS) and topics else None


def _watched(event: Mapping[str, Any]) -> Iterator[str]:
    for condition in rows(event, "eventFilters"):
        if condition.get("attribute") == "bucket" and text(condition, "value"):
            yield text(condition, "value")


def _bucket(address: str) -> str:
    found = _BUCKET.match(address)
    return found.group(1) if found else ""


def _run_as_stored(template: Mapping[str, Any]) -> Iterator[str]:
    """The buckets from which containers run their source as it lies there, without a build."""
    for container in rows(template, "containers"):
        yield text(container, "sourceCode", "cloudStorageSource", "bucket")


def _repository(image: str) -> Iterator[str]:
    """The repository of an image in Artifact Registry, or nothing."""
    found = images.repository(image)
    if found is not None:
        yield found


def _connectors(owner: str, name: str) -> frozenset[str]:
    """A connector by its full name; in the region of its function where it is given by its own name only."""
    if name and "/" not in name:
        name = f"projects/{part(owner, 'projects')}/locations/{part(owner, 'locations')}/connectors/{name}"
    return _names("connectors", name)


def _accounts(*names: str) -> frozenset[str]:
    return _filled(*(name.rsplit("/", 1)[-1] for name in names))


def _names(kind: str, *names: str) -> frozenset[str]:
    """Full names of resources of a kind. What follows the resource itself, such as a key's version, is cut off."""
    cut = (re.match(rf".*?projects/(.+?/)?{kind}/[^/]+", name) for name in names)
    return frozenset(found.group()[found.group().index("projects/") :] for found in cut if found)


def _filled(*names: str) -> frozenset[str]:
    return frozenset(name for name in names if name)
