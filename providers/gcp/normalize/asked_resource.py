"""The resource that a question is about: the allow policies that hold on it, and why there may be more."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from auditor.analysis.permissions.role_estate import known_of
from auditor.errors import UsageError
from auditor.model.identity import AssignmentLevel
from auditor.model.inventory import Inventory
from auditor.model.observed import Gap, GapReason, Known, Unknown
from providers.gcp.iam.role_assignments import PolicyTarget
from providers.gcp.normalize.answers import Told
from providers.gcp.normalize.assets import named
from providers.gcp.normalize.names import last
from providers.gcp.normalize.project_index import Policy, ProjectIndex

_EVERYTHING: Final = "*"
_LEVELS: Final = ("projects/", "folders/", "organizations/")
_STORED: Final = "projects/_/buckets/"
_ACCOUNTS: Final = "/serviceAccounts/"
_ASKED: Final = (
    *("storage:GetBucketPolicy", "pubsub:GetTopicPolicy", "artifactregistry:GetRepositoryPolicy"),
    *("run:GetIamPolicy", "functions:GetIamPolicy", "iam:GetServiceAccountPolicy"),
)
"""The operations that answer with the policy of one resource."""
_LEVEL_PARTS: Final = 2


@dataclass(frozen=True, slots=True)
class AskedResource:
    """``policies`` from the organisation down; ``parts`` names those that lie below what was asked about."""

    policies: tuple[Policy, ...]
    parts: frozenset[str]
    gaps: tuple[Gap, ...]


def asked_resource(given: str, home: str, estate: ProjectIndex, inventory: Inventory) -> AskedResource:
    """What holds on a resource; ``*`` is everything in the function's project, ``…/*`` everything below a resource.

    Raises UsageError for what is no name of Google Cloud.
    """
    whole = f"projects/{home}/*" if given == _EVERYTHING else given
    name = estate.canonical(named(whole.removesuffix("/*")))
    if "*" in name or not name.startswith(_LEVELS) or not all(name.split("/")):
        raise UsageError(
            f"{given!r} is not the name of a resource of Google Cloud: it begins with projects/, folders/,"
            " organizations/ or //service.googleapis.com/, or is * for everything in the function's project."
        )
    names = _guarded(name, inventory)
    owner = _owner(name, estate)
    levels, gaps = _above(name, owner, estate)
    own = tuple(_own(names, owner, estate))
    below = tuple(_below(name, estate)) if whole.endswith("/*") else ()
    gaps += _unread(names, owner, estate, whole=whole.endswith("/*"))
    return AskedResource((*levels, *own, *below), frozenset(each.target.resource for each in below), gaps)


def _guarded(name: str, inventory: Inventory) -> tuple[str, ...]:
    """The resource and those it lies in below its project, with other names of service accounts."""
    parts = name.split("/")
    found = ["/".join(parts[:end]) for end in range(_LEVEL_PARTS + 2, len(parts) + 1)]
    if _ACCOUNTS in name:
        for account in (each for scope in inventory.scopes for each in known_of(scope.workloads)):
            names = (account.id, *account.aliases)
            found += names if set(names).intersection(found) else ()
    return tuple(dict.fromkeys(found))


def _owner(name: str, estate: ProjectIndex) -> str | None:
    """The audited project that a resource lies in."""
    bucket = "/".join(name.split("/")[:4])
    return estate.owner(bucket if name.startswith(_STORED) else name)


def _above(name: str, owner: str | None, estate: ProjectIndex) -> tuple[tuple[Policy, ...], tuple[Gap, ...]]:
    """The policies of the project and what is above it, widest first; of a folder, those from it up."""
    for project in (owner,) if owner is not None else estate.projects:
        levels = estate.levels(project)
        names = [level.name for level in levels]
        if owner is None and name not in names:
            continue
        start = 0 if owner is not None else names.index(name)
        kept = levels[start:]
        known = tuple(_policy(level.name, level.policy, project) for level in reversed(kept) if level.name)
        gaps = (level.policy.gap for level in kept if not level.name and isinstance(level.policy, Unknown))
        return known, tuple(gaps)
    message = "its project was not audited, or which project it lies in was not read"
    answers = next(iter(estate.projects.values())).answers
    return (), (answers.gap("asset:ListResources", GapReason.NOT_COLLECTED, message, name),)


def _policy(name: str, told: "Known[Told] | Unknown", project: str) -> Policy:
    of_project = name.startswith("projects/")
    level = AssignmentLevel.ACCOUNT if of_project else AssignmentLevel.ORGANISATION
    return Policy(PolicyTarget(name, level, project if of_project else None), told)


def _own(names: Iterable[str], owner: str | None, estate: ProjectIndex) -> Iterator[Policy]:
    """The policies of the resource and what it lies in, each once: as its service told it, else as listed in bulk."""
    asked = dict(_one_by_one(estate))
    listed = {each.target.resource: each for each in estate.policies if each.target.level is AssignmentLevel.RESOURCE}
    for name in names:
        told = asked.get(name) or (asked.get(f"projects/-{_ACCOUNTS}{last(name)}") if _ACCOUNTS in name else None)
        if told is not None:
            yield Policy(PolicyTarget(name, AssignmentLevel.RESOURCE, owner), Known(told, told.source))
        elif name in listed:
            yield listed[name]


def _one_by_one(estate: ProjectIndex) -> Iterator[tuple[str, Told]]:
    for project in estate.projects.values():
        for operation in _ASKED:
            for subject in project.answers.subjects_of(operation):
                body = project.answers.one(operation, subject)
                if isinstance(body, Known) and body.value is not None:
                    yield estate.canonical(subject), Told(project.answers, operation, subject, body.value)


def _below(name: str, estate: ProjectIndex) -> Iterator[Policy]:
    """The policies of what lies in a project or a resource."""
    for policy in estate.policies:
        inside = policy.target.resource.startswith(f"{name}/") or f"projects/{policy.target.project}" == name
        if policy.target.level is AssignmentLevel.RESOURCE and inside:
            yield policy


def _unread(names: tuple[str, ...], owner: str | None, estate: ProjectIndex, *, whole: bool) -> tuple[Gap, ...]:
    """Why the policies of single resources may not all be known."""
    if owner is None or (not names and not whole):
        return ()
    asked = dict(_one_by_one(estate))
    told = any(each in asked or f"projects/-{_ACCOUNTS}{last(each)}" in asked for each in names)
    return () if told and not whole else estate.single_resources_gap(owner)
