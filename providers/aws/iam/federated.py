"""Federated principals of role trust policies: which outsiders does an identity provider let in?

Sources: IAM User Guide, "Create a role for OpenID Connect federation" (shared issuers need a condition on the
subject) and "Available keys for AWS web identity federation", as of 2026-10.
"""

import re

from providers.aws.iam.condition_scope import ConditionScope, Width
from providers.aws.iam.document import Condition
from providers.aws.iam.operators import read_operator
from providers.aws.iam.patterns import is_account, is_fixed, is_variable
from providers.aws.iam.policy_owner import PolicyOwner, ResourceKind
from providers.aws.iam.sources import read_arn

SHARED_ISSUERS = (
    "token.actions.githubusercontent.com",
    "gitlab.com",
    "app.terraform.io",
    "agent.buildkite.com",
    "api.pulumi.com/oidc",
    "oidc.codefresh.io",
    "oidc.vercel.com",
    "app.harness.io",
    "token.codemagic.io",
    "oidc.scalr.io",
    "accounts.google.com",
    "api.spacelift.io",
)
"""Issuers that sign tokens for everybody who has an account there; only a claim tells the tenants apart."""

_PUBLIC_SIGN_IN = ("accounts.google.com", "graph.facebook.com", "www.amazon.com", "cognito-identity.")
_TENANT_CLAIMS = (
    "sub",
    "repository",
    "repository_id",
    "repository_owner",
    "repository_owner_id",
    "job_workflow_ref",
    "project_id",
    "project_path",
    "namespace_id",
    "namespace_path",
    "organization_id",
    "terraform_organization_id",
    "enterprise_id",
    "email",
)
_AUDIENCES = ("aud", "oaud", "app_id")
_TENANT_PREFIX = re.compile(r"^[^*?:/]+[:/][^*?:/]+[:/]")


def judge_federated(provider: str, conditions: tuple[Condition, ...], home: PolicyOwner) -> ConditionScope:
    """What an identity provider and the claims a statement demands leave of everybody."""
    if home.kind is not ResourceKind.ROLE_TRUST:
        why = f"the federated principal {provider} has no meaning we know outside a role's trust policy"
        return ConditionScope(Width.EVERYBODY, why, unrecognised=True)
    arn = read_arn(provider)
    if arn is not None and is_account(arn.account) and not home.owns(arn.account, arn.partition):
        return ConditionScope(Width.FOREIGN, f"the identity provider {provider} belongs to another account")
    if arn is not None and arn.resource.startswith("saml-provider/"):
        return ConditionScope(Width.OWN, f"identities that this account's own SAML provider {provider} signs in")
    issuer = arn.resource.removeprefix("oidc-provider/") if arn is not None else provider
    if not is_fixed(issuer):
        return ConditionScope(Width.SIGNED, f'the identity provider "{provider}" is open')
    return _claims(issuer, conditions)


def _claims(issuer: str, conditions: tuple[Condition, ...]) -> ConditionScope:
    subject = _pinned(issuer, conditions, _TENANT_CLAIMS)
    shared = issuer.startswith(SHARED_ISSUERS)
    if subject is not None and (_fixes_tenant(subject) if shared else _has_fixed_prefix(subject)):
        return ConditionScope(Width.OWN, f'identities of {issuer} whose claims match "{", ".join(subject)}"')
    audience = _pinned(issuer, conditions, _AUDIENCES)
    public = issuer.startswith(_PUBLIC_SIGN_IN)
    if public and audience is not None and all(is_fixed(value) for value in audience):
        return ConditionScope(Width.CONDITION, f"anybody who signs in through {issuer} to the named application")
    if shared or public:
        told = f'"{", ".join(subject)}" fixes no tenant' if subject else "no condition fixes the subject"
        return ConditionScope(Width.SIGNED, f"{issuer} signs tokens for anybody who has an account there, and {told}")
    return ConditionScope(Width.CONDITION, f"every identity {issuer} signs, because no condition fixes the subject")


def _pinned(issuer: str, conditions: tuple[Condition, ...], claims: tuple[str, ...]) -> tuple[str, ...] | None:
    """The values demanded of one of the claims by an operator that a missing claim does not satisfy."""
    wanted = {f"{issuer}:{claim}".lower() for claim in claims}
    found: tuple[str, ...] | None = None
    for condition in conditions:
        operator = read_operator(condition.operator)
        if condition.key.lower() not in wanted or not operator.base.startswith("string"):
            continue
        if not operator.known or operator.negated or operator.holds_when_missing:
            continue
        if found is None or _fixes_tenant(condition.values):
            found = condition.values
    return found


def _fixes_tenant(values: tuple[str, ...]) -> bool:
    return bool(values) and all(
        is_fixed(value) or (not is_variable(value) and _TENANT_PREFIX.match(value)) for value in values
    )


def _has_fixed_prefix(values: tuple[str, ...]) -> bool:
    return bool(values) and all(is_fixed(value[:4]) and not is_variable(value) for value in values)
