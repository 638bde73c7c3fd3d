"""Flags packages that the cloud accepts without a signature."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.code import Package
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Create a signing profile and a code-signing configuration, sign in the pipeline, then attach it. From then on unsigned deployments are refused or reported, as the configuration says; running code is not re-checked.",
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
    controls=("CIS-Compute-1.0:4.8", "NIST-800-53:CM-14", "NIST-800-53:SI-7"),
    cwe=347,
    profile_level=ProfileLevel.STRICT,
)
def codesigning_absent(function: Function, _context: Context) -> Iterator[Hit]:
    """Anyone who can call UpdateFunctionCode can run code with the function's role; a signature ties code to your pipeline.

    An opinion: it needs a signing profile and a pipeline that signs. Container images cannot use this form of
    signing and are not judged.
    """
    if function.code.package is Package.IMAGE:
        raise NotApplicable("code signing configurations do not apply to images")
    if function.code.signing.need() is None:
        yield Hit(
            message="No code-signing configuration guards the function's code",
            evidence=(cite(function.code.signing, "no configuration lists the function"),),
        )
