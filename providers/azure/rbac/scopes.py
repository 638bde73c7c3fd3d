"""The scopes on which roles are assigned: how wide one is, and what it is."""

import re

from auditor.model.identity import AssignmentLevel

_SUBSCRIPTION = re.compile(r"/subscriptions/([^/]+)")
_GROUP = re.compile(r"/subscriptions/[^/]+/resourcegroups/[^/]+")


def level_of(scope: str) -> AssignmentLevel:
    """How wide an assignment at that scope holds."""
    scope = scope.rstrip("/")
    if _SUBSCRIPTION.match(scope) is None:
        return AssignmentLevel.ORGANISATION
    if _SUBSCRIPTION.fullmatch(scope):
        return AssignmentLevel.ACCOUNT
    return AssignmentLevel.GROUP if _GROUP.fullmatch(scope) else AssignmentLevel.RESOURCE


def account_of(scope: str) -> str | None:
    """The subscription an assignment holds in, None where it holds above subscriptions."""
    match = _SUBSCRIPTION.match(scope)
    return match[1] if match else None


def type_of(scope: str) -> str:
    """The type of a single resource in lower case, as ``microsoft.web/sites/slots``; empty above resources."""
    if level_of(scope) is not AssignmentLevel.RESOURCE:
        return ""
    provider, *path = scope.lower().strip("/").rpartition("providers/")[2].split("/")
    return "/".join((provider, *path[::2]))
