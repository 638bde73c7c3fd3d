"""The authorization details of an account: every principal and managed policy that its one long list names."""

import json
from typing import Any

from auditor.model.capture import Json
from auditor.model.identity import PermissionPolicy, PolicyOrigin
from auditor.model.observed import Gap, GapReason, Observed, Unknown
from providers.aws.arn import parse_arn
from providers.aws.iam.document import canonical
from providers.aws.normalize.answers import Answers
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

DETAILS = "iam:GetAccountAuthorizationDetails"
ROLES, USERS, GROUPS, POLICIES = "RoleDetailList", "UserDetailList", "GroupDetailList", "Policies"
_LISTS = (ROLES, USERS, GROUPS, POLICIES)
_AWS = "aws"
"""The account part of the ARNs of policies that AWS manages."""

Entries = dict[str, dict[str, Any]]


class AuthorizationDetails:
    """The entries of each list by ARN, and why a list is not known to be whole."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._documents: dict[str, PermissionPolicy] = {}
        self._entries: dict[str, Entries] = {name: {} for name in _LISTS}
        pages = answers.subjects(DETAILS, _page).all()
        self._gaps: dict[str, Gap | None] = dict.fromkeys(_LISTS, pages.gap)
        for page in pages.items:
            for name, (entries, damage) in page.items():
                self._entries[name].update(entries)
                if damage:
                    self._gaps[name] = self._gaps[name] or answers.gap(DETAILS, GapReason.MALFORMED, damage)

    def entries(self, name: str) -> Entries:
        """What could be read of a list, by ARN."""
        return self._entries[name]

    def gap(self, name: str) -> Gap | None:
        """Why a list is not known to be whole; None where it is."""
        return self._gaps[name]

    def may_trust(self, service: str) -> bool:
        """Whether any role of the account may trust a service: False only where all are known and none names it."""
        return self._gaps[ROLES] is not None or any(_may_trust(body, service) for body in self._entries[ROLES].values())

    def role_may_trust(self, role: str, service: str) -> bool:
        """The same of one role by its ARN; one that is not listed may."""
        body = self._entries[ROLES].get(role)
        return body is None or _may_trust(body, service)

    def inline(self, body: dict[str, Any], key: str) -> tuple[PermissionPolicy, ...]:
        """The inline policies that a principal has under ``key``."""
        found: list[PermissionPolicy] = []
        for policy in optional_items(body, key):  # absent: no inline policy
            name = text(policy, "PolicyName")
            document = self._document(policy, name)
            found.append(PermissionPolicy(name=name, id=name, origin=PolicyOrigin.INLINE, document=document))
        return tuple(found)

    def _document(self, policy: Json, name: str) -> Observed[str]:
        return self._answers.fact(DETAILS, lambda: as_text(required(policy, "PolicyDocument")), name)

    def attached(self, body: dict[str, Any]) -> tuple[PermissionPolicy, ...]:
        """The managed policies attached to a principal."""
        attached = optional_items(body, "AttachedManagedPolicies")  # absent: none attached
        return tuple(self.managed(text(policy, "PolicyArn")) for policy in attached)

    def boundary(self, body: dict[str, Any]) -> PermissionPolicy | None:
        """The permissions boundary of a principal."""
        boundary = optional_member(body, "PermissionsBoundary")  # absent: no boundary
        return self.managed(text(boundary, "PermissionsBoundaryArn")) if boundary is not None else None

    def managed(self, policy: str) -> PermissionPolicy:
        """The managed policy of that ARN, one object for all it is attached to."""
        found = self._documents.get(policy)
        if found is None:
            arn = parse_arn(policy)
            if arn is None:
                raise UnreadableError("a policy is not named by an ARN")
            origin = PolicyOrigin.PROVIDER if arn.account == _AWS else PolicyOrigin.CUSTOMER
            body = self._entries[POLICIES].get(policy, {})
            version = body.get("DefaultVersionId")
            document = self._default_version(policy)
            found = PermissionPolicy(
                name=arn.name,
                id=policy,
                origin=origin,
                document=document,
                version=version if isinstance(version, str) else None,  # for a command; nothing is judged by it
                stored=self._stored(policy, document) if origin is PolicyOrigin.CUSTOMER else None,
            )
            self._documents[policy] = found
        return found

    def _stored(self, policy: str, document: Observed[str]) -> Observed[tuple[str, ...]]:
        """The documents of the versions that are not in force; unknown with the one that is."""
        if isinstance(document, Unknown):
            return document

        def read() -> tuple[str, ...]:
            versions = items(self._entries[POLICIES][policy], "PolicyVersionList")
            others = (version for version in versions if not flag(version, "IsDefaultVersion"))
            return tuple(as_text(required(version, "Document")) for version in others)

        return self._answers.fact(DETAILS, read, policy)

    def _default_version(self, policy: str) -> Observed[str]:
        body = self._entries[POLICIES].get(policy)
        if body is None:
            gap = self._gaps[POLICIES]
            message = "the answer does not hold this policy"
            return Unknown(gap or self._answers.gap(DETAILS, GapReason.NOT_COLLECTED, message, policy))

        def read() -> str:
            for version in items(body, "PolicyVersionList"):
                if flag(version, "IsDefaultVersion"):
                    return as_text(required(version, "Document"))
            raise UnreadableError("no version is the default one")

        return self._answers.fact(DETAILS, read, policy)


def as_text(document: Json) -> str:
    """A policy document as canonical text; the SDK has already taken IAM's documents apart."""
    return document if isinstance(document, str) else canonical(record(document, "the policy"))


def _may_trust(role: dict[str, Any], service: str) -> bool:
    trust = role.get("AssumeRolePolicyDocument")
    text = trust if isinstance(trust, str) else json.dumps(trust)
    return text == "null" or f"{service}." in text or '"*"' in text


def _page(body: Json) -> dict[str, tuple[Entries, str]]:
    """The entries of each list of one page by ARN, and what is wrong with the list ("": nothing)."""
    return {name: _listed(body, name) for name in _LISTS}


def _listed(body: Json, key: str) -> tuple[Entries, str]:
    try:
        listed = items(body, key)
    except UnreadableError as error:  # what is read of the other lists does not depend on it
        return {}, error.message
    found: Entries = {}
    damage = ""
    for item in listed:
        arn = item.get("Arn") if isinstance(item, dict) else None
        if isinstance(arn, str):
            found[arn] = item
        else:
            damage = "an entry could not be read"
    return found, damage
