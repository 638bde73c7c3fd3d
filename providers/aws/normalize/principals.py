"""The principals of an account: its roles, users and groups, whether functions run as them or not."""

from collections.abc import Iterator
from typing import Any

from auditor.model.capture import Capture
from auditor.model.inventory import Scope
from auditor.model.observed import Known, Observed, Unknown
from auditor.model.principals import Principal, PrincipalKind
from providers.aws.iam.authorizer import AccountAuthorizer
from providers.aws.normalize.answers import GLOBAL, Answers, known
from providers.aws.normalize.authorization import DETAILS, GROUPS, ROLES, USERS, AuthorizationDetails, as_text
from providers.aws.normalize.fields import items, optional_items, optional_texts, required, text
from providers.aws.normalize.identity import Identities
from providers.aws.normalize.organization_policies import read_organization

_LISTS = {
    ROLES: (PrincipalKind.ROLE, "RolePolicyList"),
    USERS: (PrincipalKind.USER, "UserPolicyList"),
    GROUPS: (PrincipalKind.GROUP, "GroupPolicyList"),
}


def read_principals(
    answers: Answers, details: AuthorizationDetails, identities: Identities
) -> Observed[tuple[Principal, ...]]:
    """Every principal; Unknown where one may be missing, because then nobody can say who else may do something."""
    for name in _LISTS:
        gap = details.gap(name)
        if gap is not None:
            return Unknown(gap)
    return known(tuple(_principals(answers, details, identities)), DETAILS)


def read_authorizer(capture: Capture, scope: Scope) -> AccountAuthorizer:
    """Decides requests of the principals of an account; where they could not be listed, it knows of none and why."""
    answers = Answers(capture, scope.name, GLOBAL)
    listed, gap = (
        ((), scope.principals.gap) if isinstance(scope.principals, Unknown) else (scope.principals.value, None)
    )
    partition = listed[0].id.split(":")[1] if listed else "aws"
    return AccountAuthorizer(
        scope.name,
        partition,
        listed,
        gap=gap,
        day=answers.day,
        organization=answers.organization,
        above=read_organization(answers),
    )


def _principals(answers: Answers, details: AuthorizationDetails, identities: Identities) -> Iterator[Principal]:
    named = ((body.get("GroupName"), arn) for arn, body in details.entries(GROUPS).items())
    groups = {name: arn for name, arn in named if isinstance(name, str)}
    for name, (kind, inline) in _LISTS.items():
        for arn, body in details.entries(name).items():
            yield _Reader(answers, details, identities, arn, body).principal(kind, inline, groups)


class _Reader:
    """Reads one entry. What of it cannot be read is unknown, and the rest stays known."""

    def __init__(
        self,
        answers: Answers,
        details: AuthorizationDetails,
        identities: Identities,
        arn: str,
        body: dict[str, Any],
    ) -> None:
        self._fact = answers.fact
        self._details = details
        self._identities = identities
        self._arn = arn
        self._body = body

    def principal(self, kind: PrincipalKind, inline: str, groups: dict[Any, str]) -> Principal:
        fact, body, arn = self._fact, self._body, self._arn
        member_of = fact(DETAILS, lambda: self._groups(kind, groups), arn)
        policies, statements = self._identities.permissions(arn, body, inline)
        return Principal(
            id=arn,
            name=arn.rpartition("/")[2],
            kind=kind,
            policies=policies if isinstance(member_of, Known) else member_of,
            boundary=fact(DETAILS, lambda: self._details.boundary(body), arn),
            trust=fact(DETAILS, lambda: self._trust(kind), arn),
            groups=member_of.value if isinstance(member_of, Known) else (),
            tags=fact(DETAILS, self._tags, arn),
            statements=statements if isinstance(member_of, Known) else (*statements, member_of),
            instance_profiles=fact(DETAILS, lambda: self._instance_profiles(kind), arn),
        )

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
