"""The deny policies of a project and of what is above it: what is denied to whom, whatever roles allow.

By the reference of IAM v2 (Policy, DenyRule), and by "Principal identifiers" and "Permissions supported in deny
policies" of Google's IAM documentation: a permission is written with the host of its service, principals in the form
of v2, and exceptions win over what is denied. Conditions are on tags of the resource, which are not read.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from auditor.model.identity import AssignmentLevel
from auditor.model.observed import Gap, GapReason, Known, Observed, Unknown
from auditor.model.role_holders import Denial
from providers.gcp.iam.members import MemberKind, parse
from providers.gcp.normalize.answers import Answers, known
from providers.gcp.normalize.fields import member, optional_items, optional_member, record, text, texts
from providers.gcp.normalize.project_index import ProjectIndex

_LIST: Final = "iam:ListDenyPolicies"
_GET: Final = "iam:GetDenyPolicy"
_SETS: Final = "principalSet://cloudresourcemanager.googleapis.com/"
_HOST: Final = ".googleapis.com"
_SERVICES: Final = {"cloudresourcemanager": "resourcemanager"}
"""Services whose permissions are named otherwise than their host."""


@dataclass(frozen=True, slots=True)
class _Named:
    """Principals as roles name them: ids or patterns of them, and groups and sets whose members are not known."""

    principals: tuple[str, ...]
    groups: tuple[str, ...]


class DenyPolicies:
    """What each level of the audited projects denies, read once."""

    def __init__(self, estate: ProjectIndex) -> None:
        self._estate = estate
        self._made: dict[str, tuple[tuple[Denial, ...], Gap | None]] = {}

    def of(self, project: str) -> tuple[Observed[tuple[Denial, ...]], ...]:
        """What is denied in a project, and why there may be more."""
        found: list[Denial] = []
        gaps: list[Gap] = []
        for level in self._estate.levels(project):
            denials, gap = self.at(level.name) if level.name else ((), self._above(project))
            found += denials
            gaps += [] if gap is None else [gap]
        return (known(tuple(found), _GET if found else _LIST), *map(Unknown, dict.fromkeys(gaps)))

    def at(self, level: str) -> tuple[tuple[Denial, ...], Gap | None]:
        """What the policies attached to one level (``projects/p``, ``folders/1``) deny, and why there may be more."""
        made = self._made.get(level)
        if made is None:
            made = self._made[level] = self._read(level)
        return made

    def _above(self, project: str) -> Gap:
        message = "what is above the project was not read, nor what deny policies there deny"
        return self._estate.projects[project].answers.gap(_LIST, GapReason.NOT_COLLECTED, message, project)

    def _read(self, level: str) -> tuple[tuple[Denial, ...], Gap | None]:
        below = [name for name in self._estate.projects if level in {each.name for each in self._estate.levels(name)}]
        gap: Gap | None = None
        for answers in (self._estate.projects[name].answers for name in below):
            listed = answers.readable(answers.listed(_LIST, "policies", subject=level), lambda row: text(row, "name"))
            found: list[Denial] = []
            unread = listed.gap
            for name in listed.items:
                subject = f"{level}/denypolicies/{name.rpartition('/')[2]}"
                rules = self._rules(answers, subject, level)
                found += rules.value if isinstance(rules, Known) else ()
                unread = unread or (rules.gap if isinstance(rules, Unknown) else None)
            if unread is None:
                return tuple(found), None
            gap = gap or unread
            if found or not listed.gap:
                return tuple(found), unread
        return (), gap

    def _rules(self, answers: Answers, subject: str, level: str) -> Observed[tuple[Denial, ...]]:
        body = answers.one(_GET, subject)
        if isinstance(body, Unknown):
            return body
        if body.value is None:  # deleted since it was listed
            return known((), _GET)
        policy = body.value
        return answers.fact(
            _GET,
            lambda: tuple(self._rule(record(rule), subject, level) for rule in optional_items(policy, "rules")),
            subject,
        )

    def _rule(self, body: dict[str, Any], subject: str, level: str) -> Denial:
        rule = member(body, "denyRule")
        of_project = level.startswith("projects/")
        denied, excepted = (self._named(texts(rule, key)) for key in ("deniedPrincipals", "exceptionPrincipals"))
        condition = optional_member(rule, "denialCondition")
        return Denial(
            id=subject,
            principals=denied.principals,
            excepted=excepted.principals,
            permissions=tuple(map(_as_granted, texts(rule, "deniedPermissions"))),
            excepted_permissions=tuple(map(_as_granted, texts(rule, "exceptionPermissions"))),
            scope=level,
            level=AssignmentLevel.ACCOUNT if of_project else AssignmentLevel.ORGANISATION,
            account=level.partition("/")[2] if of_project else None,
            conditional=bool(condition),
            groups=denied.groups,
            excepted_groups=excepted.groups,
        )

    def _named(self, members: Iterable[str]) -> _Named:
        principals: list[str] = []
        groups: list[str] = []
        for each in map(parse, members):
            if each.kind is MemberKind.EVERYONE:
                principals.append("*")
            elif each.kind in (MemberKind.ACCOUNT, MemberKind.AGENT):
                principals.append(each.identity.lower())
            elif each.kind is MemberKind.USER:
                principals += (f"user:{each.identity}", each.text)
            elif each.kind is MemberKind.GROUP:
                groups += (f"group:{each.identity}", each.text)
            elif each.kind is MemberKind.FEDERATED:
                principals.append(each.text)
            elif each.kind is not MemberKind.DELETED:
                principals += self._accounts_of(each.text)
                groups.append(each.text)
        return _Named(tuple(dict.fromkeys(principals)), tuple(dict.fromkeys(groups)))

    def _accounts_of(self, members: str) -> list[str]:
        """Patterns of the service accounts in a set of a project, a folder or an organisation, of projects audited."""
        if not members.startswith(_SETS):
            return []
        name, _, kind = members.removeprefix(_SETS).partition("/type/")
        level = self._estate.canonical(name)
        found: list[str] = []
        if kind not in ("", "ServiceAccount"):
            return found
        for name, project in self._estate.projects.items():
            if level not in {each.name for each in self._estate.levels(name)}:
                continue
            domain, _, short = name.rpartition(":")
            found += (
                f"*@{f'{short}.{domain}' if domain else name}.iam.gserviceaccount.com",
                f"{name}@appspot.gserviceaccount.com",
            )
            found += (f"{project.number}-compute@developer.gserviceaccount.com",) if project.number else ()
        return found


def _as_granted(permission: str) -> str:
    """``cloudresourcemanager.googleapis.com/projects.delete`` as roles name it, in lower case."""
    host, _, rest = permission.partition("/")
    service = host.removesuffix(_HOST)
    if not rest or service == host:
        return permission.lower()
    return f"{_SERVICES.get(service, service)}.{rest}".lower()
