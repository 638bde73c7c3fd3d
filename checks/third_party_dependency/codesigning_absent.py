"""Flags functions without a code signing configuration."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.code import Package
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Create a signing profile and a code signing configuration, sign in the pipeline, then attach the"
        " configuration.",
        breaks="Unsigned deployments are rejected or reported, as the configuration says; deployed code is not"
        " re-checked.",
        command="aws lambda put-function-code-signing-config --function-name {name} --region {location} --code-signing-config-arn <code-signing-config-arn>",
        terraform='resource "aws_lambda_function" "this" {\n  function_name = "{name}"\n  code_signing_config_arn = aws_lambda_code_signing_config.releases.arn\n}',
    )
}


@check(
    id="codesigning-absent",
    title="Code signing is not configured",
    risk=Risk.THIRD_PARTY_DEPENDENCY,
    severity=Severity.LOW,
    fix=FIX,
    covers=("codesigning-absent",),
    references=("https://docs.aws.amazon.com/lambda/latest/dg/configuration-codesigning.html",),
    cwe=347,
    profile_level=ProfileLevel.STRICT,
)
def codesigning_absent(function: Function, _context: Context) -> Iterator[Hit]:
    """Any principal with UpdateFunctionCode can run code with the function's role; a signature binds the code to your
    pipeline. Only a recommendation: it needs a signing profile and a pipeline that signs. Container images cannot use
    this form of signing and are not judged.
    """
    if function.code.package is Package.IMAGE:
        raise NotApplicable("code signing configurations do not apply to images")
    if function.code.signing.need() is None:
        yield Hit(
            message=f"Function {function.name} has no code signing configuration",
            evidence=(cite(function.code.signing, "no configuration lists the function"),),
        )
