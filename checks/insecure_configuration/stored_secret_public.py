"""Flags secrets used by a function whose resource policy grants public access."""

from collections.abc import Iterator

from auditor.analysis.secret_stores import referred
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.environment import StoredSecretKind
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import each_of
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Restrict the policy to the roles that need the secret, and rotate it: treat it as exposed.",
        breaks="The command removes the whole policy: other accounts that rely on it lose access, and code that"
        " holds the old value fails once it is rotated.",
        command="aws secretsmanager delete-resource-policy --region {location} --secret-id {secret}",
        terraform='resource "aws_secretsmanager_secret_policy" "this" {\n  secret_arn          = "{secret}"\n  block_public_policy = true\n  policy              = data.aws_iam_policy_document.readers.json\n}',
    )
}


@check(
    id="stored-secret-public",
    title="Secret resource policy grants public access",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.CRITICAL,
    fix=FIX,
    covers=("secrets-manager-hygiene",),
    references=("https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html",),
    cwe=732,
)
def stored_secret_public(function: Function, _context: Context) -> Iterator[Hit]:
    """A resource policy that allows any principal exposes the credential to every AWS account, regardless of the
    function's own role.

    Only secrets that a variable of the function refers to are judged, each by its policy, conditions included.
    """
    secrets = referred(function.environment.need(), StoredSecretKind.SECRET)
    if not secrets:
        raise NotApplicable("no variable refers to a stored secret")
    for secret, value in each_of(secrets, lambda secret: secret.public_policy):
        if value:
            yield Hit(
                message=f"The resource policy of secret {secret.id}, used by function {function.name}, grants public access",
                evidence=(cite(secret.public_policy, f"{secret.id}: ResourcePolicy allows Principal *"),),
                locus=secret.id,
                site=secret.id,
                values={"secret": secret.id},
            )
