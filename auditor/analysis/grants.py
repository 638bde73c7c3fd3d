"""Whether an identity's grants allow one action.

Allow statements are taken at their word, with or without conditions (``PolicyStatement.conditions`` says what those
leave); a Deny counts only where it certainly applies: without conditions and over all that is asked. Boundaries,
organisation policies and sessions are not weighed here. Actions are compared in lower case, resources as they are.
"""

import re
from collections.abc import Iterable

from auditor.model.exposure import Effect
from auditor.model.identity import Conditions, PolicyStatement
from auditor.model.wildcards import covers, overlaps

_ANY_RESOURCE = re.compile(r"\*+|\*:\*|arn:\*+|arn:[^:]*:\*+")
_WRITES = ("logs:createlogstream", "logs:putlogevents")


def allows(grants: Iterable[PolicyStatement], action: str, resource: str = "*") -> bool:
    """Whether the action is allowed on the resource.

    ``resource`` may be a pattern: all it means must be allowed, so ``*`` asks for every resource.
    """
    held = tuple(grants)
    asked = action.lower()
    granted = any(
        _permits(grant) and _names_action(grant, asked) and _names_resource(grant, resource) for grant in held
    )
    return granted and not _denied(held, asked, resource)


def restricted(grant: PolicyStatement) -> str:
    """What a sentence about the grant adds for its conditions, and for one that has none nothing."""
    if not grant.condition_keys:
        return ""
    keys = ", ".join(grant.condition_keys)
    if grant.conditions is Conditions.VACUOUS:
        return f", under a condition on {keys} that restricts nothing here"
    return f", limited by {keys}"


def writes_logs(grants: Iterable[PolicyStatement], group: str) -> bool:
    """Whether the identity may open a stream in the log group of that name and put events into it.

    The group's region and account are the function's own, so any pattern that can mean the group counts.
    """
    held = tuple(grants)
    stream = f"log-group:{group}:log-stream:s"
    for action in _WRITES:
        places = (stream,) if action == _WRITES[1] else (stream, f"log-group:{group}")
        granted = any(_writes_to(grant, action, place) for grant in held for place in places)
        denied = any(
            _names_action(grant, action) and any(_is_log(pattern, stream, certain=True) for pattern in grant.resources)
            for grant in _certain_denials(held)
        )
        if not granted or denied:
            return False
    return True


def _permits(grant: PolicyStatement) -> bool:
    return grant.effect is Effect.ALLOW and grant.conditions is not Conditions.NEVER


def _names_action(grant: PolicyStatement, action: str) -> bool:
    if grant.not_actions:
        return not any(overlaps(pattern, action) for pattern in grant.not_actions)
    return any(covers(pattern, action) for pattern in grant.actions)


def _names_resource(grant: PolicyStatement, resource: str) -> bool:
    if grant.not_resources:
        return not any(overlaps(pattern, resource) for pattern in grant.not_resources)
    return any(covers(pattern, resource) for pattern in grant.resources)


def _writes_to(grant: PolicyStatement, action: str, place: str) -> bool:
    if not _permits(grant) or not _names_action(grant, action):
        return False
    if grant.not_resources:
        return not any(_is_log(pattern, place, certain=True) for pattern in grant.not_resources)
    return any(_is_log(pattern, place) for pattern in grant.resources)


def _is_log(pattern: str, place: str, *, certain: bool = False) -> bool:
    """Whether a resource pattern can mean the log resource, wherever it is; ``certain``: whether it always does."""
    if _ANY_RESOURCE.fullmatch(pattern):
        return True
    parts = pattern.split(":", 5)
    if len(parts) < 6:
        if not pattern.endswith("*"):
            return False
        parts += ["*"] * (6 - len(parts))
    elsewhere = certain and not all(covers(part, "*") for part in parts[3:5])
    return not elsewhere and covers(parts[2], "logs") and covers(parts[5], place)


def _certain_denials(held: Iterable[PolicyStatement]) -> Iterable[PolicyStatement]:
    return (grant for grant in held if grant.effect is Effect.DENY and not grant.condition_keys)


def _denied(held: Iterable[PolicyStatement], action: str, resource: str) -> bool:
    return any(_names_action(grant, action) and _names_resource(grant, resource) for grant in _certain_denials(held))
