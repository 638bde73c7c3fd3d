"""Which actions make an administrator of whoever may do them to every resource.

Source: IAM User Guide and IAM API Reference, as of 2026-10. With any one of them an identity can give itself every
other permission, whatever else is in the account. Actions that take over what happens to exist (another role to
assume, another function to change) are weighed by themselves and make no administrator on their own.
"""

from collections.abc import Callable
from functools import cache

from auditor.analysis.service_authorization import Action, matching

_BY_ITSELF = (
    *("iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:PutUserPolicy", "iam:AttachUserPolicy"),
    *("iam:PutGroupPolicy", "iam:AttachGroupPolicy", "iam:AddUserToGroup"),
    *("iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion", "iam:UpdateAssumeRolePolicy"),
    *("iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:UpdateLoginProfile", "iam:PassRole"),
)
"""Writing a policy of any identity, or becoming any identity. Passing a role counts, because the statements asked
about hold nearly every other action and so the means to run code with it."""


def makes_administrator(allowed: Callable[[Action], bool]) -> bool:
    """Whether an identity that may do nearly everything can give itself the rest."""
    return any(map(allowed, _actions()))


@cache
def _actions() -> tuple[Action, ...]:
    return tuple(action for name in _BY_ITSELF for action in matching(name))
