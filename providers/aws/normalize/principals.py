"""The principals of an account: its roles, users and groups, whether functions run as them or not."""

from collections.abc import Iterator
from typing import Any

from auditor.model.identity import PermissionPolicy
from auditor.model.observed import Known, Observed, Unknown
from auditor.model.principals import Principal, PrincipalKind
from providers.aws.normalize.answers import Answers, known
from providers.aws.normalize.authorization import DETAILS, GROUPS, ROLES, USERS, AuthorizationDetails, as_text
from providers.aws.normalize.fields import items, optional_items, optional_texts, required, text

_LISTS = {
    ROLES: (PrincipalKind.ROLE, "RolePolicyList"),
    USERS: (PrincipalKind.USER, "UserPolicyList"),
    GROUPS: (PrincipalKind.GROUP, "GroupPolicyList"),
}


def read_principals(answers: Answers, details: AuthorizationDetails) -> Observed[tuple[Principal, ...]]:
    """Every principal; Unknown where one may be missing, because then nobody can say who else may do something."""
    for name in _LISTS:
        gap = details.gap(name)
        if gap is not None:
            return Unknown(gap)
    return known(tuple(_principals(answers, details)), DETAILS)


def _principals(answers: Answers, details: AuthorizationDetails) -> Iterator[Principal]:
    groups = {body.get("GroupName"): arn for arn, body in details.entries(GROUPS).items()}
    for name, (kind, inline) in _LISTS.items():
        for arn, body in details.entries(name).items():
            yield _Reader(answers, details, arn, body).principal(kind, inline, groups)


class _Reader:
    """Reads one entry. What of it cannot be read is unknown, and the rest stays known."""

    def __init__(self, answers: Answers, details: AuthorizationDetails, arn: str, body: dict[str, Any]) -> None:
        self._fact = answers.fact
        self._details = details
        self._arn = arn
        self._body = body

    def principal(self, kind: PrincipalKind, inline: str, groups: dict[Any, str]) -> Principal:
        fact, body, arn = self._fact, self._body, self._arn
        member_of = fact(DETAILS, lambda: self._groups(kind, groups), arn)
        policies = fact(DETAILS, lambda: self._policies(inline), arn)
        return Principal(
            id=arn,
            name=arn.rpartition("/")[2],
            kind=kind,
            policies=policies if isinstance(member_of, Known) else member_of,
            boundary=fact(DETAILS, lambda: self._details.boundary(body), arn),
            trust=fact(DETAILS, lambda: self._trust(kind), arn),
            groups=member_of.value if isinstance(member_of, Known) else (),
            tags=fact(DETAILS, self._tags, arn),
            instance_profiles=fact(DETAILS, lambda: self._instance_profiles(kind), arn),
        )

    def _policies(self, inline: str) -> tuple[PermissionPolicy, ...]:
        return self._details.inline(self._body, inline) + self._details.attached(self._body)

    def _trust(self, kind: PrincipalKind) -> str | None:
        return as_text(required(self._body, "AssumeRolePolicyDocument")) if kind is PrincipalKind.ROLE else None

    def _groups(self, kind: PrincipalKind, groups: dict[Any, str]) -> tuple[str, ...]:
        """A user's groups by ARN; one that the list of groups does not hold by its name."""
        named = optional_texts(self._body, "GroupList") if kind is PrincipalKind.USER else ()  # absent: in none
        return tuple(groups.get(name, name) for name in named)

    def _tags(self) -> tuple[tuple[str, str], ...]:
        tags = optional_items(self._body, "Tags")  # absent: no tag
        return tuple(sorted((text(tag, "Key"), text(tag, "Value")) for tag in tags))

    def _instance_profiles(self, kind: PrincipalKind) -> tuple[str, ...]:
        if kind is not PrincipalKind.ROLE:
            return ()
        return tuple(text(profile, "Arn") for profile in items(self._body, "InstanceProfileList"))
