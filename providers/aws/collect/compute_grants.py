"""Which kinds of compute are worth asking about: those by which some principal might reach a role."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from auditor.analysis.permissions.techniques import Technique, techniques
from auditor.model.compute import ComputeKind
from auditor.model.wildcards import covers
from providers.answers.json_paths import record, rows, text

_INLINE: Final = {
    "RoleDetailList": "RolePolicyList",
    "UserDetailList": "UserPolicyList",
    "GroupDetailList": "GroupPolicyList",
}
_OF_SERVICES: Final = "/aws-service-role/"
_EVERYTHING: Final = ("*", "*:*")


def kinds_in_reach(pages: Iterable[Any]) -> frozenset[ComputeKind]:
    """The kinds of compute of which existing ones decide about a technique, by the account's authorization details.

    A technique counts where the statements of one principal allow all its actions, whatever their resources and
    conditions, and where a role trusts its service. Administrators gain by none and do not count. Says too much rather
    than too little: what a Deny, a boundary or a condition takes away is decided later.
    """
    listed = tuple(pages)
    trusted = _trusted(listed)
    useful = [technique for technique in techniques() if technique.needs and _has_role(technique, trusted)]
    documents = dict(_managed(listed))
    groups = {text(row, "GroupName"): row for page in listed for row in rows(page, "GroupDetailList")}
    wanted: set[ComputeKind] = set()
    actions = frozenset(action for technique in useful for action in technique.keys)
    for page in listed:
        for name, inline in _INLINE.items():
            for row in rows(page, name):
                statements = list(_statements(row, inline, documents))
                for group in row.get("GroupList") or ():
                    statements += _statements(groups.get(group, {}), "GroupPolicyList", documents)
                if not record(row, "PermissionsBoundary") and any(map(_is_everything, statements)):
                    continue
                allowed = _allowed(statements, actions)
                wanted.update(kind for each in useful if allowed.issuperset(each.keys) for kind in each.needs)
    return frozenset(wanted)


def _trusted(pages: Iterable[Any]) -> tuple[str, ...]:
    found = (row for page in pages for row in rows(page, "RoleDetailList") if _OF_SERVICES not in text(row, "Arn"))
    return tuple(_plain(row.get("AssumeRolePolicyDocument")) for row in found)


def _has_role(technique: Technique, trusted: tuple[str, ...]) -> bool:
    return any(service in trust or '"*"' in trust for trust in trusted for service in technique.services)


def _plain(document: Any) -> str:
    return document if isinstance(document, str) else json.dumps(document)


def _managed(pages: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    for page in pages:
        for policy in rows(page, "Policies"):
            for version in rows(policy, "PolicyVersionList"):
                if version.get("IsDefaultVersion") is True:
                    yield text(policy, "Arn"), version.get("Document")


def _statements(row: Mapping[str, Any], inline: str, documents: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The statements of a principal that allow something."""
    held = [policy.get("PolicyDocument") for policy in rows(row, inline)]
    held += [documents.get(text(policy, "PolicyArn")) for policy in rows(row, "AttachedManagedPolicies")]
    for document in held:
        statements = document.get("Statement") if isinstance(document, Mapping) else None
        for statement in statements if isinstance(statements, list) else [statements]:
            if isinstance(statement, Mapping) and statement.get("Effect") == "Allow":
                yield statement


def _is_everything(statement: Mapping[str, Any]) -> bool:
    """Whether a statement alone makes an administrator."""
    every = any(action in _EVERYTHING for action in _texts(statement.get("Action")))
    return every and "*" in _texts(statement.get("Resource")) and not statement.get("Condition")


def _allowed(statements: Iterable[Mapping[str, Any]], actions: frozenset[str]) -> frozenset[str]:
    """Those of the actions that a statement names."""
    patterns: set[str] = set()
    found: set[str] = set()
    for statement in statements:
        excluded = tuple(pattern.lower() for pattern in _texts(statement.get("NotAction")))
        if excluded:
            found.update(each for each in actions if not any(covers(pattern, each) for pattern in excluded))
        patterns.update(pattern.lower() for pattern in _texts(statement.get("Action")))
    services = {action.partition(":")[0] for action in actions}
    near = [each for each in patterns if each.partition(":")[0] in services or "*" in each.partition(":")[0]]
    found.update(action for action in actions if any(covers(pattern, action) for pattern in near))
    return frozenset(found)


def _texts(value: Any) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else [value]
    return tuple(each for each in listed if isinstance(each, str))
