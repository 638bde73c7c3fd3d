"""The organisation's constraints as they are in force in a project: those of old, and managed ones."""

from typing import Any, Final

from auditor.model.guardrails import OrgPolicy
from auditor.model.observed import Known, Observed, Unknown
from providers.gcp.normalize.answers import Answers
from providers.gcp.normalize.fields import (
    member,
    optional_flag,
    optional_items,
    optional_member,
    record,
    string,
    texts,
)
from providers.gcp.operations import CONSTRAINTS

EFFECTIVE: Final = "orgpolicy:GetEffectivePolicy"
_EVERYTHING: Final = frozenset({"ALLOW_ALL", "all", "all-traffic", "INGRESS_TRAFFIC_ALL"})
_PUBLIC: Final = frozenset({"allUsers", "allAuthenticatedUsers", "//goog/public:all", "principalSet://goog/public:all"})
_LATER: Final = frozenset(
    {
        "iam.managed.preventPrivilegedBasicRolesForDefaultServiceAccounts",
        "iam.managed.allowedPolicyMembers",
        "storage.publicAccessPrevention",
    }
)
"""Constraints that earlier versions did not ask for: a capture of theirs is judged by what it holds."""


def policies(answers: Answers) -> Observed[tuple[OrgPolicy, ...]]:
    """Every constraint asked for. Unknown where none could be read, else each by itself."""
    found = tuple(policy(answers, name) for name in CONSTRAINTS if name not in _LATER or answers.asked(EFFECTIVE, name))
    gaps = [each.enforced for each in found if isinstance(each.enforced, Unknown)]
    return gaps[0] if len(gaps) == len(found) else Known(found, EFFECTIVE)


def policy(answers: Answers, constraint: str) -> OrgPolicy:
    """One constraint."""
    body = answers.one(EFFECTIVE, constraint)
    read = body.then(lambda given: answers.fact(EFFECTIVE, lambda: _in_force(given or {}), constraint))
    return OrgPolicy(
        constraint=constraint,
        enforced=read.map(lambda told: told[0]),
        detail=read.map(lambda told: told[1]),
    )


def enforced(answers: Answers, constraint: str) -> bool:
    """Whether a constraint is known to be in force."""
    found = policy(answers, constraint).enforced
    return isinstance(found, Known) and found.value


def _in_force(body: dict[str, Any]) -> tuple[bool, str]:
    rules = [record(item) for item in optional_items(optional_member(body, "spec"), "rules")]
    told = [_rule(rule) for rule in rules]
    return bool(told) and all(bound for bound, _ in told), "; ".join(detail for _, detail in told) or "not set"


def _rule(rule: dict[str, Any]) -> tuple[bool, str]:
    """Whether a rule restricts anything, and what it says."""
    if "values" in rule:
        values = member(rule, "values")
        allowed, denied = texts(values, "allowedValues"), texts(values, "deniedValues")
        said = [f"only {', '.join(allowed)}"] if allowed else []
        said += [f"not {', '.join(denied)}"] if denied else []
        return bool(allowed or denied) and not _EVERYTHING.intersection(allowed), "; ".join(said) or "no values"
    if optional_flag(rule, "denyAll"):
        return True, "everything is denied"
    if optional_flag(rule, "allowAll"):
        return False, "everything is allowed"
    if not optional_flag(rule, "enforce"):
        return False, "not enforced"
    admitted = _admitted(optional_member(rule, "parameters"))
    if _PUBLIC.intersection(admitted):
        return False, f"enforced, and admits {', '.join(sorted(_PUBLIC.intersection(admitted)))}"
    return True, f"enforced for all but {', '.join(admitted)}" if admitted else "enforced"


def _admitted(parameters: dict[str, Any]) -> tuple[str, ...]:
    """Whom a managed constraint admits by its parameters."""
    return tuple(
        string(item, key)
        for key in ("allowedMemberSubjects", "allowedPrincipalSets")
        for item in optional_items(parameters, key)
    )
