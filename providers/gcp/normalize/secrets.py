"""The secrets a function refers to, by variable or by file: never their values."""

from dataclasses import dataclass
from typing import Any, Final

from auditor.model.environment import StoredSecret, StoredSecretKind
from auditor.model.observed import GapReason, Observed, Unknown, not_offered
from auditor.model.storage import SecretReference
from providers.gcp.iam.grants import bindings
from providers.gcp.iam.members import MemberKind, parse
from providers.gcp.normalize.answers import Told, known
from providers.gcp.normalize.assets import SECRET
from providers.gcp.normalize.collections import Collection
from providers.gcp.normalize.environment import containers
from providers.gcp.normalize.fields import (
    UnreadableError,
    member,
    optional_items,
    optional_member,
    optional_text,
    record,
    text,
)
from providers.gcp.normalize.names import last
from providers.gcp.normalize.project_index import ProjectIndex, readable

_LIST: Final = "secretmanager:ListSecrets"
_NEWEST: Final = "latest"
_PUBLIC: Final = (MemberKind.EVERYONE, MemberKind.AUTHENTICATED)


@dataclass(frozen=True, slots=True)
class Referred:
    """A setting that refers to a secret: ``name`` the secret's relative name, ``version`` None for the newest."""

    setting: str
    name: str
    version: str | None


def of_record(body: dict[str, Any], project: str) -> tuple[Referred, ...]:
    """The references of a function's record."""
    config = member(body, "serviceConfig")
    found = [
        Referred(text(entry, "key"), _name(entry, project), _version(optional_text(entry, "version")))
        for entry in (record(item) for item in optional_items(config, "secretEnvironmentVariables"))
    ]
    for item in optional_items(config, "secretVolumes"):
        volume = record(item)
        versions = [record(each) for each in optional_items(volume, "versions")] or [{}]
        found.extend(
            Referred(
                text(volume, "mountPath") + (f"/{optional_text(each, 'path').lstrip('/')}" if each else ""),
                _name(volume, project),
                _version(optional_text(each, "version")),
            )
            for each in versions
        )
    return tuple(found)


def of_template(body: dict[str, Any], project: str) -> tuple[Referred, ...]:
    """The references of a service's containers and volumes."""
    template = member(body, "template")
    found = []
    for container in containers(template):
        for entry in (record(item) for item in optional_items(container, "envSources")):
            given = optional_member(entry, "valueSource") or optional_member(entry, "valueFrom")
            reference = member(given, "secretKeyRef")
            name = text(reference, "secret" if "secret" in reference else "name")
            version = optional_text(reference, "version") or optional_text(reference, "key")
            found.append(Referred(text(entry, "name"), _full(name, project), _version(version)))
    for volume in (record(item) for item in optional_items(template, "volumes")):
        if "secret" not in volume:
            continue
        secret = member(volume, "secret")
        name = text(secret, "secret" if "secret" in secret else "secretName")
        each = [record(item) for item in optional_items(secret, "items")] or [{}]
        found.extend(
            Referred(
                text(volume, "name"),
                _full(name, project),
                _version(optional_text(item, "version") or optional_text(item, "key")),
            )
            for item in each
        )
    return tuple(found)


def _name(entry: dict[str, Any], project: str) -> str:
    return _full(text(entry, "secret"), optional_text(entry, "projectId") or project)


def _full(name: str, project: str) -> str:
    if not name:
        raise UnreadableError("secret is empty")
    return name if name.startswith("projects/") else f"projects/{project}/secrets/{name}"


def _version(version: str) -> str | None:
    return None if version in ("", _NEWEST) else last(version)


class Secrets:
    """The secrets of all projects."""

    def __init__(self, estate: ProjectIndex) -> None:
        self._estate = estate
        self._lists = {
            name: Collection(project.answers, project.assets, estate.ids, kind=SECRET, operation=_LIST, key="secrets")
            for name, project in estate.projects.items()
        }

    def reference(self, referred: Referred, project: str) -> SecretReference:
        """One reference, with what is known of its secret."""
        told = self._told(referred, project)
        missing = not isinstance(told, Unknown) and told.value is None
        answers = self._estate.projects[project].answers
        unasked = answers.gap(
            _LIST, GapReason.NOT_COLLECTED, "whether the function can read the secret is not asked", referred.name
        )
        return SecretReference(
            setting=referred.setting,
            store=self._estate.canonical(referred.name),
            version=referred.version,
            resolved=known(False, told.source) if missing else told if isinstance(told, Unknown) else Unknown(unasked),
            problem="the secret does not exist" if missing else "",
            rotates=self._rotates(told),
        )

    def stored(self, referred: Referred, project: str) -> StoredSecret:
        """The secret itself."""
        told = self._told(referred, project)
        name = self._estate.canonical(referred.name)
        return StoredSecret(
            variable=referred.setting,
            id=name,
            kind=StoredSecretKind.SECRET,
            account=name.split("/")[1],
            exists=told.map(lambda found: found is not None),
            encrypted=known(True, told.source),
            customer_key=self._of(told, _customer_key),
            rotates=self._rotates(told),
            last_used=not_offered(_LIST, "Secret Manager does not tell when a secret was last used"),
            public_policy=self._public(name, project),
        )

    def _told(self, referred: Referred, project: str) -> Observed[Told | None]:
        name = self._estate.canonical(referred.name)
        secrets = self._lists.get(name.split("/")[1])
        if secrets is not None:
            return secrets.get(name)
        message = "secrets of projects that are not audited are not looked for"
        gap = self._estate.projects[project].answers.gap(_LIST, GapReason.NOT_COLLECTED, message, name)
        return Unknown(gap)

    def _rotates(self, told: Observed[Told | None]) -> Observed[bool]:
        return self._of(told, lambda body: bool(optional_member(body, "rotation")))

    @staticmethod
    def _of(told: Observed[Told | None], read: Any) -> Observed[bool]:
        if isinstance(told, Unknown):
            return told
        return known(False, told.source) if told.value is None else told.value.fact(read)

    def _public(self, name: str, project: str) -> Observed[bool]:
        owner = name.split("/")[1]
        policy = self._estate.policy(owner if owner in self._estate.projects else project, name)
        return self._of(policy, _open)


def _open(body: dict[str, Any]) -> bool:
    members = (member for binding in bindings(readable(body)) for member in binding.members)
    return any(parse(member).kind in _PUBLIC for member in members)


def _customer_key(body: dict[str, Any]) -> bool:
    replication = member(body, "replication")
    replicas = [record(item) for item in optional_items(optional_member(replication, "userManaged"), "replicas")]
    return any(
        "customerManagedEncryption" in place for place in (optional_member(replication, "automatic"), body, *replicas)
    )
