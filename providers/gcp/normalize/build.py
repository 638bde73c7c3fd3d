"""How code becomes a function: its source, its build, the image, and who else may touch either."""

import re
from typing import Any, Final

from auditor.model.capture import Json
from auditor.model.deployment import Build, Source, SourceKind
from auditor.model.environment import Environment
from auditor.model.observed import GapReason, Observed, Unknown, not_offered
from providers.answers.fields import day
from providers.gcp import images
from providers.gcp.iam.grants import Question
from providers.gcp.iam.roles import READ_IMAGES, WRITE_IMAGES
from providers.gcp.normalize.answers import of
from providers.gcp.normalize.environment import variables
from providers.gcp.normalize.fields import (
    Enumeration,
    UnreadableError,
    member,
    optional_flag,
    optional_member,
    optional_text,
    text,
)
from providers.gcp.normalize.function_list import Entry
from providers.gcp.normalize.limits import main
from providers.gcp.normalize.names import last
from providers.gcp.normalize.project_index import Grants, ProjectIndex
from providers.gcp.normalize.source_buckets import SourceBuckets, bucket_of

_REPOSITORY: Final = "artifactregistry:GetRepositoryPolicy"
_OWN: Final = "gcf-artifacts"
_IMAGES: Final = Question(modifies=WRITE_IMAGES, reads=READ_IMAGES)
_REGISTRIES: Final[Enumeration[bool]] = Enumeration(CONTAINER_REGISTRY=True, ARTIFACT_REGISTRY=False)
_UNTOLD: Final = not_offered(
    "functions:ListFunctions", "only functions of the second generation tell when they were created"
)
"""Cloud Functions API reference, Function.createTime, 2026-12-01."""
_SERVED: Final = not_offered(
    "run:ListServices", "a service names no registry but its image's, which Artifact Registry serves"
)
_DIGEST: Final = "@sha256:"
_STAGING: Final = ("gcf-v2-sources-", "gcf-sources-", "gcf-v2-uploads-", "gcf-upload-", "run-sources-")
_RUNTIME: Final = re.compile(r"(?:nodejs|python|go|java|ruby|php|dotnet|osonly)\d+")


def runtime(entry: Entry) -> Observed[str | None]:
    """The runtime a function was built for."""
    if entry.record is not None:
        return entry.record.fact(lambda body: _named(text(member(body, "buildConfig"), "runtime")))
    return of(entry.service, _base_image)


def _named(name: str) -> str:
    if not name:
        raise UnreadableError("runtime is empty")
    return name


def _base_image(body: dict[str, Any]) -> str:
    """The runtime by the base image a service is built on, which ends in its name."""
    images = (
        optional_text(optional_member(body, "buildConfig"), "baseImage"),
        optional_text(main(body), "baseImageUri"),
    )
    for image in images:
        name = last(image).partition(":")[0].partition("@")[0]
        if image and _RUNTIME.fullmatch(name):
            return name
    raise UnreadableError("the service does not tell which runtime it was built for", GapReason.NOT_COLLECTED)


class Builds:
    """The builds of one project's functions."""

    def __init__(self, estate: ProjectIndex, project: str) -> None:
        self._estate = estate
        self._project = project
        self._sources = SourceBuckets(estate, project)
        self._access: dict[str, Observed[Grants]] = {}

    def build(self, entry: Entry) -> Build:
        """How the function is built."""
        config = "buildConfig"
        told = entry.told
        return Build(
            identity=of(told, lambda body: last(optional_text(member(body, config), "serviceAccount")) or None),
            pool=of(told, lambda body: optional_text(member(body, config), "workerPool") or None),
            environment=of(told, lambda body: _variables(body, entry.source)),
            own_repository=of(told, _own_repository) if entry.record is not None else of(told, _image_repository),
            legacy_registry=of(told, _legacy) if entry.record is not None else _SERVED,
            image=of(entry.service, lambda body: text(main(body), "image")),
            pinned=of(entry.service, lambda body: _DIGEST in text(main(body), "image")),
            automatic_updates=of(told, _automatic if entry.record is not None else _service_automatic),
            deployed_at=of(told, lambda body: _moment(text(body, "updateTime"), "updateTime")),
            created_at=_UNTOLD if entry.generation == 1 else of(told, _created),
            source_buckets=self._sources.of(entry),
            image_access=self._image_access(entry),
        )

    def source(self, entry: Entry) -> Observed[Source | None]:
        """Where the code came from."""
        if entry.record is not None:
            return entry.record.fact(_source)
        return of(entry.service, _service_source)

    def _image_access(self, entry: Entry) -> Observed[Grants]:
        own = of(entry.told, _own_repository if entry.record is not None else _image_repository)
        if isinstance(own, Unknown):
            return own
        default = f"projects/{self._project}/locations/{entry.name.location}/repositories/{_OWN}"
        return self._who(_REPOSITORY, own.value or default, _IMAGES)

    def _who(self, operation: str, name: str, question: Question) -> Observed[Grants]:
        name = self._estate.canonical(name)
        found = self._access.get(name)
        if found is None:
            policy = self._estate.resource(self._project, operation, name)
            found = self._access[name] = self._estate.judged_or_none(policy, question, self._project)
        return found


def _created(body: dict[str, Any]) -> str:
    return _moment(text(body, "createTime"), "createTime")


def _moment(value: str, key: str) -> str:
    day(value, key)  # checks compare the date: what begins with none is damage
    return value


def _variables(body: dict[str, Any], source: str) -> Environment:
    given = variables(member(body, "buildConfig"), "environmentVariables")
    return Environment(variables=given, stored=(), source=source)


def _own_repository(body: dict[str, Any]) -> str | None:
    """The customer's repository; None for the platform's own."""
    name = optional_text(member(body, "buildConfig"), "dockerRepository")
    return name if name and last(name) != _OWN else None


def _image_repository(body: dict[str, Any]) -> str | None:
    """The repository a service's image lies in, by its address; None outside Artifact Registry."""
    return images.repository(
        optional_text(optional_member(body, "buildConfig"), "imageUri") or text(main(body), "image")
    )


def _legacy(body: dict[str, Any]) -> bool:
    """Whether the image lies in Container Registry; absent: in Artifact Registry, as the API documents."""
    return _REGISTRIES.read(member(body, "buildConfig"), "dockerRegistry", lambda: False)


def _automatic(body: dict[str, Any]) -> bool:
    config = member(body, "buildConfig")
    if "automaticUpdatePolicy" in config:
        member(config, "automaticUpdatePolicy")
        return True
    if "onDeployUpdatePolicy" in config:
        member(config, "onDeployUpdatePolicy")
        return False
    raise UnreadableError("neither update policy is there")


def _service_automatic(body: dict[str, Any]) -> bool:
    return optional_flag(member(body, "buildConfig"), "enableAutomaticUpdates")


def _source(body: dict[str, Any]) -> Source:
    given = member(member(body, "buildConfig"), "source")
    if "storageSource" in given:
        bucket = text(member(given, "storageSource"), "bucket")
        kind = SourceKind.UPLOAD if bucket.startswith(_STAGING) else SourceKind.STORAGE
        return Source(kind=kind, location=bucket, branch=None)
    if "gitUri" in given:
        return Source(kind=SourceKind.REPOSITORY, location=_plain(text(given, "gitUri")), branch=None)
    if "repoSource" in given:
        repository = member(given, "repoSource")
        branch = next((optional_text(repository, key) for key in _BRANCHES if optional_text(repository, key)), None)
        return Source(kind=SourceKind.REPOSITORY, location=text(repository, "repoName"), branch=branch)
    if "repositoryUrl" in given:
        return Source(kind=SourceKind.REPOSITORY, location=_plain(text(given, "repositoryUrl")), branch=None)
    if "uploaded" in given:
        return Source(kind=SourceKind.UPLOAD, location="", branch=None)
    raise UnreadableError("the source is of no known kind")


_BRANCHES: Final = ("branchName", "tagName", "commitSha")


def _plain(url: str) -> str:
    """An address without user, password and query."""
    scheme, separator, rest = url.partition("://")
    rest = rest if separator else scheme
    return (f"{scheme}://" if separator else "") + rest.partition("?")[0].rpartition("@")[2]


def _service_source(body: dict[str, Any]) -> Source:
    config: Json = member(body, "buildConfig")
    location = optional_text(config, "sourceLocation")
    if location:
        return Source(kind=SourceKind.UPLOAD, location=bucket_of(location), branch=None)
    return Source(kind=SourceKind.IMAGE, location=text(main(body), "image").partition("@")[0], branch=None)
