"""What an identity's grants allow, read plainly.

Allow statements are taken at their word, with or without conditions; a Deny counts only where it certainly applies:
without conditions and over all that is asked. Boundaries, organisation policies and sessions are not weighed here.
Actions are compared in lower case, resources as they are.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from auditor.analysis.unscopable import UNSCOPABLE
from auditor.analysis.wildcards import covers, overlaps
from auditor.model.exposure import Effect
from auditor.model.identity import Grant

_EVERYTHING = re.compile(r"\*+(:\*+)?")
_ANY_RESOURCE = re.compile(r"\*+|\*:\*|arn:\*+|arn:[^:]*:\*+")
_WHOLE_SERVICE = re.compile(r"[^:*?]+:\*+")
_ANY_ROLE = re.compile(r"arn:[^:]*:iam:[^:]*:[^:]*:(role/)?\*+")
_PASS_ROLE = "iam:passrole"  # noqa: S105 - an action
_WRITES = ("logs:createlogstream", "logs:putlogevents")


@dataclass(frozen=True, slots=True)
class Broad:
    """A grant and those of its actions that are too broad in the sense asked."""

    grant: Grant
    actions: tuple[str, ...]


def allows(grants: Iterable[Grant], action: str, resource: str = "*") -> bool:
    """Whether the action is allowed on the resource.

    ``resource`` may be a pattern: all it means must be allowed, so ``*`` asks for every resource.
    """
    held = tuple(grants)
    asked = action.lower()
    granted = any(
        grant.effect is Effect.ALLOW and _names_action(grant, asked) and _names_resource(grant, resource)
        for grant in held
    )
    return granted and not _denied(held, asked, resource)


def is_admin(grants: Iterable[Grant]) -> Grant | None:
    """The grant that makes the identity an administrator, if any.

    An unconditioned Allow on every resource of every action, or (NotAction) of all but those named, which leaves
    hundreds of services; unless an unconditioned Deny takes everything, or all but a few actions, away again.
    """
    held = tuple(grants)
    if any(_denies_everything(grant) for grant in held):
        return None
    for grant in held:
        if grant.effect is not Effect.ALLOW or grant.condition_keys or not _on_any_resource(grant):
            continue
        if any(_EVERYTHING.fullmatch(action) for action in grant.actions):
            return grant
        if grant.not_actions and not any(_EVERYTHING.fullmatch(action) for action in grant.not_actions):
            return grant
    return None


def service_wildcards(grants: Iterable[Grant]) -> tuple[Broad, ...]:
    """Allow statements that give every action of a service (``s3:*``), with those actions."""
    held = tuple(grants)
    return _broad(held, lambda _grant, action: bool(_WHOLE_SERVICE.fullmatch(action)))


def any_resource(grants: Iterable[Grant]) -> tuple[Broad, ...]:
    """Allow statements on every resource, with those of their actions for which a resource could be named.

    A statement with NotAction is given with the exclusions as ``!action``. Conditions are not weighed: see the
    grant's ``condition_keys``.
    """
    held = tuple(grants)
    made = list(_broad(held, lambda grant, action: _on_any_resource(grant) and not _unscopable(action)))
    made += (
        Broad(grant, tuple(f"!{action}" for action in grant.not_actions))
        for grant in held
        if grant.effect is Effect.ALLOW and grant.not_actions and _on_any_resource(grant)
    )
    return tuple(made)


def passes_any_role(grants: Iterable[Grant]) -> tuple[Grant, ...]:
    """Allow statements by which the identity may hand any role (of one account, or of all) to a service."""
    held = tuple(grants)
    return tuple(
        grant
        for grant in held
        if grant.effect is Effect.ALLOW
        and _names_action(grant, _PASS_ROLE)
        and (wide := _widest_role(grant)) is not None
        and not _denied(held, _PASS_ROLE, wide)
    )


def writes_logs(grants: Iterable[Grant], group: str) -> bool:
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


def _broad(held: tuple[Grant, ...], is_broad: Callable[[Grant, str], bool]) -> tuple[Broad, ...]:
    made = []
    for grant in held:
        if grant.effect is not Effect.ALLOW:
            continue
        found = tuple(
            action for action in grant.actions if is_broad(grant, action) and not _action_denied(held, action, grant)
        )
        if found:
            made.append(Broad(grant, found))
    return tuple(made)


def _action_denied(held: tuple[Grant, ...], action: str, grant: Grant) -> bool:
    resources = grant.resources or ("*",)
    return all(_denied(held, action, resource) for resource in resources)


def _unscopable(action: str) -> bool:
    return any(covers(pattern, action) for pattern in UNSCOPABLE)


def _names_action(grant: Grant, action: str) -> bool:
    if grant.not_actions:
        return not any(overlaps(pattern, action) for pattern in grant.not_actions)
    return any(covers(pattern, action) for pattern in grant.actions)


def _names_resource(grant: Grant, resource: str) -> bool:
    if grant.not_resources:
        return not any(overlaps(pattern, resource) for pattern in grant.not_resources)
    return any(covers(pattern, resource) for pattern in grant.resources)


def _writes_to(grant: Grant, action: str, place: str) -> bool:
    if grant.effect is not Effect.ALLOW or not _names_action(grant, action):
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


def _on_any_resource(grant: Grant) -> bool:
    if grant.not_resources:
        return not any(_ANY_RESOURCE.fullmatch(resource) for resource in grant.not_resources)
    return any(_ANY_RESOURCE.fullmatch(resource) for resource in grant.resources)


def _widest_role(grant: Grant) -> str | None:
    if grant.not_resources:
        return "*" if _on_any_resource(grant) else None
    for resource in grant.resources:
        if _ANY_RESOURCE.fullmatch(resource) or _ANY_ROLE.fullmatch(resource):
            return resource
    return None


def _certain_denials(held: Iterable[Grant]) -> Iterable[Grant]:
    return (grant for grant in held if grant.effect is Effect.DENY and not grant.condition_keys)


def _denied(held: Iterable[Grant], action: str, resource: str) -> bool:
    return any(_names_action(grant, action) and _names_resource(grant, resource) for grant in _certain_denials(held))


def _denies_everything(grant: Grant) -> bool:
    if grant.effect is not Effect.DENY or grant.condition_keys or grant.not_resources:
        return False
    if not _on_any_resource(grant):
        return False
    if grant.not_actions:
        return not any(_EVERYTHING.fullmatch(action) for action in grant.not_actions)
    return any(_EVERYTHING.fullmatch(action) for action in grant.actions)
