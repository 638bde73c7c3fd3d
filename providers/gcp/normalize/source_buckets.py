"""The buckets a function's source lies in, the customer's own as well as the platform's, and who may use each."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from auditor.model.deployment import SourceBucket
from auditor.model.exposure import AccessGrant, Effect, Reach
from auditor.model.observed import GapReason, Known, Observed, Unknown
from providers.gcp.buckets import staging
from providers.gcp.iam.grants import Question
from providers.gcp.iam.roles import READ_OBJECTS, WRITE_OBJECTS
from providers.gcp.normalize import constraints
from providers.gcp.normalize.answers import Told, known
from providers.gcp.normalize.assets import BUCKET
from providers.gcp.normalize.fields import (
    UnreadableError,
    member,
    optional_flag,
    optional_items,
    optional_member,
    optional_text,
    record,
    text,
)
from providers.gcp.normalize.function_list import Entry
from providers.gcp.normalize.project_index import Grants, ProjectIndex

POLICY: Final = "storage:GetBucketPolicy"
_GET: Final = "storage:GetBucket"
_OBJECTS: Final = Question(modifies=WRITE_OBJECTS, reads=READ_OBJECTS)
_HOME: Final = (Reach.SCOPED, Reach.NONE)
_PUBLIC: Final = ("allUsers", "allAuthenticatedUsers")
_PREVENTED: Final = "enforced"


class SourceBuckets:
    """The source buckets of one project's functions, each judged once."""

    def __init__(self, estate: ProjectIndex, project: str) -> None:
        self._estate = estate
        self._project = project
        self._number = estate.projects[project].number
        self._forbidden = constraints.enforced(estate.projects[project].answers, "storage.publicAccessPrevention")
        self._made: dict[str, SourceBucket] = {}

    def of(self, entry: Entry) -> Observed[tuple[SourceBucket, ...]]:
        """The buckets a function is built from: those its answer names, and the one the platform copies it to."""
        named = self._named(entry)
        if isinstance(named, Unknown):
            return named
        return known(tuple(self._bucket(name) for name in named.value), named.source)

    def _named(self, entry: Entry) -> Observed[tuple[str, ...]]:
        if entry.record is None:
            if isinstance(entry.service, Unknown):
                return entry.service
            return entry.service.value.fact(_of_service)
        given = entry.record.fact(_of_record)
        if isinstance(given, Unknown):
            return given
        if any(staging(name, self._project, self._number) for name in given.value):
            return given
        copied = self._platform(entry)
        return copied if isinstance(copied, Unknown) else known((*given.value, copied.value), given.source)

    def _platform(self, entry: Entry) -> Observed[str]:
        """The bucket that the platform keeps its copy in, by the project's number."""
        if entry.generation is None and isinstance(entry.service, Unknown):
            return entry.service  # each generation keeps its source elsewhere
        if self._number is None:
            answers = self._estate.projects[self._project].answers
            return Unknown(answers.gap(POLICY, GapReason.NOT_COLLECTED, "the project's number is not known"))
        kind = "gcf-sources" if entry.generation == 1 else "gcf-v2-sources"
        return known(f"{kind}-{self._number}-{entry.name.location}", entry.source)

    def _bucket(self, name: str) -> SourceBucket:
        found = self._made.get(name)
        if found is None:
            found = self._made[name] = SourceBucket(name=name, access=tuple(self._access(name)))
        return found

    def _access(self, name: str) -> Iterator[Observed[Grants]]:
        """Who may use a bucket: by its own policy, by what is above it, and by the access lists of its objects."""
        full = f"projects/_/buckets/{name}"
        own = staging(name, self._project, self._number)
        described = self._described(full)
        own_project = own or self._estate.owner(full) == self._project
        prevented = _prevents(described) or (own_project and self._forbidden)
        granted = (*self._by_policy(full), *self._inherited(full, described, own=own))
        yield from map(_without_public, granted) if prevented else granted
        if not own and not prevented:
            yield _lists(described)

    def _by_policy(self, name: str) -> tuple[Observed[Grants], ...]:
        policy = self._estate.resource(self._project, POLICY, name)
        if isinstance(policy, Unknown):
            return (policy,)
        if policy.value is None:
            return ()
        return self._estate.groups(Known(policy.value, policy.source), _OBJECTS, self._project)

    def _described(self, name: str) -> Observed[Told | None]:
        """The bucket as the storage service describes it, else as the inventory does."""
        answers = self._estate.projects[self._project].answers
        body = answers.one(_GET, name)
        if isinstance(body, Known):
            return known(None if body.value is None else Told(answers, _GET, name, body.value), _GET)
        listed = (project.assets.of(BUCKET).get(name) for project in self._estate.projects.values())
        told = next((each for each in listed if each is not None), None)
        return Known(told, told.source) if told is not None else body

    def _inherited(self, name: str, described: Observed[Told | None], *, own: bool) -> Iterator[Observed[Grants]]:
        """What the bucket's project, and what is above that, grants to others than its own members."""
        if isinstance(described, Known) and described.value is None:
            return  # there is no such bucket
        owner = self._project if own else self._estate.owner(name)
        if owner is None:
            yield self._foreign(described, name)
            owner = self._owner_of(described)
        if owner is None:
            return
        for _, grants in self._estate.inherited(owner, _OBJECTS):
            if isinstance(grants, Unknown):
                yield grants
            else:
                yield known(tuple(grant for grant in grants.value if grant.reach not in _HOME), grants.source)

    def _owner_of(self, described: Observed[Told | None]) -> str | None:
        if not isinstance(described, Known) or described.value is None:
            return None
        number = described.value.body.get("projectNumber")
        return self._estate.ids.get(str(number))

    def _foreign(self, described: Observed[Told | None], name: str) -> Observed[Grants]:
        """A bucket of a project that was not read: what is granted there on all its buckets is not known."""
        if isinstance(described, Unknown):
            return described
        if self._owner_of(described) is not None:
            return known((), described.source)
        message = "the bucket belongs to a project that was not read, so what is granted on that whole project is not"
        answers = self._estate.projects[self._project].answers
        return Unknown(
            answers.gap("resourcemanager:GetProjectPolicy", GapReason.NOT_COLLECTED, f"{message} known", name)
        )


def _prevents(described: Observed[Told | None]) -> bool:
    """Whether the bucket itself enforces public access prevention, which voids grants to the public."""
    if isinstance(described, Unknown) or described.value is None:
        return False
    config = described.value.body.get("iamConfiguration")
    return isinstance(config, dict) and config.get("publicAccessPrevention") == _PREVENTED


def _without_public(grants: Observed[Grants]) -> Observed[Grants]:
    return grants if isinstance(grants, Unknown) else known(tuple(map(_voided, grants.value)), grants.source)


def _voided(grant: AccessGrant) -> AccessGrant:
    if not grant.reach.public and grant.reach is not Reach.CONDITIONAL:
        return grant
    others = tuple(member_ for member_ in grant.principals if member_ not in _PUBLIC)
    reason = "public access prevention is enforced, so a grant to the public has no effect"
    return replace(grant, reach=Reach.SCOPED if others else Reach.NONE, reason=reason, principals=others)


def _lists(described: Observed[Told | None]) -> Observed[Grants]:
    """What the access lists of objects grant: nothing where uniform access is on.

    Where they are off the list that new objects receive is read; that of an existing object is not, because reading
    it takes the right to read the object.
    """
    if isinstance(described, Unknown):
        return described
    if described.value is None:
        return known((), described.source)
    found = described.value.fact(_listed)
    if isinstance(found, Unknown) or found.value is not None:
        return found  # type: ignore[return-value]  # not None: just seen
    message = "uniform bucket-level access is off: objects have access lists of their own, which are not read"
    answers = described.value.answers
    return Unknown(
        answers.gap(_GET, GapReason.NOT_COLLECTED, message, described.value.name, "storage.objects.getIamPolicy")
    )


def _listed(body: dict[str, Any]) -> Grants | None:
    config = member(body, "iamConfiguration")
    uniform = any(
        optional_flag(optional_member(config, key), "enabled")
        for key in ("uniformBucketLevelAccess", "bucketPolicyOnly")
    )
    if uniform:
        return ()
    entries = (record(item) for item in optional_items(body, "defaultObjectAcl"))
    public = tuple(_default(index, entry) for index, entry in enumerate(entries) if text(entry, "entity") in _PUBLIC)
    return public or None


def _default(index: int, entry: dict[str, Any]) -> AccessGrant:
    entity = text(entry, "entity")
    return AccessGrant(
        qualifier=None,
        sid="defaultObjectAcl",
        index=index,
        effect=Effect.ALLOW,
        reach=Reach.ANONYMOUS if entity == _PUBLIC[0] else Reach.ANY_PRINCIPAL,
        reason=f"the access list that new objects of the bucket receive admits {entity}",
        principals=(entity,),
        services=(),
        accounts=(),
        actions=READ_OBJECTS[:1],
        sources=(),
        condition_keys=(),
        through_endpoint=None,
        endpoint_only=False,
        invokes=False,
        modifies=False,  # an object's owner may change its list, not its content
        not_principal=False,
        source_wildcard=False,
        text=f'{{"entity": "{entity}", "role": "{optional_text(entry, "role")}"}}',
    )


def _of_record(body: dict[str, Any]) -> tuple[str, ...]:
    """The buckets that a function's record names: what it was deployed from, and what that was resolved to."""
    config = member(body, "buildConfig")
    resolved = optional_member(optional_member(config, "sourceProvenance"), "resolvedStorageSource")
    source = optional_member(optional_member(config, "source"), "storageSource")
    return tuple(dict.fromkeys(name for given in (source, resolved) if (name := optional_text(given, "bucket"))))


def _of_service(body: dict[str, Any]) -> tuple[str, ...]:
    """The buckets that a service was deployed from: to be built, or run as it lies there."""
    found: list[str] = []
    location = optional_text(optional_member(body, "buildConfig"), "sourceLocation")
    if location:
        found.append(bucket_of(location))
    for container in (record(item) for item in optional_items(optional_member(body, "template"), "containers")):
        stored = optional_member(optional_member(container, "sourceCode"), "cloudStorageSource")
        found += [name for name in (optional_text(stored, "bucket"),) if name]
    if not found:
        raise UnreadableError("the service does not tell where its source lies", GapReason.NOT_COLLECTED)
    return tuple(dict.fromkeys(found))


def bucket_of(location: str) -> str:
    """The bucket of a ``gs://`` address. Raises UnreadableError for any other."""
    if not location.startswith("gs://"):
        raise UnreadableError("sourceLocation is no bucket")
    return location.removeprefix("gs://").partition("/")[0]
