"""Flags regions without Inspector Lambda code scanning."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, Subject, check, cite
from auditor.model.ids import Cloud
from auditor.model.inventory import Location
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Enable Lambda code scanning (it requires standard scanning) in this region. Inspector charges for each function scanned.",
        command="aws inspector2 enable --region {location} --account-ids {account} --resource-types LAMBDA LAMBDA_CODE",
        terraform='resource "aws_inspector2_enabler" "this" {\n  account_ids    = ["{account}"]\n  resource_types = ["LAMBDA", "LAMBDA_CODE"]\n}',
    )
}


@check(
    id="inspector-lambda-code-off",
    title="Inspector Lambda code scanning is disabled",
    risk=Risk.THIRD_PARTY_DEPENDENCY,
    severity=Severity.LOW,
    fix=FIX,
    covers=("inspector-lambda-code-off",),
    references=("https://docs.aws.amazon.com/inspector/latest/user/scanning-lambda.html",),
    profile_level=ProfileLevel.STRICT,
    subject=Subject.LOCATION,
)
def inspector_lambda_code_off(region: Location, _context: Context) -> Iterator[Hit]:
    """Code scanning detects injection flaws, weak cryptography and secrets in the function's code, after deployment.
    Many teams do this in the pipeline instead, so it is judged at the strict level only. Regions without Inspector
    code scanning are not judged.
    """
    if not region.code_scanning.need():
        yield Hit(
            message=f"Inspector Lambda code scanning is not enabled in {region.location}",
            evidence=(cite(region.code_scanning, "resourceState.lambdaCode.status is not ENABLED"),),
        )
