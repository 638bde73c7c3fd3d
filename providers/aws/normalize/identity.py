"""Execution roles: one shared object a role, however many functions run as it."""

from typing import Any

from auditor.model.exposure import AccessGrant
from auditor.model.identity import Identity, IdentityKind, PermissionPolicy, PolicyOrigin, PolicyStatement
from auditor.model.observed import GapReason, Observed, Unknown
from providers.aws.arn import parse_arn
from providers.aws.iam.document import PolicyMalformedError
from providers.aws.iam.identity_policy import read_grants
from providers.aws.iam.policy_owner import PolicyOwner, ResourceKind
from providers.aws.normalize.answers import Answers, known
from providers.aws.normalize.authorization import DETAILS, ROLES, AuthorizationDetails
from providers.aws.normalize.fields import UnreadableError, required
from providers.aws.normalize.policies import judge
from providers.aws.normalize.service_usage import read_usage


class Identities:
    """The roles that functions of an account run as."""

    def __init__(self, answers: Answers, partition: str, details: AuthorizationDetails) -> None:
        self._answers = answers
        self._details = details
        self._partition = partition
        self._home = PolicyOwner(
            answers.account, partition, ResourceKind.ROLE_TRUST, today=answers.day, organization=answers.organization
        )
        self._identities: dict[str, Identity] = {}
        self._grants: dict[str, Observed[tuple[PolicyStatement, ...]]] = {}
        self._roles = details.entries(ROLES)
        self._gap = details.gap(ROLES)

    def identity(self, role: str) -> Identity:
        """The role of that ARN."""
        found = self._identities.get(role)
        if found is None:
            found = self._identities[role] = self._read(role)
        return found

    def _read(self, role: str) -> Identity:
        arn = parse_arn(role)
        if arn is None or not arn.resource.startswith("role/"):
            raise UnreadableError("Role is not the ARN of a role")
        body = self._roles.get(role)
        if body is not None:
            return self._described(role, arn.name, arn.account, body)
        if arn.account != self._answers.account:
            message = "the role belongs to another account"
            return _unread(role, arn.name, arn.account, self._unknown(GapReason.NOT_COLLECTED, message, role))
        if self._gap is not None:
            return _unread(role, arn.name, arn.account, Unknown(self._gap))
        gone = self._unknown(GapReason.NOT_FOUND, "the role does not exist", role)
        return _unread(role, arn.name, arn.account, gone, known(value=False, source=DETAILS))

    def _unknown(self, reason: GapReason, message: str, resource: str) -> Unknown:
        return Unknown(self._answers.gap(DETAILS, reason, message, resource))

    def _described(self, role: str, name: str, account: str, body: dict[str, Any]) -> Identity:
        fact = self._answers.fact
        policies, groups = self.permissions(role, body, "RolePolicyList")
        return Identity(
            id=role,
            name=name,
            kind=IdentityKind.ROLE,
            account=account,
            exists=known(value=True, source=DETAILS),
            policies=policies,
            boundary=fact(DETAILS, lambda: self._details.boundary(body), role),
            trust=(fact(DETAILS, lambda: self._trust(body), role),),
            statements=groups,
            usage=read_usage(self._answers, role),
        )

    def permissions(
        self, principal: str, body: dict[str, Any], inline_key: str
    ) -> tuple[Observed[tuple[PermissionPolicy, ...]], tuple[Observed[tuple[PolicyStatement, ...]], ...]]:
        """The policies of a role, user or group, and the statements of each."""
        fact = self._answers.fact
        inline = fact(DETAILS, lambda: self._details.inline(body, inline_key), principal)
        attached = fact(DETAILS, lambda: self._details.attached(body), principal)
        groups: list[Observed[tuple[PolicyStatement, ...]]] = []
        for part in (inline, attached):
            if isinstance(part, Unknown):
                groups.append(part)
            else:
                groups.extend(self._read_grants(policy) for policy in part.value)
        if isinstance(inline, Unknown) or isinstance(attached, Unknown):
            return (inline if isinstance(inline, Unknown) else attached), tuple(groups)
        return known(inline.value + attached.value, DETAILS), tuple(groups)

    def _trust(self, body: dict[str, Any]) -> tuple[AccessGrant, ...]:
        document = required(body, "AssumeRolePolicyDocument")
        return judge(document, self._answers, self._partition, ResourceKind.ROLE_TRUST)

    def _read_grants(self, policy: PermissionPolicy) -> Observed[tuple[PolicyStatement, ...]]:
        document = policy.document
        if isinstance(document, Unknown):
            return document
        if policy.origin is PolicyOrigin.INLINE:
            return self._granted(document.value, policy)
        found = self._grants.get(policy.id)
        if found is None:
            found = self._grants[policy.id] = self._granted(document.value, policy)
        return found

    def _granted(self, document: str, policy: PermissionPolicy) -> Observed[tuple[PolicyStatement, ...]]:
        def read() -> tuple[PolicyStatement, ...]:
            try:
                return read_grants(document, policy=policy.id, origin=policy.origin, home=self._home)
            except PolicyMalformedError as error:
                raise UnreadableError(f"the policy cannot be read: {error}") from error

        return self._answers.fact(DETAILS, read, policy.id)


def _unread(role: str, name: str, account: str, why: Unknown, exists: Observed[bool] | None = None) -> Identity:
    return Identity(
        id=role,
        name=name,
        kind=IdentityKind.ROLE,
        account=account,
        exists=exists or why,
        policies=why,
        boundary=why,
        trust=(why,),
        statements=(why,),
        usage=why,
    )
