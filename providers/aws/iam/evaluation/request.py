"""One request: an action on a resource, with its context."""

from dataclasses import dataclass
from typing import Final

from auditor.analysis.service_authorization import Action, service
from auditor.model.wildcards import ANY
from providers.aws.iam.evaluation.callers import Caller
from providers.aws.iam.evaluation.context import RequestContext

_TRUST: Final = frozenset({"sts:assumerole", "sts:assumerolewithsaml", "sts:assumerolewithwebidentity"})
_TRUST_EXTRAS: Final = frozenset({"sts:tagsession", "sts:setsourceidentity", "sts:setcontext"})


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked. ``action`` is lower-cased; ``account`` owns the resource, "" where that is not known.

    ``partial`` says that the resource is a pattern, and that all it means is asked for.
    """

    caller: Caller
    action: str
    resource: str
    account: str
    context: RequestContext
    partial: bool = False

    @property
    def same_account(self) -> bool:
        """Whether caller and resource belong to one account; an ARN without account is taken for the caller's own."""
        return self.account in ("", self.caller.account)

    @property
    def needs_resource_policy(self) -> bool:
        """Whether the policy of the resource has to allow it even within the account: trust of roles, and KMS keys.

        Sources: IAM User Guide, "How AWS enforcement code logic evaluates requests"; KMS Developer Guide, "Key
        policies".
        """
        if self.action in _TRUST:
            return True
        if self.action in _TRUST_EXTRAS:
            return ":role/" in self.resource
        return self.action.startswith("kms:") and ":key/" in self.resource


def listed(action: str) -> Action | None:
    """The action in AWS's reference, None where that has no such action."""
    prefix, _, name = action.lower().partition(":")
    found = service(prefix)
    return found.actions.get(name) if found else None


def settled(action: str, resource: str) -> tuple[str, bool]:
    """The resource that AWS compares with (``*`` for an action without resource types), and whether it is a pattern."""
    found = listed(action)
    if found is not None and not found.resource_types:
        return ANY, False
    return resource, ANY in resource or "?" in resource
