"""What the Deny statements of the same document take away from an Allow.

A Deny whose conditions all hold removes a request; so what it leaves is whatever breaks one of its conditions.
Each condition is turned into its complement and judged like a condition of the Allow; of several, the widest counts.
A Deny we cannot read to the end takes nothing away.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from auditor.model.wildcards import covers
from providers.aws.iam.condition_scope import ConditionScope, Width, widest
from providers.aws.iam.conditions import judge_condition
from providers.aws.iam.document import Condition, Statement
from providers.aws.iam.operators import read_operator
from providers.aws.iam.patterns import covers_action
from providers.aws.iam.policy_owner import PolicyOwner
from providers.aws.iam.principals import Atom, Who, read_principals

_INVERSE = {
    "stringnotequals": "StringEquals",
    "stringnotequalsignorecase": "StringEqualsIgnoreCase",
    "stringnotlike": "StringLike",
    "arnnotequals": "ArnEquals",
    "arnnotlike": "ArnLike",
    "notipaddress": "IpAddress",
    "stringequals": "StringNotEquals",
    "stringequalsignorecase": "StringNotEqualsIgnoreCase",
    "stringlike": "StringNotLike",
    "arnequals": "ArnNotEquals",
    "arnlike": "ArnNotLike",
    "ipaddress": "NotIpAddress",
}
_FLIPPED = {"true": "false", "false": "true"}
_WIDTHS = {
    Who.OWN: Width.OWN,
    Who.FOREIGN: Width.FOREIGN,
    Who.SERVICE: Width.SERVICES,
    Who.GONE: Width.NOBODY,
    Who.NOBODY: Width.NOBODY,
}


@dataclass(frozen=True, slots=True)
class Request:
    """What a Deny must cover to count: one action and the resources of an Allow, one principal."""

    action: str
    resources: tuple[str, ...]
    atom: Atom


def narrowings_of(denials: Iterable[Statement], request: Request, home: PolicyOwner) -> tuple[ConditionScope, ...]:
    """What each Deny that certainly applies leaves of the request."""
    found = (_narrowing(deny, request, home) for deny in denials)
    return tuple(narrowing for narrowing in found if narrowing is not None)


def _narrowing(deny: Statement, request: Request, home: PolicyOwner) -> ConditionScope | None:
    if deny.unknown_elements or not _covers_action(deny, request.action, home):
        return None
    if not _covers_resources(deny, request.resources):
        return None
    parts = [_complement(condition, home) for condition in deny.conditions]
    if deny.principals is not None:
        named = read_principals(deny.principals, home)
        if not any(atom.stands_for(request.atom) for atom in named):
            return None
    elif request.atom.who is Who.ANYONE and deny.not_principals is not None:
        parts += _spared(deny, home)
    else:
        return None
    if not parts:
        return ConditionScope(Width.NOBODY, f"the Deny of {deny.label} takes it away")
    left = widest(parts)
    if left.width is Width.EVERYBODY or any(part.unrecognised for part in parts):
        return None
    return ConditionScope(
        left.width,
        f"the Deny of {deny.label} leaves only what it spares: {left.why}",
        of_source=left.of_source,
        of_caller=left.of_caller,
        door=left.door,
        through_door=left.through_door,
    )


def _spared(deny: Statement, home: PolicyOwner) -> list[ConditionScope]:
    """Those a NotPrincipal spares, as what is left of everybody."""
    return [
        ConditionScope(
            _WIDTHS.get(atom.who, Width.EVERYBODY), f"NotPrincipal spares {atom.text}", of_caller=atom.who is Who.OWN
        )
        for atom in read_principals(deny.not_principals or (), home)
    ]


def _covers_action(deny: Statement, action: str, home: PolicyOwner) -> bool:
    asked = f"{home.kind.service}:*" if action == "*" else action
    if deny.not_actions:
        return "*" not in asked and not any(covers_action(pattern, asked) for pattern in deny.not_actions)
    return any(covers_action(pattern, asked) for pattern in deny.actions)


def _covers_resources(deny: Statement, resources: tuple[str, ...]) -> bool:
    if deny.not_resources:
        return False
    if not deny.resources:
        return True
    return all(any(covers(pattern, resource) for pattern in deny.resources) for resource in resources or ("*",))


def _complement(condition: Condition, home: PolicyOwner) -> ConditionScope:
    """What breaks the condition, judged; everybody where that cannot be told."""
    operator = read_operator(condition.operator)
    nothing = ConditionScope(Width.EVERYBODY, f"{condition.operator} on {condition.key}")
    if not operator.known:
        return nothing
    if operator.base == "null":
        flipped = tuple(_FLIPPED.get(value.lower(), value) for value in condition.values)
        return judge_condition(Condition("Null", condition.key, flipped), home) if len(flipped) == 1 else nothing
    strict = operator.holds_when_missing
    if operator.base == "bool" and len(condition.values) == 1:
        name = "Bool" if strict else "BoolIfExists"
        return judge_condition(Condition(name, condition.key, (_FLIPPED.get(condition.values[0].lower(), "?"),)), home)
    inverse = _INVERSE.get(operator.base)
    if inverse is None or (operator.negated and not strict):
        return nothing
    return judge_condition(Condition(inverse, condition.key, condition.values), home)
