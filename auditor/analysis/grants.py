"""What an identity's grants allow, read plainly.

Allow statements are taken at their word, with or without conditions (``Grant.conditions`` says what those leave); a
Deny counts only where it certainly applies: without conditions and over all that is asked. Boundaries, organisation
policies and sessions are not weighed here. Actions are compared in lower case, resources as they are. Where ``account``
is given, the identity's own, patterns that mean every resource of that account mean every resource.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from auditor.analysis.unscopable import UNSCOPABLE
from auditor.analysis.wildcards import covers, overlaps
from auditor.model.exposure import Effect
from auditor.model.identity import Conditions, Grant

_EVERYTHING = re.compile(r"\*+(:\*+)?")
_ANY_RESOURCE = re.compile(r"\*+|\*:\*|arn:\*+|arn:[^:]*:\*+")
_WHOLE_SERVICE = re.compile(r"(?!\*:)[^:]+:\*")
_WILD = re.compile(r"[*?]*\*[*?]*")
_ARN_PARTS = 6
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


def is_admin(grants: Iterable[Grant], account: str = "") -> Grant | None:
    """The grant that makes the identity an administrator, if any; one that nothing restricts before others.

    An Allow on every resource of every action, or (NotAction) of all but those named, which leaves hundreds of
    services, unless its conditions narrow what may be done; and unless an unconditioned Deny takes everything, or all
    but a few actions, away again.
    """
    held = tuple(grants)
    if any(_denies_everything(grant) for grant in held):
        return None
    found = [grant for grant in held if _administers(grant, account)]
    return min(found, key=lambda grant: grant.conditions is not Conditions.VACUOUS, default=None)


def _administers(grant: Grant, account: str) -> bool:
    if grant.effect is not Effect.ALLOW or grant.conditions is Conditions.NARROWING:
        return False
    if not _on_any_resource(grant, account):
        return False
    if grant.not_actions:
        return not any(_is_everything(action) for action in grant.not_actions)
    return any(_is_everything(action) for action in grant.actions)


def restricted(grant: Grant) -> str:
    """What a sentence about the grant adds for its conditions, and for one that has none nothing."""
    if not grant.condition_keys:
        return ""
    keys = ", ".join(grant.condition_keys)
    if grant.conditions is Conditions.VACUOUS:
        return f", under a condition on {keys} that restricts nothing here"
    return f", limited by {keys}"


def service_wildcards(grants: Iterable[Grant], account: str = "") -> tuple[Broad, ...]:
    """Allow statements that give every action of a service (``s3:*``), with those actions.

    Every action on the resources of one service is every action of that service.
    """
    held = tuple(grants)
    made = []
    for grant in held:
        if grant.effect is Effect.ALLOW:
            whole = [action for action in grant.actions if _WHOLE_SERVICE.fullmatch(_plain(action))]
            if not _on_any_resource(grant, account) and any(map(_is_everything, grant.actions)):
                whole += dict.fromkeys(map(_whole_service, grant.resources))
            found = tuple(action for action in dict.fromkeys(whole) if not _action_denied(held, action, grant))
            if found:
                made.append(Broad(grant, found))
    return tuple(made)


def _whole_service(resource: str) -> str:
    """Every action that can apply to the resource: those of its service, where it names one."""
    parts = resource.split(":")
    service = parts[2] if len(parts) >= _ARN_PARTS else "*"
    return f"{service}:*" if service and not _WILD.search(service) else "*"


def any_resource(grants: Iterable[Grant], account: str = "") -> tuple[Broad, ...]:
    """Allow statements on every resource, with those of their actions for which a resource could be named.

    A statement with NotAction is given with the exclusions as ``!action``. Conditions are not weighed: see the
    grant's ``conditions``.
    """
    held = tuple(grants)
    made = []
    for grant in held:
        if grant.effect is not Effect.ALLOW or not _on_any_resource(grant, account):
            continue
        found = tuple(f"!{action}" for action in grant.not_actions) or tuple(
            action for action in grant.actions if not _unscopable(action) and not _action_denied(held, action, grant)
        )
        if found:
            made.append(Broad(grant, found))
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


def _plain(pattern: str) -> str:
    """The pattern with each run of wildcards as one: that ``?*`` asks for a letter rules nothing out."""
    return _WILD.sub("*", pattern)


def _is_everything(action: str) -> bool:
    return _EVERYTHING.fullmatch(_plain(action)) is not None


def _on_any_resource(grant: Grant, account: str = "") -> bool:
    if grant.not_resources:
        return not any(_means_any(resource, "") for resource in grant.not_resources)
    return any(_means_any(resource, account) for resource in grant.resources)


def _means_any(resource: str, account: str) -> bool:
    """Whether the pattern means every ARN, or every one of the account, however it is spelt."""
    owners = ("*", account) if account else ("*",)
    return any(_covers_arn(resource, f"*:*:{owner}:*") for owner in owners)


def _covers_arn(resource: str, rest: str) -> bool:
    """Whether the pattern matches all that ``arn:``, its own partition and ``rest`` can mean."""
    parts = resource.split(":", 2)
    partition = parts[1] if parts[0] == "arn" and len(parts) > 1 else "aws"
    return covers(_plain(resource), f"arn:{_plain(partition)}:{rest}")


def _widest_role(grant: Grant) -> str | None:
    if grant.not_resources:
        return "*" if _on_any_resource(grant) else None
    for resource in grant.resources:
        parts = resource.split(":", _ARN_PARTS - 1)
        account = parts[4] if len(parts) == _ARN_PARTS else "*"
        if _covers_arn(resource, f"iam::{_plain(account)}:role/*"):
            return resource
    return None


def _certain_denials(held: Iterable[Grant]) -> Iterable[Grant]:
    return (grant for grant in held if grant.effect is Effect.DENY and not grant.condition_keys)


def _denied(held: Iterable[Grant], action: str, resource: str) -> bool:
    return any(_names_action(grant, action) and _names_resource(grant, resource) for grant in _certain_denials(held))


def _denies_everything(grant: Grant) -> bool:
    if grant.effect is not Effect.DENY or grant.condition_keys or grant.not_resources:
        return False
    if not any(_ANY_RESOURCE.fullmatch(resource) for resource in grant.resources):
        return False
    if grant.not_actions:
        return not any(_EVERYTHING.fullmatch(action) for action in grant.not_actions)
    return any(_EVERYTHING.fullmatch(action) for action in grant.actions)
