"""Flags running code that carries no signature although signing is configured."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Sign the current package from source you trust and deploy it again.",
        command="aws signer start-signing-job --region {location} --profile-name <signing-profile> --source 's3={bucketName=<bucket>,key=<package.zip>,version=<object-version>}' --destination 's3={bucketName=<bucket>,prefix=signed/}' && aws lambda update-function-code --function-name {name} --region {location} --s3-bucket <bucket> --s3-key <signed-object-key>",
        terraform='resource "aws_lambda_function" "this" {\n  function_name = "{name}"\n  s3_bucket     = aws_signer_signing_job.release.signed_object[0].s3[0].bucket\n  s3_key        = aws_signer_signing_job.release.signed_object[0].s3[0].key\n}',
    )
}


@check(
    id="signing-not-on-artifact",
    title="Deployed code is unsigned",
    risk=Risk.THIRD_PARTY_DEPENDENCY,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("gap-signing-not-on-artifact",),
    controls=("NIST-800-53:CM-14", "NIST-800-53:SI-7(15)"),
    cwe=347,
)
def signing_not_on_artifact(function: Function, _context: Context) -> Iterator[Hit]:
    """Signatures are checked when code is deployed: what was there before the configuration stays, signed or not.

    So an attacker's or an old unreviewed package goes on running behind a configuration that looks strict.
    Functions without a configuration are judged by codesigning-absent.
    """
    signing = function.code.signing.need()
    if signing is None:
        raise NotApplicable("the function has no code-signing configuration")
    if function.code.artifact_signed.need() is None:
        yield Hit(
            message="The deployed package has no signing job, though a code-signing configuration is attached",
            evidence=(
                cite(function.code.artifact_signed, "SigningJobArn is absent"),
                cite(function.code.signing, signing.id),
            ),
        )
