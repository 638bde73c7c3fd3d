"""Flags environment variables listed as client-encrypted whose values are not ciphertext."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.secret import SecretVerdict
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Encrypt the value with a key that the role may decrypt with, set the ciphertext, and let the code"
        " decrypt it at start; or keep it in a secret store and set its ARN.",
        breaks="Code that does not decrypt yet reads ciphertext: change it first.",
        command="aws kms encrypt --region {location} --key-id <key-arn> --plaintext fileb://<file-with-the-value> --encryption-context LambdaFunctionName={name} --query CiphertextBlob --output text",
        terraform='resource "aws_lambda_function" "this" {\n  function_name = "{name}"\n  environment {\n    variables = {\n      "{variable}" = var.ciphertext # from the command; the key stays out of the state\n    }\n  }\n}',
    )
}


@check(
    id="env-sensitive-not-client-encrypted",
    title="Sensitive variable has no client-side encryption",
    risk=Risk.TRANSPORT,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("env-sensitive-not-client-encrypted",),
    references=("https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html",),
    cwe=319,
)
def env_sensitive_not_client_encrypted(function: Function, context: Context) -> Iterator[Hit]:
    """A value that is encrypted on the client before it is set appears in consoles, pipelines and API answers as
    ciphertext only.

    Only the names in client_encrypted_variables are checked. A value counts as encrypted when it has the shape of an
    encryption envelope; a reference to a secret store is better still, and passes. A listed name that the function does
    not have is not judged.
    """
    wanted = set(context.settings.client_encrypted_variables)
    if not wanted:
        raise NotApplicable("no variable is listed as client-encrypted")
    environment = function.environment.need()
    variables = [variable for variable in environment.variables if variable.name in wanted]
    if not variables:
        raise NotApplicable("the function has none of the listed variables")
    for variable in variables:
        if variable.verdict is not SecretVerdict.REFERENCE:
            yield Hit(
                message=f"Variable {variable.name} of function {function.name} is not client-side encrypted: its value is not ciphertext",
                evidence=(
                    cite(
                        function.environment,
                        f"Environment.Variables.{variable.name}: {variable.length} characters, not shown",
                    ),
                ),
                locus=variable.name,
                values={"variable": variable.name},
            )
