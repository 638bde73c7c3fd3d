"""Names the account that owns what a call was denied on, where a grant to the auditor would change nothing."""

import re
from collections.abc import Iterable
from typing import Final

_OWNERS: Final = (
    re.compile(r"arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:(?P<owner>\d{12}):"),
    re.compile(r"/subscriptions/(?P<owner>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:/|\Z)", re.IGNORECASE),
    re.compile(r"(?://[a-z0-9.-]+/)?projects/(?P<owner>[a-z][a-z0-9:.-]*)(?:/|\Z)"),
)
"""Ids that begin with their account: ARN, Azure resource id, Google Cloud resource name.

A project's number is no match: it may be the number of the project that was audited.
"""
_OWN_POLICY: Final = re.compile(
    r"identity-based policy|permissions boundary|session policy|service control policy|explicit deny", re.IGNORECASE
)
"""What AWS names as the reason of a refusal that the caller's own side decided (IAM user guide, "Troubleshoot access
denied error messages")."""


def other_owners(scope: str, answered: int, denied: Iterable[str], message: str) -> tuple[str, ...]:
    """The other accounts that own everything a call was denied on, sorted; () where a grant may be what is missing.

    ``scope`` is the audited account, subscription or project, ``answered`` how often the same operation succeeded in
    it, ``denied`` the ids of the resources it was denied on, ``message`` what the cloud said.
    """
    if not answered or _OWN_POLICY.search(message):
        return ()
    owners = {_owner(resource) for resource in denied}
    if "" in owners or scope.lower() in owners:
        return ()
    return tuple(sorted(owners))


def allow_advice(owners: Iterable[str]) -> str:
    """What to do where other accounts own what was denied, in one sentence without a full stop."""
    named = ", ".join(owners)
    return f"the same call succeeded for other resources: {named} must allow it in the policy of the resource it owns"


def _owner(resource: str) -> str:
    found = next((match for pattern in _OWNERS if (match := pattern.match(resource))), None)
    return found["owner"].lower() if found else ""
