"""Flags code signing configurations that trust a revoked or external signing profile."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import each_of
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Create an active profile in an account you control, sign the next release with it, and keep only"
        " such profiles in the configuration.",
        breaks="The command replaces the whole list of profiles: deployments signed with one that is not named are"
        " rejected, for every function that uses the configuration.",
        command="aws lambda update-code-signing-config --code-signing-config-arn {config} --region {location} --allowed-publishers SigningProfileVersionArns=<profile-version-arn-to-trust>",
        terraform='resource "aws_lambda_code_signing_config" "releases" {\n  allowed_publishers {\n    signing_profile_version_arns = [aws_signer_signing_profile.releases.version_arn]\n  }\n}',
    )
}


@check(
    id="signing-publishers",
    title="Code signing trusts a revoked or external profile",
    risk=Risk.THIRD_PARTY_DEPENDENCY,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("gap-signing-publishers",),
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-codesigning.html",
        "https://docs.aws.amazon.com/signer/latest/developerguide/Welcome.html",
    ),
    cwe=347,
)
def signing_publishers(function: Function, context: Context) -> Iterator[Hit]:
    """A signing profile of another account can sign arbitrary code for the function. A canceled or revoked profile
    cannot sign new code, so deployments fail or, with Warn, are accepted unsigned. Profiles of trusted accounts pass.
    """
    signing = function.code.signing.need()
    if signing is None:
        raise NotApplicable("the function has no code signing configuration")
    for publisher in signing.publishers:
        if publisher.account is not None and not context.trusted(publisher.account):
            yield Hit(
                message=f"Signing profile {publisher.id} of function {function.name} belongs to account {publisher.account}",
                evidence=(cite(function.code.signing, f"AllowedPublishers: {publisher.id}"),),
                locus=f"{publisher.id} owner",
                site=f"{signing.id} {publisher.id} owner",
                values={"config": signing.id},
            )
    for publisher, status in each_of(signing.publishers, lambda publisher: publisher.status):
        if status != "Active":
            yield Hit(
                message=f"Signing profile {publisher.id} of function {function.name} is {status.lower()}",
                evidence=(cite(publisher.status, f"{publisher.id}: status = {status}"),),
                locus=f"{publisher.id} status",
                site=f"{signing.id} {publisher.id} status",
                values={"config": signing.id},
            )
