"""Flags code signing configurations that accept untrusted code."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Check the SignatureValidationErrors metric for deployments that would be rejected, then enforce. The"
        " configuration may apply to other functions: it is enforced for all of them at once.",
        breaks="Unsigned deployments are rejected, for every function that uses the configuration.",
        command="aws lambda update-code-signing-config --code-signing-config-arn {config} --region {location} --code-signing-policies UntrustedArtifactOnDeployment=Enforce",
        terraform='resource "aws_lambda_code_signing_config" "releases" {\n  allowed_publishers {\n    signing_profile_version_arns = [aws_signer_signing_profile.releases.version_arn]\n  }\n  policies {\n    untrusted_artifact_on_deployment = "Enforce"\n  }\n}',
    )
}


@check(
    id="codesigning-warn-only",
    title="Code signing only warns",
    risk=Risk.THIRD_PARTY_DEPENDENCY,
    severity=Severity.LOW,
    fix=FIX,
    covers=("codesigning-warn-only",),
    references=("https://docs.aws.amazon.com/lambda/latest/dg/configuration-codesigning.html",),
    cwe=347,
)
def codesigning_warn_only(function: Function, _context: Context) -> Iterator[Hit]:
    """With Warn, code with a missing, expired or untrusted signature is deployed, and only a metric records it. This is
    appropriate while signing is introduced, but often remains afterwards. Functions without a configuration are
    judged by codesigning-absent.
    """
    signing = function.code.signing.need()
    if signing is None:
        raise NotApplicable("the function has no code signing configuration")
    if not signing.enforced:
        yield Hit(
            message=f"Code signing configuration {signing.id} of function {function.name} accepts untrusted code with a warning",
            evidence=(cite(function.code.signing, "UntrustedArtifactOnDeployment = Warn"),),
            site=signing.id,
            values={"config": signing.id},
        )
