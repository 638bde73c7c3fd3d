"""Flags variables that refer to a secret or parameter the function's role may not read."""

from collections.abc import Iterator

from auditor.analysis.grants import allows
from auditor.analysis.roles import acting_role, all_grants
from auditor.check import Context, Evidence, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.environment import StoredSecret, StoredSecretKind
from auditor.model.function import Function
from auditor.model.identity import Grant
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, Known, Unanswered, Unknown
from auditor.model.severity import Confidence, Severity

_FIX = Fix(
    text="Allow the role to read exactly this secret or parameter (and to decrypt with its key, if it is your own), or remove the"
    " variable if nothing uses it.",
    command="aws iam put-role-policy --role-name {role} --policy-name read-{kind} --policy-document"
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
    title="Role may not read a secret the environment refers to",
    risk=Risk.RESILIENCE,
    severity=Severity.MEDIUM,
    fix={Cloud.AWS: _FIX},
    covers=("env-secret-ref-unreadable",),
    confidence=Confidence.MEDIUM,
)
def env_secret_ref_unreadable(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """The first call that needs the secret fails with AccessDenied, usually in production, where the policy was copied from elsewhere. The
    secret's own policy may allow the role too, which we do not read here, hence medium confidence. References
    to what no longer exists are another check's.
    """
    stored = tuple(s for s in function.environment.need().stored if s.exists != Known(False, s.exists.source))
    if not stored:
        raise NotApplicable("no variable refers to a secret or parameter")
    role = acting_role(function.identity.need())
    if isinstance(role, str):
        raise NotApplicable(role)
    grants = all_grants(role)
    gap: Gap | None = None
    for secret in {(s.variable, s.id): s for s in stored}.values():
        actions = _READERS[secret.kind]
        names = _names(function, secret)
        if any(allows(grants, action, name) for action in actions for name in names):
            continue
        if isinstance(secret.exists, Unknown) and _may_name(grants, actions, names[0]):
            gap = gap or secret.exists.gap
        else:
            yield Hit(
                message=f"{secret.variable} refers to {secret.id}, which role {role.name} may not read ({actions[0]})",
                evidence=(
                    cite(function.environment, f"{secret.variable} refers to {secret.id}"),
                    Evidence(
                        role.grants[0].source if role.grants else role.policies.source, f"no Allow of {actions[0]}"
                    ),
                ),
                locus=f"{secret.variable}/{secret.id}",
                values={"secret": secret.id, "action": actions[0], "kind": secret.kind},
            )
    if gap is not None:
        raise Unanswered(gap)


def _may_name(grants: tuple[Grant, ...], actions: tuple[str, ...], name: str) -> bool:
    """Whether a grant names the secret by its whole ARN, if that is its ARN: we could not read it."""
    whole = {resource for grant in grants for resource in grant.resources if resource.startswith(f"{name}-")}
    return any(allows(grants, action, resource) for action in actions for resource in whole)


def _names(function: Function, secret: StoredSecret) -> tuple[str, ...]:
    """The ARNs a policy may call it by: a secret's ARN ends in six characters that a reference may leave out."""
    name = secret.id
    if not name.startswith("arn:"):
        partition, account = function.id.split(":")[1], function.scope.partition("/")[2]
        service = "ssm" if secret.kind is StoredSecretKind.PARAMETER else "secretsmanager"
        word = "parameter/" if secret.kind is StoredSecretKind.PARAMETER else "secret:"
        name = f"arn:{partition}:{service}:{function.location}:{account}:{word}{name.lstrip('/')}"
    return (name,) if secret.kind is StoredSecretKind.PARAMETER else (name, f"{name}-??????")
