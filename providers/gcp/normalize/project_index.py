"""What holds across all projects of an audit: numbers, roles, and every policy that may name an identity."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from auditor.model.exposure import AccessGrant, Reach
from auditor.model.identity import AssignmentLevel
from auditor.model.observed import Gap, GapReason, Known, Observed, Unknown
from providers.gcp.iam.grants import PolicyMalformedError, Question, bindings, judge, of_level, unread
from providers.gcp.iam.members import Home
from providers.gcp.iam.role_assignments import PolicyTarget
from providers.gcp.iam.roles import Roles
from providers.gcp.normalize import organization
from providers.gcp.normalize.answers import Told, known
from providers.gcp.normalize.assets import BUCKET, POLICIES
from providers.gcp.normalize.fields import UnreadableError, texts
from providers.gcp.normalize.hierarchy import Level, Project
from providers.gcp.normalize.names import canonical, project_in

_ROLE = "iam:GetRole"
_HOME = (Reach.SCOPED, Reach.NONE)

Grants = tuple[AccessGrant, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy and where it lies; ``told`` Unknown where it could not be read."""

    target: PolicyTarget
    told: Observed[Told]


class ProjectIndex:
    """All projects of an audit."""

    def __init__(self, projects: dict[str, Project]) -> None:
        self.projects = projects
        self.ids = {project.number: name for name, project in projects.items() if project.number is not None}
        self._levels = {name: project.levels() for name, project in projects.items()}
        self.roles = Roles(self._custom())
        self._by_name: dict[str, dict[str, Told]] = {}
        self._homes: dict[str, Home] = {}
        self._inherited: dict[tuple[str, Question], tuple[tuple[str, Observed[Grants]], ...]] = {}

    def levels(self, project: str) -> tuple[Level, ...]:
        """A project and what is above it."""
        return self._levels[project]

    def home(self, project: str) -> Home:
        """The project as the judge of who is foreign."""
        made = self._homes.get(project)
        if made is None:
            found = self.projects.get(project)
            made = self._homes[project] = Home(project, None) if found is None else self._home_of(found)
        return made

    def _home_of(self, project: Project) -> Home:
        own = organization.domains(project.answers, self._levels[project.id])
        return Home(
            project=project.id,
            number=project.number,
            ids=self.ids,
            domains=own.value if isinstance(own, Known) else frozenset(),
            unplaced=own.gap if isinstance(own, Unknown) else None,
            now=project.now,
        )

    def canonical(self, name: str) -> str:
        """A resource's relative name, with the ids of projects we know instead of their numbers."""
        return canonical(name, self.ids)

    def _custom(self) -> dict[str, Observed[frozenset[str] | None]]:
        found: dict[str, Observed[frozenset[str] | None]] = {}
        for project in self.projects.values():
            for role in project.answers.subjects_of(_ROLE):
                if not isinstance(found.get(role), Known):
                    found[role] = _permissions(project, role)
        return found

    @cached_property
    def policies(self) -> tuple[Policy, ...]:
        """Every policy of a project, of what is above it and of the resources listed in bulk, each once."""
        found: dict[str, Policy] = {}
        for name in self.projects:
            for policy in self._of_levels(name):
                before = found.get(policy.target.resource)
                if before is None or isinstance(before.told, Unknown):
                    found[policy.target.resource] = policy
        for name, project in self.projects.items():
            for resource, told in project.assets.policies().items():
                target = PolicyTarget(self.canonical(resource), AssignmentLevel.RESOURCE, name)
                found.setdefault(target.resource, Policy(target, Known(told, told.source)))
        return tuple(found.values())

    def _of_levels(self, project: str) -> Iterator[Policy]:
        for index, level in enumerate(self._levels[project]):
            if not level.name:
                yield Policy(
                    PolicyTarget(f"above projects/{project}", AssignmentLevel.ORGANISATION, None), level.policy
                )
            elif index == 0:
                yield Policy(PolicyTarget(level.name, AssignmentLevel.ACCOUNT, project), level.policy)
            else:
                yield Policy(PolicyTarget(level.name, AssignmentLevel.ORGANISATION, None), level.policy)

    def inherited(self, project: str, question: Question) -> tuple[tuple[str, Observed[Grants]], ...]:
        """What a project and everything above it grant on its resources, level by level."""
        key = (project, question)
        found = self._inherited.get(key)
        if found is None:
            found = self._inherited[key] = tuple(
                (level.name, grants)
                for level in self._levels[project]
                for grants in self.groups(level.policy, question, project, of_level(level.name))
            )
        return found

    def single_resources_gap(self, project: str) -> tuple[Gap, ...]:
        """Why roles bound on single resources of the project are not all known."""
        found = self.projects[project]
        gap = found.assets.policy_gap
        if gap is None:
            return ()
        if gap.reason is GapReason.NOT_OFFERED:
            message = "roles on single resources are read through Cloud Asset Inventory, which is switched off"
            return (found.answers.gap(gap.operation, GapReason.NOT_COLLECTED, message),)
        return (gap,)

    def policy(self, project: str, name: str) -> Observed[Told | None]:
        """The policy of a resource as listed in bulk; Known(None) where a complete list has none for it."""
        found = self._by_name.get(project)
        if found is None:
            policies = self.projects[project].assets.policies().items()
            found = self._by_name[project] = {self.canonical(key): told for key, told in policies}
        told = found.get(self.canonical(name))
        if told is not None:
            return known(told, told.source)
        gap = self.projects[project].assets.policy_gap
        return Unknown(gap) if gap is not None else known(None, POLICIES)

    def asked(self, project: str, operation: str, name: str) -> Observed[Told | None]:
        """The policy of a resource: as its own service tells it, else as listed in bulk; Known(None): it has none."""
        answers = self.projects[project].answers
        body = answers.one(operation, name)
        if not isinstance(body, Unknown):
            return known(None if body.value is None else Told(answers, operation, name, body.value), operation)
        listed = self.policy(project, name)
        if answers.asked(operation, name) and not (listed.known and listed.value is not None):
            return body  # asked and refused: that the bulk list has no binding proves nothing against that
        off = isinstance(listed, Unknown) and listed.gap.reason is GapReason.NOT_OFFERED
        return body if off else listed

    def resource(self, project: str, operation: str, name: str) -> Observed[Told | None]:
        """The policy of something a project's functions use, which may belong to another project."""
        answers = self.projects[project].answers
        body = answers.one(operation, name)
        if not isinstance(body, Unknown):
            return known(None if body.value is None else Told(answers, operation, name, body.value), operation)
        owner = self.owner(name)
        if owner is None:
            return body
        listed = self.asked(owner, operation, name)
        refused = answers.asked(operation, name) and not (listed.known and listed.value is not None)
        return body if refused else listed

    def owner(self, name: str) -> str | None:
        """The audited project that lists a resource: by its name, or for buckets, which name none, by its list."""
        owner = project_in(name)
        if owner is not None:
            return owner if owner in self.projects else None
        return next((key for key, project in self.projects.items() if name in project.assets.of(BUCKET)), None)

    def judged_or_none(self, policy: Observed[Told | None], question: Question, project: str) -> Observed[Grants]:
        """The same for a policy that may not exist: then nobody holds anything."""
        if isinstance(policy, Unknown):
            return policy
        if policy.value is None:
            return known((), policy.source)
        return self.judged(Known(policy.value, policy.source), question, project)

    def judged(self, policy: Observed[Told], question: Question, project: str) -> Observed[Grants]:
        """The bindings of a policy that answer a question, seen from a project: all, or those that reach outside."""
        found = self.groups(policy, question, project)
        wide = isinstance(found[0], Known) and any(grant.reach not in _HOME for grant in found[0].value)
        return found[0] if wide else found[-1]

    def groups(
        self, policy: Observed[Told], question: Question, project: str, level: str = ""
    ) -> tuple[Observed[Grants], ...]:
        """The same, and as a group of its own why there may be more: a role that could not be read."""
        if isinstance(policy, Unknown):
            return (policy,)
        home, told = self.home(project), policy.value
        grants = told.fact(lambda body: judge(readable(body), question, self.roles, home, level=level))
        gap = told.fact(lambda body: unread(readable(body), question, self.roles, home))
        return (grants, Unknown(gap.value)) if isinstance(gap, Known) and gap.value is not None else (grants,)

    def untold(self, grant: AccessGrant, operation: str) -> Gap:
        """Why it is not known what the role of a statement allows."""
        role = json.loads(grant.text)["role"]
        held = self.roles.holds(role, ())
        gap = held.gap if isinstance(held, Unknown) else Gap(GapReason.UNRECOGNISED, operation, None, grant.reason)
        return Gap(gap.reason, gap.operation or operation, gap.permission, gap.message or grant.reason, gap.resource)


def readable(body: dict[str, Any]) -> dict[str, Any]:
    """A policy whose bindings can be read. Raises UnreadableError."""
    try:
        bindings(body)
    except PolicyMalformedError as error:
        raise UnreadableError(f"the policy cannot be read: {error}") from error
    return body


def _permissions(project: Project, role: str) -> Observed[frozenset[str] | None]:
    body = project.answers.one(_ROLE, role)
    if isinstance(body, Unknown):
        return body
    found = body.value
    if found is None or found.get("deleted") is True:
        return known(None, _ROLE)
    return project.answers.fact(_ROLE, lambda: frozenset(texts(found, "includedPermissions")), role)
