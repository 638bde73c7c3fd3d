"""The service account a function runs as: whether it exists, and every role that is bound to it."""

from typing import Any, Final

from auditor.model.exposure import Reach
from auditor.model.identity import AssignmentLevel, Identity, IdentityKind, RoleAssignment
from auditor.model.observed import Gap, GapReason, Known, Observed, Unknown, not_offered
from auditor.model.role_holders import Workload
from providers.gcp.iam.grants import PolicyMalformedError, Question, bindings
from providers.gcp.iam.members import MemberKind, default_account, parse
from providers.gcp.iam.role_assignments import Holder, bound
from providers.gcp.iam.roles import IMPERSONATE
from providers.gcp.normalize.account_keys import account_keys
from providers.gcp.normalize.answers import Answers, Told, known
from providers.gcp.normalize.assets import ACCOUNT
from providers.gcp.normalize.collections import Collection
from providers.gcp.normalize.fields import UnreadableError, optional_flag, text
from providers.gcp.normalize.project_index import Grants, Policy, ProjectIndex
from providers.gcp.normalize.role_holders import service_accounts

_LIST: Final = "iam:ListServiceAccounts"
_GET: Final = "iam:GetServiceAccount"
_ROLE: Final = "iam:GetRole"
_POLICY: Final = "resourcemanager:GetProjectPolicy"
_ACCOUNT_POLICY: Final = "iam:GetServiceAccountPolicy"
_IMPERSONATES: Final = Question(invokes=IMPERSONATE)
_OUTSIDE: Final = (
    *(Reach.ANONYMOUS, Reach.ANY_PRINCIPAL, Reach.CONDITIONAL, Reach.CROSS_ACCOUNT, Reach.ORGANISATION),
    Reach.UNRECOGNISED,
)
_WIDE: Final = (MemberKind.EVERYONE, MemberKind.AUTHENTICATED)

Bindings = tuple[RoleAssignment, ...]


class Identities:
    """The service accounts of all projects, each described once for each project that uses it."""

    def __init__(self, estate: ProjectIndex) -> None:
        self._estate = estate
        self._accounts = {
            name: Collection(project.answers, project.assets, estate.ids, kind=ACCOUNT, operation=_LIST, key="accounts")
            for name, project in estate.projects.items()
        }
        self._by_email: dict[str, Told] = {}
        self._nameless: dict[str, Gap] = {}
        for project, accounts in self._accounts.items():
            for told in accounts.all():
                email = told.fact(lambda body: text(body, "email").lower())
                if isinstance(email, Unknown):
                    self._nameless.setdefault(project, email.gap)
                else:
                    self._by_email.setdefault(email.value, told)
        self._named: dict[str, list[tuple[Policy, dict[str, Any]]]] = {}
        self._wide: list[tuple[Policy, dict[str, Any]]] = []
        self._unread: list[tuple[Policy, Gap]] = []
        for policy in estate.policies:
            self._index(policy)
        self._made: dict[tuple[str, str], Identity] = {}

    def _index(self, policy: Policy) -> None:
        """Notes whom a policy names, so that each identity is looked up only where it is named."""
        if isinstance(policy.told, Unknown):
            self._unread.append((policy, policy.told.gap))
            return
        told = policy.told.value
        found = told.fact(_members)
        if isinstance(found, Unknown):
            self._unread.append((policy, found.gap))
            return
        for email in found.value:
            if email:
                self._named.setdefault(email, []).append((policy, told.body))
            elif policy.target.level is not AssignmentLevel.RESOURCE:
                self._wide.append((policy, told.body))  # on one resource everyone's roles say nothing of an account

    def identity(self, email: str, project: str) -> Identity:
        """The identity of that address, as a function of a project uses it."""
        made = self._made.get((email, project))
        if made is None:
            made = self._made[email, project] = self._describe(email, project)
        return made

    def workloads(self, project: str) -> tuple[Observed[tuple[Workload, ...]], ...]:
        """The service accounts of a project; unknown groups say why there may be more."""
        accounts = self._accounts[project]
        gap = accounts.gap() or self._nameless.get(project)
        return service_accounts(tuple(accounts.all()), gap, project)

    def _describe(self, email: str, project: str) -> Identity:
        answers = self._estate.projects[project].answers
        member = parse(f"serviceAccount:{email}")
        account = self._estate.ids.get(member.project or "", member.project or project)
        roles = not_offered(_POLICY, "Google Cloud grants by roles, which have no documents of their own here")
        told = self._told(email, account, answers)
        return Identity(
            id=email,
            name=email,
            kind=IdentityKind.SERVICE_ACCOUNT,
            account=account,
            exists=told.map(lambda found: found is not None),
            policies=roles,
            boundary=not_offered(_POLICY, "Google Cloud has no permission boundaries"),
            trust=self._trust(email, project),
            statements=(roles,),
            role_assignments=self._bindings(email, project),
            default=default_account(email),
            enabled=self._enabled(told, answers, email),
            principal=email.lower(),
            keys=account_keys(answers, email),
        )

    def _trust(self, email: str, project: str) -> tuple[Observed[Grants], ...]:
        """Who from outside may act as the account: by its own policy, and by what its project and above grant."""
        member = parse(f"serviceAccount:{email}")
        owner = self._estate.ids.get(member.project or "", member.project or project)
        judged = self._estate.judged_or_none(self._own_policy(email, project), _IMPERSONATES, project)
        around = owner if owner in self._estate.projects else project
        groups = (judged, *(grants for _, grants in self._estate.inherited(around, _IMPERSONATES)))
        return tuple(group.map(_from_outside) for group in groups)

    def _own_policy(self, email: str, project: str) -> Observed[Told | None]:
        answers, subject = self._estate.projects[project].answers, f"projects/-/serviceAccounts/{email}"
        body = answers.one(_ACCOUNT_POLICY, subject)
        if isinstance(body, Known):
            told = None if body.value is None else Told(answers, _ACCOUNT_POLICY, subject, body.value)
            return known(told, _ACCOUNT_POLICY)
        for name in sorted(self._holder(email, project).itself):  # the inventory knows it by its number
            listed = self._estate.policy(project, name)
            if isinstance(listed, Known) and listed.value is not None:
                return listed
        return body

    def _told(self, email: str, account: str, answers: Answers) -> Observed[Told | None]:
        found = self._by_email.get(email.lower())
        if found is not None:
            return known(found, found.source)
        accounts = self._accounts.get(account)
        if accounts is not None:
            gap = accounts.gap() or self._nameless.get(account) or accounts.doubt(email)
            return Unknown(gap) if gap is not None else known(None, accounts.source())
        subject = f"projects/-/serviceAccounts/{email}"
        body = answers.one(_GET, subject)
        if isinstance(body, Unknown):
            return body
        return Known(None if body.value is None else Told(answers, _GET, subject, body.value), _GET)

    @staticmethod
    def _enabled(told: Observed[Told | None], answers: Answers, email: str) -> Observed[bool]:
        if isinstance(told, Unknown):
            return told
        if told.value is None:
            return Unknown(answers.gap(told.source, GapReason.NOT_FOUND, "the service account does not exist", email))
        return told.value.fact(lambda body: not optional_flag(body, "disabled"))

    def _holder(self, email: str, project: str) -> Holder:
        """The account as its function's project sees it: by its address and, in the inventory, by its number."""
        told = self._by_email.get(email.lower())
        member = parse(f"serviceAccount:{email}")
        owner = self._estate.ids.get(member.project or "", member.project or project)
        number = told.body.get("uniqueId") if told is not None else None
        itself = frozenset(f"projects/{owner}/serviceAccounts/{name}" for name in (email, number) if name)
        above = frozenset(level.name for level in self._estate.levels(project))
        return Holder(email, self._estate.home(project), above, itself)

    def _bindings(self, email: str, project: str) -> tuple[Observed[Bindings], ...]:
        """One group for each place whose policy names the account, and an unknown one for each that is unread."""
        holder = self._holder(email, project)
        groups: dict[str, Observed[Bindings]] = {}
        gaps: list[Gap] = []
        for policy, body in (*self._named.get(email.lower(), ()), *self._wide):
            if policy.target.resource in groups:
                continue
            held = bound(body, policy.target, holder, self._estate.roles)
            plain = tuple(binding for binding in held.found if not binding.custom)
            groups[policy.target.resource] = known(plain, policy.told.source)
            custom = tuple(binding for binding in held.found if binding.custom)
            if custom:  # what these amount to, the roles themselves told
                groups[f"{policy.target.resource}#custom"] = known(custom, _ROLE)
            if held.gap is not None:
                gaps.append(self._placed(held.gap, policy))
        own = f"projects/{project}"
        if own not in groups and not any(policy.target.resource == own for policy, _ in self._unread):
            groups[own] = known((), _POLICY)  # the project's policy was read, and does not name the account
        unread = (gap for policy, gap in self._unread if self._matters(policy, project))
        single = self._estate.single_resources_gap(project)
        return (*groups.values(), *(Unknown(gap) for gap in dict.fromkeys((*gaps, *unread, *single))))

    def _matters(self, policy: Policy, project: str) -> bool:
        """Policies of the function's own project and of what is above it; of others what can be read is read."""
        above = {level.name or f"above projects/{project}" for level in self._estate.levels(project)}
        return policy.target.resource in above or policy.target.project == project

    @staticmethod
    def _placed(gap: Gap, policy: Policy) -> Gap:
        operation = gap.operation or policy.told.source
        return Gap(gap.reason, operation, gap.permission, gap.message, gap.resource)


def _members(body: dict[str, Any]) -> frozenset[str]:
    """The addresses of the service accounts a policy names; "" where it names all there are."""
    try:
        found = bindings(body)
    except PolicyMalformedError as error:
        raise UnreadableError(f"the policy cannot be read: {error}") from error
    members = [parse(text) for binding in found for text in binding.members]
    named = {each.identity.lower() for each in members if each.kind in (MemberKind.ACCOUNT, MemberKind.AGENT)}
    wide = any(each.kind in _WIDE or each.text.endswith("/type/ServiceAccount") for each in members)
    return frozenset(named | ({""} if wide else set()))


def _from_outside(granted: Grants) -> Grants:
    return tuple(grant for grant in granted if grant.reach in _OUTSIDE)
