"""Execution roles: one shared object a role, however many functions run as it."""

from collections.abc import Iterable
from typing import Any

from auditor.model.capture import Json
from auditor.model.exposure import AccessGrant
from auditor.model.identity import Identity, IdentityKind, PermissionPolicy, PolicyOrigin, PolicyStatement
from auditor.model.observed import Gap, GapReason, Observed, Unknown
from providers.aws.arn import parse_arn
from providers.aws.iam.document import PolicyMalformedError, canonical
from providers.aws.iam.identity_policy import read_grants
from providers.aws.iam.policy_owner import PolicyOwner, ResourceKind
from providers.aws.normalize.answers import Answers, known
from providers.aws.normalize.fields import (
    UnreadableError,
    flag,
    items,
    optional_items,
    optional_member,
    record,
    required,
    text,
)
from providers.aws.normalize.policies import judge

_DETAILS = "iam:GetAccountAuthorizationDetails"

_AWS = "aws"
"""The account part of the ARNs of policies that AWS manages."""


class Identities:
    """The roles that functions of an account run as. ``wanted`` are the role ARNs that functions name."""

    def __init__(self, answers: Answers, partition: str, wanted: Iterable[str]) -> None:
        self._answers = answers
        self._partition = partition
        self._home = PolicyOwner(
            answers.account, partition, ResourceKind.ROLE_TRUST, today=answers.day, organization=answers.organization
        )
        self._identities: dict[str, Identity] = {}
        self._documents: dict[str, PermissionPolicy] = {}
        self._grants: dict[str, Observed[tuple[PolicyStatement, ...]]] = {}
        wanted = frozenset(wanted)
        roles = answers.subjects(_DETAILS, lambda body: _listed(body, "RoleDetailList", wanted)).all()
        self._gap = roles.gap
        self._roles: dict[str, dict[str, Any]] = {}
        for page in roles.items:
            self._roles.update(page[0])
            self._gap = self._gap or self._malformed(page[1])
        needed = frozenset(arn for role in self._roles.values() for arn in _policies_of(role))
        policies = answers.subjects(_DETAILS, lambda body: _listed(body, "Policies", needed)).all()
        self._policy_gap = policies.gap
        self._policies: dict[str, dict[str, Any]] = {}
        for page in policies.items:
            self._policies.update(page[0])
            self._policy_gap = self._policy_gap or self._malformed(page[1])

    def _malformed(self, damaged: bool) -> Gap | None:
        message = "an entry could not be read"
        return self._answers.gap(_DETAILS, GapReason.MALFORMED, message) if damaged else None

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
        return _unread(role, arn.name, arn.account, gone, known(value=False, source=_DETAILS))

    def _unknown(self, reason: GapReason, message: str, resource: str) -> Unknown:
        return Unknown(self._answers.gap(_DETAILS, reason, message, resource))

    def _described(self, role: str, name: str, account: str, body: dict[str, Any]) -> Identity:
        fact = self._answers.fact
        inline = fact(_DETAILS, lambda: self._inline(body), role)
        attached = fact(_DETAILS, lambda: self._attached(body), role)
        policies: Observed[tuple[PermissionPolicy, ...]]
        groups: list[Observed[tuple[PolicyStatement, ...]]] = []
        for part in (inline, attached):
            if isinstance(part, Unknown):
                groups.append(part)
            else:
                groups.extend(self._read_grants(policy) for policy in part.value)
        if isinstance(inline, Unknown) or isinstance(attached, Unknown):
            policies = inline if isinstance(inline, Unknown) else attached
        else:
            policies = known(inline.value + attached.value, _DETAILS)
        return Identity(
            id=role,
            name=name,
            kind=IdentityKind.ROLE,
            account=account,
            exists=known(value=True, source=_DETAILS),
            policies=policies,
            boundary=fact(_DETAILS, lambda: self._boundary(body), role),
            trust=fact(_DETAILS, lambda: self._trust(body), role),
            statements=tuple(groups),
        )

    def _inline(self, body: dict[str, Any]) -> tuple[PermissionPolicy, ...]:
        found: list[PermissionPolicy] = []
        for policy in optional_items(body, "RolePolicyList"):  # absent: no inline policy
            name = text(policy, "PolicyName")
            document = self._document(policy, "PolicyDocument", name)
            origin = PolicyOrigin.INLINE
            found.append(PermissionPolicy(name=name, id=name, origin=origin, document=document))
        return tuple(found)

    def _document(self, policy: Json, key: str, name: str) -> Observed[str]:
        return self._answers.fact(_DETAILS, lambda: _as_text(required(policy, key)), name)

    def _attached(self, body: dict[str, Any]) -> tuple[PermissionPolicy, ...]:
        attached = optional_items(body, "AttachedManagedPolicies")  # absent: none attached
        return tuple(self._managed(text(policy, "PolicyArn")) for policy in attached)

    def _boundary(self, body: dict[str, Any]) -> PermissionPolicy | None:
        boundary = optional_member(body, "PermissionsBoundary")  # absent: no boundary
        return self._managed(text(boundary, "PermissionsBoundaryArn")) if boundary is not None else None

    def _trust(self, body: dict[str, Any]) -> tuple[AccessGrant, ...]:
        document = required(body, "AssumeRolePolicyDocument")
        return judge(document, self._answers, self._partition, ResourceKind.ROLE_TRUST)

    def _managed(self, policy: str) -> PermissionPolicy:
        found = self._documents.get(policy)
        if found is None:
            arn = parse_arn(policy)
            if arn is None:
                raise UnreadableError("a policy is not named by an ARN")
            origin = PolicyOrigin.PROVIDER if arn.account == _AWS else PolicyOrigin.CUSTOMER
            found = PermissionPolicy(
                name=arn.name,
                id=policy,
                origin=origin,
                document=self._default_version(policy),
                version=self._version(policy),
            )
            self._documents[policy] = found
        return found

    def _default_version(self, policy: str) -> Observed[str]:
        body = self._policies.get(policy)
        if body is None:
            if self._policy_gap is not None:
                return Unknown(self._policy_gap)
            return self._unknown(GapReason.NOT_COLLECTED, "the answer does not hold this policy", policy)

        def read() -> str:
            for version in items(body, "PolicyVersionList"):
                if flag(version, "IsDefaultVersion"):
                    return _as_text(required(version, "Document"))
            raise UnreadableError("no version is the default one")

        return self._answers.fact(_DETAILS, read, policy)

    def _version(self, policy: str) -> str | None:
        """The id of the default version, for a command; nothing is judged by it."""
        found = self._policies.get(policy, {}).get("DefaultVersionId")
        return found if isinstance(found, str) else None

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

        return self._answers.fact(_DETAILS, read, policy.id)


def _as_text(document: Json) -> str:
    """A policy document as canonical text; the SDK has already taken IAM's documents apart."""
    return document if isinstance(document, str) else canonical(record(document, "the policy"))


def _listed(body: Json, key: str, wanted: frozenset[str]) -> tuple[dict[str, dict[str, Any]], bool]:
    """The wanted entries of one page by ARN, and whether an entry could not even be told by its ARN."""
    found: dict[str, dict[str, Any]] = {}
    damaged = False
    for item in items(body, key):
        arn = item.get("Arn") if isinstance(item, dict) else None
        if not isinstance(arn, str):
            damaged = True
        elif arn in wanted:
            found[arn] = item
    return found, damaged


def _policies_of(role: dict[str, Any]) -> list[str]:
    """The ARNs of a role's managed policies and boundary, as far as they can be read."""
    attached = role.get("AttachedManagedPolicies")
    boundary = role.get("PermissionsBoundary")
    entries = [*(attached if isinstance(attached, list) else []), boundary]
    keys = ("PolicyArn", "PermissionsBoundaryArn")
    found = (entry.get(key) for entry in entries if isinstance(entry, dict) for key in keys)
    return [arn for arn in found if isinstance(arn, str)]


def _unread(role: str, name: str, account: str, why: Unknown, exists: Observed[bool] | None = None) -> Identity:
    return Identity(
        id=role,
        name=name,
        kind=IdentityKind.ROLE,
        account=account,
        exists=exists or why,
        policies=why,
        boundary=why,
        trust=why,
        statements=(why,),
    )
