"""Flags SSM parameters referenced by a function that are stored unencrypted."""

from collections.abc import Iterator

from auditor.analysis.secret_stores import referred
from auditor.analysis.secrets.names import Promise, read_name
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.environment import StoredSecretKind
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import each_of
from auditor.model.severity import Confidence, Severity

_CREDENTIALS = frozenset(
    {Promise.PASSWORD, Promise.SECRET, Promise.TOKEN, Promise.KEY, Promise.LOGIN, Promise.CONNECTION}
)

FIX = {
    Cloud.AWS: Fix(
        text="If the value is sensitive, create a new parameter of type SecureString (the type of an existing one"
        " cannot be changed), grant the role kms:Decrypt, let the variable name the new parameter, and delete the old"
        " one; the code must request decryption. Rotate the value: the history of the old one was readable.",
        breaks="Every reader that does not request decryption, or lacks kms:Decrypt, gets ciphertext or an error.",
        command="aws ssm put-parameter --region {location} --name {parameter}-secure --type SecureString --value file://<file-with-the-new-value>\n"
        "aws ssm delete-parameter --region {location} --name {parameter}  # once {variable} names the new one",
        terraform='resource "aws_ssm_parameter" "this" {\n  name  = "{parameter}-secure"\n  type  = "SecureString"\n  value = var.value\n}',
    )
}


@check(
    id="env-ssm-ref-plain-string",
    title="Referenced SSM parameter is not encrypted",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.LOW,
    fix=FIX,
    covers=("env-ssm-ref-plain-string",),
    references=("https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-parameter-store.html",),
    cwe=312,
)
def env_ssm_ref_plain_string(function: Function, _context: Context) -> Iterator[Hit]:
    """A parameter of type String is readable by every principal with ssm:GetParameter; no second permission on a key is
    required.

    Medium where the name of the parameter or of the variable indicates a credential; otherwise it may be plain
    configuration, and is reported as low with low confidence. Parameters of other accounts cannot be read and stay
    unknown.
    """
    parameters = referred(function.environment.need(), StoredSecretKind.PARAMETER)
    if not parameters:
        raise NotApplicable("no variable refers to a stored parameter")
    for stored, encrypted in each_of(parameters, lambda stored: stored.encrypted):
        if encrypted:
            continue
        promising = any(
            read_name(name).promise in _CREDENTIALS for name in (stored.variable, stored.id.rpartition("/")[2])
        )
        parameter = stored.id.partition(":parameter")[2]
        yield Hit(
            message=f"SSM parameter {parameter}, referenced by variable {stored.variable} of function {function.name}, is not a SecureString",
            evidence=(cite(stored.encrypted, f"{parameter}: Type is not SecureString"),),
            locus=stored.id,
            site=stored.id,
            severity=Severity.MEDIUM if promising else Severity.LOW,
            confidence=Confidence.MEDIUM if promising else Confidence.LOW,
            values={"parameter": parameter, "variable": stored.variable},
        )
