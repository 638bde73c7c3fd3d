"""Flags credentials kept in plain text in environment variables."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.secret import SecretVerdict
from auditor.model.severity import Confidence, Severity

_SEVERITY = {Confidence.HIGH: Severity.CRITICAL, Confidence.MEDIUM: Severity.HIGH, Confidence.LOW: Severity.MEDIUM}

FIX = {
    Cloud.AWS: Fix(
        text="Treat the credential as exposed: rotate it, store the new one in Secrets Manager, let the code read it at start by its ARN, and remove the variable. Old published versions keep the old value: rotating is what ends it. The command stores a new secret; replace the variable only once the code reads it from there.",
        command="aws secretsmanager create-secret --region {location} --name {name}/{variable} --secret-string file://<file-with-the-new-value>",
        terraform='data "aws_secretsmanager_secret" "credential" {\n  name = "{name}/{variable}"\n}\n\nresource "aws_lambda_function" "this" {\n  function_name = "{name}"\n  environment {\n    variables = {\n      "{variable}_SECRET_ARN" = data.aws_secretsmanager_secret.credential.arn\n    }\n  }\n}',
    )
}


@check(
    id="env-secret-value",
    title="Credential in an environment variable",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.HIGH,
    fix=FIX,
    covers=("env-secret-value", "env-secret-name"),
    controls=("CIS-Compute-1.0:4.3", "CSA-SAS:SAS-7", "OWASP-SLS:S3", "NIST-800-53:IA-5(7)"),
    cwe=526,
)
def env_secret_value(function: Function, _context: Context) -> Iterator[Hit]:
    """Everyone who may read the function's configuration reads the credential, and so does any code that runs in it.

    Name and value were weighed together when the variable was read: references (ARNs, parameter names, secret
    names) are not credentials. A value with the shape of a live credential is critical; one betrayed by its name
    only ranks lower, with lower confidence. The value itself is nowhere in the report.
    """
    environment = function.environment
    for variable in environment.need().variables:
        if variable.verdict is not SecretVerdict.SECRET:
            continue
        confidence = variable.confidence or Confidence.LOW
        yield Hit(
            message=f"Variable {variable.name} holds a credential ({variable.detector or 'unnamed detector'}, {confidence} confidence)",
            evidence=(
                cite(environment, f"Environment.Variables.{variable.name}: {variable.length} characters, not shown"),
            ),
            locus=variable.name,
            severity=_SEVERITY[confidence],
            confidence=confidence,
            values={"variable": variable.name},
        )
