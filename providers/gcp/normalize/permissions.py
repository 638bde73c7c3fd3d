"""Whether the service account of a function may do something: the question of one function, from a capture."""

import json
from collections.abc import Iterator
from typing import Final

from auditor.analysis.permissions.decision import Decision, ProofStep
from auditor.analysis.permissions.role_decision import decided_by_roles, decided_for, gone, silent
from auditor.analysis.permissions.role_denials import denied
from auditor.errors import UsageError
from auditor.model.capture import Capture
from auditor.model.exposure import Effect
from auditor.model.function import Function
from auditor.model.identity import AssignmentLevel, Identity
from auditor.model.inventory import Inventory
from auditor.model.observed import Gap, GapReason, Known, Observed, Unknown
from auditor.model.role_holders import OWN, Denial, HolderKind, RoleHolder
from auditor.provider import PermissionQuestion
from providers.gcp.iam.decision import Asked, Place, judged
from providers.gcp.iam.grants import bindings
from providers.gcp.iam.predefined_roles import check_permission, data_as_of, holders_of, is_listed
from providers.gcp.iam.role_assignments import Holder, names_account
from providers.gcp.iam.roles import is_custom
from providers.gcp.normalize.asked_resource import AskedResource, asked_resource
from providers.gcp.normalize.deny_policies import DenyPolicies
from providers.gcp.normalize.hierarchy import projects
from providers.gcp.normalize.project_index import Policy, ProjectIndex, readable

_LAYERS: Final = {
    "organizations": "allow policy of the organisation",
    "folders": "allow policy of the folder",
    "projects": "allow policy of the project",
}
_OF_RESOURCE: Final = "allow policy of the resource"
_DENYING: Final = "deny policy"
_BEFORE_DENIALS: Final = "deny policies"
_BEFORE: Final = ("principal access boundary policies",)
_LISTS: Final = {
    "storage.objects.": "access control lists of buckets and objects",
    "bigquery.": "access lists of datasets",
}
"""By permission, what of Google's older services grants it besides policies."""


def decide(capture: Capture, inventory: Inventory, function: Function, asked: PermissionQuestion) -> Decision:
    """Whether the service account may do it, by the allow policies from the organisation down to the resource.

    Raises UsageError for what is no permission or no resource name of Google Cloud, and for context, which is not
    settled here.
    """
    estate = ProjectIndex(projects(capture))
    check_permission(asked.action, estate.roles.custom_permissions())
    if asked.context:
        raise UsageError("--context settles condition keys of AWS only: conditions of Google Cloud stay open.")
    resource = asked_resource(asked.resource, function.scope.partition("/")[2], estate, inventory)
    authorizer = _Authorizer(estate, function.scope.partition("/")[2], asked.action)
    return decided_for(function, lambda identity: gone(identity) or authorizer.decide(identity, resource))


class _Authorizer:
    """Answers by every policy of the audit that was read."""

    def __init__(self, estate: ProjectIndex, project: str, permission: str) -> None:
        self._estate = estate
        self._project = project
        self._permission = permission
        self._denials = DenyPolicies(estate)
        self._before = (*_BEFORE, *(words for start, words in _LISTS.items() if permission.startswith(start)))

    def decide(self, identity: Identity, resource: AskedResource) -> Decision:
        """The decision for one service account."""
        above = frozenset(level.name for level in self._estate.levels(self._project))
        holder = Holder(identity.principal, self._estate.home(self._project), above)
        asked = Asked(holder, self._holds, lambda project, roles: self._has_basic(holder, project, roles))
        steps, unread = self._denying(identity, resource)
        before = (_BEFORE_DENIALS, *self._before) if unread else self._before
        gaps: list[Gap] = [*resource.gaps]
        for policy, place in self._chain(resource):
            found = list(self._judged(policy, place, asked))
            said = [each for each in found if isinstance(each, ProofStep)]
            gaps += [each for each in found if isinstance(each, Gap)]
            steps += sorted(said, key=lambda step: len(step.conditions)) or (
                [] if place.part else [silent(place.layer)]
            )
        return decided_by_roles(steps, gaps, before)

    def _denying(self, identity: Identity, resource: AskedResource) -> tuple[list[ProofStep], bool]:
        """What the deny policies of the levels say, which Google looks at first; and whether some were not read."""
        principal = RoleHolder(
            id=identity.principal, name=identity.name, kind=HolderKind.SERVICE_ACCOUNT, outside=OWN, roles=()
        )
        levels = [each.target for each in resource.policies if each.target.level is not AssignmentLevel.RESOURCE]
        read = [(self._denials.at(level.resource), level.project or "") for level in levels]
        found = []
        for (denials, _), project in read:
            for denial in denials:
                applies = denied((denial,), principal, self._permission, (), project)
                if applies is not None:
                    found.append(_denial_step(denial, certain=applies.certain))
        steps = sorted(found, key=lambda step: len(step.conditions)) or [silent(_DENYING)]
        return steps, not levels or any(gap is not None for (_, gap), _ in read)

    def _chain(self, resource: AskedResource) -> Iterator[tuple[Policy, Place]]:
        """The policies from the organisation down, and those of the parts of what was asked about."""
        for policy in resource.policies:
            name = policy.target.resource
            kind = _OF_RESOURCE if policy.target.level is AssignmentLevel.RESOURCE else _LAYERS[name.partition("/")[0]]
            yield policy, Place(kind, name, part=name in resource.parts)

    def _judged(self, policy: Policy, place: Place, asked: Asked) -> Iterator[ProofStep | Gap]:
        if isinstance(policy.told, Unknown):
            yield policy.told.gap
            return
        found = policy.told.value.fact(lambda body: bindings(readable(body)))
        if isinstance(found, Unknown):
            yield found.gap
            return
        for binding in found.value:
            yield from judged(binding, place, asked)

    def _holds(self, role: str) -> Observed[bool]:
        if is_custom(role):
            return self._estate.roles.holds(role, (self._permission,)).map(bool)
        name = role.removeprefix("roles/")
        if is_listed(name):
            return Known(name in (holders_of(self._permission) or frozenset()), "")
        message = f"the role {role[:200]} is newer than our table of predefined roles of {data_as_of()}"
        return Unknown(Gap(GapReason.UNRECOGNISED, "", None, message, role[:200]))

    def _has_basic(self, holder: Holder, project: str, roles: tuple[str, ...]) -> Observed[bool]:
        """Whether the account has a basic role on a project, as ``projectEditor:`` and the like mean it."""
        name = f"projects/{self._estate.ids.get(project, project)}"
        policy = next((each for each in self._estate.policies if each.target.resource == name), None)
        if policy is None:
            message = f"who has basic roles on {name}, which was not audited"
            gap = Gap(GapReason.NOT_COLLECTED, "", "resourcemanager.projects.getIamPolicy", message, name)
            return Unknown(gap)
        if isinstance(policy.told, Unknown):
            return policy.told
        found = policy.told.value.fact(lambda body: bindings(readable(body)))
        return found.map(
            lambda held: any(
                binding.role in roles and any(names_account(text, holder) for text in binding.members)
                for binding in held
            )
        )


def _denial_step(denial: Denial, *, certain: bool) -> ProofStep:
    told = {
        "deniedPrincipals": (*denial.principals, *denial.groups),
        "exceptionPrincipals": (*denial.excepted, *denial.excepted_groups),
        "deniedPermissions": denial.permissions,
        "exceptionPermissions": denial.excepted_permissions,
    }
    text = json.dumps({key: value for key, value in told.items() if value}, ensure_ascii=False, separators=(",", ":"))
    unknown = (*denial.groups, *denial.excepted_groups)
    conditions = (
        *(("tags of the resource",) if denial.conditional else ()),
        *(f"membership of {each}" for each in unknown if not each.startswith("principalSet://goog/group/")),
    )
    return ProofStep(_DENYING, Effect.DENY, denial.scope, denial.id, text, () if certain else conditions)
