"""Flags variables that reference a secret or parameter the execution role cannot read."""

import re
from collections.abc import Iterator

from auditor.analysis.grants import allows
from auditor.analysis.roles import acting_role, all_grants
from auditor.check import Context, Evidence, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.environment import StoredSecret, StoredSecretKind
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known, each_of
from auditor.model.severity import Confidence, Severity

_FIX = Fix(
    text="Allow the role to read exactly this secret or parameter (and to decrypt with its key, if that is"
    " customer-managed), or remove the variable if it is not used.",
    command="aws iam put-role-policy --role-name {role} --policy-name {policy} --policy-document"
    ' \'{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"\'{action}\'","Resource":"\'{secret}\'"}]}\'',
    terraform="""\
resource "aws_iam_role_policy" "read" {
  role = "{role}"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "{action}"
      Resource = "{secret}"
    }]
  })
}""",
)
_READERS = {
    StoredSecretKind.PARAMETER: ("ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath"),
    StoredSecretKind.SECRET: ("secretsmanager:GetSecretValue",),
}


@check(
    id="env-secret-ref-unreadable",
    title="Role cannot read a referenced secret",
    risk=Risk.RESILIENCE,
    severity=Severity.MEDIUM,
    fix={Cloud.AWS: _FIX},
    covers=("env-secret-ref-unreadable",),
    references=("https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets_lambda.html",),
    confidence=Confidence.MEDIUM,
)
def env_secret_ref_unreadable(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """The first invocation that needs the secret fails with AccessDenied. The resource policy of the secret, which is
    not evaluated here, may also allow the role, hence medium confidence. References to secrets that no longer exist
    are not judged; where it is unknown whether the secret exists, the result is unknown too.
    """
    stored = function.environment.need().stored
    if all(secret.exists == Known(False, secret.exists.source) for secret in stored):
        raise NotApplicable("no variable refers to a secret or parameter that exists")
    role = acting_role(function.identity.need())
    if isinstance(role, str):
        raise NotApplicable(role)
    grants = all_grants(role)
    distinct = {(secret.variable, secret.id): secret for secret in stored}
    for secret, exists in each_of(distinct.values(), lambda secret: secret.exists):
        actions = _READERS[secret.kind]
        if not exists or any(allows(grants, action, name) for action in actions for name in _names(function, secret)):
            continue
        policies = role.statements[0].source if role.statements else role.policies.source
        yield Hit(
            message=f"Variable {secret.variable} of function {function.name} references {secret.id}, which role {role.name}"
            f" cannot read ({actions[0]})",
            evidence=(
                cite(function.environment, f"{secret.variable} refers to {secret.id}"),
                cite(secret.exists, f"{secret.id} exists"),
                Evidence(policies, f"no Allow of {actions[0]}"),
            ),
            locus=f"{secret.variable}/{secret.id}",
            site=f"{secret.id} for {role.id}",
            values={"secret": secret.id, "action": actions[0], "policy": _policy_name(secret)},
        )


def _policy_name(secret: StoredSecret) -> str:
    """A policy's name of its own for each secret: a second policy of one name would replace the first."""
    return f"read-{secret.kind}-{re.sub(r'[^A-Za-z0-9_.-]+', '-', secret.id.rpartition(':')[2]).strip('-')}"[:128]


def _names(function: Function, secret: StoredSecret) -> tuple[str, ...]:
    """The ARNs a policy may call it by: a secret's ARN ends in six characters that a reference may leave out."""
    name = secret.id
    if not name.startswith("arn:"):
        partition, account = function.id.split(":")[1], function.scope.partition("/")[2]
        service = "ssm" if secret.kind is StoredSecretKind.PARAMETER else "secretsmanager"
        word = "parameter/" if secret.kind is StoredSecretKind.PARAMETER else "secret:"
        name = f"arn:{partition}:{service}:{function.location}:{account}:{word}{name.lstrip('/')}"
    return (name,) if secret.kind is StoredSecretKind.PARAMETER else (name, f"{name}-??????")
