"""Flags functions whose deployed code is unsigned although signing is configured."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Sign the current package, built from trusted source, and deploy it again.",
        breaks="The deployment is rejected if the signing profile is not among those of the configuration.",
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
    references=("https://docs.aws.amazon.com/lambda/latest/dg/configuration-codesigning.html",),
    cwe=347,
)
def signing_not_on_artifact(function: Function, _context: Context) -> Iterator[Hit]:
    """Signatures are verified at deployment: code that was deployed before the configuration remains, signed or not. An
    unreviewed package, or one of an attacker, may so continue to run behind a strict configuration. Functions without
    a configuration are judged by codesigning-absent.
    """
    signing = function.code.signing.need()
    if signing is None:
        raise NotApplicable("the function has no code signing configuration")
    if function.code.artifact_signed.need() is None:
        yield Hit(
            message=f"The deployed package of function {function.name} is unsigned, although a code signing configuration is attached",
            evidence=(
                cite(function.code.artifact_signed, "SigningJobArn is absent"),
                cite(function.code.signing, signing.id),
            ),
        )
